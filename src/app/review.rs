//! `rasid review`: what people say of events, and what was said.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, bail};

use super::{counted, existing, existing_to_write, export, reextract, say};
use crate::config;
use crate::model::correction::Correction;
use crate::model::event::{Event, EventId};
use crate::model::place::PlaceId;
use crate::model::query::EventQuery;
use crate::pipeline::Knowledge;
use crate::pipeline::keep::review::{Reviewer, Word};
use crate::store::Store;
use crate::store::draft::Said;

/// Says a word on events, or lists what was said.
pub(super) fn run(knowledge: &Knowledge, options: &config::Review) -> Result<()> {
    if options.possible_duplicates {
        return list_possible(knowledge, &existing(&options.store)?);
    }
    let store = existing_to_write(&options.store)?;
    let ids: Vec<EventId> = options.events.iter().map(|id| EventId(id.clone())).collect();
    let Some(word) = word(knowledge, &options.word)? else {
        let mut out = BufWriter::new(io::stdout().lock());
        let is_asked = |said: &Said| {
            let about = [Some(&said.event), said.other.as_ref()];
            ids.is_empty() || about.into_iter().flatten().any(|id| options.events.contains(id))
        };
        for said in store.reviews()?.iter().filter(|said| is_asked(said)) {
            print(&mut out, said)?;
        }
        return Ok(out.flush()?);
    };
    let name = options.by.clone().or_else(|| std::env::var("USER").ok());
    let by = Reviewer { name, note: options.note.clone() };
    for id in &ids {
        knowledge
            .review(&store, id, &word, &by)
            .with_context(|| format!("nothing was said of `{id}`"))?;
    }
    say(&format!("{} reviewed", counted(ids.len(), "event")));
    Ok(())
}

/// Prints each two events that may be one, the surest of each first: how surely, and what they tell;
/// parts apart by tabs.
fn list_possible(knowledge: &Knowledge, store: &Store) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for feature in export::all(store, EventQuery::default()) {
        let Ok(event) = Event::from_feature(&feature) else { continue };
        for nearly in knowledge.possible_duplicates(store, &event.id)? {
            let other = store.event(&nearly.event);
            let other = other.and_then(|other| Event::from_feature(&other).ok());
            // Each two are found from either side.
            let Some(other) = other.filter(|other| other.id > event.id) else { continue };
            let [one, other] = [&event, &other].map(reextract::told);
            writeln!(out, "{:.2}\t{one}\t{other}", nearly.score)?;
        }
    }
    Ok(out.flush()?)
}

/// What is to be said; `None` if nothing is.
fn word(knowledge: &Knowledge, word: &config::Word) -> Result<Option<Word>> {
    let id = |id: &String| EventId(id.clone());
    let mut correction = Correction::parse(&word.set)?;
    if let Some(place) = &word.place {
        let by_id = knowledge.gazetteer().place(&PlaceId(place.clone()));
        let Some(place) = by_id.or_else(|| Some(knowledge.geocode(place, None).0?.place)) else {
            bail!(
                "`{place}` means no one place: `rasid geocode` tells which there are; give an id"
            );
        };
        correction.place(place);
    }
    Ok(match (&word.join, &word.split) {
        _ if word.confirm => Some(Word::Confirmed),
        _ if word.reject => Some(Word::Rejected),
        _ if word.undo => Some(Word::Undone),
        _ if !correction.is_empty() => Some(Word::Corrected(correction)),
        (Some(other), _) => Some(Word::Joined(id(other))),
        (_, Some(report)) => Some(Word::Parted(id(report))),
        (None, None) => None,
    })
}

/// A word in a line, its parts apart by tabs.
fn print(out: &mut impl Write, said: &Said) -> io::Result<()> {
    let Said { number, event, word, at, .. } = said;
    let by = said.by.as_deref().unwrap_or("–");
    let back = if said.is_undone { " (undone)" } else { "" };
    write!(out, "{number}\t{at}\t{by}\t{event}\t{word}{back}")?;
    let other = said.other.clone();
    let undoes = said.undoes.map(|number| number.to_string());
    for more in [other, said.correction.clone(), undoes, said.note.clone()].into_iter().flatten() {
        // A note may have any letters in it.
        write!(out, "\t{}", more.split_whitespace().collect::<Vec<_>>().join(" "))?;
    }
    writeln!(out)
}
