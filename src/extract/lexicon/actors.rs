//! How the actors are written down: names, nations, and the words that tell the sides.

use serde::Deserialize;

use super::tables::{add_all, meaning};
use super::{Forms, KnownActor, LexiconError, Meaning, SideWords};
use crate::extract::forms::Proclitics;
use crate::extract::hit::{ActorName, Sense};
use crate::model::actor::{Actor, ActorId, Inter};
use crate::model::text::key;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActorFile {
    forces: Forces,
    sides: SideRows,
    actor: Vec<ActorRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forces {
    masculine: Vec<String>,
    feminine: Vec<String>,
    people: Vec<String>,
    duals: Vec<String>,
    heads: Vec<String>,
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SideRows {
    agent: Vec<String>,
    target: Vec<String>,
    between: Vec<String>,
    against: Vec<String>,
    support: Vec<String>,
    things: Vec<String>,
    owned: Vec<String>,
    at_post: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nation {
    /// As desks spell it: `أمريكي`, `أميركي`.
    ar: Vec<String>,
    /// The same, and what is its own: "Turkish", "Turkey's".
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorRow {
    id: String,
    name: String,
    inter: Inter,
    nation: Option<Nation>,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
    #[serde(default)]
    air_power: bool,
    #[serde(default)]
    faction: bool,
    ar: Vec<String>,
    en: Vec<String>,
    #[serde(default)]
    short: Vec<String>,
    #[serde(default)]
    capitals: Vec<String>,
    #[serde(default)]
    shared: Vec<String>,
    #[serde(default)]
    capital: Vec<String>,
}

/// The actors, with their names among the forms.
pub(super) fn actors(file: &ActorFile, forms: &mut Forms) -> Result<Vec<KnownActor>, LexiconError> {
    let mut actors = Vec::with_capacity(file.actor.len());
    for (id, row) in file.actor.iter().enumerate() {
        let sense = |name| meaning(Sense::Actor { id, name }, Proclitics::Name);
        // Common nouns for people take the article; names of groups carry their own.
        let full = match row.inter {
            Inter::Civilians | Inter::Protesters | Inter::Rioters => {
                Meaning { before: Proclitics::Noun, ..sense(ActorName::Full) }
            }
            _ => sense(ActorName::Full),
        };
        let heads = if row.inter.is_armed() { file.forces.heads.as_slice() } else { &[] };
        let headed = heads.iter().flat_map(|head| row.ar.iter().map(move |name| (head, name)));
        let headed = headed.map(|(head, name)| format!("{head} {name}"));
        let names = row.ar.iter().cloned().chain(headed);
        add_all(forms, &names.flat_map(|name| militia_spellings(&name)).collect::<Vec<_>>(), full);
        add_all(forms, &row.en, full);
        if let Some(nation) = &row.nation {
            add_all(forms, &forces_of(nation, &file.forces), full);
        }
        add_all(forms, &row.capitals, Meaning { capitals: true, ..full });
        add_all(forms, &row.short, sense(ActorName::Short));
        add_all(forms, &row.shared, sense(ActorName::Shared));
        add_all(forms, &row.capital, sense(ActorName::Capital));
        let actor = Actor { id: ActorId(row.id.clone()), name: row.name.clone(), inter: row.inter };
        actors.push(KnownActor {
            actor,
            from: day(row.from)?,
            until: day(row.until)?,
            is_air_power: row.air_power,
            is_faction: row.faction,
        });
    }
    Ok(actors)
}

pub(super) fn sides(file: &ActorFile) -> SideWords {
    let rows = &file.sides;
    let keys = |words: &[String]| words.iter().map(|word| key(word)).collect();
    SideWords {
        agent: keys(&rows.agent),
        target: keys(&rows.target),
        between: keys(&rows.between),
        against: keys(&rows.against),
        support: keys(&rows.support),
        things: keys(&rows.things),
        owned: keys(&rows.owned),
        at_post: keys(&rows.at_post),
        heads: file
            .forces
            .heads
            .iter()
            .flat_map(|head| militia_spellings(head))
            .map(|word| key(&word))
            .collect(),
    }
}

/// Desks write `ميليشيا` and `مليشيا`, one and several.
fn militia_spellings(name: &str) -> Vec<String> {
    let mut spellings = vec![name.to_owned()];
    if name.contains("مليشي") && !name.contains("ميليشي") {
        spellings.push(name.replace("مليشي", "ميليشي"));
    } else if name.contains("ميليشي") {
        spellings.push(name.replace("ميليشي", "مليشي"));
    }
    spellings
}

/// Every force of a nation, with and without the article: `طائرات إسرائيلية`, `المدفعية التركية`.
fn forces_of(nation: &Nation, forces: &Forces) -> Vec<String> {
    let english = nation.en.iter().flat_map(|of| forces.en.iter().map(move |force| (of, force)));
    let mut names: Vec<String> = english.map(|(of, force)| format!("{of} {force}")).collect();
    let arabic = forces.masculine.iter().map(|force| (force, ""));
    let arabic = arabic.chain(forces.feminine.iter().map(|force| (force, "ة")));
    let people = forces.people.iter().flat_map(|people| [(people, "ون"), (people, "ين")]);
    let duals = forces.duals.iter().flat_map(|two| [(two, "تين"), (two, "تان")]);
    let of_each =
        |(force, ending)| nation.ar.iter().map(move |of| (force, format!("{of}{ending}")));
    for (force, of) in arabic.chain(people).chain(duals).flat_map(of_each) {
        // `سلاح الجو`, `حرس الحدود`: what is the one of something has no article of its own.
        if force.contains(" ال") {
            names.push(format!("{force} ال{of}"));
            continue;
        }
        let with_article: Vec<String> = force.split(' ').map(|w| format!("ال{w}")).collect();
        let the_force = with_article.join(" ");
        names.push(format!("{force} {of}"));
        names.push(format!("{the_force} ال{of}"));
        // `الاحتلال تركي`, as hurried posts write.
        names.push(format!("{the_force} {of}"));
    }
    names
}

fn day(given: Option<toml::value::Datetime>) -> Result<Option<jiff::civil::Date>, LexiconError> {
    given
        .map(|given| {
            given.to_string().parse().map_err(|e| LexiconError::Value {
                file: "actors.toml",
                told: format!("`{given}` is not a day, as 2024-12-08: {e}"),
            })
        })
        .transpose()
}
