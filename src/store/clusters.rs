//! Events that lie close together, as one symbol of a map.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use jiff::civil::Date;

use super::index::Index;
use super::marks::{Lies, Mark, NO_DAYS, UNKNOWN, day_of};
use crate::model::event::EventId;
use crate::model::mercator::{Cell, Mercator, Widened, Window};
use crate::model::point::Bbox;
use crate::model::query::{EventQuery, Limit};
use crate::model::taxonomy::EventType;

/// A zoom of web maps, whose tiles have 256 pixels a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zoom(u8);

/// A tile has 4 × 4 cells of 64 pixels: about one and a half times the symbol that still lets itself
/// be touched by a finger beside its neighbours.
const CELLS_IN_TILE: u8 = 2;

/// A symbol this part of a cell wide (40 of its 64 pixels) stays within it.
const SYMBOL: (u64, u64) = (5, 8);

impl Zoom {
    /// The deepest, at which a pixel is a few centimetres.
    pub const MOST: u8 = 22;
    /// From here on events are shown one by one: streets, not towns.
    pub const SINGLE: Self = Self(13);

    /// A zoom from 0 to [`Zoom::MOST`].
    pub fn new(zoom: u8) -> Option<Self> {
        (zoom <= Self::MOST).then_some(Self(zoom))
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }

    const fn depth(self) -> u8 {
        self.0 + CELLS_IN_TILE
    }
}

/// So many events are shown one by one at any zoom: a page draws them at once.
pub const MOST_SINGLE: usize = 1_500;

/// What a map shows of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The events or their clusters.
    pub symbols: Symbols,
    /// The box in degrees, widened to whole cells; west greater than east crosses the antimeridian.
    pub bbox: [f64; 4],
    /// How many events match in it.
    pub matched: usize,
    /// How many match and have no point.
    pub unlocated: usize,
}

/// Events, or clusters of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Symbols {
    /// Each event, as GeoJSON, the newest first.
    Features(Vec<String>),
    /// Each cluster, with the zoom at which it is a cell of the grid.
    Clusters(Zoom, Vec<Cluster>),
}

/// Events in one cell of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The cell.
    pub cell: Cell,
    /// How many events there are.
    pub count: usize,
    /// How many of them are only known to lie somewhere in a region.
    pub in_region: usize,
    /// How many are of each type, in the order of [`EventType::ALL`].
    pub types: [usize; EventType::ALL.len()],
    /// How many were killed, where it is known; `None` if it is known of none.
    pub fatalities: Option<u64>,
    /// Of how many that is not known.
    pub fatalities_unknown: usize,
    /// First and last day, of those that have any.
    pub days: Option<(Date, Date)>,
    /// The mean of the points in degrees, kept so far from the edge of the cell that symbols of
    /// neighbours do not touch.
    pub point: [f64; 2],
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// The event, if it is alone.
    pub event: Option<EventId>,
}

impl Cluster {
    /// The type that most of its events are of; of equals the first in the code book.
    pub fn dominant(&self) -> Option<EventType> {
        let most = self.types.iter().copied().max().filter(|&most| most > 0)?;
        let place = self.types.iter().position(|&count| count == most)?;
        EventType::ALL.get(place).copied()
    }
}

