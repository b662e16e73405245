//! Records of UCDP's Georeferenced Event Dataset, under the names of its code book.

use jiff::civil::Date;

use super::record::{TRUST, actor_ids, governorate, who};
use super::table::Row;
use super::{Imported, Names, article, source, whole};
use crate::model::actor::{ActorId, Inter};
use crate::model::article::Published;
use crate::model::event::{Event, EventId, What};
use crate::model::place::{GeoPrecision, Location};
use crate::model::taxonomy::SubEventType;
use crate::model::toll::Toll;
use crate::model::when::{TimePrecision, When};

/// Columns without which nothing can be made of a record.
pub(super) const NEEDED: &[&str] =
    &["id", "type_of_violence", "date_start", "where_prec", "latitude", "longitude", "best"];

/// What the dataset calls violence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Violence {
    StateBased,
    NonState,
    OneSided,
}

/// Makes an event of a record; its article is what it cites, and how it describes the place.
pub(super) fn imported(row: &Row<'_>, names: &Names<'_>) -> Result<Imported, String> {
    row.in_syria()?;
    let id = format!("ucdp:{}", row.needed("id")?);
    let violence = match row.code("type_of_violence")? {
        Some(1) => Violence::StateBased,
        Some(2) => Violence::NonState,
        Some(3) => Violence::OneSided,
        _ => return Err("its `type_of_violence` is not 1, 2 or 3".to_owned()),
    };
    let when = when(row)?;
    let (location, point_is_known) = location(row, names)?;
    let words = words(row)?;
    let mut article = article(&id, &words);
    article.publisher = row.owned("source_office").or_else(|| row.owned("source_original"));
    article.title = row.owned("source_headline");
    // Several days stand there if several articles do.
    article.published = row.text("source_date").and_then(|day| Published::parse(day).ok());

    let mut evidence = whole(&words);
    evidence.attribution = row.owned("source_original");
    let [inter1, inter2] = ["side_a", "side_b"].map(|side| inter(violence, side, row.text(side)));
    let sides = ["side_a", "side_b"].into_iter().filter_map(|side| row.text(side));
    let ids = ids(sides, when.event_date, names);
    let event = Event {
        id: EventId(id),
        point: if point_is_known { Some(row.point()?) } else { None },
        what: What {
            sub_event_type: match violence {
                Violence::StateBased | Violence::NonState => SubEventType::ArmedClash,
                Violence::OneSided => SubEventType::Attack,
            },
            civilian_targeting: violence == Violence::OneSided,
        },
        when,
        who: who(row, ["side_a", "side_b"], [inter1, inter2], ids),
        location,
        toll: Toll {
            fatalities: row.count("best")?,
            fatalities_low: row.count("low")?,
            fatalities_high: row.count("high")?,
            ..Toll::default()
        },
        trust: TRUST,
        evidence,
        source: source(
            &article,
            article.published,
            row.count("number_of_sources")?.unwrap_or(1).max(1),
            "UCDP GED",
        ),
    };
    Ok(Imported { article, event })
}

fn when(row: &Row<'_>) -> Result<When, String> {
    let first = row.day("date_start")?;
    let last = if row.text("date_end").is_some() { row.day("date_end")? } else { first };
    if last < first {
        return Err(format!("it ends ({last}) before it begins ({first})"));
    }
    // 1 the day, 2 two to six days, 3 a week, 4 up to a month, 5 up to a year.
    let time_precision = match row.code("date_prec")? {
        None => None,
        Some(1) => Some(TimePrecision::Day),
        Some(2 | 3) => Some(TimePrecision::Week),
        Some(4 | 5) => Some(TimePrecision::Month),
        Some(other) => return Err(format!("its `date_prec` is `{other}`: there are 1 to 5")),
    };
    Ok(When {
        event_date: Some(first),
        event_date_end: (last != first).then_some(last),
        time_precision,
        date_text: None,
    })
}

/// Where it was, and whether its point means more than the country.
fn location(row: &Row<'_>, names: &Names<'_>) -> Result<(Location, bool), String> {
    // 1 the place, 2 near it, 3 the district, 4 the governorate, 5 a line or a fuzzy area,
    // 6 the country alone, 7 sea or air: a dot would tell what nobody knows.
    let geo_precision = match row.code("where_prec")? {
        Some(1) => Some(GeoPrecision::Place),
        Some(2) => Some(GeoPrecision::Near),
        Some(3..=5) => Some(GeoPrecision::Region),
        Some(6 | 7) => None,
        _ => return Err("its `where_prec` is not 1 to 7".to_owned()),
    };
    let without = |column: &str, word: &str| {
        let name = row.text(column)?;
        Some(name.strip_suffix(word).unwrap_or(name).trim().to_owned())
    };
    let mut location = Location {
        location: row.owned("where_coordinates").filter(|_| geo_precision.is_some()),
        admin2: without("adm_2", " district"),
        geo_precision,
        ..Location::default()
    };
    governorate(&mut location, without("adm_1", " governorate").as_deref(), names);
    Ok((location, geo_precision.is_some()))
}

/// What the record cites and how it describes the place, each on its line.
fn words(row: &Row<'_>) -> Result<String, String> {
    let cited = row.text("source_article").or_else(|| row.text("source_headline"));
    let told: Vec<&str> = cited.into_iter().chain(row.text("where_description")).collect();
    if told.is_empty() {
        let why = "it has neither `source_article` nor `where_description`, and nothing would show what it rests on";
        return Err(why.to_owned());
    }
    Ok(told.join("\n"))
}

const GOVERNMENT: &str = "Government of ";

/// What the dataset's definitions say of a side; nothing where they do not.
fn inter(violence: Violence, side: &str, name: Option<&str>) -> Option<Inter> {
    let name = name?;
    match name.strip_prefix(GOVERNMENT) {
        Some(country) if country.starts_with("Syria") => Some(Inter::StateForces),
        Some(_) => Some(Inter::External),
        None if violence == Violence::OneSided && side == "side_b" => Some(Inter::Civilians),
        None if violence == Violence::StateBased => Some(Inter::RebelGroup),
        None => None,
    }
}

/// A government is known by its army.
fn ids<'a>(
    sides: impl Iterator<Item = &'a str>,
    day: Option<Date>,
    names: &Names<'_>,
) -> Vec<ActorId> {
    let Some(day) = day else { return Vec::new() };
    let names_of: Vec<String> = sides
        .map(|name| match name.strip_prefix(GOVERNMENT) {
            Some(country) => format!("Military Forces of {country}"),
            None => name.to_owned(),
        })
        .collect();
    actor_ids(names_of.iter().map(String::as_str), day, names)
}
