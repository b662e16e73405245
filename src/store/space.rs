//! How features lie to geometries, as Simple Features (OGC 06-103r4, 6.1.15) define it.

use geo::coordinate_position::{CoordPos, CoordinatePosition as _};
use geo::{Coord, CoordsIter as _, Geometry, Intersects as _, MultiPolygon, Relate as _};

use crate::model::filter::{Region, Topology};
use crate::model::point::LonLat;

/// Whether a point lies so to the region.
///
/// It has no edge and no extent, so where it stands decides all: cheap, and no graph is built.
pub(super) fn point_lies(at: LonLat, topology: Topology, region: &Region) -> bool {
    let [west, south, east, north] = region.bounds;
    let near = (west..=east).contains(&at.lon()) && (south..=north).contains(&at.lat());
    let at = Coord { x: at.lon(), y: at.lat() };
    let position =
        || if near { region.geometry.coordinate_position(&at) } else { CoordPos::Outside };
    match topology {
        Topology::Intersects => position() != CoordPos::Outside,
        Topology::Disjoint => position() == CoordPos::Outside,
        Topology::Within => position() == CoordPos::Inside,
        Topology::Touches => position() == CoordPos::OnBoundary,
        Topology::Contains | Topology::Equals => {
            near && region.geometry.coords_iter().all(|corner| corner == at)
        }
        // These need parts of both inside and outside of the other.
        Topology::Overlaps | Topology::Crosses => false,
    }
}

/// Whether an area lies so to the region.
pub(super) fn area_lies(area: &MultiPolygon, topology: Topology, region: &Region) -> bool {
    match topology {
        Topology::Intersects => region.geometry.intersects(area),
        Topology::Disjoint => !region.geometry.intersects(area),
        // The few areas are cloned only where they are near.
        _ => lies(&Geometry::MultiPolygon(area.clone()), topology, &region.geometry),
    }
}

/// Whether a geometry lies so to another. Both must be valid.
pub fn lies(a: &Geometry<f64>, topology: Topology, b: &Geometry<f64>) -> bool {
    let matrix = a.relate(b);
    match topology {
        Topology::Intersects => matrix.is_intersects(),
        Topology::Disjoint => matrix.is_disjoint(),
        Topology::Equals => matrix.is_equal_topo(),
        Topology::Touches => matrix.is_touches(),
        Topology::Within => matrix.is_within(),
        Topology::Contains => matrix.is_contains(),
        Topology::Overlaps => matrix.is_overlaps(),
        Topology::Crosses => matrix.is_crosses(),
    }
}

#[cfg(test)]
mod tests {
    use geo::{BoundingRect as _, Line, LineString, MultiPoint, Point, Rect, polygon};
    use proptest::prelude::*;

    use super::*;

    fn region(geometry: Geometry<f64>) -> Region {
        let around = geometry.bounding_rect().unwrap();
        let bounds = [around.min().x, around.min().y, around.max().x, around.max().y];
        Region { geometry, bounds }
    }

    /// A geometry on a small grid, so that points often lie on edges.
    fn geometries() -> impl Strategy<Value = Geometry<f64>> {
        let at = || (0_u8..4, 0_u8..4).prop_map(|(x, y)| Coord { x: x.into(), y: y.into() });
        let line = (at(), at()).prop_filter("it has a length", |(a, b)| a != b);
        prop_oneof![
            at().prop_map(|at| Geometry::Point(at.into())),
            prop::collection::vec(at(), 1..4).prop_map(|all| MultiPoint::from(all).into()),
            line.clone().prop_map(|(a, b)| LineString::from(Line::new(a, b)).into()),
            line.prop_filter("it has a width", |(a, b): &(Coord, Coord)| (a.x - b.x).abs() > 0.5
                && (a.y - b.y).abs() > 0.5)
                .prop_map(|(a, b)| Rect::new(a, b).to_polygon().into()),
            Just(Geometry::Polygon(polygon!(
                exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
                interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 2.)]],
            ))),
        ]
    }

    proptest! {
        #[test]
        fn a_point_lies_as_the_matrix_of_intersections_says(
            (x, y) in (0_u8..4, 0_u8..4), geometry in geometries()
        ) {
            let at = LonLat::new(x.into(), y.into()).unwrap();
            let point = Geometry::Point(Point::new(x.into(), y.into()));
            let region = region(geometry);
            for (name, topology) in Topology::ALL {
                prop_assert_eq!(
                    point_lies(at, topology, &region),
                    lies(&point, topology, &region.geometry),
                    "{} {:?}", name, region.geometry
                );
            }
        }

        #[test]
        fn turned_round_it_is_the_same(a in geometries(), b in geometries()) {
            for (name, topology) in Topology::ALL {
                prop_assert_eq!(lies(&a, topology, &b), lies(&b, topology.turned(), &a), "{}", name);
            }
        }
    }
}
