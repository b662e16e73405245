//! Features in memory: found by box, by day and by value, answered as ready JSON.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use geo::{BoundingRect, Intersects, MultiPolygon, Rect};
use jiff::civil::Date;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::aggregate::Daily;
use super::clusters::Kept;
use super::column::{Column, Wanted, Words};
use super::filter;
use super::marks::Marks;
use super::order::Sorting;
use crate::model::event::{EventId, PropertyType};
use crate::model::filter::{Filter, Place};
use crate::model::point::{Bbox, LonLat};
use crate::model::query::{Cursor, EventQuery};
use crate::model::when::Interval;

/// A property as collections describe it: name, type, meaning.
pub type Property = (&'static str, PropertyType, &'static str);

/// One feature on its way into an [`Index`], its JSON ready.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    sequence: u64,
    id: String,
    at: Option<LonLat>,
    area: Option<MultiPolygon>,
    days: Option<(Date, Date)>,
    values: Vec<Value>,
    feature: Arc<str>,
}

impl Row {
    /// A feature with a point, first and last day, and values in the order of the properties.
    ///
    /// The sequence number must be greater than that of every row before it, and above zero.
    pub fn new(
        properties: &[Property],
        (sequence, id): (u64, String),
        at: Option<LonLat>,
        days: Option<(Date, Date)>,
        values: Vec<Value>,
    ) -> Self {
        let feature = feature(properties, &id, at, &values).into();
        Self { sequence, id, at, area: None, days, values, feature }
    }

    /// A feature without days that is an area, given for answers and for computing.
    pub fn of_area(
        properties: &[Property],
        (sequence, id): (u64, String),
        (geometry, area): (&impl Serialize, MultiPolygon),
        values: Vec<Value>,
    ) -> Self {
        let feature = feature(properties, &id, geometry, &values).into();
        Self { sequence, id, at: None, area: Some(area), days: None, values, feature }
    }

    /// The box around it: west, south, east, north.
    fn bounds(&self) -> Option<[f64; 4]> {
        let point = self.at.map(|at| [at.lon(), at.lat(), at.lon(), at.lat()]);
        let around = || {
            let area = self.area.as_ref()?.bounding_rect()?;
            Some([area.min().x, area.min().y, area.max().x, area.max().y])
        };
        point.or_else(around)
    }
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The features as GeoJSON, newest day first, undated last; of one day the last inserted first.
    pub features: Vec<Arc<str>>,
    /// How many features match, on this page or not.
    pub matched: usize,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<Cursor>,
}

/// What the features cover.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// West, south, east, north.
    pub bbox: Option<[f64; 4]>,
    /// First and last day.
    pub days: Option<(Date, Date)>,
}

/// What every query looks at, side by side in memory.
#[derive(Debug, Clone, Copy)]
struct Spot {
    sequence: u64,
    at: Option<LonLat>,
    days: Option<(Date, Date)>,
}

/// Newest day first, undated last; of one day the last inserted first.
pub(super) type Order = Reverse<(Option<Date>, u64)>;

/// Features in memory, in the order of insertion, with an R-tree over their points.
///
/// Rows are only ever added. A page costs the hits of its box if the box is
/// selective, otherwise a pass over small columns; without any filter, its own length.
#[derive(Debug)]
pub struct Index {
    properties: &'static [Property],
    spots: Vec<Spot>,
    features: Vec<Arc<str>>,
    columns: Vec<Column>,
    words: Words,
    rows: HashMap<Box<str>, usize>,
    marks: Marks,
    kept: Kept,
    daily: Daily,
    /// The rows that are areas: few, and looked at one by one.
    areas: HashMap<usize, MultiPolygon>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
    ordered: Vec<usize>,
    extent: Extent,
    digest: u64,
}

/// The R-tree is left for a pass over all rows once a box holds more than one row in so many:
/// beyond that, sorting the hits costs more than looking at every point.
const SELECTIVE: usize = 16;

/// An index while it is loaded, row by row; much faster than adding to a finished one.
#[derive(Debug)]
pub struct Loading(Index);