impl Index {
    /// What a map shows of a box at a zoom, under the other conditions of the query.
    ///
    /// The box is widened to whole cells, so that no cluster changes with what is in view beside it.
    pub fn clusters(&self, query: &EventQuery, zoom: Zoom) -> Shown {
        let whole = Bbox::from(Window::ALL);
        let area = Widened::new(query.bbox.unwrap_or(whole), zoom.depth());
        let windows: Vec<Window> = area.windows().collect();
        let near = query.bbox.and_then(|_| near(&windows));
        let query = EventQuery { bbox: None, ..query.clone() };

        let mut sheets: Vec<Sheet> =
            windows.iter().filter_map(|&part| self.sheet(part, zoom.depth())).collect();
        let unlocated = self.count_nowhere(&query);
        let kept = self.kept().fill(&query, &mut sheets);
        if let Some(matched) = kept.filter(|&matched| matched > MOST_SINGLE) {
            let symbols = self.symbols(sheets);
            return Shown { symbols, bbox: area.degrees(), matched, unlocated };
        }
        let mut rows = Vec::new();
        let mut matched = 0;
        self.visit(&query, near, |row| {
            let Some(mark) = self.marks().located(row) else { return };
            let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.window.contains(mark.at)) else {
                return;
            };
            matched += 1;
            if rows.len() <= Limit::MOST {
                rows.push(row);
            }
            sheet.add(row, mark);
        });
        let single = matched <= MOST_SINGLE || (zoom >= Zoom::SINGLE && matched <= Limit::MOST);
        let symbols =
            if single { Symbols::Features(self.newest_first(rows)) } else { self.symbols(sheets) };
        Shown { symbols, bbox: area.degrees(), matched, unlocated }
    }

    fn symbols(&self, sheets: Vec<Sheet>) -> Symbols {
        let (depth, sums) = coarse_enough(sheets);
        let zoom = Zoom(depth.saturating_sub(CELLS_IN_TILE));
        Symbols::Clusters(zoom, sums.iter().map(|sum| sum.cluster(self)).collect())
    }

    fn newest_first(&self, mut rows: Vec<usize>) -> Vec<String> {
        rows.sort_unstable_by_key(|&row| self.order(row));
        rows.into_iter().map(|row| self.feature(row)).collect()
    }

    /// Room for the clusters of that part of a window in which there is anything.
    pub(super) fn sheet(&self, window: Window, depth: u8) -> Option<Sheet> {
        let [west, south, east, north] = self.extent().bbox?;
        let bbox = Bbox::new(west, south, east, north).ok()?;
        let filled = Widened::new(bbox, depth).windows().find_map(|part| part.shared(window))?;
        Some(Sheet::new(filled, depth))
    }
}

/// A box around the windows, if one serves: two lie at the ends of the world.
fn near(windows: &[Window]) -> Option<Bbox> {
    match windows {
        [one] => Some(Bbox::from(*one)),
        _ => None,
    }
}

/// Clusters are joined, four by four, until one answer holds them.
fn coarse_enough(sheets: Vec<Sheet>) -> (u8, Vec<Sum>) {
    let mut depth = sheets.iter().map(|sheet| sheet.depth).min().unwrap_or_default();
    let mut sums: Vec<Sum> = sheets.into_iter().flat_map(|sheet| sheet.sums).collect();
    sums = at_depth(sums, depth);
    while sums.len() > Limit::MOST && depth > CELLS_IN_TILE {
        depth -= 1;
        sums = at_depth(sums, depth);
    }
    (depth, sums)
}

/// In the order of their cells.
fn at_depth(mut sums: Vec<Sum>, depth: u8) -> Vec<Sum> {
    for sum in &mut sums {
        while sum.cell.depth() > depth {
            sum.cell = sum.cell.parent();
        }
    }
    sums.sort_unstable_by_key(|sum| sum.cell);
    sums.dedup_by(|next, sum| {
        let same = next.cell == sum.cell;
        if same {
            sum.join(next);
        }
        same
    });
    sums
}

/// The cells of a window, with the sums of those that are not empty.
#[derive(Debug)]
pub(super) struct Sheet {
    window: Window,
    /// Of the cells that the window consists of.
    finest: u8,
    depth: u8,
    first: Cell,
    columns: usize,
    /// For each cell, row by row, one more than the place of its sum.
    table: Vec<u32>,
    sums: Vec<Sum>,
}

/// As many cells as one sheet has at most; finer grids are cut coarser. It is 4 MiB, and more cells
/// than any screen shows.
const MOST_CELLS: usize = 1 << 20;

impl Sheet {
    fn new(window: Window, finest: u8) -> Self {
        let mut depth = finest;
        let size = |depth| {
            let [first, last] = window.corners(depth);
            let count = |a: u32, b: u32| usize::try_from(b.saturating_sub(a)).unwrap_or(0) + 1;
            let columns = count(first.column(), last.column());
            (first, columns, columns.saturating_mul(count(first.row(), last.row())))
        };
        while depth > 0 && size(depth).2 > MOST_CELLS {
            depth -= 1;
        }
        let (first, columns, cells) = size(depth);
        Self { window, finest, depth, first, columns, table: vec![0; cells], sums: Vec::new() }
    }

    pub(super) fn add(&mut self, row: usize, mark: Mark) {
        if let Some(sum) = self.sum(Cell::of(mark.at, self.depth)) {
            sum.add(row, mark);
        }
    }

