//! Whether a feature is as a filter wants it.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::index::Index;
use super::space;
use crate::model::filter::{Days, End, Filter, Fold, Order, Place, Sets, Sum};

/// Whether the filter holds for a row; `None` if what is not known decides it.
pub(super) fn holds(filter: &Filter, index: &Index, row: usize) -> Option<bool> {
    match filter {
        Filter::All(parts) => every(parts, |part| holds(part, index, row)),
        Filter::Any(parts) => {
            every(parts, |part| holds(part, index, row).map(|is| !is)).map(|none| !none)
        }
        Filter::Not(part) => holds(part, index, row).map(|is| !is),
        Filter::IsUnknown(part) => Some(holds(part, index, row).is_none()),
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
        Filter::Text(place, fold, comparison) => {
            let text = fold.of(text(index, *place, row)?);
            Some(comparison.holds(|other| (*text).cmp(other)))
        }
        Filter::Like(place, fold, pattern) => {
            Some(pattern.matches(&fold.of(text(index, *place, row)?)))
        }
        Filter::Numbers(order, a, b) => {
            let compared = sum(a, index, row)?.partial_cmp(&sum(b, index, row)?)?;
            Some(order.holds(compared))
        }
        Filter::Texts(order, a, b) => texts(*order, [*a, *b], index, row),
        Filter::List(place, sets, wanted) => Some(sets.holds(&items(index, *place, row), wanted)),
        Filter::Lists(place, sets, other) => Some(lists(*sets, [*place, *other], index, row)),
        Filter::Days(relation, a, b) => {
            Some(relation.holds(days(*a, index, row)?, days(*b, index, row)?))
        }
        Filter::Lies(topology, region) => match index.point(row) {
            Some(at) => Some(space::point_lies(at, *topology, region)),
            None => Some(space::area_lies(index.area(row)?, *topology, region)),
        },
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

fn texts(order: Order, sides: [(Place, Fold); 2], index: &Index, row: usize) -> Option<bool> {
    let [(a, fold), (b, other)] = sides;
    let [a, b] = [fold.of(text(index, a, row)?), other.of(text(index, b, row)?)];
    Some(order.holds(a.cmp(&b)))
}

fn items(index: &Index, place: Place, row: usize) -> impl Iterator<Item = &str> + Clone {
    index.cell(place).items(row, index.words())
}

fn lists(sets: Sets, [a, b]: [Place; 2], index: &Index, row: usize) -> bool {
    let other: Vec<String> = items(index, b, row).map(str::to_owned).collect();
    sets.holds(&items(index, a, row), &other)
}

/// What is not known makes the whole not known.
fn sum(sum: &Sum, index: &Index, row: usize) -> Option<f64> {
    match sum {
        Sum::Number(number) => Some(*number),
        Sum::Property(place) => index.cell(*place).number(row),
        Sum::Of(parts) => {
            let (a, operator, b) = &**parts;
            operator.of(self::sum(a, index, row)?, self::sum(b, index, row)?)
        }
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
