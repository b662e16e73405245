//! Rows of the database as the program knows them.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::LazyLock;

use postgres::Row as Found;
use postgres::types::{FromSql, ToSql, Type};
use serde_json::Value;

use crate::model::article::{Article, ArticleId, Lang, Published, TRUST};
use crate::model::event::{Event, EventId, PROPERTIES, PropertyType, Review};
use crate::model::point::LonLat;
use crate::store::draft::{Filed, Known, Reach, Said};
use crate::store::index::{Change, Given, Series, Values, mark};
use crate::store::reader::Told;
use crate::store::sqlite::feature_of;

type Postgres<T> = Result<T, postgres::Error>;

/// Says which store there is, whether it is whole, of which version, and its last change.
pub(super) const STATE: &str = "SELECT
     (SELECT value FROM rasid.rasid_meta WHERE key = 'identity'),
     EXISTS (SELECT 1 FROM rasid.rasid_meta WHERE key = 'copying'),
     (SELECT value FROM rasid.rasid_meta WHERE key = 'schema_version'),
     greatest((SELECT max(fid) FROM rasid.events), (SELECT max(fid) FROM rasid.removed), 0)";

/// A row of [`STATE`].
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) identity: Option<String>,
    pub(super) is_copied: bool,
    pub(super) version: Option<String>,
    pub(super) last: u64,
}

pub(super) fn state(from: &Found) -> Postgres<State> {
    Ok(State {
        identity: from.try_get(0)?,
        is_copied: from.try_get(1)?,
        version: from.try_get(2)?,
        last: from.try_get::<_, i64>(3)?.unsigned_abs(),
    })
}

/// Tells the history of the events from every other in which changes have the same numbers: which store it is, in
/// which cluster and since which recovery, in which database and which tables. A standby does not say.
pub(super) const SEAL: &str = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN concat_ws('-',
         (SELECT value FROM rasid.rasid_meta WHERE key = 'identity'),
         (SELECT system_identifier FROM pg_control_system()),
         left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
         (SELECT oid FROM pg_database WHERE datname = current_database()),
         pg_relation_filenode('rasid.events'), pg_relation_filenode('rasid.removed'))
     END";

/// Selects the last events up to the number `$1` that are in memory.
pub(super) const LATEST: &str = "SELECT fid, event_id FROM rasid.events
     WHERE fid <= $1 AND review <> 'rejected' ORDER BY fid DESC LIMIT 100";

/// Selects the rows of [`change`] and [`event`]; which ones is still to be said.
static SELECT_EVENTS: LazyLock<String> = LazyLock::new(|| {
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
    format!("SELECT {columns} FROM rasid.events")
});

/// Those behind the number `$1`, in order.
pub(super) static EVENTS: LazyLock<String> =
    LazyLock::new(|| format!("{} WHERE fid > $1 ORDER BY fid", *SELECT_EVENTS));

/// The one with the id `$1`.
pub(super) static EVENT: LazyLock<String> =
    LazyLock::new(|| format!("{} WHERE event_id = $1", *SELECT_EVENTS));

/// Those of the article `$1`.
pub(super) static EVENTS_OF_ARTICLE: LazyLock<String> =
    LazyLock::new(|| format!("{} WHERE article_id = $1 ORDER BY fid", *SELECT_EVENTS));

/// Selects the events that were removed behind the number `$1`, in order.
pub(super) const REMOVED: &str =
    "SELECT fid, event_id FROM rasid.removed WHERE fid > $1 ORDER BY fid";

/// A row of [`REMOVED`] or [`LATEST`].
pub(super) fn numbered_id(from: &Found) -> Postgres<(u64, String)> {
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
pub(super) fn change(series: &mut Series<'_>, from: &Found) -> Postgres<Change> {
    let (sequence, id): (u64, String) = (sequence(from)?, from.try_get(1)?);
    // What a person rejected stays in the database alone.
    if from.try_get::<_, &str>(*REVIEW)? == Review::Rejected.as_str() {
        return Ok(Change::Gone { sequence, id });
    }
    series.event((sequence, id), point(from)?, from).map(Change::Put)
}

/// A row of [`SELECT_EVENTS`]; none if somebody else made it unreadable.
pub(super) fn event(from: &Found) -> Postgres<Option<Event>> {
    let feature = feature_of(from.try_get(1)?, point(from)?, values(from)?);
    Ok(Event::from_feature(&feature.to_string()).ok())
}

fn point(from: &Found) -> Postgres<Option<LonLat>> {
    Ok(match (from.try_get(2)?, from.try_get(3)?) {
        (Some(lon), Some(lat)) => LonLat::new(lon, lat),
        _ => None,
    })
}

fn values(from: &Found) -> Postgres<Vec<Given<'_>>> {
    (0..PROPERTIES.len()).map(|property| from.value(property)).collect()
}

