//! The square of web maps: Web-Mercator in whole steps, its cells and tiles.

use super::point::{Bbox, LonLat};

/// Steps along a side of the square; one is 9 mm at the equator.
const STEPS: u64 = 1 << 32;

/// Half the latitude that the rounding of steps could lose, far below one of them.
const MARGIN: f64 = 1e-9;

/// A point on the square, in steps from its north-west corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mercator {
    /// Eastward.
    pub x: u32,
    /// Southward.
    pub y: u32,
}

impl From<LonLat> for Mercator {
    fn from(at: LonLat) -> Self {
        let north = at.lat().to_radians().tan().asinh();
        let (x, y) = ((at.lon() + 180.0) / 360.0, 0.5 - north / std::f64::consts::TAU);
        Self { x: steps(x), y: steps(y) }
    }
}

/// A part of the side in steps; what lies beyond an end is put at it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a number is cut to what the type holds"
)]
fn steps(part: f64) -> u32 {
    (part * STEPS as f64) as u32
}

/// Longitude of a step.
fn longitude(x: u64) -> f64 {
    part(x) * 360.0 - 180.0
}

/// Latitude of a step.
fn latitude(y: u64) -> f64 {
    ((0.5 - part(y)) * std::f64::consts::TAU).sinh().atan().to_degrees()
}

#[expect(clippy::cast_precision_loss, reason = "steps are below 2^53")]
fn part(step: u64) -> f64 {
    step as f64 / STEPS as f64
}

/// A cell of the square cut `depth` times in halves each way. A tile of zoom 6 has depth 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    depth: u8,
    row: u32,
    column: u32,
}

impl Cell {
    /// The deepest cells.
    pub const DEEPEST: u8 = 26;

    /// A cell counted from the north-west; `None` outside of the square.
    pub fn new(depth: u8, row: u32, column: u32) -> Option<Self> {
        let inside = depth <= Self::DEEPEST && row >> depth == 0 && column >> depth == 0;
        inside.then_some(Self { depth, row, column })
    }

    /// The cell that holds a point.
    pub fn of(at: Mercator, depth: u8) -> Self {
        let depth = depth.min(Self::DEEPEST);
        let cut = |step: u32| u32::try_from(u64::from(step) >> (32 - depth)).unwrap_or_default();
        Self { depth, row: cut(at.y), column: cut(at.x) }
    }

    /// How often the square was cut.
    pub const fn depth(self) -> u8 {
        self.depth
    }

    /// From the north.
    pub const fn row(self) -> u32 {
        self.row
    }

    /// From the west.
    pub const fn column(self) -> u32 {
        self.column
    }

    /// The cell of half the depth's fineness around it; the square is its own.
    #[must_use]
    pub const fn parent(self) -> Self {
        let depth = self.depth.saturating_sub(1);
        Self { depth, row: self.row >> 1, column: self.column >> 1 }
    }

    /// Steps along its side.
    pub const fn side(self) -> u64 {
        STEPS >> self.depth
    }

    /// What it covers.
    pub const fn window(self) -> Window {
        let side = self.side();
        let (west, north) = (self.column as u64 * side, self.row as u64 * side);
        Window { west, north, east: west + side, south: north + side }
    }
}

/// A part of the square: its western and northern edges belong to it, the others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    west: u64,
    north: u64,
    east: u64,
    south: u64,
}

impl Window {
    /// The square.
    pub const ALL: Self = Self { west: 0, north: 0, east: STEPS, south: STEPS };

    /// The least that holds both, the first being the north-western.
    pub fn around(first: Mercator, last: Mercator) -> Self {
        Self {
            west: first.x.into(),
            north: first.y.into(),
            east: u64::from(last.x) + 1,
            south: u64::from(last.y) + 1,
        }
    }

    /// Steps from west to east.
    pub const fn width(self) -> u64 {
        self.east - self.west
    }

    /// Steps from its north-west corner, eastward and southward.
    pub fn across(self, at: Mercator) -> [i64; 2] {
        let from = |step: u32, edge: u64| i64::from(step) - i64::try_from(edge).unwrap_or(i64::MAX);
        [from(at.x, self.west), from(at.y, self.north)]
    }

