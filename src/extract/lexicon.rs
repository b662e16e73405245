//! The word lists of `lexicon/*.toml` as phrases to look for in texts.
//!
//! Knowledge of the domain is data: an analyst adds a verb or a militia to a file
//! and sees the effect, without a line of Rust.

mod actors;
mod phrase;
mod tables;

use hashbrown::HashSet;
use std::array;
use std::ops::Range;

use super::forms::{Proclitics, behind_lam, pronoun};
use super::hit::{ActorName, Hit, Sense};
use super::phrasebook::{Found, Phrasebook};
use crate::model::actor::{Actor, ActorId};
use crate::model::taxonomy::SubEventType;
use crate::model::text::{Text, key};
pub(super) use phrase::BE;
use phrase::Parted;
use tables::AroundNames;
pub use tables::Tables;

/// Where a word list is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// Not TOML, or not of the form that the head of the file describes.
    #[error("cannot read `{file}`")]
    Toml {
        /// Which file.
        file: &'static str,
        /// What is wrong, with line and column.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A value that is none of the allowed ones.
    #[error("`{file}`: {told}")]
    Value {
        /// Which file.
        file: &'static str,
        /// What is wrong and what is allowed.
        told: String,
    },
}

/// What a trigger does in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// Names a happening by itself.
    Act,
    /// Names a means.
    Weapon,
    /// Names an attack whose type weapon and target decide.
    Assault,
    /// Names killing or injury.
    Harm,
    /// Names destruction; the weapon that left it decides the type.
    Ruin,
    /// Names a movement or dealings, an event only beside a force.
    Move,
    /// Names a flight over a place, an event only of aircraft.
    Flight,
    /// Names an accident, a force of nature, common crime, the business of states: no event of a conflict.
    Apart,
}

/// A trigger: what happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trigger {
    pub(super) sub_event: SubEventType,
    pub(super) role: Role,
    pub(super) nature: Nature,
}

impl Trigger {
    /// Whether it says this, too.
    pub(super) fn is(self, nature: Nature) -> bool {
        self.nature == nature
    }
}

/// What else a trigger says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Nature {
    /// Nothing.
    #[default]
    Plain,
    /// It leaves open with what (`قصف`, "attack").
    Open,
    /// Both sides do it (`مواجهات`).
    Mutual,
    /// It brings down aircraft with people in it.
    Fells,
    /// It hurts people, who need not die of it (`طعن`, "beat").
    Blow,
    /// It brings troops by air, whose aircraft strike nothing (`إنزال جوي`).
    Lands,
    /// It decides the type whatever else is told: those in a mass grave were not killed there.
    Sole,
    /// It is done to places: only beside the name of one is it an event ("captured Manbij").
    Place,
}

/// What becomes of the triggers in reach of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effect {
    /// It did not happen.
    Negated,
    /// It may happen.
    Hypothetical,
    /// It is to happen.
    Future,
    /// It is what something is for.
    Purpose,
    /// Somebody wants it.
    Demand,
    /// It happened long ago, or is a sum over a long time.
    Past,
    /// A day of remembrance: what is remembered is history, what is done on the day is not.
    Anniversary,
    /// It describes a lasting state.
    State,
    /// It is what something else is about.
    Topic,
    /// It is a figure of speech.
    Metaphor,
    /// It is an accident.
    Accident,
    /// It is sport or fiction.
    Sport,
    /// It is what somebody thinks.
    Opinion,
    /// It is told as the ground of something else.
    Background,
    /// It is doubted.
    Unconfirmed,
    /// It goes on, of no day.
    Habit,
    /// Nobody was killed or injured.
    Unharmed,
    /// A phrase that only looks like a cue.
    Nothing,
}

/// How far a cue reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    /// To the end of the clause.
    Clause,
    /// To the next comma.
    Phrase,
    /// Over the next two words.
    Next,
    /// Over its own words and the two before.
    Before,
    /// To what it comes after, or the next comma.
    Object,
    /// Over the whole sentence.
    Sentence,
    /// To the end of the sentence.
    Rest,
}

/// A cue: how sure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    pub(super) effect: Effect,
    pub(super) reach: Reach,
}

/// What a counted noun counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Counts {
    /// The dead.
    Killed,
    /// The hurt.
    Injured,
    /// The death of those told of before: `مقتله`.
    #[serde(rename = "killed told")]
    KilledTold,
    /// The injury of those told of before: `إصابته`.
    #[serde(rename = "injured told")]
    InjuredTold,
    /// People without arms.
    Civilians,
    /// People with arms.
    Fighters,
    /// More of the same.
    Others,
    /// Lorries.
    Trucks,
    /// Other vehicles.
    Vehicles,
}

