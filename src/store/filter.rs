//! Whether a feature is as a filter wants it.

use std::cmp::Ordering;

use geo::{Intersects as _, Point};
use jiff::civil::Date;

use super::index::Index;
use crate::model::filter::{Case, Days, End, Filter, Place, Region, Sets};

/// Whether the filter holds for a row; `None` if what is not known decides it.
pub(super) fn holds(filter: &Filter, index: &Index, row: usize) -> Option<bool> {
    match filter {
        Filter::All(parts) => every(parts, |part| holds(part, index, row)),
        Filter::Any(parts) => {
            every(parts, |part| holds(part, index, row).map(|is| !is)).map(|none| !none)
        }
        Filter::Not(part) => holds(part, index, row).map(|is| !is),
        Filter::Constant(is) => Some(*is),
        Filter::IsNull(place) => Some(index.cell(*place).is_null(row)),
        Filter::HasNoGeometry => Some(!index.has_geometry(row)),
        Filter::Number(place, comparison) => {
            let value = index.cell(*place).number(row)?;
            Some(comparison.holds(|other| value.partial_cmp(other).unwrap_or(Ordering::Less)))
        }
        Filter::Day(place, comparison) => {
            let value = index.cell(*place).day(row)?;
            Some(comparison.holds(|other| value.cmp(other)))
        }
        Filter::Text(place, case, comparison) => {
            let compare = |text: &str| comparison.holds(|other| text.cmp(other));
            Some(in_case(*case, text(index, *place, row)?, compare))
        }
        Filter::Like(place, case, pattern) => {
            Some(in_case(*case, text(index, *place, row)?, |text| pattern.matches(text)))
        }
        Filter::List(place, sets, wanted) => {
            let items: Vec<&str> = index.cell(*place).items(row, index.words()).collect();
            Some(lie(*sets, &items, wanted))
        }
        Filter::Days(relation, a, b) => {
            Some(relation.holds(days(*a, index, row)?, days(*b, index, row)?))
        }
        Filter::Intersects(region) => meets(region, index, row),
    }
}

/// False if a part is false, else not known if a part is not.
fn every(parts: &[Filter], holds: impl Fn(&Filter) -> Option<bool>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match holds(part) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn text(index: &Index, place: Place, row: usize) -> Option<&str> {
    index.cell(place).text(row, index.words())
}

fn in_case(case: Case, text: &str, holds: impl Fn(&str) -> bool) -> bool {
    match case {
        Case::Told => holds(text),
        Case::Folded => holds(&text.to_lowercase()),
    }
}

fn lie(sets: Sets, items: &[&str], wanted: &[String]) -> bool {
    let contains = || wanted.iter().all(|one| items.contains(&one.as_str()));
    let contained = || items.iter().all(|item| wanted.iter().any(|one| one == item));
    match sets {
        Sets::Equal => contains() && contained(),
        Sets::Contains => contains(),
        Sets::ContainedBy => contained(),
        Sets::Overlaps => wanted.iter().any(|one| items.contains(&one.as_str())),
    }
}

fn days(Days { from, to }: Days, index: &Index, row: usize) -> Option<(Date, Date)> {
    let day = |end, open| match end {
        End::Day(day) => Some(day),
        End::Property(place) => index.cell(place).day(row),
        End::Open => Some(open),
    };
    Some((day(from, Date::MIN)?, day(to, Date::MAX)?))
}

fn meets(Region { geometry, bounds }: &Region, index: &Index, row: usize) -> Option<bool> {
    let Some(at) = index.point(row) else {
        return index.area(row).map(|area| geometry.intersects(area));
    };
    let [west, south, east, north] = *bounds;
    let near = (west..=east).contains(&at.lon()) && (south..=north).contains(&at.lat());
    Some(near && geometry.intersects(&Point::from(at)))
}
