//! `POST /articles`: articles handed in by whoever shows the operator's token, answered once
//! they are on the disk.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::Site;
use super::answer::JSON;
use super::call::Call;
use super::error::Error;
use crate::acquire::{Options, Record};
use crate::model::article::{Article, ArticleId};
use crate::model::event::EventId;
use crate::store::Inserted;

/// Bytes of a request: as many as one article may have.
pub(super) const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Articles of a request: some seconds of work.
pub(super) const MOST_ARTICLES: usize = 10_000;

/// Characters of an id.
const LONGEST_ID: usize = 512;

/// Requests that are read or waited for at once; each may hold its bytes in memory.
const MOST_REQUESTS: usize = 8;

/// How long a request may take to come, and how long to be kept.
const PATIENCE: Duration = Duration::from_secs(60);

/// One JSON object a line, as its senders call it.
const LINES: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

/// What lets a client hand in articles. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token is 16 to 512 letters, digits or marks of ASCII, without spaces")]
pub struct NoToken;

impl FromStr for Token {
    type Err = NoToken;

    fn from_str(text: &str) -> Result<Self, NoToken> {
        let fits = (16..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(NoToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// Compares in a time that tells nothing of the token.
    fn is(&self, shown: &str) -> bool {
        Sha256::digest(&self.0).ct_eq(&Sha256::digest(shown)).into()
    }
}

/// What became of an article: whether it was new, with its events, unless these could not be looked up any more; or
/// why it is not kept.
pub type Outcome = Result<(Inserted, Option<Vec<EventId>>), String>;

/// Gets the articles' outcomes, each with its place in the request, once they are kept.
pub type Outcomes = mpsc::UnboundedReceiver<(usize, Outcome)>;

/// There is no room for more articles now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

type Take = dyn Fn(Vec<Article>) -> Result<Outcomes, Busy> + Send + Sync;

/// Where articles are handed in. Cheap to clone; the usual one takes none.
#[derive(Clone, Default)]
pub struct Intake(Door);

#[derive(Clone, Default)]
enum Door {
    /// The operator has set no token.
    #[default]
    Closed,
    /// This server only reads what others keep.
    ReadOnly,
    Open(Arc<Inner>),
}

struct Inner {
    token: Token,
    room: Semaphore,
    take: Box<Take>,
}

impl Intake {
    /// Takes articles from whoever shows the token; `take` begins to keep them, all or none.
    pub fn new(
        token: Token,
        take: impl Fn(Vec<Article>) -> Result<Outcomes, Busy> + Send + Sync + 'static,
    ) -> Self {
        let room = Semaphore::new(MOST_REQUESTS);
        Self(Door::Open(Arc::new(Inner { token, room, take: Box::new(take) })))
    }

    /// Takes none, since the store is only read.
    pub fn read_only() -> Self {
        Self(Door::ReadOnly)
    }

    fn open_to(&self, headers: &HeaderMap) -> Result<Arc<Inner>, Error> {
        let inner = match &self.0 {
            Door::Open(inner) => inner,
            Door::Closed => return Err(Error::ArticlesNotTaken),
            Door::ReadOnly => return Err(Error::OnlyRead),
        };
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| {
            let (scheme, token) = value.trim().split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let is_right = shown.is_some_and(|shown| inner.token.is(shown));
        if is_right { Ok(Arc::clone(inner)) } else { Err(Error::Unauthorized) }
    }
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Door::Open(_) => "Intake(open)",
            Door::Closed => "Intake(closed)",
            Door::ReadOnly => "Intake(read-only)",
        })
    }
}

/// `POST /articles`.
pub(super) async fn articles(
    State(site): State<Arc<Site>>,
    call: Call,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    call.allow(&[])?;
    call.format()?;
    let intake = site.intake.open_to(&headers)?;
    let form = Form::of(&headers)?;
    let Ok(_room) = intake.room.try_acquire() else { return Err(Error::QueueFull) };
    let bytes = bytes(&headers, body, MOST_BYTES).await?;
    // Some milliseconds a megabyte: others are answered meanwhile.
    let given = tokio::task::spawn_blocking(move || read(form, &bytes)).await;
    let given =
        given.map_err(|_panic| Error::NotKept { told: "reading it broke off".to_owned() })??;
    let ids: Vec<ArticleId> = given.iter().map(|article| article.id.clone()).collect();
    let outcomes = (intake.take)(given).map_err(|Busy| Error::QueueFull)?;
    let mut refusal = site.board.refusal();
    let told = tokio::select! {
        biased;
        told = timeout(PATIENCE, gather(ids, outcomes)) => {
            told.map_err(|_late| Error::NotKept { told: "it takes too long".to_owned() })??
        }
        // Behind what waits for the store it would wait as long.
        Ok(why) = refusal.wait_for(Option::is_some) => {
            return Err(Error::NotKept { told: why.clone().unwrap_or_default() });
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({ "articles": told }))).into_response())
}