/// An actor with the days on which its names mean it.
#[derive(Debug, Clone)]
pub(super) struct KnownActor {
    pub(super) actor: Actor,
    pub(super) from: Option<jiff::civil::Date>,
    pub(super) until: Option<jiff::civil::Date>,
    /// It strikes from the air, and hardly otherwise.
    pub(super) is_air_power: bool,
    /// It is no authority: whom it takes it abducts.
    pub(super) is_faction: bool,
}

impl KnownActor {
    /// Whether its names mean it on that day; an unknown day excludes nobody.
    pub(super) fn is_active(&self, day: Option<jiff::civil::Date>) -> bool {
        day.is_none_or(|day| {
            self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
        })
    }
}

/// Folded words and phrases.
pub(super) type Phrases = HashSet<String>;

/// The words before a name that tell its part.
#[derive(Debug)]
pub(super) struct SideWords {
    /// Who acts comes next.
    pub(super) agent: Phrases,
    /// Who suffers comes next.
    pub(super) target: Phrases,
    /// Two sides come next.
    pub(super) between: Phrases,
    /// The other side comes next.
    pub(super) against: Phrases,
    /// Who is helped, or helps, comes next.
    pub(super) support: Phrases,
    /// What belongs to somebody, and is struck in their stead.
    pub(super) things: Phrases,
    /// Between such a thing and whose it is.
    pub(super) owned: Phrases,
    /// They say before a name what bears it (`ميليشيا "X"`).
    pub(super) heads: Phrases,
    /// Before an English name that has such a thing behind it ("at an SDF checkpoint").
    pub(super) at_post: Phrases,
}

/// The word lists, ready to find words in texts.
pub struct Lexicon {
    forms: Phrasebook<Vec<Meaning>>,
    /// Phrases that other words may part.
    parted: Vec<Parted>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) actors: Vec<KnownActor>,
    pub(super) sides: SideWords,
    pub(super) cues: Vec<Cue>,
    pub(super) counted: Vec<Counts>,
    /// Folded words behind which a verb or a noun goes on with its sentence.
    pub(super) joins: Phrases,
    /// Folded common words that are also names of places.
    pub(super) common: Phrases,
    /// Folded words for parts and buildings of towns.
    pub(super) urban: Phrases,
    /// Folded words behind the name that an outlet is called by.
    pub(super) press: Phrases,
    /// Folded verbs behind who only has a view of what others did.
    pub(super) positions: Phrases,
    /// Folded given names and ranks of persons.
    pub(super) persons: Phrases,
    /// Words around names that tell what they are names of.
    pub(super) around: AroundNames,
    /// Folded beginnings of words for the sides, with their degrees from north.
    pub(super) bearings: Vec<(String, u16)>,
    /// Folded lines that end an article.
    pub(super) footers: Phrases,
    /// Folded words that open a byline, and names of outlets.
    pub(super) bylines: Phrases,
    /// Words of the headlines of digests.
    pub(super) digests: Phrases,
    /// Bracketed tags of headlines, folded.
    pub(super) media: Vec<String>,
    /// What the pages of posts write around the text.
    pub(super) labels: Labels,
}

/// Labels on the line of a post, folded, each as its words.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// The text begins behind them.
    pub(super) before_text: Vec<Vec<String>>,
    /// The text ends before them.
    pub(super) after_text: Vec<Vec<String>>,
    /// So it does, and what follows are comments.
    pub(super) comments: Vec<Vec<String>>,
}

/// A sense with the class of joined letters it may carry.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    sense: Sense,
    before: Proclitics,
    /// Pronouns may follow: `قصفه`.
    pronouns: bool,
    /// Only where it is written in capitals: `IS`.
    capitals: bool,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("triggers", &self.triggers.len()).finish_non_exhaustive()
    }
}

impl Lexicon {
    /// Reads the word lists.
    ///
    /// # Errors
    /// Names the file and what is wrong in it.
    pub fn parse(tables: &Tables<'_>) -> Result<Self, LexiconError> {
        tables::read(tables)
    }

    /// The word lists that the program was built with.
    pub fn embedded() -> Self {
        Self::parse(&Tables::EMBEDDED).expect("the embedded word lists are read by a test")
    }

