//! Events as Mapbox Vector Tiles.

use std::collections::HashMap;
use std::hint::black_box;

use foldhash::fast::FixedState;

use super::clusters::Sheet;
use super::column::Brief;
use super::index::{Cut, Index};
use super::words::Words;
use crate::model::event::PropertyType;
use crate::model::mercator::{Cell, Mercator, Window};
use crate::model::point::{Bbox, LonLat};
use crate::model::query::{EventQuery, Limit};
use crate::model::taxonomy::EventType;
use layer::{EXTENT, Layer, Number, Step, Value};

mod layer;

/// The layer of events.
pub const EVENTS: &str = "events";

/// The layer of clusters.
pub const CLUSTERS: &str = "clusters";

/// The deepest tiles.
pub const DEEPEST: u8 = 22;

/// So many steps around a tile are in it as well, so that a symbol on its edge is drawn whole.
const BUFFER: u64 = 256;

/// From this zoom on a tile has its events one by one.
const SINGLE: u8 = 8;

/// The most events one by one in a tile below that zoom: some 100 kB.
const MOST_FAR: usize = 500;

/// A tile has 8 × 8 cells for clusters: 64 pixels each, for it is drawn 512 pixels wide.
const CELLS_IN_TILE: u8 = 3;

/// What stands between the items of a list, for which the format has no type.
const JOINED: &str = "; ";

impl Index {
    /// The events of a tile that answer a query, as MVT; nothing at all if there are none.
    ///
    /// They are clusters where they are many or the tile is large.
    pub fn tile(&self, query: &EventQuery, tile: Cell) -> Vec<u8> {
        let window = tile.window();
        let depth = tile.depth() + CELLS_IN_TILE;
        let most = if tile.depth() < SINGLE { MOST_FAR } else { Limit::MOST };
        let mut sheets: Vec<Sheet> = self.sheet(window, depth).into_iter().collect();
        let kept = self.kept().fill(query, &mut sheets);
        if kept.is_some_and(|count| count > most) {
            return clusters_layer(sheets, self, window);
        }
        let around = window.buffered((window.width() * BUFFER).div_ceil(EXTENT.into()));
        let (mut inner, mut outer) = (Vec::new(), Vec::new());
        let mut within = 0;
        self.visit(query, Some(Bbox::from(around)), |row| {
            let Some(mark) = self.marks().located(row) else { return };
            if !around.contains(mark.at) {
                return;
            }
            let is_within = window.contains(mark.at);
            if is_within {
                within += 1;
                for sheet in &mut sheets {
                    sheet.add(row, mark);
                }
            }
            let rows = if is_within { &mut inner } else { &mut outer };
            if rows.len() < Limit::MOST {
                rows.push((row, mark.at));
            }
        });
        if within > most {
            return clusters_layer(sheets, self, window);
        }
        inner.append(&mut outer);
        if inner.is_empty() {
            return Vec::new();
        }
        // In the order of the rows, whichever way they were found.
        inner.sort_unstable_by_key(|&(row, _)| row);
        self.events_layer(&inner, window)
    }

    fn events_layer(&self, events: &[(usize, Mercator)], window: Window) -> Vec<u8> {
        let mut layer = Layer::default();
        let rows: Vec<usize> = events.iter().map(|&(row, _)| row).collect();
        let id_key = layer.key("id");
        let ids = self.ids(&rows).map(|id| layer.value(Value::Text(id)));
        let ids: Vec<Number> = ids.collect();
        let parts = self.cut().map(|cut| self.part(&rows, cut, &mut layer));
        let parts: Vec<Part> = parts.collect();
        let mut tags = Vec::new();
        for (nth, (&(row, at), id)) in events.iter().zip(ids).enumerate() {
            tags.clear();
            tags.extend([id_key, id]);
            tags.extend(parts.iter().flat_map(|part| part.tags(nth)));
            layer.point(Some(self.sequence(row)), steps(at, window), &tags);
        }
        layer.into_tile(EVENTS)
    }

    /// The properties of a part of these rows. Column by column: feature by feature, most of the time would be
    /// spent waiting for memory.
    fn part(&self, rows: &[usize], cut: Cut, layer: &mut Layer) -> Part {
        let (unlike, which) = self.unlike(rows, &cut);
        let width = cut.properties.len();
        let mut tags = vec![None; unlike.len() * width];
        let mut known: HashMap<Brief<'_>, Number, FixedState> = HashMap::default();
        for (place, (&(name, ..), column)) in self.columns_of(cut.properties).enumerate() {
            let values: Vec<_> = unlike.iter().map(|&row| column.brief(row)).collect();
            if values.iter().all(Option::is_none) {
                continue;
            }
            let mut words: Vec<u32> = values.iter().flatten().flat_map(Brief::words).collect();
            words.dedup();
            black_box(self.words().fetch(&words));
            let key = layer.key(name);
            known.clear();
            for (value, tag) in values.into_iter().zip(tags.iter_mut().skip(place).step_by(width)) {
                *tag = value.map(|value| {
                    let add = || write(value, self.words(), layer);
                    [key, *known.entry(value).or_insert_with(add)]
                });
            }
        }
        Part { which, width, tags }
    }

