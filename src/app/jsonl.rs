//! The line-by-line modes: one JSON object in, one out, in the same order.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::acquire::{Options, Record};
use crate::geocode::candidate::Candidate;
use crate::model::article::{Article, ArticleId, Published};
use crate::model::event::Event;
use crate::model::place::Place;
use crate::model::report::Extraction;
use crate::pipeline::Knowledge;

/// Lines that are read before any is answered: enough for all cores, little to hold.
const BATCH: usize = 256;

#[derive(Serialize)]
struct Answer<'a, F> {
    id: &'a ArticleId,
    features: Vec<F>,
    problems: Vec<String>,
}

/// Answers each article with its features: `{"id", "features", "problems"}`.
///
/// A line that is no article is answered too, with what is wrong with it.
pub(super) fn extract(
    knowledge: &Knowledge,
    path: &Path,
    published: Option<Published>,
    out: &mut impl Write,
) -> Result<()> {
    let options = Options { published, ..Options::default() };
    in_batches(path, |lines| {
        let read: Vec<Result<Article, Value>> =
            lines.iter().map(|(number, line)| article(line, *number, &options)).collect();
        let articles: Vec<Article> = read.iter().filter_map(|r| r.as_ref().ok()).cloned().collect();
        let mut answers = knowledge.read_all(&articles).into_iter();
        for line in &read {
            match line {
                Err(wrong) => write_line(out, wrong)?,
                Ok(Article { id, .. }) => {
                    let (events, Extraction { problems, .. }) =
                        answers.next().context("an article was not answered")?;
                    let features = events.iter().map(Event::feature).collect();
                    write_line(out, &Answer { id, features, problems })?;
                }
            }
        }
        Ok(())
    })?;
    Ok(out.flush()?)
}

fn article(line: &str, number: usize, options: &Options) -> Result<Article, Value> {
    let record: Record = serde_json::from_str(line).map_err(|error| {
        json!({ "id": id_of(line), "features": [], "problems": [format!("line {number} is not an article: {error}")] })
    })?;
    Ok(record.into_article(options))
}

/// The id of a line that is wrong otherwise, so that its sender finds it again.
fn id_of(line: &str) -> Option<Value> {
    serde_json::from_str::<Value>(line).ok()?.get("id").cloned()
}

#[derive(Deserialize)]
struct Asked {
    id: Value,
    text: String,
}

/// Answers each name with its place: `{"id", "place", "candidates"}`.
pub(super) fn geocode(knowledge: &Knowledge, path: &Path, out: &mut impl Write) -> Result<()> {
    in_batches(path, |lines| {
        for (number, line) in lines {
            let answer = match serde_json::from_str::<Asked>(line) {
                Ok(asked) => {
                    let (place, candidates) = knowledge.geocode(&asked.text, None);
                    json!({ "id": asked.id, "place": place.as_ref().map(told), "candidates": candidates.iter().map(told).collect::<Vec<_>>() })
                }
                Err(error) => {
                    let problem = format!("line {number} is not {{\"id\", \"text\"}}: {error}");
                    json!({ "id": id_of(line), "place": null, "candidates": [], "problems": [problem] })
                }
            };
            write_line(out, &answer)?;
        }
        Ok(())
    })?;
    Ok(out.flush()?)
}

fn told(candidate: &Candidate<'_>) -> Value {
    let Place { id, name_en, name_ar, kind, admin1, .. } = candidate.place;
    let point = candidate.point;
    json!({
        "id": id, "name": name_en, "name_ar": name_ar, "kind": kind, "admin1": admin1,
        "lat": point.lat(), "lon": point.lon(), "score": (candidate.score * 1000.0).round() / 1000.0,
    })
}

/// Hands the lines of a file or of standard input on in batches, each with its number. Blank ones are left out.
fn in_batches(path: &Path, mut take: impl FnMut(&[(usize, String)]) -> Result<()>) -> Result<()> {
    let named = || format!("cannot read `{}`", path.display());
    let mut lines: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(path).with_context(named)?))
    };
    let mut batch = Vec::with_capacity(BATCH);
    for number in 1.. {
        let mut bytes = Vec::new();
        let ended = lines.read_until(b'\n', &mut bytes).with_context(named)? == 0;
        let line = String::from_utf8_lossy(&bytes);
        if !line.trim().is_empty() {
            batch.push((number, line.into_owned()));
        }
        if ended || batch.len() == BATCH {
            take(&batch)?;
            batch.clear();
        }
        if ended {
            break;
        }
    }
    Ok(())
}

fn write_line(out: &mut impl Write, answer: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    out.write_all(b"\n")?;
    Ok(())
}