impl Values for Found {
    type Error = postgres::Error;

    fn value(&self, property: usize) -> Postgres<Given<'_>> {
        let column = property + FIRST;
        let given = match PROPERTIES.get(property).map(|&(_, kind, _)| kind) {
            None => None,
            Some(PropertyType::Integer) => {
                self.try_get::<_, Option<_>>(column)?.map(Given::Integer)
            }
            Some(PropertyType::Real) => self.try_get::<_, Option<_>>(column)?.map(Given::Real),
            Some(
                PropertyType::Text
                | PropertyType::Enum(_)
                | PropertyType::Date
                | PropertyType::List,
            ) => self.try_get::<_, Option<&str>>(column)?.map(|text| Given::Text(text.into())),
        };
        Ok(given.unwrap_or(Given::Null))
    }

    fn mark(&self, property: usize, out: &mut Vec<u8>) -> Postgres<()> {
        let sent: Option<Sent<'_>> = self.try_get(property + FIRST)?;
        match sent {
            None => mark(out, 0, &[]),
            Some(Sent(bytes)) => mark(out, 1, bytes),
        }
        Ok(())
    }
}

/// A value as it was sent, of whatever type.
struct Sent<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Sent<'a> {
    fn from_sql(_: &Type, sent: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(sent))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Puts an event with the values of [`cells`] in the place of the one with its id, if there is one: that gets the
/// next number, as a new one does.
pub(super) static PUT_EVENT: LazyLock<String> = LazyLock::new(|| {
    const CANNOT_FAIL: &str = "writing to a text cannot fail";
    let mut names = "geom, event_id".to_owned();
    let mut marks = "ST_SetSRID(ST_MakePoint($1, $2), 4326), $3".to_owned();
    let mut sets = "fid = EXCLUDED.fid, geom = EXCLUDED.geom".to_owned();
    for ((name, kind, _), mark) in PROPERTIES.iter().zip(4..) {
        let cast = match kind {
            PropertyType::Date => "::text::date",
            PropertyType::List => "::text::jsonb",
            PropertyType::Text
            | PropertyType::Enum(_)
            | PropertyType::Integer
            | PropertyType::Real => "",
        };
        write!(names, ", {name}").expect(CANNOT_FAIL);
        write!(marks, ", ${mark}{cast}").expect(CANNOT_FAIL);
        write!(sets, ", {name} = EXCLUDED.{name}").expect(CANNOT_FAIL);
    }
    format!(
        "INSERT INTO rasid.events ({names}) VALUES ({marks}) ON CONFLICT (event_id) DO UPDATE SET {sets}"
    )
});

/// A value of a statement.
type Cell = Box<dyn ToSql + Sync>;

/// An event as the values of [`PUT_EVENT`].
pub(super) fn cells(event: &Event) -> Vec<Cell> {
    let (lon, lat) = (event.point.map(LonLat::lon), event.point.map(LonLat::lat));
    let mut cells: Vec<Cell> = vec![Box::new(lon), Box::new(lat), Box::new(event.id.0.clone())];
    let feature = event.to_feature();
    let properties = feature.get("properties");
    cells.extend(PROPERTIES.iter().map(|(name, kind, _)| -> Cell {
        let value = properties.and_then(|all| all.get(name)).filter(|value| !value.is_null());
        match kind {
            PropertyType::Integer => Box::new(value.and_then(Value::as_i64)),
            PropertyType::Real => Box::new(value.and_then(Value::as_f64)),
            PropertyType::List => Box::new(value.map(Value::to_string)),
            PropertyType::Text | PropertyType::Enum(_) | PropertyType::Date => {
                Box::new(value.and_then(Value::as_str).map(str::to_owned))
            }
        }
    }));
    cells
}

/// Selects the articles with an id of `$1` or at an address of `$2`, the first that was kept first.
pub(super) const KNOWN: &str = "SELECT article_id, address, text_hash, revision FROM rasid.articles
     WHERE article_id = ANY($1) OR address = ANY($2) ORDER BY fid";

/// A row of [`KNOWN`] with its address.
pub(super) fn known(from: &Found) -> Postgres<(Option<String>, Known)> {
    let id = ArticleId(from.try_get(0)?);
    let is_quoted_only = from.try_get::<_, i64>(3)? == 0;
    Ok((from.try_get(1)?, Known { id, text_hash: from.try_get(2)?, is_quoted_only }))
}