    /// Whether a point lies in it.
    pub fn contains(self, at: Mercator) -> bool {
        // What lies before the first edge wraps round, and is far beyond the second.
        u64::from(at.x).wrapping_sub(self.west) < self.east - self.west
            && u64::from(at.y).wrapping_sub(self.north) < self.south - self.north
    }

    /// Whether it has no point that the other has not.
    pub const fn is_within(self, other: Self) -> bool {
        self.west >= other.west
            && self.north >= other.north
            && self.east <= other.east
            && self.south <= other.south
    }

    /// What both cover; `None` if they only touch or not even that.
    pub fn shared(self, other: Self) -> Option<Self> {
        let both = Self {
            west: self.west.max(other.west),
            north: self.north.max(other.north),
            east: self.east.min(other.east),
            south: self.south.min(other.south),
        };
        (both.west < both.east && both.north < both.south).then_some(both)
    }

    /// The same with so many steps more on each side, as far as the square goes.
    #[must_use]
    pub fn buffered(self, by: u64) -> Self {
        Self {
            west: self.west.saturating_sub(by),
            north: self.north.saturating_sub(by),
            east: (self.east + by).min(STEPS),
            south: (self.south + by).min(STEPS),
        }
    }

    /// The first and the last of the cells that it touches, both at this depth.
    pub fn corners(self, depth: u8) -> [Cell; 2] {
        let step = |step: u64| u32::try_from(step).unwrap_or(u32::MAX);
        let first = Mercator { x: step(self.west), y: step(self.north) };
        let last = Mercator {
            x: step(self.east.saturating_sub(1).max(self.west)),
            y: step(self.south.saturating_sub(1).max(self.north)),
        };
        [Cell::of(first, depth), Cell::of(last, depth)]
    }

    /// From the north-western of the cells to the south-eastern.
    const fn spanned([first, last]: [Cell; 2]) -> Self {
        let (first, last) = (first.window(), last.window());
        Self { east: last.east, south: last.south, ..first }
    }

    /// West, south, east and north in degrees; the poles belong to its edges.
    pub fn degrees(self) -> [f64; 4] {
        let south = if self.south == STEPS { -90.0 } else { latitude(self.south) };
        let north = if self.north == 0 { 90.0 } else { latitude(self.north) };
        [longitude(self.west), south, longitude(self.east), north]
    }
}

/// A box on the globe, widened to whole cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Widened {
    first: Window,
    /// Beyond the antimeridian.
    second: Option<Window>,
}

impl Widened {
    /// All cells that the box touches.
    pub fn new(bbox: Bbox, depth: u8) -> Self {
        let mut parts = bbox.rectangles().map(|[west, south, east, north]| {
            let corner = |lon, lat| LonLat::new(lon, lat).map(|at| Cell::of(at.into(), depth));
            match [corner(west, north), corner(east, south)] {
                [Some(first), Some(last)] => Window::spanned([first, last]),
                _ => Window::ALL,
            }
        });
        match (parts.next(), parts.next()) {
            (Some(first), None) => Self { first, second: None },
            // Widened, the two halves may meet: then they are the whole round.
            (Some(first), Some(second)) if second.east >= first.west => {
                Self { first: Window { west: 0, ..first }, second: None }
            }
            (Some(first), second) => Self { first, second },
            (None, _) => Self { first: Window::ALL, second: None },
        }
    }

    /// Its one or two windows.
    pub fn windows(self) -> impl Iterator<Item = Window> {
        std::iter::once(self.first).chain(self.second)
    }

    /// Whether a point lies in it.
    pub fn contains(self, at: Mercator) -> bool {
        self.first.contains(at) || self.second.is_some_and(|second| second.contains(at))
    }

    /// West, south, east, north; if it crosses the antimeridian, west is greater than east.
    pub fn degrees(self) -> [f64; 4] {
        let [west, south, east, north] = self.first.degrees();
        let east = self.second.map_or(east, |second| second.degrees()[2]);
        [west, south, east, north]
    }
}