impl Loading {
    /// Begins an index of features with these properties.
    pub fn new(properties: &'static [Property]) -> Self {
        Self(Index {
            properties,
            spots: Vec::new(),
            features: Vec::new(),
            columns: properties.iter().map(|&(_, kind, _)| Column::new(kind)).collect(),
            words: Words::default(),
            marks: Marks::new(properties),
            kept: Kept::default(),
            daily: Daily::default(),
            rows: HashMap::new(),
            areas: HashMap::new(),
            tree: RTree::new(),
            ordered: Vec::new(),
            extent: Extent::default(),
            digest: 0,
        })
    }

    /// Adds a feature.
    pub fn push(&mut self, row: &Row) {
        self.0.push(row);
    }

    /// Builds the tree and the order.
    pub fn finish(self) -> Index {
        let mut index = self.0;
        index.tree = RTree::bulk_load(index.points().collect());
        let mut ordered: Vec<usize> = (0..index.len()).collect();
        ordered.sort_unstable_by_key(|&row| index.order(row));
        index.ordered = ordered;
        index
    }
}

impl Index {
    /// Adds features that come after all others in sequence.
    pub fn append(&mut self, rows: &[Row]) {
        for row in rows {
            let number = self.len();
            self.push(row);
            if let Some(at) = row.at {
                self.tree.insert(GeomWithData::new([at.lon(), at.lat()], number));
            }
            let order = self.order(number);
            let place = self.ordered.partition_point(|&other| self.order(other) < order);
            self.ordered.insert(place, number);
        }
    }

    fn push(&mut self, row: &Row) {
        let mut hasher = DefaultHasher::new();
        (self.digest, &row.feature).hash(&mut hasher);
        self.digest = hasher.finish();
        self.extent.include(row);
        for (column, value) in self.columns.iter_mut().zip(&row.values) {
            column.push(value, &mut self.words);
        }
        let mark = self.marks.push(row.at, row.days, &row.values);
        self.kept.add(self.len(), mark);
        self.daily.add(mark, self.marks.bounds(self.len()));
        self.areas.extend(row.area.clone().map(|area| (self.len(), area)));
        self.rows.insert(row.id.as_str().into(), self.len());
        self.spots.push(Spot { sequence: row.sequence, at: row.at, days: row.days });
        self.features.push(Arc::clone(&row.feature));
    }

