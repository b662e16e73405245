//! How the words for happenings are written down: `lexicon/triggers.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{add_all, meaning};
use crate::extract::forms::{
    Proclitics, definite, english, past, present, present_of, present_stem,
};
use crate::extract::hit::{Party, Sense};
use crate::extract::lexicon::phrase::{Order, Parted};
use crate::extract::lexicon::{Forms, Meaning, Nature, Role, Trigger};
use crate::model::taxonomy::SubEventType;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerFile {
    trigger: Vec<TriggerRow>,
    party: Vec<PartyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyRow {
    r#as: Party,
    #[serde(default)]
    ar: Vec<String>,
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerRow {
    sub_event: SubEventType,
    role: Role,
    #[serde(default)]
    nature: Nature,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    presents: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    en_verbs: Vec<String>,
    #[serde(default)]
    objects: Vec<Object>,
    #[serde(default)]
    doers: Vec<Doer>,
    #[serde(default)]
    pairs: Vec<Pair>,
}

/// English verbs, each with any of those who do it, or of what it is done to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    #[serde(default)]
    who: Vec<String>,
    verbs: Vec<String>,
    #[serde(default)]
    what: Vec<String>,
}

/// Arabic verbs, and nouns of theirs, each with any of what it is done to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    what: Vec<String>,
}

/// Arabic people, each with any of what they do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Doer {
    who: Vec<String>,
    verbs: Vec<String>,
}

