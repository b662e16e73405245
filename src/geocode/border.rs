//! Which governorates a place lies at the border of: texts put villages on the wrong side.

use std::collections::{HashMap, HashSet};

use crate::model::place::Place;
use crate::model::point::LonLat;

/// The side of a cell in degrees: some 6 km. A border is as far as the cells around a place reach.
const CELL: f64 = 0.06;

/// The governorates whose settlements lie in each cell of a grid, by their codes.
#[derive(Debug, Clone, Default)]
pub(super) struct Borders {
    cells: HashMap<(i64, i64), HashSet<String>>,
}

impl Borders {
    /// Puts the settlements into the grid.
    pub(super) fn of(places: &[Place]) -> Self {
        let mut cells: HashMap<(i64, i64), HashSet<String>> = HashMap::new();
        for place in places.iter().filter(|place| place.kind.is_settlement()) {
            let codes = cells.entry(cell(place.point)).or_default();
            if !codes.contains(&place.admin1_pcode) {
                codes.insert(place.admin1_pcode.clone());
            }
        }
        Self { cells }
    }

    /// Whether a governorate has settlements in the cell of a point or beside it.
    pub(super) fn reaches(&self, at: LonLat, code: &str) -> bool {
        let (x, y) = cell(at);
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        around.filter_map(|cell| self.cells.get(&cell)).any(|codes| codes.contains(code))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "degrees on the globe are a few thousand cells at most"
)]
fn cell(at: LonLat) -> (i64, i64) {
    ((at.lon() / CELL).floor() as i64, (at.lat() / CELL).floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geocode::fixture::{gazetteer, place};

    #[test]
    fn a_place_is_at_the_border_of_the_governorates_around_it() {
        let borders = Borders::of(gazetteer().places());
        assert!(borders.reaches(place("border-village").point, "SY02"));
        assert!(borders.reaches(place("border-village").point, "SY11"));
        assert!(!borders.reaches(place("kobani").point, "SY11"));
    }
}