    /// The actor that a name means as a whole, on that day: one that is called so, its years in
    /// brackets apart, or has the name in the lists. `None` if no or more than one is.
    pub fn actor_named(&self, name: &str, day: jiff::civil::Date) -> Option<&ActorId> {
        let wanted = key(without_brackets(name));
        let called = self.actors.iter().filter(|known| {
            key(without_brackets(&known.actor.name)) == wanted && !wanted.is_empty()
        });
        let text = Text::read(name);
        let hits = self.scan(&text).into_iter().filter_map(|hit| match hit.sense {
            Sense::Actor { id, name: ActorName::Full } => {
                let whole = hit.tokens == (0..text.tokens.len()) && hit.prefix.is_empty();
                whole.then(|| self.actors.get(id)).flatten()
            }
            _ => None,
        });
        let meant = called.chain(hits).filter(|known| known.is_active(Some(day)));
        let mut ids: Vec<&ActorId> = meant.map(|known| &known.actor.id).collect();
        ids.sort_unstable();
        ids.dedup();
        match ids.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Finds every word of the lists, in the order of the text.
    ///
    /// Of words of one sort that overlap, the longest stands.
    pub(super) fn scan(&self, text: &Text) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.forms.find(text, ends, |found| hits.extend(meant(text, found)));
        phrase::join(text, &self.parted, &mut hits);
        let mut hits = keep_longest(hits);
        phrase::drop_nouns_as_verbs(text, &mut hits);
        hits
    }
}

/// A name without what stands in brackets behind it: `Military Forces of Syria (2000-2024)`.
fn without_brackets(name: &str) -> &str {
    name.split_once(" (").map_or(name, |(bare, _)| bare)
}

/// Where a form may end within a word: behind a letter that is written in one with the word behind it
/// (`مرورا ب` in `مرورا بسرمين`), and before a pronoun.
fn ends(word: &str, is_behind: bool) -> impl Iterator<Item = usize> + use<> {
    let letter = JOINED_LETTERS.iter().find(|&letter| is_behind && word.starts_with(letter));
    let pronoun = pronoun(word).map(|pronoun| word.len() - pronoun.len());
    letter.map(|letter| letter.len()).into_iter().chain(pronoun)
}

/// They may end a form, and are written in one with the word behind.
const JOINED_LETTERS: &[&str] = &["ل", "ب"];

/// What a form means where it was found.
fn meant<'a>(text: &Text, found: Found<'a, Vec<Meaning>>) -> impl Iterator<Item = Hit> + use<'a> {
    let Found { phrase, mut tokens, bytes, prefix, suffix } = found;
    let is_open = !suffix.is_empty() && {
        let form = text.folded.get(bytes).unwrap_or_default();
        let before = JOINED_LETTERS.iter().find_map(|letter| form.strip_suffix(letter));
        before.is_some_and(|form| form.ends_with(' '))
    };
    if is_open {
        // The word behind such a letter is no part of the form.
        tokens.end -= 1;
    }
    let is_abbreviation = phrase.iter().any(|m| m.capitals) && is_abbreviation(text, &tokens);
    let stands = move |meaning: &&Meaning| {
        let is_whole =
            suffix.is_empty() || is_open || (meaning.pronouns && pronoun(suffix) == Some(suffix));
        is_whole && meaning.before.allow(prefix) && (!meaning.capitals || is_abbreviation)
    };
    let hit = move |meaning: &Meaning| Hit { tokens: tokens.clone(), prefix, sense: meaning.sense };
    phrase.iter().filter(stands).map(hit)
}

/// Whether words are written in capitals, and not those on both sides as well.
fn is_abbreviation(text: &Text, tokens: &Range<usize>) -> bool {
    let capitals = |token: usize| text.tokens.get(token).is_some_and(|t| t.capitals);
    let around = tokens.start.checked_sub(1).is_some_and(capitals) && capitals(tokens.end);
    tokens.clone().all(capitals) && !around
}

/// Drops what lies inside a longer word of its sort or inside a name, and orders the rest by place.
fn keep_longest(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|h| (h.tokens.start, std::cmp::Reverse(h.tokens.end)));
    // Of each sort, the last word that reaches farther than those before.
    let mut farthest: [Range<usize>; Sort::ALL] = array::from_fn(|_| 0..0);
    hits.retain(|hit| {
        let own = Sort::of(hit.sense);
        let is_inside = |sort: &Sort| {
            let longer = |far: &Range<usize>| far.end >= hit.tokens.end && *far != hit.tokens;
            farthest.get(*sort as usize).is_some_and(longer)
        };
        let is_part = is_inside(&own) || own.names().iter().any(is_inside);
        if let Some(far) = farthest.get_mut(own as usize).filter(|_| !is_part) {
            far.clone_from(&hit.tokens);
        }
        !is_part
    });
    hits
}

/// Words of one sort stand for one another: of those that overlap, the longest stands.
#[derive(Debug, Clone, Copy)]
enum Sort {
    Trigger,
    Actor,
    Cue,
    Number,
    Counted,
    Counting,
    Date,
    Place,
    Mask,
    Speech,
    Opener,
    Head,
    Tail,
    Party,
    Again,
}

impl Sort {
    const ALL: usize = Self::Again as usize + 1;