/// The one of them that is kept under an id, or else at an address.
pub(super) fn known_as(
    found: &[(Option<String>, Known)],
    id: &ArticleId,
    address: Option<&str>,
) -> Option<Known> {
    let by_id = found.iter().find(|(_, known)| known.id == *id);
    let by_address = || found.iter().find(|(at, _)| at.is_some() && at.as_deref() == address);
    by_id.or_else(by_address).map(|(_, known)| known.clone())
}

/// Columns of an article, in the order of [`article`].
const ARTICLE: &str =
    "article_id, publisher, url, title, lang, published, text, author, trust, fid";

/// A row of [`UNCOMPARED`] or [`ARTICLES_AFTER`].
pub(super) fn article(from: &Found) -> Postgres<Article> {
    let published: Option<&str> = from.try_get(5)?;
    let trust: Option<i64> = from.try_get(8)?;
    Ok(Article {
        id: ArticleId(from.try_get(0)?),
        publisher: from.try_get(1)?,
        url: from.try_get(2)?,
        title: from.try_get(3)?,
        lang: if from.try_get::<_, &str>(4)? == "en" { Lang::En } else { Lang::Ar },
        published: published.and_then(|published| Published::parse(published).ok()),
        text: from.try_get(6)?,
        author: from.try_get(7)?,
        trust: trust.and_then(|trust| trust.try_into().ok()),
    })
}

/// The same with its number.
pub(super) fn numbered(from: &Found) -> Postgres<(i64, Article)> {
    Ok((from.try_get(9)?, article(from)?))
}

/// Selects articles that were not compared with others yet, at most `$1`.
pub(super) static UNCOMPARED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {ARTICLE} FROM rasid.articles WHERE text_hash IS NULL AND revision > 0
         ORDER BY fid LIMIT $1"
    )
});

/// Selects articles behind the number `$1`, published or else kept since `$2` unless that is null, at most `$3`.
/// Those of which only quotations are known are left out.
pub(super) static ARTICLES_AFTER: LazyLock<String> = LazyLock::new(|| {
    let fetched = "to_char(fetched, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    format!(
        "SELECT {ARTICLE} FROM rasid.articles WHERE fid > $1 AND revision > 0
             AND ($2::text IS NULL OR coalesce(published, {fetched}) COLLATE \"C\" >= $2)
         ORDER BY fid LIMIT $3"
    )
});

/// Selects the events that the article `$1` tells of, in the order of its text. Imported events are told by no report.
pub(super) const EVENTS_OF: &str = "SELECT event_id FROM (
         SELECT event_id, fid FROM rasid.reports WHERE article_id = $1
         UNION ALL SELECT event_id, fid FROM rasid.events WHERE article_id = $1
         AND NOT EXISTS (SELECT 1 FROM rasid.reports WHERE article_id = $1)) AS told
     GROUP BY event_id ORDER BY min(fid)";

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

/// The report with the number `$1`.
pub(super) static FILED_BY_NUMBER: LazyLock<String> =
    LazyLock::new(|| format!("{FILED} WHERE r.fid = $1"));

/// Selects the numbers of those that a reach meets, with the values of [`near`]; the index knows about, and the
/// rest is exact.
pub(super) const NEAR: &str = "SELECT fid FROM rasid.reports_reach
     WHERE box(point(west, south), point(east, north)) && box(point($2, $4), point($1, $3))
     AND west <= $1 AND east >= $2 AND south <= $3 AND north >= $4 AND first <= $5 AND last >= $6";

/// The same in order.
pub(super) static NUMBERS_NEAR: LazyLock<String> = LazyLock::new(|| format!("{NEAR} ORDER BY fid"));

/// What [`NEAR`] asks for.
pub(super) fn near(
    Reach { area: [west, south, east, north], days: [first, last] }: Reach,
) -> [f64; 6] {
    [east, west, north, south, last.into(), first.into()]
}

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
     FROM rasid.reviews";

/// Those on the event or report `$1`, the last word last.
pub(super) static SAID_OF: LazyLock<String> =
    LazyLock::new(|| format!("{SAID} WHERE event_id = $1 OR other_id = $1 ORDER BY fid"));

/// Those on two reports, the last word last.
pub(super) static SAID_OF_TWO: LazyLock<String> =
    LazyLock::new(|| format!("{SAID} WHERE other_id IS NOT NULL ORDER BY fid"));

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
