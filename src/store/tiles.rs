//! Events as Mapbox Vector Tiles.

use std::borrow::Cow;

use fast_mvt::{MvtCoord, MvtGeomType, MvtLayerBuilder, MvtResult, MvtValueRef};

use super::clusters::Sheet;
use super::column::Column;
use super::index::Index;
use super::words::Words;
use crate::model::event::PropertyType;
use crate::model::mercator::{Cell, Mercator, Window};
use crate::model::point::{Bbox, LonLat};
use crate::model::query::{EventQuery, Limit};
use crate::model::taxonomy::EventType;

/// The layer of events.
pub const EVENTS: &str = "events";

/// The layer of clusters.
pub const CLUSTERS: &str = "clusters";

/// The deepest tiles.
pub const DEEPEST: u8 = 22;

/// A tile is cut into so many steps each way, as the format has it where nothing else is said.
const EXTENT: i64 = 4096;

/// So many steps around a tile are in it as well, so that a symbol on its edge is drawn whole.
const BUFFER: u64 = 256;

/// From this zoom on a tile has its events one by one.
const SINGLE: u8 = 8;

/// The most events one by one in a tile below that zoom: some 100 kB.
const MOST_FAR: usize = 500;

/// A tile has 8 × 8 cells for clusters: 64 pixels each, for it is drawn 512 pixels wide.
const CELLS_IN_TILE: u8 = 3;

/// Why writing a tile cannot fail.
const SOUND: &str = "layers have names, and far fewer values than numbers";

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
            return clusters_layer(sheets, self, window).expect(SOUND);
        }
        let around = window.buffered((window.width() * BUFFER).div_ceil(EXTENT.unsigned_abs()));
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
            return clusters_layer(sheets, self, window).expect(SOUND);
        }
        inner.append(&mut outer);
        if inner.is_empty() {
            return Vec::new();
        }
        // In the order of the rows, whichever way they were found.
        inner.sort_unstable_by_key(|&(row, _)| row);
        self.events_layer(&inner, window).expect(SOUND)
    }

    fn events_layer(&self, rows: &[(usize, Mercator)], window: Window) -> MvtResult<Vec<u8>> {
        let mut layer = MvtLayerBuilder::new(EVENTS)?;
        for rows in rows.chunks(AT_ONCE) {
            let mut columns: Vec<_> = self
                .columns()
                .map(|(&(name, kind, _), column)| {
                    let tags =
                        rows.iter().map(|&(row, _)| Tag::of(kind, column, row, self.words()));
                    (name, tags.collect::<Vec<_>>().into_iter())
                })
                .collect();
            for &(row, at) in rows {
                let mut feature = layer.feature_of(MvtGeomType::Point);
                feature.id(Some(self.sequence(row))).points([steps(at, window)])?;
                if let Some(id) = self.id(row) {
                    feature.tag_ref("id", MvtValueRef::String(&id.0))?;
                }
                for (name, tags) in &mut columns {
                    feature.tag_ref(name, tags.next().unwrap_or(Tag::Null).value())?;
                }
                layer = feature.end();
            }
        }
        Ok(layer.encode())
    }
}

/// So many features are put together at once, column by column: one by one, most of the time would be
/// spent waiting for memory.
const AT_ONCE: usize = 64;

/// A value as a tile has it.
#[derive(Debug)]
enum Tag<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
}

impl<'a> Tag<'a> {
    fn of(kind: PropertyType, column: &'a Column, row: usize, words: &'a Words) -> Self {
        match kind {
            PropertyType::Text | PropertyType::Enum(_) => {
                column.text(row, words).map_or(Self::Null, |text| Self::Text(text.into()))
            }
            PropertyType::List => {
                let items: Vec<&str> = column.items(row, words).collect();
                if items.is_empty() { Self::Null } else { Self::Text(items.join(JOINED).into()) }
            }
            PropertyType::Integer => column.integer(row).map_or(Self::Null, Self::Integer),
            PropertyType::Real => column.number(row).map_or(Self::Null, Self::Real),
            PropertyType::Date => {
                column.day(row).map_or(Self::Null, |day| Self::Text(day.to_string().into()))
            }
        }
    }

    fn value(&self) -> MvtValueRef<'_> {
        match self {
            Self::Null => MvtValueRef::Null,
            Self::Text(text) => MvtValueRef::String(text),
            Self::Integer(number) => MvtValueRef::Int(*number),
            Self::Real(number) => MvtValueRef::Double(*number),
        }
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

fn clusters_layer(sheets: Vec<Sheet>, index: &Index, window: Window) -> MvtResult<Vec<u8>> {
    let mut layer = MvtLayerBuilder::new(CLUSTERS)?;
    for cluster in sheets.into_iter().flat_map(|sheet| sheet.clusters(index)) {
        let [east, north] = cluster.point;
        let Some(at) = LonLat::new(east, north) else { continue };
        let mut feature = layer.feature_of(MvtGeomType::Point);
        feature.points([steps(at.into(), window)])?;
        let [first, last] = [cluster.days.map(|days| days.0), cluster.days.map(|days| days.1)]
            .map(|day| day.map(|day| day.to_string()));
        let number = |n: usize| MvtValueRef::UInt(n as u64);
        for (&(name, _), value) in CLUSTER_FIELDS.iter().zip([
            number(cluster.count),
            number(cluster.in_region),
            told(cluster.dominant().map(EventType::as_str)),
            cluster.fatalities.map_or(MvtValueRef::Null, MvtValueRef::UInt),
            number(cluster.fatalities_unknown),
            told(first.as_deref()),
            told(last.as_deref()),
            told(cluster.event.as_ref().map(|id| id.0.as_str())),
        ]) {
            feature.tag_ref(name, value)?;
        }
        for (name, &count) in EventType::NAMES.iter().zip(&cluster.types) {
            if count > 0 {
                feature.tag_ref(name, number(count))?;
            }
        }
        layer = feature.end();
    }
    Ok(layer.encode())
}

fn told(text: Option<&str>) -> MvtValueRef<'_> {
    text.map_or(MvtValueRef::Null, MvtValueRef::String)
}

/// A point in steps of the tile; beyond its edges for what lies in the buffer.
fn steps(at: Mercator, window: Window) -> MvtCoord {
    let [x, y] = window.across(at).map(|offset| {
        let width = i64::try_from(window.width()).unwrap_or(i64::MAX);
        i32::try_from((offset * EXTENT).div_euclid(width)).unwrap_or(i32::MAX)
    });
    MvtCoord { x, y }
}

#[cfg(test)]
mod tests;