    const fn of(sense: Sense) -> Self {
        match sense {
            Sense::Trigger { .. } => Self::Trigger,
            Sense::Actor { .. } => Self::Actor,
            Sense::Cue(_) => Self::Cue,
            Sense::Number(_) | Sense::Vague(_) | Sense::Bound(_) => Self::Number,
            Sense::Counted(..) => Self::Counted,
            Sense::Subset | Sense::Together | Sense::Unit => Self::Counting,
            Sense::Date(_) => Self::Date,
            Sense::Place(_) => Self::Place,
            Sense::Mask => Self::Mask,
            Sense::Speech(_) => Self::Speech,
            Sense::Opener => Self::Opener,
            Sense::Head { .. } => Self::Head,
            Sense::Tail(_) => Self::Tail,
            Sense::Party(_) => Self::Party,
            Sense::Again(_) => Self::Again,
        }
    }

    /// The names that a word of this sort is no more than a part of, where it stands inside them.
    ///
    /// `فصائل ردع العدوان` are no fighters who deter; `العدوان` in the name of an operation strikes nothing;
    /// `حافلة نقل ركاب` quotes nobody.
    const fn names(self) -> &'static [Self] {
        match self {
            Self::Cue => &[Self::Actor, Self::Mask],
            Self::Trigger | Self::Place => &[Self::Mask],
            Self::Speech => &[Self::Party],
            _ => &[],
        }
    }
}

/// Collects forms while the tables are read.
#[derive(Default)]
struct Forms(Phrasebook<Vec<Meaning>>);

impl Forms {
    fn add(&mut self, form: &str, meaning: Meaning) {
        let folded = key(form);
        if let Some(joined) = behind_lam(&folded) {
            self.insert(&joined, meaning);
        }
        self.insert(&folded, meaning);
    }

    fn insert(&mut self, folded: &str, meaning: Meaning) {
        let Some(known) = self.0.entry(folded).map(Option::get_or_insert_default) else { return };
        if !known.iter().any(|m| m.sense == meaning.sense) {
            known.push(meaning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::hit::PlaceWord;

    #[test]
    fn the_embedded_word_lists_are_well_formed() {
        Lexicon::parse(&Tables::EMBEDDED).unwrap();
    }

    #[test]
    fn a_wrong_word_list_names_its_file() {
        let tables = Tables { cues: "[[cue]]\neffect = \"sure\"\n", ..Tables::EMBEDDED };
        let told = Lexicon::parse(&tables).unwrap_err().to_string();
        assert!(told.contains("cues.toml"), "{told}");
    }

    #[test]
    fn a_name_means_the_actor_that_bears_it_as_a_whole() {
        let lexicon = Lexicon::embedded();
        let day = |text: &str| text.parse().unwrap();
        let (before, after) = (day("2022-07-18"), day("2025-03-01"));
        for (name, day, id) in [
            ("QSD: Syrian Democratic Forces", before, Some("SDF")),
            ("SDF", before, Some("SDF")),
            ("Military Forces of Syria (2000-2024)", before, Some("SYR_REGIME")),
            ("Military Forces of Syria", before, Some("SYR_REGIME")),
            ("Military Forces of Syria (2024-)", after, Some("SYR_GOV")),
            ("Military Forces of Turkey (2016-)", before, Some("TUR")),
            ("Civilians (Syria)", before, Some("CIV")),
            ("SDF and others", before, None),
            ("Unheard of", before, None),
            ("", before, None),
            ("(", before, None),
        ] {
            let found = lexicon.actor_named(name, day).map(|id| id.0.as_str());
            assert_eq!(found, id, "{name}");
        }
    }

    #[test]
    fn a_phrase_may_end_with_a_letter_of_the_next_word() {
        let lexicon = Lexicon::embedded();
        let by_way_of = |text: &str| {
            let hits = lexicon.scan(&Text::read(text)).into_iter();
            let found = hits.filter(|hit| hit.sense == Sense::Place(PlaceWord::Via));
            found.map(|hit| (hit.tokens.start, hit.tokens.end)).collect::<Vec<_>>()
        };
        assert_eq!(by_way_of("عاد مرورا بسرمين"), [(1, 2)]);
        assert_eq!(by_way_of("عاد مرورا ب سرمين"), [(1, 3)]);
        assert!(by_way_of("عاد مرورا").is_empty());
    }

    #[test]
    fn the_longest_word_of_a_sort_stands() {
        let lexicon = Lexicon::embedded();
        let text = Text::read("اندلعت اشتباكات عنيفة مع قوات النظام السوري");
        let actors: Vec<_> = lexicon
            .scan(&text)
            .into_iter()
            .filter(|h| matches!(h.sense, Sense::Actor { .. }))
            .collect();
        assert!(actors.iter().all(|h| {
            text.original("اندلعت اشتباكات عنيفة مع قوات النظام السوري", h.tokens.clone())
                == "قوات النظام السوري"
        }));
    }
}
