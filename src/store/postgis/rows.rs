//! Rows of the database as the program knows them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use postgres::Row as Found;

use crate::model::article::TRUST;
use crate::model::event::{Event, EventId, PROPERTIES, PropertyType, Review};
use crate::model::point::LonLat;
use crate::store::draft::{Filed, Said};
use crate::store::index::{Change, Given, Layout, Row};
use crate::store::reader::Told;

type Postgres<T> = Result<T, postgres::Error>;

/// Selects the rows of [`change`] behind the number `$1`, in order.
pub(super) static EVENTS: LazyLock<String> = LazyLock::new(|| {
    let mut columns = "fid, event_id, ST_X(geom), ST_Y(geom)".to_owned();
    for (name, kind, _) in PROPERTIES {
        let cast = match kind {
            PropertyType::Date | PropertyType::List => "::text",
            PropertyType::Text
            | PropertyType::Enum(_)
            | PropertyType::Integer
            | PropertyType::Real => "",
        };
        write!(columns, ", {name}{cast}").expect("writing to a text cannot fail");
    }
    format!("SELECT {columns} FROM rasid.events WHERE fid > $1 ORDER BY fid")
});

/// Selects the events that were removed behind the number `$1`, in order.
pub(super) const REMOVED: &str =
    "SELECT fid, event_id FROM rasid.removed WHERE fid > $1 ORDER BY fid";

/// A row of [`REMOVED`].
pub(super) fn removed(from: &Found) -> Postgres<(u64, String)> {
    Ok((sequence(from)?, from.try_get(1)?))
}

/// Numbers behind another are above zero.
fn sequence(from: &Found) -> Postgres<u64> {
    Ok(from.try_get::<_, i64>(0)?.unsigned_abs())
}

/// Where the first property stands in a row of [`EVENTS`].
const FIRST: usize = 4;

static REVIEW: LazyLock<usize> = LazyLock::new(|| {
    let place = PROPERTIES.iter().position(|(name, ..)| *name == "review");
    place.expect("an event has a review") + FIRST
});

/// A row of [`EVENTS`].
pub(super) fn change(layout: &Layout, from: &Found) -> Postgres<Change> {
    let (sequence, id): (u64, String) = (sequence(from)?, from.try_get(1)?);
    // What a person rejected stays in the database alone.
    if from.try_get::<_, &str>(*REVIEW)? == Review::Rejected.as_str() {
        return Ok(Change::Gone { sequence, id });
    }
    let at = match (from.try_get(2)?, from.try_get(3)?) {
        (Some(lon), Some(lat)) => LonLat::new(lon, lat),
        _ => None,
    };
    let values = PROPERTIES.iter().zip(FIRST..);
    let values = values.map(|(&(_, kind, _), column)| value(from, column, kind));
    let values = values.collect::<Postgres<Vec<Given<'_>>>>()?;
    Ok(Change::Put(Row::of_event(layout, (sequence, id), at, values)))
}

fn value(from: &Found, column: usize, kind: PropertyType) -> Postgres<Given<'_>> {
    let given = match kind {
        PropertyType::Integer => from.try_get::<_, Option<_>>(column)?.map(Given::Integer),
        PropertyType::Real => from.try_get::<_, Option<_>>(column)?.map(Given::Real),
        PropertyType::Text | PropertyType::Enum(_) | PropertyType::Date => {
            from.try_get::<_, Option<&str>>(column)?.map(|text| Given::Text(text.into()))
        }
        PropertyType::List => {
            from.try_get::<_, Option<&str>>(column)?.map(|text| Given::list(text.into()))
        }
    };
    Ok(given.unwrap_or(Given::Null))
}

/// Selects the rows of [`told`] of the event `$1`.
pub(super) const TOLD: &str = "SELECT feature::text, joined::text, author
     FROM rasid.reports JOIN rasid.articles USING (article_id)
     WHERE event_id = $1 ORDER BY joined IS NOT NULL, report_id COLLATE \"C\"";

/// A row of [`TOLD`].
pub(super) fn told(from: &Found) -> Postgres<Told> {
    Ok(Told { feature: from.try_get(0)?, joined: from.try_get(1)?, author: from.try_get(2)? })
}

/// Selects the columns of [`filed`]; which rows is still to be said.
pub(super) const FILED: &str =
    "SELECT r.event_id, r.feature::text, r.place_kind, a.minhash, a.trust
     FROM rasid.reports r JOIN rasid.articles a USING (article_id)";

/// Those that a reach meets; the index knows about, and the rest is exact.
pub(super) const NEAR: &str = "r.fid IN (SELECT fid FROM rasid.reports_reach
     WHERE box(point(west, south), point(east, north)) && box(point($2, $4), point($1, $3))
     AND west <= $1 AND east >= $2 AND south <= $3 AND north >= $4 AND first <= $5 AND last >= $6)";

/// A row of [`FILED`]; none if the report is no event.
pub(super) fn filed(from: &Found) -> Postgres<Option<Filed>> {
    let trust: Option<i64> = from.try_get(4)?;
    let told = Event::from_feature(from.try_get(1)?).ok();
    let filed = |told| {
        Ok(Filed {
            event: EventId(from.try_get(0)?),
            told,
            place_kind: from.try_get(2)?,
            minhash: from.try_get::<_, Option<Vec<u8>>>(3)?.unwrap_or_default(),
            trust: trust.and_then(|trust| trust.try_into().ok()).unwrap_or(TRUST),
        })
    };
    told.map(filed).transpose()
}

/// Selects the rows of [`said`].
pub(super) const SAID: &str = "SELECT fid, event_id, review, reviewer, note,
     to_char(reviewed, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), correction::text, other_id, undoes, was::text,
     EXISTS (SELECT 1 FROM rasid.reviews AS later WHERE later.undoes = reviews.fid)
     FROM rasid.reviews ORDER BY fid";

/// A row of [`SAID`].
pub(super) fn said(from: &Found) -> Postgres<Said> {
    Ok(Said {
        number: from.try_get(0)?,
        event: from.try_get(1)?,
        word: from.try_get(2)?,
        by: from.try_get(3)?,
        note: from.try_get(4)?,
        at: from.try_get(5)?,
        correction: from.try_get(6)?,
        other: from.try_get(7)?,
        undoes: from.try_get(8)?,
        was: from.try_get(9)?,
        is_undone: from.try_get(10)?,
    })
}