    fn points(&self) -> impl Iterator<Item = GeomWithData<[f64; 2], usize>> {
        let spots = self.spots.iter().enumerate();
        spots.filter_map(|(row, spot)| {
            spot.at.map(|at| GeomWithData::new([at.lon(), at.lat()], row))
        })
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// What they cover.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// A number that changes whenever an answer could; the same content has the same number.
    pub fn generation(&self) -> u64 {
        self.digest
    }

    /// The sequence number of the last feature; zero if there is none.
    pub fn last(&self) -> u64 {
        self.spots.last().map_or(0, |spot| spot.sequence)
    }

    /// The feature with this id, as GeoJSON.
    pub fn get(&self, id: &str) -> Option<Arc<str>> {
        self.rows.get(id).and_then(|&row| self.features.get(row)).map(Arc::clone)
    }

    /// The features that answer a query. A value that its property cannot have matches nothing.
    pub fn page(&self, query: &EventQuery) -> Page {
        let filter = Conditions::new(self, query);
        let hits = query.bbox.and_then(|bbox| self.selective_hits(bbox)).map(|mut hits| {
            hits.sort_unstable_by_key(|&row| self.order(row));
            hits
        });
        let candidates = hits.as_deref().unwrap_or(&self.ordered);
        if query.sort.is_empty() {
            self.page_in_order(query, &filter, candidates)
        } else {
            self.page_sorted(query, &filter, candidates)
        }
    }

    /// Shows the rows that answer a query, in no order, whatever its page is. Where only those near a
    /// box matter, others may be left out.
    pub(super) fn visit(&self, query: &EventQuery, near: Option<Bbox>, see: impl FnMut(usize)) {
        let conditions = Conditions::new(self, query);
        match near.and_then(|near| self.selective_hits(near)) {
            Some(hits) => hits.into_iter().filter(|&row| conditions.holds(row)).for_each(see),
            None if conditions.is_empty() => (0..self.len()).for_each(see),
            None => (0..self.len()).filter(|&row| conditions.holds(row)).for_each(see),
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
        (begin..self.len()).filter(move |&row| conditions.holds(row))
    }

    /// How many of the rows without a point answer a query.
    pub(super) fn count_nowhere(&self, query: &EventQuery) -> usize {
        Conditions::new(self, query).count(self.marks.nowhere())
    }

    fn page_in_order(&self, query: &EventQuery, filter: &Conditions, candidates: &[usize]) -> Page {
        let (seen, rest) = candidates.split_at(self.begin(candidates, query.after));
        let mut matching = rest.iter().copied().filter(|&row| filter.holds(row));
        let taken: Vec<usize> = matching.by_ref().take(query.limit.get()).collect();
        let remaining = if filter.is_empty() { rest.len() - taken.len() } else { matching.count() };
        self.filled(&taken, filter.count(seen) + taken.len() + remaining, remaining > 0)
    }

    fn page_sorted(&self, query: &EventQuery, filter: &Conditions, candidates: &[usize]) -> Page {
        let sorting = Sorting::new(self, &self.words, &query.sort);
        let mut rest: Vec<usize> =
            candidates.iter().copied().filter(|&row| filter.holds(row)).collect();
        let matched = rest.len();
        match self.row_at(query.after) {
            Some(last) => rest.retain(|&row| sorting.compare(row, last).is_gt()),
            None if query.after == Cursor::default() => {}
            None => rest.clear(),
        }
        let more = rest.len() > query.limit.get();
        self.filled(&sorting.first(rest, query.limit.get()), matched, more)
    }

    fn filled(&self, rows: &[usize], matched: usize, more: bool) -> Page {
        let feature = |&row: &usize| self.features.get(row).map(Arc::clone);
        Page {
            matched,
            next: rows.last().filter(|_| more).map(|&row| Cursor(self.spot(row).sequence)),
            features: rows.iter().filter_map(feature).collect(),
        }
    }

    /// How many of the candidates stand at or before the cursor. After an event that is gone nothing follows.
    fn begin(&self, candidates: &[usize], after: Cursor) -> usize {
        if after == Cursor::default() {
            return 0;
        }
        let Some(row) = self.row_at(after) else { return candidates.len() };
        let last = self.order(row);
        candidates.partition_point(|&row| self.order(row) <= last)
    }

    fn row_at(&self, Cursor(sequence): Cursor) -> Option<usize> {
        self.spots.binary_search_by_key(&sequence, |spot| spot.sequence).ok()
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        let place = self.properties.iter().position(|&(known, ..)| known == name)?;
        self.columns.get(place)
    }

    pub(super) fn cell(&self, place: Place) -> &Column {
        self.columns.get(place).expect("filters are made for the properties of their collection")
    }

    /// The feature in this row, as GeoJSON.
    pub(super) fn feature(&self, row: usize) -> Option<Arc<str>> {
        self.features.get(row).map(Arc::clone)
    }

    /// The id of the feature in this row, which stands where [`feature`] wrote it.
    pub(super) fn id(&self, row: usize) -> Option<EventId> {
        let rest = self.features.get(row)?.strip_prefix(BEFORE_ID)?;
        serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
    }

    /// The sequence number of the feature in this row.
    pub(super) fn sequence(&self, row: usize) -> u64 {
        self.spot(row).sequence
    }

    pub(super) fn properties(&self) -> &'static [Property] {
        self.properties
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

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn point(&self, row: usize) -> Option<LonLat> {
        self.spot(row).at
    }

    pub(super) fn area(&self, row: usize) -> Option<&MultiPolygon> {
        self.areas.get(&row)
    }

    pub(super) fn has_geometry(&self, row: usize) -> bool {
        self.point(row).is_some() || self.area(row).is_some()
    }

    /// The rows in the box, if they are few and points.
    fn selective_hits(&self, bbox: Bbox) -> Option<Vec<usize>> {
        if !self.areas.is_empty() {
            return None;
        }
        if self.extent.is_within(bbox) {
            return None;
        }
        let few = self.len() / SELECTIVE + 1;
        let boxes = bbox
            .rectangles()
            .map(|[west, south, east, north]| AABB::from_corners([west, south], [east, north]));
        let found = boxes.flat_map(|area| self.tree.locate_in_envelope(area));
        let hits: Vec<usize> = found.map(|point| point.data).take(few + 1).collect();
        if hits.len() > few {
            return None;
        }
        Some(hits)
    }

    fn spot(&self, row: usize) -> &Spot {
        self.spots.get(row).expect("rows are counted as spots are added")
    }

    /// Whether the feature has a point in common with the box.
    fn meets(&self, row: usize, bbox: Bbox) -> bool {
        if let Some(at) = self.spot(row).at {
            return bbox.contains(at);
        }
        self.areas.get(&row).is_some_and(|area| {
            let mut boxes = bbox
                .rectangles()
                .map(|[west, south, east, north]| Rect::new((west, south), (east, north)));
            boxes.any(|part| area.intersects(&part))
        })
    }

    pub(super) fn order(&self, row: usize) -> Order {
        let spot = self.spot(row);
        Reverse((spot.days.map(|days| days.0), spot.sequence))
    }
}

/// The conditions of a query, ready for comparing.
struct Conditions<'a> {
    index: &'a Index,
    bbox: Option<Bbox>,
    datetime: Option<Interval>,
    equals: Vec<(&'a Column, Wanted)>,
    filter: Option<&'a Filter>,
    /// A property that no feature has was asked for.
    nothing: bool,
}

impl<'a> Conditions<'a> {
    fn new(index: &'a Index, query: &'a EventQuery) -> Self {
        let equals = query.equals.iter().filter_map(|equals| {
            let column = index.column(&equals.property)?;
            Some((column, column.wanted(&equals.value, &index.words)))
        });
        let equals: Vec<_> = equals.collect();
        let nothing = equals.len() < query.equals.len();
        let filter = query.filter.as_ref();
        Self { index, bbox: query.bbox, datetime: query.datetime, equals, filter, nothing }
    }

    fn is_empty(&self) -> bool {
        self.bbox.is_none()
            && self.datetime.is_none()
            && self.equals.is_empty()
            && self.filter.is_none()
            && !self.nothing
    }

    fn holds(&self, row: usize) -> bool {
        let spot = self.index.spot(row);
        !self.nothing
            && self.bbox.is_none_or(|bbox| self.index.meets(row, bbox))
            && self.datetime.is_none_or(|asked| spot.days.is_some_and(|days| asked.meets(days)))
            && self.equals.iter().all(|&(column, wanted)| column.has(row, wanted))
            && self.filter.is_none_or(|wanted| filter::holds(wanted, self.index, row) == Some(true))
    }

    fn count(&self, rows: &[usize]) -> usize {
        if self.is_empty() {
            return rows.len();
        }
        rows.iter().filter(|&&row| self.holds(row)).count()
    }
}

impl Extent {
    /// Whether everything that has a place lies in the box.
    fn is_within(self, bbox: Bbox) -> bool {
        self.bbox.is_some_and(|[west, south, east, north]| {
            let corners = [LonLat::new(west, south), LonLat::new(east, north)];
            let mut whole = bbox.rectangles().map(|[from, _, to, _]| from <= west && east <= to);
            corners.iter().flatten().all(|&corner| bbox.contains(corner)) && whole.any(|is| is)
        })
    }

    fn include(&mut self, row: &Row) {
        if let Some(around @ [west, south, east, north]) = row.bounds() {
            let [w, s, e, n] = self.bbox.unwrap_or(around);
            self.bbox = Some([w.min(west), s.min(south), e.max(east), n.max(north)]);
        }
        if let Some((first, last)) = row.days {
            let (from, to) = self.days.unwrap_or((first, last));
            self.days = Some((from.min(first), to.max(last)));
        }
    }
}

/// What every feature begins with.
const BEFORE_ID: &str = r#"{"type":"Feature","id":"#;

/// A GeoJSON feature, byte for byte what [`crate::model::event::Event::to_feature`] gives.
fn feature(
    properties: &[Property],
    id: &str,
    geometry: impl Serialize,
    values: &[Value],
) -> String {
    #[derive(Serialize)]
    struct Feature<'a, G> {
        r#type: &'static str,
        id: &'a str,
        geometry: G,
        properties: Flat<'a>,
    }
    let properties = Flat { names: properties, values };
    let feature = Feature { r#type: "Feature", id, geometry, properties };
    serde_json::to_string(&feature).expect("a feature has only text keys")
}

struct Flat<'a> {
    names: &'a [Property],
    values: &'a [Value],
}

impl Serialize for Flat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().map(|(name, ..)| name).zip(self.values))
    }
}

#[cfg(test)]
pub(super) mod tests;
