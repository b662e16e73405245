//! Records of ACLED, under the names of its code book.

use super::record::{TRUST, actor_ids, governorate, who};
use super::table::{Row, cut};
use super::{Imported, Names, article, source, whole};
use crate::model::actor::Inter;
use crate::model::event::{Event, EventId, What};
use crate::model::place::Location;
use crate::model::taxonomy::SubEventType;
use crate::model::toll::Toll;
use crate::model::when::When;

/// Columns without which nothing can be made of a record.
pub(super) const NEEDED: &[&str] =
    &["event_id_cnty", "event_date", "sub_event_type", "latitude", "longitude", "notes"];

/// Makes an event of a record, its notes being the article.
pub(super) fn imported(row: &Row<'_>, names: &Names<'_>) -> Result<Imported, String> {
    row.in_syria()?;
    let id = format!("acled:{}", row.needed("event_id_cnty")?);
    let what = what(row)?;
    let event_date = row.day("event_date")?;
    let notes = row.text("notes");
    let notes = notes.ok_or("it has no `notes`, and nothing would show what it rests on")?;
    let mut article = article(&id, notes);
    article.publisher = row.owned("source");

    let sides = ["actor1", "assoc_actor_1", "actor2", "assoc_actor_2"];
    let sides = sides.into_iter().filter_map(|column| row.text(column));
    let inters = [inter(row, "inter1")?, inter(row, "inter2")?];
    let event = Event {
        id: EventId(id),
        point: Some(row.point()?),
        what,
        when: When {
            event_date: Some(event_date),
            event_date_end: None,
            time_precision: row.code("time_precision")?.map(TryInto::try_into).transpose()?,
            date_text: None,
        },
        who: who(row, ["actor1", "actor2"], inters, actor_ids(sides, event_date, names)),
        location: location(row, names)?,
        toll: Toll { fatalities: row.count("fatalities")?, ..Toll::default() },
        trust: TRUST,
        evidence: whole(notes),
        source: source(&article, None, n_sources(article.publisher.as_deref()), "ACLED"),
    };
    Ok(Imported { article, event })
}

fn what(row: &Row<'_>) -> Result<What, String> {
    let sub_event_type =
        named(SubEventType::ALL, row.needed("sub_event_type")?, SubEventType::as_str)
            .map_err(|given| format!("its sub_event_type `{given}` is not one of ACLED's"))?;
    let kind = sub_event_type.event_type();
    match row.text("event_type") {
        Some(told) if !told.eq_ignore_ascii_case(kind.as_str()) => {
            return Err(format!("`{sub_event_type}` is not of the event_type `{}`", cut(told)));
        }
        _ => {}
    }
    let civilian_targeting = row.text("civilian_targeting").is_some();
    Ok(What { sub_event_type, civilian_targeting })
}

/// The value of a closed list that bears this name, whatever the size of its letters.
fn named<T: Copy>(all: &[T], name: &str, of: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|&one| of(one).eq_ignore_ascii_case(name));
    found.ok_or_else(|| cut(name).to_string())
}

/// The type of an actor: a name, or the number of older tables. 0 stands for none.
fn inter(row: &Row<'_>, column: &str) -> Result<Option<Inter>, String> {
    let Some(told) = row.text(column).filter(|&told| told != "0") else { return Ok(None) };
    if let Ok(number) = told.parse::<usize>() {
        let one = number.checked_sub(1).and_then(|place| Inter::ALL.get(place));
        return one.copied().map(Some).ok_or_else(|| {
            format!("its `{column}` is `{number}`: the code book has 1 to {}", Inter::ALL.len())
        });
    }
    named(Inter::ALL, told, Inter::as_str)
        .map(Some)
        .map_err(|given| format!("its `{column}` is `{given}`, which is no actor type of ACLED's"))
}

fn location(row: &Row<'_>, names: &Names<'_>) -> Result<Location, String> {
    let mut location = Location {
        location: row.owned("location"),
        admin2: row.owned("admin2"),
        admin3: row.owned("admin3"),
        geo_precision: row.code("geo_precision")?.map(TryInto::try_into).transpose()?,
        ..Location::default()
    };
    governorate(&mut location, row.text("admin1"), names);
    Ok(location)
}

/// Outlets stand with semicolons between.
fn n_sources(outlets: Option<&str>) -> u32 {
    let named = outlets.unwrap_or_default().split(';').filter(|name| !name.trim().is_empty());
    u32::try_from(named.count()).unwrap_or(u32::MAX).max(1)
}
