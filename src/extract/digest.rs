//! Digests of a day: their headline gives it, and labels name the governorate of the lines behind them.

use std::ops::Range;

use super::Page;
use super::date;
use super::toponym::{PlacePart, Placed};
use super::zone::{Zone, ZoneKind};
use crate::model::when::{TimePrecision, When};

/// What the frame of a digest says of the lines in it.
#[derive(Debug, Default)]
pub(super) struct Digest {
    /// The day that its headline gives.
    pub(super) day: Option<When>,
    /// What its lines lie in.
    sections: Vec<Section>,
}

/// The lines behind a label.
#[derive(Debug)]
struct Section {
    tokens: Range<usize>,
    /// The name in the label, folded.
    name: String,
}

impl Digest {
    /// Reads the headline and the labels of an article.
    pub(super) fn read(page: &Page<'_>, zones: &[Zone]) -> Self {
        let day = zones.iter().find_map(|zone| day(page, zone));
        let mut sections: Vec<Section> = Vec::new();
        for zone in zones.iter().filter(|zone| zone.kind.is_read()) {
            match (label(page, &zone.tokens), sections.last_mut()) {
                (Some(name), _) => sections.push(Section { tokens: zone.tokens.clone(), name }),
                (None, Some(last)) => last.tokens.end = zone.tokens.end,
                (None, None) => {}
            }
        }
        Self { day, sections }
    }

    /// Places that say of nothing that they lie in it lie in what their section is of.
    pub(super) fn hold(&self, places: &mut [Placed]) {
        if self.sections.is_empty() {
            return;
        }
        let is_open = |p: &&mut Placed| {
            p.mention.within.is_empty() && matches!(p.part, PlacePart::There | PlacePart::Object)
        };
        for place in places.iter_mut().filter(is_open) {
            let at = place.tokens.start;
            let section = self.sections.iter().find(|s| s.tokens.contains(&at));
            let name = section.map(|s| &s.name).filter(|name| **name != place.mention.name);
            place.mention.within.extend(name.cloned());
        }
    }
}

/// `حصاد الأحداث الميدانية ليوم الاثنين 25-07-2022`
fn day(page: &Page<'_>, zone: &Zone) -> Option<When> {
    let is_digest = zone.kind == ZoneKind::Title
        && page.words(&zone.tokens).any(|word| page.lexicon.digests.contains(word));
    let dates = if is_digest { date::dates(page, &zone.tokens) } else { Vec::new() };
    let mut dates = dates.into_iter().filter(|d| !d.is_ahead && !d.is_history(page));
    dates
        .find(|d| d.days.is_some() && d.precision == TimePrecision::Day)
        .map(|dated| dated.when(page))
}

/// `حلب::قصف مدفعي …`, `دمشق وريفها::…`: the first place named before two colons that stand close to the beginning.
fn label(page: &Page<'_>, line: &Range<usize>) -> Option<String> {
    let near = line.start..line.end.min(line.start + LABEL);
    let is_mark = |&t: &usize| page.word(t) == ":" && page.word(t + 1) == ":";
    let end = near.into_iter().find(is_mark)?;
    page.names(&(line.start..end)).next().map(|name| name.key.clone())
}

/// The words of a label, at most.
const LABEL: usize = 4;