    /// The first row of each that have a part alike, and which of those stands for each row.
    fn unlike(&self, rows: &[usize], cut: &Cut) -> (Vec<usize>, Vec<usize>) {
        let Some(place) = cut.number else { return (rows.to_vec(), (0..rows.len()).collect()) };
        let mut unlike = Vec::new();
        let mut known: HashMap<u32, usize, FixedState> = HashMap::default();
        let which = rows.iter().map(|&row| {
            *known.entry(self.number(row, place)).or_insert_with(|| {
                unlike.push(row);
                unlike.len() - 1
            })
        });
        let which = which.collect();
        (unlike, which)
    }
}

/// A group of properties of the features of a tile. Features that have all of it alike have it once.
struct Part {
    /// Which of those in `tags` each feature has.
    which: Vec<usize>,
    /// How many properties it has.
    width: usize,
    /// The numbers of key and value of one property after the other.
    tags: Vec<Option<[Number; 2]>>,
}

impl Part {
    /// What the feature has of it.
    fn tags(&self, nth: usize) -> impl Iterator<Item = Number> {
        let begin = self.which.get(nth).map_or(0, |which| which * self.width);
        let tags = self.tags.get(begin..begin + self.width).unwrap_or_default();
        tags.iter().copied().flatten().flatten()
    }
}

fn write(value: Brief<'_>, words: &Words, layer: &mut Layer) -> Number {
    match value {
        Brief::Words(&[word]) => layer.value(Value::Text(words.text(word).unwrap_or_default())),
        Brief::Words(several) => {
            let items: Vec<&str> = several.iter().filter_map(|&word| words.text(word)).collect();
            layer.value(Value::Text(&items.join(JOINED)))
        }
        Brief::Integer(number) => layer.value(Value::Integer(number)),
        Brief::Real(bits) => layer.value(Value::Real(f64::from_bits(bits))),
        Brief::Day(day) => layer.value(Value::Text(&day.to_string())),
    }
}

/// What is told of a cluster, with the type that it has in a tile; then how many are of each type.
pub const CLUSTER_FIELDS: &[(&str, PropertyType)] = &[
    ("count", PropertyType::Integer),
    ("region_only", PropertyType::Integer),
    ("event_type", PropertyType::Enum(EventType::NAMES)),
    ("fatalities", PropertyType::Integer),
    ("fatalities_unknown", PropertyType::Integer),
    ("first_date", PropertyType::Date),
    ("last_date", PropertyType::Date),
    ("event_id", PropertyType::Text),
];

fn clusters_layer(sheets: Vec<Sheet>, index: &Index, window: Window) -> Vec<u8> {
    let mut layer = Layer::default();
    let fields = CLUSTER_FIELDS.iter().map(|&(name, _)| name);
    let keys: Vec<Number> =
        fields.chain(EventType::NAMES.iter().copied()).map(|name| layer.key(name)).collect();
    for cluster in sheets.into_iter().flat_map(|sheet| sheet.clusters(index)) {
        let [east, north] = cluster.point;
        let Some(at) = LonLat::new(east, north) else { continue };
        let [first, last] = [cluster.days.map(|days| days.0), cluster.days.map(|days| days.1)]
            .map(|day| day.map(|day| day.to_string()));
        let number = |n: usize| Some(Value::Count(n as u64));
        let fields = [
            number(cluster.count),
            number(cluster.in_region),
            cluster.dominant().map(|kind| Value::Text(kind.as_str())),
            cluster.fatalities.map(Value::Count),
            number(cluster.fatalities_unknown),
            first.as_deref().map(Value::Text),
            last.as_deref().map(Value::Text),
            cluster.event.as_ref().map(|id| Value::Text(&id.0)),
        ];
        let types = cluster.types.iter().map(|&count| number(count).filter(|_| count > 0));
        let mut tags = Vec::new();
        for (&key, value) in keys.iter().zip(fields.into_iter().chain(types)) {
            if let Some(value) = value {
                tags.extend([key, layer.value(value)]);
            }
        }
        layer.point(None, steps(at.into(), window), &tags);
    }
    layer.into_tile(CLUSTERS)
}

/// A point in steps of the tile.
fn steps(at: Mercator, window: Window) -> Step {
    let [x, y] = window.across(at).map(|offset| {
        let width = i64::try_from(window.width()).unwrap_or(i64::MAX);
        let step = (offset * i64::from(EXTENT)).div_euclid(width);
        i32::try_from(step).unwrap_or(i32::MAX)
    });
    Step { x, y }
}

#[cfg(test)]
mod tests;