/// Adds the words of every trigger and party, and gives the triggers and their parted phrases.
pub(super) fn add(file: TriggerFile, forms: &mut Forms) -> (Vec<Trigger>, Vec<Parted>) {
    let mut triggers = Vec::with_capacity(file.trigger.len());
    let mut parted = Vec::new();
    for (id, row) in file.trigger.into_iter().enumerate() {
        let sense = |present, verb| Sense::Trigger { id, present, verb };
        let with_pronouns = |sense, before| Meaning { pronouns: true, ..meaning(sense, before) };
        let noun = with_pronouns(sense(false, false), Proclitics::Noun);
        add_all(forms, &row.nouns, noun);
        add_all(forms, &row.nouns.iter().filter_map(|n| definite(n)).collect::<Vec<_>>(), noun);
        add_all(forms, &row.en, noun);
        let past_forms: Vec<String> = row.verbs.iter().flat_map(|v| past(v)).collect();
        add_all(forms, &past_forms, with_pronouns(sense(false, true), Proclitics::Verb));
        let phrases = row.verbs.iter().filter_map(|verb| present_of(verb));
        let presents = row.presents.iter().cloned().chain(phrases);
        let present_forms: Vec<String> = presents.flat_map(|verb| present(&verb)).collect();
        add_all(forms, &present_forms, with_pronouns(sense(true, true), Proclitics::Verb));
        for form in row.en_verbs.iter().flat_map(|verb| english(verb)) {
            forms.add(&form.words, meaning(sense(form.plain, form.finite), Proclitics::None));
        }
        parted_phrases(id, &row, forms, &mut parted);
        for object in &row.objects {
            done_to(id, object, forms, &mut parted);
        }
        for doer in &row.doers {
            done_by(id, doer, forms, &mut parted);
        }
        triggers.push(Trigger { sub_event: row.sub_event, role: row.role, nature: row.nature });
    }
    for row in &file.party {
        add_all(forms, &row.ar, meaning(Sense::Party(row.r#as), Proclitics::Noun));
        add_all(forms, &row.en, meaning(Sense::Party(row.r#as), Proclitics::None));
    }
    (triggers, parted)
}

/// The phrases of a trigger that other words may part: head and rest, or verb and what it is done to.
fn parted_phrases(id: usize, row: &TriggerRow, forms: &mut Forms, parted: &mut Vec<Parted>) {
    for verb in &row.verbs {
        let Some((head, rest)) = verb.split_once(' ') else { continue };
        let phrase = parted.len();
        let sense = |present| Sense::Head { phrase, present };
        add_all(forms, &past(head), meaning(sense(false), Proclitics::Verb));
        // One that is listed stands as it is: `تسيطر القوات على البلدة` is a state.
        let now = present_of(verb).filter(|now| !row.presents.contains(now));
        if let Some((head, _)) = now.as_ref().and_then(|now| now.split_once(' ')) {
            add_all(forms, &present(head), meaning(sense(true), Proclitics::Verb));
        }
        forms.add(rest, meaning(Sense::Tail(phrase), Proclitics::Noun));
        parted.push(Parted { id, order: Order::Rest });
    }
    for pair in &row.pairs {
        for (words, order) in [(&pair.who, Order::Subject), (&pair.what, Order::Object)] {
            if words.is_empty() {
                continue;
            }
            let phrase = parted.len();
            for form in pair.verbs.iter().flat_map(|verb| english(verb)) {
                let sense = Sense::Head { phrase, present: form.plain };
                forms.add(&form.words, meaning(sense, Proclitics::None));
            }
            add_all(forms, words, meaning(Sense::Tail(phrase), Proclitics::None));
            parted.push(Parted { id, order });
        }
    }
}

/// `أحرق المسلحون عدداً من المنازل`, `إحراق منازل`: every verb and noun with every object. Of several words the first is
/// the verb, and the others stand before the object (`استولى مسلحون |على| منزل`).
fn done_to(id: usize, object: &Object, forms: &mut Forms, parted: &mut Vec<Parted>) {
    let all = object.verbs.iter().map(|verb| (verb, Order::Rest));
    let all = all.chain(object.nouns.iter().map(|noun| (noun, Order::Next)));
    let mut phrases: BTreeMap<(Order, &str), usize> = BTreeMap::new();
    for (words, order) in all {
        let (head, rest) = words.split_once(' ').unwrap_or((words, ""));
        let phrase = *phrases.entry((order, rest)).or_insert_with(|| {
            let phrase = parted.len();
            let tail = Meaning { pronouns: true, ..meaning(Sense::Tail(phrase), Proclitics::Noun) };
            for what in object.what.iter().flat_map(|what| accusative(what)) {
                forms.add(format!("{rest} {what}").trim_start(), tail);
            }
            parted.push(Parted { id, order });
            phrase
        });
        let head_of = |present| Sense::Head { phrase, present };
        if order == Order::Next {
            forms.add(head, meaning(head_of(false), Proclitics::Noun));
            continue;
        }
        add_all(forms, &past(head), meaning(head_of(false), Proclitics::Verb));
        if let Some(stem) = present_stem(head) {
            add_all(forms, &present(&stem), meaning(head_of(true), Proclitics::Verb));
        }
    }
}

/// `هاجم المحتجون`, `محتجون يهاجمون`: every one of them with every verb, behind it or right before its plural.
fn done_by(id: usize, doer: &Doer, forms: &mut Forms, parted: &mut Vec<Parted>) {
    let phrase = parted.len();
    parted.push(Parted { id, order: Order::Rest });
    add_all(forms, &doer.who, meaning(Sense::Tail(phrase), Proclitics::Noun));
    for verb in &doer.verbs {
        let presents: Vec<String> = present_stem(verb).iter().flat_map(|s| present(s)).collect();
        for (present, verbs) in [(false, past(verb)), (true, presents)] {
            add_all(forms, &verbs, meaning(Sense::Head { phrase, present }, Proclitics::Verb));
            let sense = Sense::Trigger { id, present, verb: true };
            let plural = |verb: &&String| verb.ends_with("وا") || verb.ends_with("ون");
            for verb in verbs.iter().filter(plural).filter(|verb| !verb.starts_with(['ت', 'ن'])) {
                let both = doer.who.iter().map(|who| format!("{who} {verb}"));
                add_all(forms, &both.collect::<Vec<_>>(), meaning(sense, Proclitics::Noun));
            }
        }
    }
}

/// A noun as it stands, and as an object: `منزل`, `منزلا`.
fn accusative(noun: &str) -> [String; 2] {
    let (first, rest) = noun.split_once(' ').unwrap_or((noun, ""));
    [noun.to_owned(), format!("{first}ا {rest}").trim_end().to_owned()]
}
