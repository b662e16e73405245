//! Features in memory: found by box, by day and by value, answered as ready JSON.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use geo::{Intersects as _, MultiPolygon, Rect};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::aggregate::Daily;
use super::clusters::Kept;
use super::column::Column;
use super::fulltext::{self, Found, FullText};
use super::growing::Growing;
use super::marks::Marks;
use super::order::Sorting;
use super::words::{Words, touch};
use crate::model::event::{EventId, PropertyType};
use crate::model::filter::Place;
use crate::model::point::{Bbox, LonLat};
use crate::model::query::{Cursor, EventQuery};
use crate::model::when::Interval;

mod add;
mod by_day;
mod change;
mod conditions;
mod dead;
mod extent;
mod page;
mod row;
mod series;
mod settle;
mod snapshot;
mod trees;
mod wholes;

use by_day::{ByDay, Order};
pub use change::Change;
use change::{End, Ends};
use conditions::{Conditions, Counts};
use dead::Dead;
pub use extent::Extent;
pub use page::Page;
pub(super) use row::{Cut, is_plain, list, mark, write_json, write_text};
use row::{GEOMETRY, Piece, write_integer, write_point};
pub use row::{Given, Layout, Row, Values};
pub use series::Series;
use trees::Trees;
use wholes::Wholes;

/// A property as collections describe it: name, type, meaning.
pub type Property = (&'static str, PropertyType, &'static str);

/// What every query looks at, side by side in memory.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Spot {
    sequence: u64,
    /// Not numbers if there is no point.
    at: [f64; 2],
    days: Option<(Date, Date)>,
    digest: u32,
}

impl Spot {
    /// Its part in the number that tells states of the index apart.
    fn trace(&self) -> u64 {
        FixedState::default().hash_one((self.sequence, self.digest))
    }
}

/// Features in memory, in the order of insertion, with R-trees over their points.
///
/// Rows are only ever added; those whose features are replaced or removed are dead, and all that is
/// asked passes them over. A clone shares nearly everything with the index it is made of: so
/// a writer makes the next state beside the one that is read, in time for what it adds alone.
/// A page costs the hits of its box if they are few, otherwise the rows that are passed until it is full.
#[derive(Debug, Clone)]
pub struct Index {
    layout: Arc<Layout>,
    spots: Growing<Spot>,
    columns: Vec<Column>,
    /// All texts: those of the columns, ids, and the parts of JSON that features share. What a feature
    /// alone has stands together in it, so that it is read at once.
    words: Words,
    /// What features are put together of, row by row: the number of the id, which grows from row to
    /// row, then one for each piece that is a text.
    pieces: Growing<u32>,
    wholes: Wholes,
    marks: Marks,
    dead: Dead,
    ends: Ends,
    text: Arc<FullText>,
    kept: Kept,
    daily: Daily,
    /// The rows that are areas: few, and looked at one by one.
    areas: Arc<HashMap<usize, MultiPolygon>>,
    trees: Trees,
    ordered: ByDay,
    counts: Counts,
    extent: Extent,
    /// The sequence number of the last change.
    last: u64,
    digest: u64,
}

/// Bytes that a feature has, roughly.
const FEATURE: usize = 1_500;

impl Index {
    /// An index of no features with this layout.
    pub fn new(layout: Layout) -> Self {
        Self::with_layout(Arc::new(layout))
    }

    fn with_layout(layout: Arc<Layout>) -> Self {
        let columns = layout.properties.iter().map(|&(_, kind, _)| Column::new(kind)).collect();
        let marks = Marks::new(layout.properties);
        Self {
            layout,
            spots: Growing::default(),
            columns,
            words: Words::default(),
            pieces: Growing::default(),
            wholes: Wholes::default(),
            marks,
            dead: Dead::default(),
            ends: Ends::default(),
            text: Arc::default(),
            kept: Kept::default(),
            daily: Daily::default(),
            areas: Arc::default(),
            trees: Trees::default(),
            ordered: ByDay::default(),
            counts: Counts::default(),
            extent: Extent::default(),
            last: 0,
            digest: 0,
        }
    }

