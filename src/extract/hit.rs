//! Lexicon words found in a text.

use std::ops::Range;

use super::by_token::Spanning;
use crate::model::place::PlaceKind;
use crate::model::when::TimePrecision;

/// A lexicon word at its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// The tokens it covers.
    pub(super) tokens: Range<usize>,
    /// The joined letters before it (`و`, `بال`), folded.
    pub(super) prefix: &'static str,
    /// What it means here.
    pub(super) sense: Sense,
}

impl Spanning for Hit {
    fn tokens(&self) -> &Range<usize> {
        &self.tokens
    }
}

impl Hit {
    /// Whether the word stands with the article or a pronoun: it points back at something told.
    pub(super) fn is_definite(&self) -> bool {
        self.prefix.ends_with("ال") || self.prefix.ends_with("لل")
    }
}

/// What a word means. Indices point into the lexicon's tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sense {
    /// A trigger.
    Trigger {
        /// Which.
        id: usize,
        /// The present tense: with س before it a plan.
        present: bool,
        /// A verb, as against a noun.
        verb: bool,
    },
    /// The verb of a phrase that others words may part: `عثر صباح أمس على جثة`. Joined by the scan.
    Head {
        /// Which phrase.
        phrase: usize,
        /// The plain form of an English verb: behind "to" a purpose.
        present: bool,
    },
    /// The rest of such a phrase.
    Tail(usize),
    /// A name of an actor.
    Actor {
        /// Which.
        id: usize,
        /// How much the name alone says.
        name: ActorName,
    },
    /// A word for people or a site that says who acts and who suffers, and names no actor.
    Party(Party),
    /// A cue.
    Cue(usize),
    /// A number in words.
    Number(u32),
    /// A number without a figure.
    Vague(u32),
    /// A word that loosens the number after it.
    Bound(Bound),
    /// Something counted.
    Counted(usize, Grammar),
    /// What follows is part of what was counted.
    Subset,
    /// A unit: the number before it counts no people.
    Unit,
    /// Killed and injured together.
    Together,
    /// A word of a date.
    Date(DateWord),
    /// A word around a place name.
    Place(PlaceWord),
    /// A name that hides the place names in it.
    Mask,
    /// A word of attribution.
    Speech(SpeechWord),
    /// A clause opens.
    Opener,
    /// How what is told stands to what was told before.
    Again(AgainWord),
}

/// Words by which two tellings are told apart, or let be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgainWord {
    /// A part of the day, from one hour to another, perhaps over midnight.
    Hours(u32, u32),
    /// A count has risen.
    Rises,
}

/// How much a name alone says about the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActorName {
    /// It names the actor.
    Full,
    /// A bare word that also means other things.
    Short,
    /// What another actor is called if nobody says who is meant: `جيش الاحتلال`.
    Shared,
    /// A city that stands for its government.
    Capital,
}

/// Who or what acts or suffers, as far as it decides the type of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Party {
    /// Those with arms who act for a state.
    State,
    /// Others with arms.
    Armed,
    /// People without arms.
    Unarmed,
    /// People who demonstrate.
    Crowd,
    /// Where people without arms live, pray, trade or are cared for.
    Site,
}

/// How a number is loosened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// Nearly.
    About,
    /// No fewer.
    AtLeast,
}

/// The number that a noun's form carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// One.
    One,
    /// Two.
    Two,
    /// Several; needs a number.
    Many,
}

/// A word of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum DateWord {
    /// A month.
    Month(i8),
    /// A month of the Islamic calendar.
    Hijri(i8),
    /// A weekday, Monday 1.
    Weekday(i8),
    /// Days from publication.
    Days(i32),
    /// A stretch that began so many days before publication.
    Stretch(i32, TimePrecision),
    /// A day of the month in words.
    Ordinal(i8),
    /// "ago", before its number.
    AgoBefore,
    /// "days" after a number of days.
    AgoDays,
    /// "days ago" after its number.
    AgoAfter,
    /// A night that spans two days.
    Night,
    /// After midnight: the second of two days.
    AfterMidnight,
    /// A part of the day.
    Part,
    /// "last".
    Last,
    /// "next".
    Next,
    /// "of" between day and month.
    Of,
    /// "this" month.
    This,
    /// The first days of a month.
    Begin,
    /// The middle of a month.
    Middle,
    /// The last days of a month.
    End,
    /// "day".
    Day,
    /// The day told last.
    Same,
    /// Between the ends of a stretch.
    To,
    /// Before the ends of a stretch.
    Between,
}

/// A word around a place name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceWord {
    /// A list goes on.
    Also,
    /// A kind before the name.
    Kind(PlaceKind),
    /// A kind after the name.
    KindAfter(PlaceKind),
    /// Near it.
    Near,
    /// In this direction from it.
    Direction,
    /// This side of it (English, before the name).
    Side,
    /// Its countryside.
    Countryside,
    /// A side of its countryside, after the name.
    CountrysideAfter,
    /// The countryside itself with its side, after the name.
    LandAfter,
    /// In it.
    Within,
    /// In the midst of it.
    Inside,
    /// Coming from it.
    Origin,
    /// By way of it.
    Via,
    /// Posted there, acting elsewhere.
    Posted,
    /// On the way to it.
    Towards,
    /// In its direction.
    Heading,
    /// In other places, which are not named.
    Elsewhere,
    /// Another name follows.
    Called,
    /// A unit of distance.
    Distance,
    /// Halfway from it to the next.
    Between,
}

/// A word of attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpeechWord {
    /// Somebody says.
    Says,
    /// The one before goes on.
    GoesOn,
    /// What is said begins.
    That,
    /// The outlet's own people.
    Own,
}