/// Waits for the outcome of each article, in the order in which they came.
async fn gather(ids: Vec<ArticleId>, mut outcomes: Outcomes) -> Result<Vec<Value>, Error> {
    let not_kept = |told: &str| Error::NotKept { told: told.to_owned() };
    let mut told: Vec<Value> =
        ids.into_iter().map(|id| json!({ "id": id, "became": null, "events": [] })).collect();
    let mut left = told.len();
    while left > 0 {
        let (at, outcome) =
            outcomes.recv().await.ok_or_else(|| not_kept("the server is ending"))?;
        let (inserted, events) = outcome.map_err(|why| not_kept(&why))?;
        let became = became(inserted);
        if let Some(Value::Object(answer)) = told.get_mut(at) {
            answer.insert("became".to_owned(), became.into());
            answer.insert("events".to_owned(), json!(events));
        }
        left -= 1;
    }
    Ok(told)
}

/// What became of an article, in one word.
const fn became(inserted: Inserted) -> &'static str {
    match inserted {
        Inserted::New { .. } => "new",
        Inserted::Updated { .. } => "updated",
        Inserted::AlreadyThere => "known",
    }
}

/// How a request writes its articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One object, or a list of them.
    Json,
    /// One object a line.
    Lines,
}

impl Form {
    fn of(headers: &HeaderMap) -> Result<Self, Error> {
        match media_type(headers).as_str() {
            JSON => Ok(Self::Json),
            kind if LINES.contains(&kind) => Ok(Self::Lines),
            _ => Err(Error::UnsupportedMediaType {
                allowed: [&[JSON], &LINES[..]].concat().join(", "),
            }),
        }
    }
}

/// The body of a request, if it has no more than so many bytes and comes in time.
pub(super) async fn bytes(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Error> {
    let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|told: usize| told > limit) {
        return Err(Error::TooLarge { limit });
    }
    match timeout(PATIENCE, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_longer)) => Err(Error::TooLarge { limit }),
        Err(_late) => Err(Error::TooSlow),
    }
}

/// What the sender says that the body is, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The articles of a request: all of them are right, or none is taken.
fn read(form: Form, bytes: &[u8]) -> Result<Vec<Article>, Error> {
    let wrong = |told: String| Error::BadArticle { told };
    let options = Options::default();
    let articles: Vec<Article> = match form {
        Form::Json => {
            let body = serde_json::from_slice(bytes)
                .map_err(|error| wrong(format!("the body is not JSON: {error}")))?;
            let list = if let Value::Array(list) = body { list } else { vec![body] };
            let read = list.iter().zip(1..).map(|(value, number)| {
                let told = |why: String| wrong(format!("article {number}: {why}"));
                if !value.is_object() {
                    return Err(told(NO_OBJECT.to_owned()));
                }
                let record = Record::deserialize(value).map_err(|error| told(error.to_string()))?;
                checked(record, &options).map_err(told)
            });
            read.collect::<Result<_, _>>()?
        }
        Form::Lines => {
            let lines = bytes.split(|&byte| byte == b'\n').zip(1..);
            let lines = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
            let read = lines.map(|(line, number)| {
                let told = |why: String| wrong(format!("line {number}: {why}"));
                if !line.trim_ascii().starts_with(b"{") {
                    return Err(told(NO_OBJECT.to_owned()));
                }
                let record =
                    serde_json::from_slice(line).map_err(|error| told(error.to_string()))?;
                checked(record, &options).map_err(told)
            });
            read.collect::<Result<_, _>>()?
        }
    };
    match articles.len() {
        0 => Err(wrong("there is no article: send at least one".to_owned())),
        1..=MOST_ARTICLES => Ok(articles),
        many => Err(wrong(format!("{many} articles are too many: send at most {MOST_ARTICLES}"))),
    }
}

