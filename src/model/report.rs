//! What extraction claims: an event that is not yet on the map.

use serde::{Deserialize, Serialize};

use super::actor::Parties;
use super::place::PlaceKind;
use super::taxonomy::{SubEventType, named};
use super::text::Span;
use super::toll::Toll;
use super::when::When;

named! {
    /// How sure the text is. What is threatened, denied, planned or long past is never a report.
    Certainty {
        /// The outlet says so itself.
        Asserted = "asserted",
        /// The outlet quotes somebody who says so.
        Reported = "reported",
        /// The text itself doubts it.
        Unconfirmed = "unconfirmed",
    }
}

/// How an event stands to the place that the text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// In or at it.
    At,
    /// Near it, around it, on the road to it.
    Near,
    /// In its countryside: a governorate's land, or the surroundings of a town.
    Countryside,
    /// Somewhere in the region that bears the name.
    Within,
}

/// A place as a text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name and the words that belong to it stand.
    pub span: Span,
    /// The name, folded, as the gazetteer's names are.
    pub name: String,
    /// What kind of place the word before the name says it is.
    pub kind: Option<PlaceKind>,
    /// How the event stands to it.
    pub relation: Relation,
    /// Folded names of what the text says it lies in (`بريف حلب الشرقي`), nearest first.
    pub within: Vec<String>,
    /// The side of a countryside that the text says it lies in (`بريف حلب الشرقي`): whose by its
    /// folded name, and where from there in degrees from north, clockwise.
    pub side: Option<(String, u16)>,
    /// Folded name of what the text says it lies near (`جنوب الطبقة`).
    pub beside: Vec<String>,
    /// How far from the place the text puts the event.
    pub shift: Shift,
    /// Whether it may be a common word: only villages bear it or it is known for one, and no
    /// more than a preposition announces it.
    pub is_doubtful: bool,
}

impl Mention {
    /// The side of a place or its countryside that is named, if it is one.
    pub fn as_side(&self) -> Option<(String, u16)> {
        match self.shift {
            Shift::Beyond { bearing, km: None } => Some((self.name.clone(), bearing)),
            _ => None,
        }
    }
}

/// Where an event is as seen from the place that a text names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Shift {
    /// There.
    #[default]
    None,
    /// On one side of it: `شرق منبج`, `5 كم شمال شرق منبج`.
    Beyond {
        /// Degrees from north, clockwise.
        bearing: u16,
        /// Kilometres, if the text tells them.
        km: Option<u16>,
    },
    /// Between it and the place of this folded name.
    HalfWay(String),
}

/// The quotation that an event rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sentence, letter by letter as the article has it.
    pub evidence: String,
    /// Characters of the article before it.
    pub evidence_start: usize,
    /// Characters of the article before what follows it.
    pub evidence_end: usize,
    /// Who is quoted as saying it, in the article's words.
    pub attribution: Option<String>,
}

/// One claim of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What happened.
    pub sub_event_type: SubEventType,
    /// Whether people without arms were the target.
    pub civilian_targeting: bool,
    /// Who took part.
    pub parties: Parties,
    /// When.
    pub when: When,
    /// Where: one event arises for each place. Empty if the text names none.
    pub places: Vec<Mention>,
    /// How many.
    pub toll: Toll,
    /// How sure the text is.
    pub certainty: Certainty,
    /// How much the coder trusts its own reading, 0 to 1.
    pub confidence: f64,
    /// The sentence.
    pub evidence: Evidence,
}

/// What was read in an article. Reading never fails: what could not be read is told in `problems`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extraction {
    /// The claims, in the order of the text.
    pub reports: Vec<Report>,
    /// Folded names of all places that the article mentions: the company that tells namesakes apart.
    pub company: Vec<String>,
    /// What hindered the reading, in words for the operator.
    pub problems: Vec<String>,
    /// What was found and refused, sentence by sentence.
    pub findings: Vec<Finding>,
}

/// What the coder made of one sentence, for `--explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The sentence.
    pub span: Span,
    /// Which part of the article it belongs to.
    pub zone: &'static str,
    /// What was found or refused, and why; one line each.
    pub notes: Vec<String>,
}

impl Extraction {
    /// Why claims were refused, once for each: the reasons of the findings without the article's words.
    pub fn refusals(&self) -> impl Iterator<Item = String> {
        let notes = self.findings.iter().flat_map(|finding| &finding.notes);
        notes.filter_map(|note| {
            let told = note.strip_prefix("refused ")?;
            // What is quoted stands between marks of code.
            let unquoted: String = told.split('`').step_by(2).collect();
            let (_, reason) = unquoted.split_once(": ")?;
            Some(reason.trim_end_matches(['(', ')', ' ']).replace("  ", " "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_for_refusing_is_free_of_the_article() {
        let notes = [
            "refused Attack `قتل: 3`: it is denied (`لم`)",
            "refused Battles: its date `2 May` is ahead or long past",
            "refused `shelling`: a weapon alone",
            "found Attack by `killed` at `Idlib`",
        ];
        let notes = notes.map(str::to_owned).to_vec();
        let finding = Finding { span: Span { start: 0, end: 1 }, zone: "body", notes };
        let extraction = Extraction { findings: vec![finding], ..Extraction::default() };
        assert_eq!(
            extraction.refusals().collect::<Vec<_>>(),
            ["it is denied", "its date is ahead or long past", "a weapon alone"]
        );
    }
}