/// A box that holds all points of a window, and hardly any others.
impl From<Window> for Bbox {
    fn from(window: Window) -> Self {
        let [west, south, east, north] = window.degrees();
        let [west, east] = [west - MARGIN, east + MARGIN].map(|lon| lon.clamp(-180.0, 180.0));
        let [south, north] = [south - MARGIN, north + MARGIN].map(|lat| lat.clamp(-90.0, 90.0));
        Self::new(west, south, east, north).expect("the square lies on the globe, north up")
    }
}

impl Mercator {
    /// Longitude and latitude in degrees.
    pub fn degrees(self) -> [f64; 2] {
        [longitude(self.x.into()), latitude(self.y.into())]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lon: f64, lat: f64) -> Mercator {
        LonLat::new(lon, lat).unwrap().into()
    }

    #[test]
    fn tiles_are_numbered_as_web_maps_number_them() {
        for (depth, row, column) in [(0, 0, 0), (6, 25, 38), (9, 200, 308), (12, 1_605, 2_470)] {
            let cell = Cell::of(at(37.16, 36.2), depth);
            assert_eq!((cell.row(), cell.column()), (row, column), "zoom {depth}");
        }
        assert_eq!(Cell::new(6, 64, 0), None);
        assert_eq!(Cell::new(27, 0, 0), None);
        assert_eq!(Cell::new(0, 0, 0).unwrap().window(), Window::ALL);
    }

    #[test]
    fn the_ends_of_the_world_are_in_its_outermost_cells() {
        let last = (1 << 10) - 1;
        for (lon, lat, row, column) in [
            (-180.0, 90.0, 0, 0),
            (180.0, -90.0, last, last),
            (180.0, 85.06, 0, last),
            (0.0, 0.0, 512, 512),
        ] {
            assert_eq!(Cell::of(at(lon, lat), 10), Cell::new(10, row, column).unwrap());
        }
    }

    #[test]
    fn a_box_round_most_of_the_world_is_not_counted_twice() {
        let nearly_round: Bbox = "10,-10,9.9,10".parse().unwrap();
        assert_eq!(Widened::new(nearly_round, 4).windows().count(), 1);
        let pacific: Bbox = "170,-10,-170,10".parse().unwrap();
        let widened = Widened::new(pacific, 4);
        assert_eq!(widened.windows().count(), 2);
        assert!(widened.contains(at(179.0, 0.0)) && widened.contains(at(-179.0, 0.0)));
        assert!(!widened.contains(at(0.0, 0.0)));
        let [west, _, east, _] = widened.degrees();
        assert!((west - 157.5).abs() < 1e-9 && (east + 157.5).abs() < 1e-9, "{west} {east}");
    }

    proptest! {
        #[test]
        fn a_point_lies_in_its_cell_and_the_cell_in_its_box(
            lon in -180.0..=180.0_f64, lat in -90.0..=90.0_f64, depth in 0..=Cell::DEEPEST
        ) {
            let (place, point) = (at(lon, lat), LonLat::new(lon, lat).unwrap());
            let cell = Cell::of(place, depth);
            prop_assert!(cell.window().contains(place));
            prop_assert!(Bbox::from(cell.window()).contains(point));
            prop_assert!(cell.window().is_within(cell.parent().window()));
            prop_assert_eq!(Cell::new(cell.depth(), cell.row(), cell.column()), Some(cell));
        }

        #[test]
        fn a_widened_box_is_whole_cells_and_holds_the_box(
            [west, east] in [-180.0..=180.0_f64, -180.0..=180.0_f64],
            [a, b] in [-90.0..=90.0_f64, -90.0..=90.0_f64],
            [lon, lat] in [-180.0..=180.0_f64, -90.0..=90.0_f64],
            depth in 0_u8..20,
        ) {
            let bbox = Bbox::new(west, a.min(b), east, a.max(b)).unwrap();
            let widened = Widened::new(bbox, depth);
            let place = at(lon, lat);
            if bbox.contains(LonLat::new(lon, lat).unwrap()) {
                prop_assert!(widened.contains(place));
            }
            if widened.contains(place) {
                let cell = Cell::of(place, depth).window();
                prop_assert!(widened.windows().any(|part| cell.is_within(part)));
            }
        }
    }
}