    fn join(&mut self, sum: &Sum) {
        let mut cell = sum.cell;
        while cell.depth() > self.depth {
            cell = cell.parent();
        }
        if let Some(all) = self.sum(cell) {
            all.join(sum);
        }
    }

    /// The sum of a cell; `None` if the cell lies outside.
    fn sum(&mut self, cell: Cell) -> Option<&mut Sum> {
        let down = cell.row().saturating_sub(self.first.row()) as usize;
        let across = cell.column().saturating_sub(self.first.column()) as usize;
        let place = self.table.get_mut(down * self.columns + across)?;
        if *place == 0 {
            self.sums.push(Sum::new(cell));
            *place = u32::try_from(self.sums.len()).unwrap_or(u32::MAX);
        }
        self.sums.get_mut(*place as usize - 1)
    }

    /// The clusters that came together, in the order of their cells.
    pub(super) fn clusters(self, index: &Index) -> Vec<Cluster> {
        coarse_enough(vec![self]).1.iter().map(|sum| sum.cluster(index)).collect()
    }
}

/// Sums that are kept of one grid by type, so that the questions that everybody asks first, without
/// a filter or by one type, need no pass over all events.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// Small enough to be copied whenever an index goes on in a new state.
    sums: Arc<HashMap<(Cell, u8), Sum, FixedState>>,
}

/// The finest grid that sums are kept of: that of zoom 9, in which the country has some 1,300 cells.
const KEPT: u8 = 11;

impl Kept {
    pub(super) fn add(&mut self, row: usize, mark: Mark) {
        if mark.lies != Lies::Nowhere {
            let cell = Cell::of(mark.at, KEPT);
            let sums = Arc::make_mut(&mut self.sums);
            let sum = sums.entry((cell, mark.event_type)).or_insert_with(|| Sum::new(cell));
            sum.add(row, mark);
        }
    }

    /// Adds up anew the cells in which events died, from those that live in a box: what is least or
    /// greatest cannot be taken away.
    pub(super) fn recount(
        &mut self,
        died: impl Iterator<Item = Mark>,
        living: impl Fn(Bbox) -> Vec<(usize, Mark)>,
    ) {
        let located = died.filter(|mark| mark.lies != Lies::Nowhere);
        let cells: HashSet<Cell> = located.map(|mark| Cell::of(mark.at, KEPT)).collect();
        if cells.is_empty() {
            return;
        }
        Arc::make_mut(&mut self.sums).retain(|(cell, _), _| !cells.contains(cell));
        for window in cells.into_iter().map(Cell::window) {
            let living = living(window.into()).into_iter();
            let within = living.filter(|(_, mark)| window.contains(mark.at));
            within.for_each(|(row, mark)| self.add(row, mark));
        }
    }

    /// Fills sheets of coarser grids, and says how many events that were; `None` if what is kept
    /// cannot answer the query.
    pub(super) fn fill(&self, query: &EventQuery, sheets: &mut [Sheet]) -> Option<usize> {
        let wanted = by_type(query)?;
        if sheets.iter().any(|sheet| sheet.finest > KEPT) {
            return None;
        }
        let mut count = 0;
        let fits = |of: u8| wanted.is_none_or(|wanted| wanted == of);
        for ((cell, _), sum) in self.sums.iter().filter(|((_, of), _)| fits(*of)) {
            let window = cell.window();
            if let Some(sheet) = sheets.iter_mut().find(|sheet| window.is_within(sheet.window)) {
                count += sum.count;
                sheet.join(sum);
            }
        }
        Some(count)
    }
}

/// The place of the one type that a query asks for, or of none; `None` if it asks for more than that.
#[expect(clippy::option_option, reason = "more was asked; no type was asked; a type was asked")]
pub(super) fn by_type(query: &EventQuery) -> Option<Option<u8>> {
    let EventQuery { bbox: None, datetime: None, equals, words, filter: None, .. } = query else {
        return None;
    };
    if !words.is_empty() {
        return None;
    }
    match equals.as_slice() {
        [] => Some(None),
        [one] if one.property == "event_type" => {
            let place = EventType::NAMES.iter().position(|&name| name == one.value)?;
            u8::try_from(place).ok().map(Some)
        }
        _ => None,
    }
}