    /// An index of these features.
    pub fn of(layout: Layout, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let mut index = Self::new(layout);
        index.append(rows);
        Arc::new(index)
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.rows() - self.dead.len()
    }

    /// How many rows there are, dead or not.
    fn rows(&self) -> usize {
        self.spots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they cover.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// A number that changes whenever an answer could; the same content has the same number.
    pub fn generation(&self) -> u64 {
        self.digest
    }

    /// The sequence number of the last change; zero if there was none.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The feature with this id, as GeoJSON.
    pub fn get(&self, id: &str) -> Option<String> {
        let row = self.row_of(self.words.find_apart(id)?)?;
        Some(self.feature(row))
    }

    /// Whether a page can begin behind this cursor: also behind a feature that is there no more, as long
    /// as its place is known.
    pub fn has(&self, cursor: Cursor) -> bool {
        self.row_at(cursor).is_some()
    }

    /// The features that answer a query. A value that its property cannot have matches nothing.
    pub fn page(self: &Arc<Self>, query: &EventQuery) -> Page {
        let mut filter = Conditions::new(self, query);
        let mut hits = query.bbox.and_then(|bbox| self.hits(bbox, self.most_hits(query)));
        if let Some(hits) = &mut hits {
            filter = filter.within();
            hits.retain(|hit| filter.holds(hit.row()));
        }
        let matched = match &hits {
            Some(hits) => hits.len(),
            None if filter.is_empty() => self.len(),
            None => self.matched(query, &filter),
        };
        // A page that begins behind an event whose place is not known is empty.
        let is_gone = query.after != Cursor::default() && !self.has(query.after);
        if is_gone || matched <= query.offset {
            return Page::new(self, Vec::new(), matched, None);
        }
        // One more than wanted tells whether there is a next page.
        let most = query.limit.get().saturating_add(1);
        let mut rows: Vec<usize> = match hits {
            Some(hits) if query.sort.is_empty() => self.newest(query, hits, most),
            Some(hits) => self.sorted(query, hits.into_iter().map(Order::row).collect(), most),
            None if query.sort.is_empty() => {
                let after = self.row_at(query.after).map(|row| self.order(row));
                let rest =
                    self.ordered.search(after, query.datetime).filter(|&row| filter.holds(row));
                rest.skip(query.offset).take(most).collect()
            }
            None => {
                let all =
                    self.ordered.search(None, query.datetime).filter(|&row| filter.holds(row));
                self.sorted(query, all.collect(), most)
            }
        };
        let is_last = rows.len() < most;
        rows.truncate(query.limit.get());
        let next = rows.last().and_then(|&row| self.spots.get(row)).filter(|_| !is_last);
        let next = next.map(|spot| Cursor(spot.sequence));
        Page::new(self, rows, matched, next)
    }

    /// How many features answer a query.
    fn matched(&self, query: &EventQuery, filter: &Conditions<'_>) -> usize {
        // Beyond that it is quicker to look at all rows where they are.
        const PART: usize = 4;
        let few = |&asked: &Interval| self.ordered.near(asked) < self.rows() / PART;
        self.counts.count(query, (self.rows(), &self.dead), filter, || {
            let pass = || match query.datetime.filter(few) {
                None => (0..self.rows()).filter(|&row| filter.holds(row)).count(),
                days => self.ordered.search(None, days).filter(|&row| filter.holds(row)).count(),
            };
            self.daily.matched(query).unwrap_or_else(pass)
        })
    }

    /// Shows the rows that answer a query, in no order, whatever its page is. Where only those near a
    /// box matter, others may be left out.
    pub(super) fn visit(&self, query: &EventQuery, near: Option<Bbox>, see: impl FnMut(usize)) {
        let conditions = Conditions::new(self, query);
        // Of more hits, each is dearer than to look at all rows one behind the other.
        let most = (self.rows() / 16 + 1).min(16_384);
        match near.and_then(|near| self.hits(near, most)) {
            Some(hits) => {
                hits.into_iter().map(Order::row).filter(|&row| conditions.holds(row)).for_each(see);
            }
            None if conditions.hold_for_all() => (0..self.rows()).for_each(see),
            None => (0..self.rows()).filter(|&row| conditions.holds(row)).for_each(see),
        }
    }

    /// The rows after a sequence number that answer a query, in the order of the sequence.
    pub(super) fn rows_after<'a>(
        &'a self,
        query: &'a EventQuery,
        sequence: u64,
    ) -> impl Iterator<Item = usize> {
        let conditions = Conditions::new(self, query);
        let begin = self.spots.partition_point(|spot| spot.sequence <= sequence);
        (begin..self.rows()).filter(move |&row| conditions.holds(row))
    }

