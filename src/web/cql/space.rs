//! How features are to lie to geometries.

use geo::{BoundingRect as _, Geometry, MultiPolygon, Rect, Validation as _};

use super::operand::told;
use super::{GEOMETRY, Node};
use crate::model::filter::{Filter, Region, Topology};
use crate::store::space;
use crate::web::crs::Crs;
use crate::web::error::quoted;

/// Reads a spatial function with what it compares.
pub(super) fn lies(
    crs: Crs,
    (op, topology): (&str, Topology),
    a: &Node,
    b: &Node,
) -> Result<Filter, String> {
    let side = |node| side(crs, (op, topology), node);
    Ok(match (side(a)?, side(b)?) {
        (None, Some(geometry)) => Filter::Lies(topology, region(geometry)?),
        (Some(geometry), None) => Filter::Lies(topology.turned(), region(geometry)?),
        (Some(a), Some(b)) => Filter::Constant(space::lies(&a, topology, &b)),
        (None, None) => with_itself(topology)?,
    })
}

/// A geometry, or `None` for that of the feature.
fn side(
    crs: Crs,
    (op, topology): (&str, Topology),
    node: &Node,
) -> Result<Option<Geometry<f64>>, String> {
    let geometry = match node {
        Node::Property(name) if name == GEOMETRY => return Ok(None),
        Node::Property(name) => {
            let name = quoted(name);
            return Err(format!("`{name}` is not a geometry: there is `{GEOMETRY}`"));
        }
        Node::Geometry(geometry) => crs.on_globe(geometry)?,
        Node::Box(corners) => boxed(crs, corners)?,
        other => {
            return Err(format!("{op} takes `{GEOMETRY}` and a geometry, not {}", told(other)));
        }
    };
    // Whether something has a point in common with it can be told of any geometry.
    if topology != Topology::Intersects && topology != Topology::Disjoint {
        geometry
            .check_validation()
            .map_err(|wrong| format!("{op} needs a valid geometry: {wrong}"))?;
    }
    Ok(Some(geometry))
}

/// A box by its corners; one across the antimeridian has two parts.
fn boxed(crs: Crs, corners: &str) -> Result<Geometry<f64>, String> {
    let told = |told: String| format!("bbox: {told}");
    if let Some(outline) = crs.outline(corners).map_err(told)? {
        return Ok(outline);
    }
    let bbox = crs.bbox(corners).map_err(told)?;
    let parts = bbox
        .rectangles()
        .map(|[west, south, east, north]| Rect::new((west, south), (east, north)).to_polygon());
    Ok(Geometry::MultiPolygon(MultiPolygon(parts.collect())))
}

/// A geometry with what is looked at first.
pub(super) fn region(geometry: Geometry<f64>) -> Result<Region, String> {
    let around = geometry.bounding_rect().ok_or("the geometry has no points")?;
    let bounds = [around.min().x, around.min().y, around.max().x, around.max().y];
    Ok(Region { geometry, bounds })
}

/// A feature that has a geometry equals it and does not lie beside it.
fn with_itself(topology: Topology) -> Result<Filter, String> {
    let world = Rect::new((-180.0, -90.0), (180.0, 90.0)).to_polygon().into();
    let is_somewhere = Filter::Lies(Topology::Intersects, region(world)?);
    Ok(match topology {
        Topology::Intersects | Topology::Equals | Topology::Within | Topology::Contains => {
            is_somewhere
        }
        Topology::Disjoint | Topology::Touches | Topology::Overlaps | Topology::Crosses => {
            Filter::Not(Box::new(is_somewhere))
        }
    })
}