/// What is added up of a cell.
#[derive(Debug, Clone)]
struct Sum {
    cell: Cell,
    count: usize,
    in_region: usize,
    /// By type; the places behind the last count those of no known type.
    types: [usize; TYPES],
    killed: u64,
    killed_known: usize,
    first: i32,
    last: i32,
    low: Mercator,
    high: Mercator,
    all: (u64, u64),
    /// The last that was added.
    row: usize,
}

/// A power of two, above the number of types.
const TYPES: usize = 8;

impl Sum {
    const fn new(cell: Cell) -> Self {
        Self {
            cell,
            count: 0,
            in_region: 0,
            types: [0; TYPES],
            killed: 0,
            killed_known: 0,
            first: NO_DAYS.0,
            last: NO_DAYS.1,
            low: Mercator { x: u32::MAX, y: u32::MAX },
            high: Mercator { x: 0, y: 0 },
            all: (0, 0),
            row: 0,
        }
    }

    fn add(&mut self, row: usize, mark: Mark) {
        self.count += 1;
        self.row = row;
        self.in_region += usize::from(mark.lies == Lies::InRegion);
        if let Some(count) = self.types.get_mut(usize::from(mark.event_type) % TYPES) {
            *count += 1;
        }
        let known = mark.killed != UNKNOWN;
        self.killed += if known { u64::from(mark.killed) } else { 0 };
        self.killed_known += usize::from(known);
        self.spread((mark.first, mark.last), mark.at, mark.at);
        self.all = (self.all.0 + u64::from(mark.at.x), self.all.1 + u64::from(mark.at.y));
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.row = other.row;
        self.in_region += other.in_region;
        for (own, others) in self.types.iter_mut().zip(other.types) {
            *own += others;
        }
        self.killed += other.killed;
        self.killed_known += other.killed_known;
        self.spread((other.first, other.last), other.low, other.high);
        self.all = (self.all.0 + other.all.0, self.all.1 + other.all.1);
    }

    fn spread(&mut self, (first, last): (i32, i32), low: Mercator, high: Mercator) {
        (self.first, self.last) = (self.first.min(first), self.last.max(last));
        self.low = Mercator { x: self.low.x.min(low.x), y: self.low.y.min(low.y) };
        self.high = Mercator { x: self.high.x.max(high.x), y: self.high.y.max(high.y) };
    }

    /// The mean of its points, kept within the middle of the cell.
    fn centre(&self) -> Mercator {
        let side = self.cell.side();
        let margin = side * SYMBOL.0 / SYMBOL.1 / 2;
        let kept = |sum: u64, number: u32| {
            let start = u64::from(number) * side;
            let mean = sum.checked_div(self.count as u64).unwrap_or(start);
            let kept = mean.clamp(start + margin, start + side - margin);
            u32::try_from(kept).unwrap_or(u32::MAX)
        };
        Mercator { x: kept(self.all.0, self.cell.column()), y: kept(self.all.1, self.cell.row()) }
    }

    fn cluster(&self, index: &Index) -> Cluster {
        let [west, south, east, north] = Window::around(self.low, self.high).degrees();
        let alone = self.count == 1;
        Cluster {
            cell: self.cell,
            count: self.count,
            in_region: self.in_region,
            types: std::array::from_fn(|of| self.types.get(of).copied().unwrap_or_default()),
            fatalities: (self.killed_known > 0).then_some(self.killed),
            fatalities_unknown: self.count - self.killed_known,
            days: (self.first <= self.last).then(|| (day_of(self.first), day_of(self.last))),
            point: self.centre().degrees().map(rounded),
            bbox: [
                outward(west, f64::floor),
                outward(south, f64::floor),
                outward(east, f64::ceil),
                outward(north, f64::ceil),
            ],
            event: alone.then(|| index.id(self.row)).flatten(),
        }
    }
}

/// Coordinates are written to a tenth of a metre.
const DIGITS: f64 = 1e6;

fn rounded(degrees: f64) -> f64 {
    (degrees * DIGITS).round() / DIGITS
}

/// Rounded so that the box holds its points.
fn outward(degrees: f64, round: impl Fn(f64) -> f64) -> f64 {
    round(degrees * DIGITS) / DIGITS
}

#[cfg(test)]
mod tests;