    /// The features that are gone since a sequence number, or that were replaced by one that does not
    /// answer the query, in the order of the sequence.
    pub(super) fn gone_after<'a>(
        &'a self,
        query: &'a EventQuery,
        sequence: u64,
    ) -> impl Iterator<Item = (u64, EventId)> {
        let conditions = Conditions::new(self, query);
        self.ends.after(sequence).filter_map(move |(sequence, end)| match end {
            End::Gone(id) => Some((*sequence, EventId((**id).to_owned()))),
            End::Replaced => {
                let row = self.row_at(Cursor(*sequence)).filter(|&row| !self.dead.has(row))?;
                Some((*sequence, self.id(row)?)).filter(|_| !conditions.held(row))
            }
        })
    }

    /// How many of the rows without a point answer a query.
    pub(super) fn count_nowhere(&self, query: &EventQuery) -> usize {
        let conditions = Conditions::new(self, query);
        self.marks.nowhere().filter(|&row| conditions.holds(row)).count()
    }

    /// The first of the rows in the usual order, behind the cursor and the offset.
    fn newest(&self, query: &EventQuery, mut hits: Vec<Order>, most: usize) -> Vec<usize> {
        if let Some(last) = self.row_at(query.after) {
            let last = self.order(last);
            hits.retain(|&hit| hit > last);
        }
        let most = most.saturating_add(query.offset);
        if most < hits.len() {
            hits.select_nth_unstable(most);
            hits.truncate(most);
        }
        hits.sort_unstable();
        hits.into_iter().skip(query.offset).map(Order::row).collect()
    }

    /// The same in the order that is asked for.
    fn sorted(&self, query: &EventQuery, mut rows: Vec<usize>, most: usize) -> Vec<usize> {
        let sorting = Sorting::new(self, &self.words, &query.sort);
        if let Some(last) = self.row_at(query.after) {
            rows.retain(|&row| sorting.compare(row, last).is_gt());
        }
        let most = most.saturating_add(query.offset);
        let mut first = sorting.first(rows, most);
        first.drain(..query.offset.min(first.len()));
        first
    }

    /// Gives the features in these rows, as GeoJSON. Their memory is fetched together: one by one, most of the time
    /// would be spent waiting for it.
    pub(super) fn give(&self, rows: &[usize], mut take: impl FnMut(&str)) {
        let kept = self.wholes.read();
        let (mut known, mut new) = (0, Vec::new());
        for &row in rows {
            match kept.get(row) {
                Some(whole) => known += usize::from(touch(whole)),
                None => new.push(row),
            }
        }
        black_box(known);
        self.fetch(&new);
        let mut written = String::with_capacity(new.len() * FEATURE);
        let mut places = Vec::with_capacity(new.len());
        for &row in rows {
            if let Some(whole) = kept.get(row) {
                take(whole);
            } else {
                let start = written.len();
                self.write_feature(row, &mut written);
                take(written.get(start..).unwrap_or_default());
                places.push((row, start..written.len()));
            }
        }
        drop(kept);
        if !places.is_empty() {
            let text = |(row, place)| (row, written.get(place).unwrap_or_default());
            self.wholes.keep(places.into_iter().map(text));
        }
    }

    /// Has the memory fetched that features are written from, of all these rows at once.
    fn fetch(&self, rows: &[usize]) {
        let mut numbers = Vec::new();
        for &row in rows {
            numbers.extend(self.numbers(row));
            black_box(self.spots.get(row).map(|spot| spot.digest));
            self.integers(row).for_each(|number| _ = black_box(number));
        }
        black_box(self.words.fetch(&numbers));
    }

    /// The whole numbers that make a piece alone.
    fn integers(&self, row: usize) -> impl Iterator<Item = Option<i64>> {
        let of = move |piece: &Piece| match *piece {
            Piece::Integer(property) => Some(self.columns.get(property)?.integer(row)),
            _ => None,
        };
        self.layout.pieces().iter().filter_map(of)
    }

    /// The parts of the JSON of this row that are kept as such, each with its number.
    fn shared_parts(&self, row: usize) -> impl Iterator<Item = (u32, &str)> {
        let kept = self.layout.pieces().iter().filter(|piece| piece.has_number());
        let shared = self.numbers(row).skip(1).zip(kept);
        let shared = shared.filter(|(_, piece)| **piece == Piece::Shared);
        shared.map(|(number, _)| (number, self.words.text(number).unwrap_or_default()))
    }

    /// What the feature in this row is put together of: the number of its id, then one for each piece
    /// that has one.
    fn numbers(&self, row: usize) -> impl Iterator<Item = u32> {
        let width = self.layout.width();
        let numbers = row * width..(row + 1) * width;
        numbers.map(|place| self.pieces.get(place).copied().unwrap_or(0))
    }

    /// One of these numbers; none has it where there are no such.
    pub(super) fn number(&self, row: usize, place: usize) -> u32 {
        self.pieces.get(row * self.layout.width() + place).copied().unwrap_or(0)
    }

    /// The ids of these rows.
    pub(super) fn ids(&self, rows: &[usize]) -> impl Iterator<Item = &str> {
        let numbers: Vec<u32> = rows.iter().map(|&row| self.number(row, 0)).collect();
        black_box(self.words.fetch(&numbers));
        numbers.into_iter().map(|number| self.words.text(number).unwrap_or_default())
    }

    /// How features are cut.
    pub(super) fn cut(&self) -> impl Iterator<Item = Cut> {
        self.layout.cut()
    }

    /// Adds the feature in this row, as GeoJSON, byte for byte what
    /// [`crate::model::event::Event::to_feature`] gives.
    pub(super) fn write_feature(&self, row: usize, out: &mut String) {
        let mut numbers = self.numbers(row);
        let mut number = || numbers.next().unwrap_or(0);
        out.push_str("{\"type\":\"Feature\",\"id\":");
        self.words.write_json(number(), out);
        for &piece in self.layout.pieces() {
            match piece {
                Piece::Shared => out.push_str(self.words.text(number()).unwrap_or_default()),
                Piece::Point => {
                    out.push_str(GEOMETRY);
                    write_point(out, self.point(row));
                }
                Piece::Word(property) => {
                    out.push_str(self.layout.key(property));
                    self.words.write_json(number(), out);
                }
                Piece::Integer(property) => {
                    out.push_str(self.layout.key(property));
                    let column = self.columns.get(property);
                    write_integer(out, column.and_then(|column| column.integer(row)));
                }
            }
        }
        out.push_str(self.layout.end());
    }

    /// The row whose id has this number.
    fn row_of(&self, number: u32) -> Option<usize> {
        let width = self.layout.width();
        let (mut low, mut high) = (0, self.rows());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.pieces.get(middle * width)?.cmp(&number) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Whether the feature with that number is the one with that id.
    pub(super) fn has_under(&self, sequence: u64, id: &str) -> bool {
        let row = self.row_at(Cursor(sequence));
        row.is_some_and(|row| self.words.text(self.number(row, 0)) == Some(id))
    }

    fn row_at(&self, Cursor(sequence): Cursor) -> Option<usize> {
        let row = self.spots.partition_point(|spot| spot.sequence < sequence);
        self.spots.get(row).filter(|spot| spot.sequence == sequence).map(|_| row)
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        let place = self.layout.properties.iter().position(|&(known, ..)| known == name)?;
        self.columns.get(place)
    }

    /// The properties with their columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'static Property, &Column)> {
        self.layout.properties.iter().zip(&self.columns)
    }

    /// Some of the properties, by their places.
    pub(super) fn columns_of(
        &self,
        places: Range<usize>,
    ) -> impl Iterator<Item = (&'static Property, &Column)> {
        self.columns().skip(places.start).take(places.len())
    }

    pub(super) fn cell(&self, place: Place) -> &Column {
        self.columns.get(place).expect("filters are made for the properties of their collection")
    }

    /// The feature in this row, as GeoJSON.
    pub(super) fn feature(&self, row: usize) -> String {
        let mut feature = String::new();
        self.write_feature(row, &mut feature);
        feature
    }

    /// The id of the feature in this row.
    pub(super) fn id(&self, row: usize) -> Option<EventId> {
        let number = self.numbers(row).next()?;
        self.words.text(number).map(|id| EventId(id.to_owned()))
    }

    /// The sequence number of the feature in this row.
    pub(super) fn sequence(&self, row: usize) -> u64 {
        self.spots.get(row).map_or(0, |spot| spot.sequence)
    }

    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    pub(super) fn daily(&self) -> &Daily {
        &self.daily
    }

    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Reads the texts of at most so many rows more for free text, and says whether all are read.
    pub fn read_texts(&self, most: usize) -> bool {
        let columns = fulltext::searched(self.layout.properties, &self.columns);
        self.text.read(&columns, &self.words, (self.rows(), most))
    }

    /// The rows that hold all of these words.
    fn found(&self, words: &[String]) -> Found {
        self.read_texts(usize::MAX);
        self.text.find(words)
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn point(&self, row: usize) -> Option<LonLat> {
        let [lon, lat] = self.spots.get(row)?.at;
        LonLat::new(lon, lat)
    }

    /// First and last day.
    pub(super) fn days(&self, row: usize) -> Option<(Date, Date)> {
        self.spots.get(row)?.days
    }

    pub(super) fn area(&self, row: usize) -> Option<&MultiPolygon> {
        self.areas.get(&row)
    }

    pub(super) fn has_geometry(&self, row: usize) -> bool {
        self.point(row).is_some() || self.area(row).is_some()
    }

    /// How many hits of a box may be put in order for a page. Where there are more, it takes less to pass over rows
    /// in their order until the page is full: the more hits, the sooner it is.
    fn most_hits(&self, query: &EventQuery) -> usize {
        /// To pass over a row takes so many times as long as to have a hit.
        const PASSED: usize = 2;
        let wanted = query.limit.get().saturating_add(query.offset);
        wanted.saturating_mul(self.rows()).saturating_mul(PASSED).isqrt()
    }

    /// The rows in the box in no order, if they are points and no more than that.
    fn hits(&self, bbox: Bbox, most: usize) -> Option<Vec<Order>> {
        if !self.areas.is_empty() {
            return None;
        }
        if self.extent.is_within(bbox) {
            return None;
        }
        self.trees.find(bbox, most)
    }

    /// Whether the feature has a point in common with the box.
    fn meets(&self, row: usize, bbox: Bbox) -> bool {
        if let Some(at) = self.point(row) {
            return bbox.contains(at);
        }
        self.areas.get(&row).is_some_and(|area| {
            let mut boxes = bbox
                .rectangles()
                .map(|[west, south, east, north]| Rect::new((west, south), (east, north)));
            boxes.any(|part| area.intersects(&part))
        })
    }

    /// Newest day first, undated last; of one day the last inserted first.
    pub(super) fn order(&self, row: usize) -> Order {
        let number = u32::try_from(row).expect("four thousand million rows fit no memory");
        Order::new(self.days(row).map(|days| days.0), number)
    }
}

#[cfg(test)]
pub(super) mod tests;