/// Otherwise a list would be read as an object's values.
const NO_OBJECT: &str = "an article is a JSON object";

/// An article that has a name to be found by and something to be read.
fn checked(record: Record, options: &Options) -> Result<Article, String> {
    let id = &record.id.0;
    if id.is_empty() || id.chars().count() > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(format!("`id` has 1 to {LONGEST_ID} characters, none of them a control"));
    }
    if record.text.trim().is_empty() {
        return Err("`text` is empty: an article needs a text".to_owned());
    }
    Ok(record.into_article(options))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_long_enough_and_never_shown() {
        let token: Token = "0123456789abcdef".parse().unwrap();
        assert!(token.is("0123456789abcdef"));
        assert!(!token.is("0123456789abcdeF") && !token.is(""));
        assert_eq!(format!("{token:?}"), "Token(…)");
        for wrong in ["", "short", "0123456789 abcdef", "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧"] {
            assert_eq!(wrong.parse::<Token>(), Err(NoToken));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_in_words(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            lines in any::<bool>(),
        ) {
            let form = if lines { Form::Lines } else { Form::Json };
            if let Err(error) = read(form, &bytes) {
                prop_assert!(!error.to_string().is_empty());
            }
        }

        #[test]
        fn what_is_written_as_lines_or_as_a_list_is_read_alike(
            texts in prop::collection::vec("\\PC*[a-z]", 1..9),
        ) {
            let records: Vec<Value> =
                texts.iter().zip(0..).map(|(text, id): (_, u32)| json!({ "id": id.to_string(), "text": text })).collect();
            let lines: Vec<String> = records.iter().map(Value::to_string).collect();
            let lines = lines.join("\r\n\n");
            let read_lines = read(Form::Lines, lines.as_bytes()).unwrap();
            let list = Value::Array(records).to_string();
            prop_assert_eq!(&read(Form::Json, list.as_bytes()).unwrap(), &read_lines);
            let kept: Vec<&str> = read_lines.iter().map(|article| article.text.as_str()).collect();
            prop_assert_eq!(kept, texts.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_wrong_article_is_told_by_its_place() {
        for (form, body, told) in [
            (Form::Json, r#"{"id": "1"}"#, "article 1: missing field `text`"),
            (
                Form::Json,
                r#"[{"id": "1", "text": "a"}, {"id": "", "text": "a"}]"#,
                "article 2: `id` has 1 to 512",
            ),
            (Form::Json, r#"{"id": "1", "text": " \n"}"#, "article 1: `text` is empty"),
            (Form::Json, "[]", "there is no article"),
            (Form::Json, "{", "the body is not JSON"),
            (
                Form::Lines,
                "\n{\"id\": \"1\", \"text\": \"a\"}\n7",
                "line 3: an article is a JSON object",
            ),
            (Form::Lines, r#"["1", "a"]"#, "line 1: an article is a JSON object"),
            (Form::Json, r#"[["1", "a"]]"#, "article 1: an article is a JSON object"),
            (Form::Lines, "\n\n", "there is no article"),
        ] {
            let error = read(form, body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(told), "{body}: {error}");
        }
    }
}
