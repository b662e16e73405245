//! How the word lists are written down.

mod around;
mod triggers;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::actors::{ActorFile, actors, sides};
use super::{Counts, Cue, Effect, Forms, Labels, Lexicon, LexiconError, Meaning, Phrases, Reach};
use crate::extract::forms::{Proclitics, definite};
use crate::extract::hit::{AgainWord, Bound, DateWord, Grammar, PlaceWord, Sense, SpeechWord};
use crate::model::place::PlaceKind;
use crate::model::text::key;
use crate::model::when::TimePrecision;
pub(super) use around::AroundNames;
use around::around;

/// The texts of the word lists.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// `triggers.toml`
    pub triggers: &'a str,
    /// `actors.toml`
    pub actors: &'a str,
    /// `cues.toml`
    pub cues: &'a str,
    /// `counted.toml`
    pub counted: &'a str,
    /// `numbers.toml`
    pub numbers: &'a str,
    /// `dates.toml`
    pub dates: &'a str,
    /// `places.toml`
    pub places: &'a str,
    /// `speech.toml`
    pub speech: &'a str,
    /// `merge.toml`
    pub merge: &'a str,
}

impl Tables<'static> {
    /// The files of `lexicon/` at build time.
    pub const EMBEDDED: Self = Self {
        triggers: include_str!("../../../lexicon/triggers.toml"),
        actors: include_str!("../../../lexicon/actors.toml"),
        cues: include_str!("../../../lexicon/cues.toml"),
        counted: include_str!("../../../lexicon/counted.toml"),
        numbers: include_str!("../../../lexicon/numbers.toml"),
        dates: include_str!("../../../lexicon/dates.toml"),
        places: include_str!("../../../lexicon/places.toml"),
        speech: include_str!("../../../lexicon/speech.toml"),
        merge: include_str!("../../../lexicon/merge.toml"),
    };
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueFile {
    cue: Vec<CueRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueRow {
    effect: Effect,
    reach: Reach,
    ar: Vec<String>,
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedFile {
    counted: Vec<CountedRow>,
    subset: Words,
    units: Words,
    together: Words,
    joins: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedRow {
    r#as: Counts,
    one: Vec<String>,
    two: Vec<String>,
    many: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgainFile {
    part_of_day: Vec<PartOfDay>,
    growth: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartOfDay {
    hours: [u32; 2],
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberFile {
    values: BTreeMap<String, u32>,
    vague: BTreeMap<String, u32>,
    bounds: Bounds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    about: Vec<String>,
    at_least: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateFile {
    months: BTreeMap<String, i8>,
    hijri: BTreeMap<String, i8>,
    weekdays: BTreeMap<String, i8>,
    days: BTreeMap<String, i32>,
    spans: BTreeMap<String, (i32, u8)>,
    ordinals: BTreeMap<String, i8>,
    ago: Ago,
    words: DateWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ago {
    before: Vec<String>,
    days: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateWords {
    same: Vec<String>,
    to: Vec<String>,
    between: Vec<String>,
    day: Vec<String>,
    night: Vec<String>,
    after_midnight: Vec<String>,
    part: Vec<String>,
    last: Vec<String>,
    next: Vec<String>,
    of: Vec<String>,
    this_month: Vec<String>,
    this: Vec<String>,
    begin: Vec<String>,
    middle: Vec<String>,
    end: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceFile {
    kinds: BTreeMap<PlaceKindName, Vec<String>>,
    kinds_after: BTreeMap<PlaceKindName, Vec<String>>,
    relations: Relations,
    bearings: Bearings,
    urban: Names,
    press: Names,
    press_before: Names,
    streets: Names,
    persons: Names,
    roads: Names,
    attributes: Names,
    adjacent: Names,
    hospitals: Names,
    reporters: Names,
    units: Names,
    any_town: Names,
    mourned: Names,
    outlets: Names,
    countries: Countries,
    namesakes: Names,
    common: Names,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Countries {
    home: Vec<String>,
    of: Vec<String>,
    names: Vec<String>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct PlaceKindName(PlaceKind);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relations {
    also: Vec<String>,
    near: Vec<String>,
    direction: Vec<String>,
    side: Vec<String>,
    countryside: Vec<String>,
    countryside_after: Vec<String>,
    land_after: Vec<String>,
    within: Vec<String>,
    inside: Vec<String>,
    origin: Vec<String>,
    via: Vec<String>,
    posted: Vec<String>,
    towards: Vec<String>,
    heading: Vec<String>,
    elsewhere: Vec<String>,
    called: Vec<String>,
    distance: Vec<String>,
    between: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bearings {
    north: Vec<String>,
    east: Vec<String>,
    south: Vec<String>,
    west: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeechFile {
    says: Vec<String>,
    goes_on: Vec<String>,
    that: Vec<String>,
    own: Vec<String>,
    positions: Vec<String>,
    openers: Words,
    furniture: Furniture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Furniture {
    footer: Vec<String>,
    byline: Vec<String>,
    digest: Vec<String>,
    media: Vec<String>,
    before_text: Vec<String>,
    after_text: Vec<String>,
    comments: Vec<String>,
}

/// The folded words of each phrase.
fn words(phrases: &[String]) -> Vec<Vec<String>> {
    let folded = phrases.iter().map(|phrase| key(phrase));
    folded.map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect()
}

/// Reads all tables into one lexicon.
pub(super) fn read(tables: &Tables<'_>) -> Result<Lexicon, LexiconError> {
    let places: PlaceFile = parse("places.toml", tables.places)?;
    let speech: SpeechFile = parse("speech.toml", tables.speech)?;
    let common = set(&places.common.names);
    let urban = set(&places.urban.names);
    let press = set(&places.press.names);
    let positions = set(&speech.positions);
    let persons = set(&places.persons.names);
    let around = around(&places);
    let bearings = bearings(&places.bearings);
    let footers = set(&speech.furniture.footer);
    let bylines = set(speech.furniture.byline.iter().chain(&places.outlets.names));
    let digests = set(&speech.furniture.digest);
    let media = speech.furniture.media.iter().map(|w| key(w)).collect();
    let labels = Labels {
        before_text: words(&speech.furniture.before_text),
        after_text: words(&speech.furniture.after_text),
        comments: words(&speech.furniture.comments),
    };

    let mut forms = Forms::default();
    let (triggers, parted) = triggers::add(parse("triggers.toml", tables.triggers)?, &mut forms);
    let actor_file: ActorFile = parse("actors.toml", tables.actors)?;
    let sides = sides(&actor_file);
    let actors = actors(&actor_file, &mut forms)?;
    let cues = cues(parse("cues.toml", tables.cues)?, &mut forms);
    let counted_file: CountedFile = parse("counted.toml", tables.counted)?;
    let joins = set(&counted_file.joins.words);
    let counted = counted(counted_file, &mut forms);
    numbers(&parse("numbers.toml", tables.numbers)?, &mut forms);
    dates(&parse("dates.toml", tables.dates)?, &mut forms)?;
    place_words(&places, &mut forms);
    speech_words(&speech, &mut forms);
    again_words(&parse("merge.toml", tables.merge)?, &mut forms);
    Ok(Lexicon {
        forms: forms.0,
        parted,
        triggers,
        actors,
        sides,
        cues,
        counted,
        joins,
        common,
        urban,
        press,
        positions,
        persons,
        around,
        bearings,
        footers,
        bylines,
        digests,
        media,
        labels,
    })
}

/// Beginnings of words with their degrees from north.
fn bearings(words: &Bearings) -> Vec<(String, u16)> {
    let sides = [(&words.north, 0), (&words.east, 90), (&words.south, 180), (&words.west, 270)];
    let keys = |(words, degrees): (&Vec<String>, u16)| {
        words.iter().map(|word| (key(word), degrees)).collect::<Vec<_>>()
    };
    sides.into_iter().flat_map(keys).collect()
}

fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, LexiconError> {
    toml::from_str(text).map_err(|source| LexiconError::Toml { file, source: Box::new(source) })
}

pub(super) fn meaning(sense: Sense, before: Proclitics) -> Meaning {
    Meaning { sense, before, pronouns: false, capitals: false }
}

pub(super) fn add_all(forms: &mut Forms, words: &[String], meaning: Meaning) {
    for word in words {
        forms.add(word, meaning);
    }
}

/// Folded words, each once.
fn set<'a>(words: impl IntoIterator<Item = &'a String>) -> Phrases {
    words.into_iter().map(|word| key(word)).collect()
}

fn again_words(file: &AgainFile, forms: &mut Forms) {
    let sense = |word| meaning(Sense::Again(word), Proclitics::Name);
    for PartOfDay { hours: [from, to], words } in &file.part_of_day {
        add_all(forms, words, sense(AgainWord::Hours(*from, *to)));
    }
    add_all(forms, &file.growth.words, sense(AgainWord::Rises));
}

fn cues(file: CueFile, forms: &mut Forms) -> Vec<Cue> {
    let mut cues = Vec::with_capacity(file.cue.len());
    for (id, row) in file.cue.into_iter().enumerate() {
        // Figures of speech and the words of sport are nouns; the others are particles and verbs.
        let nouns = matches!(row.effect, Effect::Metaphor | Effect::Sport | Effect::Accident);
        let before = if nouns { Proclitics::Noun } else { Proclitics::Particle };
        let sense = meaning(Sense::Cue(id), before);
        add_all(forms, &row.ar, sense);
        add_all(forms, &row.en, sense);
        if row.effect == Effect::Metaphor {
            add_all(forms, &row.ar.iter().filter_map(|n| definite(n)).collect::<Vec<_>>(), sense);
        }
        cues.push(Cue { effect: row.effect, reach: row.reach });
    }
    cues
}

fn counted(file: CountedFile, forms: &mut Forms) -> Vec<Counts> {
    let mut counted = Vec::with_capacity(file.counted.len());
    for (id, row) in file.counted.into_iter().enumerate() {
        for (words, grammar) in
            [(&row.one, Grammar::One), (&row.two, Grammar::Two), (&row.many, Grammar::Many)]
        {
            add_all(forms, words, meaning(Sense::Counted(id, grammar), Proclitics::Noun));
        }
        counted.push(row.r#as);
    }
    add_all(forms, &file.subset.words, meaning(Sense::Subset, Proclitics::Name));
    add_all(forms, &file.units.words, meaning(Sense::Unit, Proclitics::Name));
    add_all(forms, &file.together.words, meaning(Sense::Together, Proclitics::Name));
    counted
}

fn numbers(file: &NumberFile, forms: &mut Forms) {
    for (word, &value) in &file.values {
        forms.add(word, meaning(Sense::Number(value), Proclitics::Noun));
    }
    for (word, &least) in &file.vague {
        forms.add(word, meaning(Sense::Vague(least), Proclitics::Noun));
    }
    add_all(forms, &file.bounds.about, meaning(Sense::Bound(Bound::About), Proclitics::Name));
    add_all(forms, &file.bounds.at_least, meaning(Sense::Bound(Bound::AtLeast), Proclitics::Name));
}

fn dates(file: &DateFile, forms: &mut Forms) -> Result<(), LexiconError> {
    let date = |word| meaning(Sense::Date(word), Proclitics::Name);
    for (word, &month) in &file.months {
        forms.add(word, date(DateWord::Month(month)));
    }
    for (word, &month) in &file.hijri {
        forms.add(word, date(DateWord::Hijri(month)));
    }
    for (word, &weekday) in &file.weekdays {
        forms.add(word, date(DateWord::Weekday(weekday)));
    }
    for (word, &days) in &file.days {
        forms.add(word, date(DateWord::Days(days)));
    }
    for (word, &(begun, precision)) in &file.spans {
        let precision = TimePrecision::try_from(precision).map_err(|told| LexiconError::Value {
            file: "dates.toml",
            told: format!("`{word}`: {told}"),
        })?;
        forms.add(word, date(DateWord::Stretch(begun, precision)));
    }
    for (word, &day) in &file.ordinals {
        forms.add(word, date(DateWord::Ordinal(day)));
    }
    let words = &file.words;
    for (list, word) in [
        (&file.ago.before, DateWord::AgoBefore),
        (&file.ago.days, DateWord::AgoDays),
        (&file.ago.after, DateWord::AgoAfter),
        (&words.after_midnight, DateWord::AfterMidnight),
        (&words.night, DateWord::Night),
        (&words.part, DateWord::Part),
        (&words.last, DateWord::Last),
        (&words.next, DateWord::Next),
        (&words.of, DateWord::Of),
        (&words.this_month, DateWord::This),
        (&words.this, DateWord::This),
        (&words.begin, DateWord::Begin),
        (&words.middle, DateWord::Middle),
        (&words.end, DateWord::End),
        (&words.day, DateWord::Day),
        (&words.same, DateWord::Same),
        (&words.to, DateWord::To),
        (&words.between, DateWord::Between),
    ] {
        add_all(forms, list, date(word));
    }
    Ok(())
}

fn place_words(file: &PlaceFile, forms: &mut Forms) {
    let place = |word| meaning(Sense::Place(word), Proclitics::Name);
    for (kind, words) in &file.kinds {
        add_all(
            forms,
            words,
            Meaning { before: Proclitics::Noun, ..place(PlaceWord::Kind(kind.0)) },
        );
    }
    for (kind, words) in &file.kinds_after {
        add_all(forms, words, place(PlaceWord::KindAfter(kind.0)));
    }
    let r = &file.relations;
    for (words, word) in [
        (&r.also, PlaceWord::Also),
        (&r.near, PlaceWord::Near),
        (&r.direction, PlaceWord::Direction),
        (&r.side, PlaceWord::Side),
        (&r.countryside, PlaceWord::Countryside),
        (&r.countryside_after, PlaceWord::CountrysideAfter),
        (&r.land_after, PlaceWord::LandAfter),
        (&r.within, PlaceWord::Within),
        (&r.inside, PlaceWord::Inside),
        (&r.origin, PlaceWord::Origin),
        (&r.via, PlaceWord::Via),
        (&r.posted, PlaceWord::Posted),
        (&r.towards, PlaceWord::Towards),
        (&r.heading, PlaceWord::Heading),
        (&r.elsewhere, PlaceWord::Elsewhere),
        (&r.called, PlaceWord::Called),
        (&r.distance, PlaceWord::Distance),
        (&r.between, PlaceWord::Between),
    ] {
        add_all(forms, words, place(word));
    }
    let mask = meaning(Sense::Mask, Proclitics::Name);
    add_all(forms, &file.outlets.names, mask);
    add_all(forms, &file.countries.home, mask);
    add_all(forms, &file.countries.names, mask);
    add_all(forms, &file.namesakes.names, mask);
}

fn speech_words(file: &SpeechFile, forms: &mut Forms) {
    let speech = |word| meaning(Sense::Speech(word), Proclitics::Name);
    let says = Meaning { before: Proclitics::Said, ..speech(SpeechWord::Says) };
    add_all(forms, &file.says, says);
    add_all(forms, &file.goes_on, speech(SpeechWord::GoesOn));
    add_all(forms, &file.that, speech(SpeechWord::That));
    add_all(forms, &file.own, Meaning { before: Proclitics::Noun, ..speech(SpeechWord::Own) });
    add_all(forms, &file.openers.words, meaning(Sense::Opener, Proclitics::Name));
}
