//! Tables: what they are, and their rows.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::BufRead;
use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use jiff::civil::Date;

use super::{Error, Imported, Kind, Names, Refused, acled, ucdp};
use crate::model::point::LonLat;

/// Reads a table row by row.
pub(super) fn read<E: From<Error>>(
    mut file: impl BufRead,
    kind: Option<Kind>,
    names: &Names<'_>,
    mut take: impl FnMut(Result<Imported, Refused>) -> Result<(), E>,
) -> Result<(), E> {
    let delimiter = delimiter(file.fill_buf().map_err(Error::Io)?);
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter)
        // Only this one, since lines are counted by it; cells lose the other with their spaces.
        .terminator(csv::Terminator::Any(b'\n'))
        .flexible(true)
        .has_headers(false)
        .from_reader(file);
    let mut record = ByteRecord::new();
    if !table.read_byte_record(&mut record).map_err(failed)? {
        return Err(Error::Unknown.into());
    }
    let columns = columns(&record);
    let has = |name: &str| columns.contains_key(name);
    // Ours has ACLED's columns as well.
    if has("evidence_start") {
        return Err(Error::OwnTable.into());
    }
    let told = if has("event_id_cnty") { Some(Kind::Acled) } else { None };
    let told = told.or(has("type_of_violence").then_some(Kind::Ucdp));
    let (needed, imported): (_, RowReader) = match kind.or(told) {
        Some(Kind::Acled) => (acled::NEEDED, acled::imported),
        Some(Kind::Ucdp) => (ucdp::NEEDED, ucdp::imported),
        _ => return Err(Error::Unknown.into()),
    };
    if let Some(missing) = needed.iter().find(|name| !has(name)) {
        return Err(Error::NoColumn(missing).into());
    }
    while table.read_byte_record(&mut record).map_err(failed)? {
        if record.len() == 1 && record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let line = line(&record, table.position().line());
        let read = match StringRecord::from_byte_record(record.clone()) {
            Ok(record) if record.len() != columns.len() => {
                Err(format!("it has {} cells, and the head {}", record.len(), columns.len()))
            }
            Ok(record) => imported(&Row { columns: &columns, record: &record }, names),
            Err(_) => Err("it is not in UTF-8".to_owned()),
        };
        take(read.map_err(|why| Refused { place: format!("line {line}"), why }))?;
    }
    Ok(())
}

/// The line that a record begins on, told by the line after it: empty lines stand between records.
fn line(record: &ByteRecord, after: u64) -> u64 {
    let begun = record.position().map_or(0, csv::Position::line);
    let within = record.iter().flatten().filter(|&&byte| byte == b'\n').count() as u64;
    begun + after.saturating_sub(begun + within + 1)
}

/// Makes an event of a row, or says why not.
type RowReader = fn(&Row<'_>, &Names<'_>) -> Result<Imported, String>;

/// Columns by their names.
type Columns = HashMap<String, usize>;

fn failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Io(error),
        // Nothing else can happen to bytes in rows of any length.
        other => Error::Io(std::io::Error::other(format!("{other:?}"))),
    }
}

/// What stands between the cells of the first line: exports differ by the country of their maker.
fn delimiter(start: &[u8]) -> u8 {
    let head = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |mark: u8| head.split(|&byte| byte == mark).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&mark| count(mark)).unwrap_or(b',')
}

fn columns(head: &ByteRecord) -> Columns {
    let names = head.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase());
    let mut columns = Columns::with_capacity(head.len());
    for (place, name) in names.enumerate() {
        // Nameless and repeated ones still count as cells.
        let name = if columns.contains_key(&name) { format!("{name} {place}") } else { name };
        columns.insert(name, place);
    }
    columns
}

/// One row of a table.
pub(super) struct Row<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
}

impl Row<'_> {
    /// A cell; `None` if it is empty or its column is not there.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        let cell = self.record.get(*self.columns.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// The same as text of its own.
    pub(super) fn owned(&self, column: &str) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    /// A cell that must hold something.
    pub(super) fn needed(&self, column: &str) -> Result<&str, String> {
        self.text(column).ok_or_else(|| format!("its `{column}` is empty"))
    }

    /// A cell as a value of some type.
    pub(super) fn read<T: FromStr>(&self, column: &str, what: &str) -> Result<Option<T>, String> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let read = text.parse().map(Some);
        read.map_err(|_other_type| {
            format!("its `{column}` is `{}`, which is not {what}", cut(text))
        })
    }

    /// A count. What is below zero means in these tables that nobody knows.
    pub(super) fn count(&self, column: &str) -> Result<Option<u32>, String> {
        let number: Option<i64> = self.read(column, "a whole number")?;
        let Some(number) = number.filter(|&number| number >= 0) else { return Ok(None) };
        let fits = u32::try_from(number).map(Some);
        fits.map_err(|_too_large| format!("its `{column}` is `{number}`, more than can be"))
    }

    /// A code of one of the code book's lists.
    pub(super) fn code(&self, column: &str) -> Result<Option<u8>, String> {
        self.read(column, "a code of the code book")
    }

    /// A day: `2022-07-18` with or without a time, or `18 July 2022`.
    pub(super) fn day(&self, column: &str) -> Result<Date, String> {
        let text = self.needed(column)?;
        let (day, time) = text.split_at_checked(10).unwrap_or((text, ""));
        let plain = time.is_empty() || time.starts_with([' ', 'T']);
        let iso = day.parse().ok().filter(|_| plain);
        let spelled = || Date::strptime("%d %B %Y", text).ok();
        iso.or_else(spelled).ok_or_else(|| {
            format!("its `{column}` is `{}`: write 2022-07-18 or 18 July 2022", cut(text))
        })
    }

    /// The point that `latitude` and `longitude` give, which must be in Syria.
    pub(super) fn point(&self) -> Result<LonLat, String> {
        let degrees = |column: &str| {
            let read: Option<f64> = self.read(column, "a number of degrees")?;
            read.ok_or_else(|| format!("its `{column}` is empty"))
        };
        let (lon, lat) = (degrees("longitude")?, degrees("latitude")?);
        let in_frame = WEST_TO_EAST.contains(&lon) && SOUTH_TO_NORTH.contains(&lat);
        let point = LonLat::new(lon, lat).filter(|_| in_frame);
        point.ok_or_else(|| format!("longitude {lon}, latitude {lat} is not in Syria"))
    }

    /// Refuses what happened in another country.
    pub(super) fn in_syria(&self) -> Result<(), String> {
        match self.text("country") {
            Some(country) if country != "Syria" => {
                Err(format!("it is in `{}`, not in Syria", cut(country)))
            }
            _ => Ok(()),
        }
    }
}

/// Somewhat more than the country: tables place battles at its borders on either side.
const WEST_TO_EAST: std::ops::RangeInclusive<f64> = 35.0..=43.0;
const SOUTH_TO_NORTH: std::ops::RangeInclusive<f64> = 32.0..=38.0;

/// The beginning of a cell, fit for a message.
pub(super) fn cut(text: &str) -> impl Display {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
