//! Events that were coded elsewhere, many in one transaction.

use super::Kept;
use super::draft::Draft;
use super::error::Error;
use crate::model::article::{Article, ArticleId};
use crate::model::event::Event;
use crate::model::report::Evidence;

/// Stands in the text of an article for a character that nobody has told us.
const UNTOLD: char = '\n';

/// Keeps an event with the article that it rests on, and says what became of it.
pub(super) fn keep(draft: &mut Draft<'_>, article: &Article, event: &Event) -> Result<Kept, Error> {
    // One that has joined another is on the map as well.
    if draft.is_taken(&event.id)? {
        return Ok(Kept::Known);
    }
    let is_new = draft.put_quoted(article, &event.source.extractor)?;
    if !is_new && !quoted(draft, &article.id, &event.evidence)? {
        return Ok(Kept::Contradicted);
    }
    draft.put_event(event)?;
    Ok(Kept::New)
}

/// Whether the article has the evidence in its place, or has it now: what it did not tell is filled in.
fn quoted(draft: &mut Draft<'_>, article: &ArticleId, wanted: &Evidence) -> Result<bool, Error> {
    let mut text: Vec<char> = draft.text_of(article)?.chars().collect();
    if stands(&text, wanted.evidence_start, &wanted.evidence) {
        return Ok(true);
    }
    if !fill(&mut text, wanted) {
        return Ok(false);
    }
    // A quotation may itself hold what stands for the untold; then the others decide.
    let others = draft.quotations(article)?;
    if others.iter().any(|(start, words)| !stands(&text, *start, words)) {
        return Ok(false);
    }
    draft.set_text(article, &text.into_iter().collect::<String>())?;
    Ok(true)
}

fn stands(text: &[char], start: usize, words: &str) -> bool {
    let rest = text.get(start..).unwrap_or_default();
    let mut rest = rest.iter();
    words.chars().all(|letter| rest.next() == Some(&letter))
}

/// Writes the quotation where nothing else stands; `false` if something does.
fn fill(text: &mut Vec<char>, quotation: &Evidence) -> bool {
    if text.len() < quotation.evidence_end {
        text.resize(quotation.evidence_end, UNTOLD);
    }
    let place = text.get_mut(quotation.evidence_start..quotation.evidence_end);
    let mut place = place.into_iter().flatten();
    quotation.evidence.chars().all(|letter| match place.next() {
        Some(there) if *there == letter || *there == UNTOLD => {
            *there = letter;
            true
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::event::EventId;
    use crate::store::samples::{article, event};
    use crate::store::{Options, Store};

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Options { path: folder.path().join("rasid.gpkg") }).unwrap();
        (folder, store)
    }

    /// An event that rests on these words of the article, and as much of the article.
    fn quoting(number: usize, start: usize, words: &str) -> (Article, Event) {
        let mut article = article(1);
        article.text = "\n".repeat(start) + words;
        let mut event = event(&article, number);
        event.evidence.evidence = words.to_owned();
        event.evidence.evidence_start = start;
        event.evidence.evidence_end = start + words.chars().count();
        (article, event)
    }

    fn text(folder: &tempfile::TempDir) -> String {
        let sql = rusqlite::Connection::open(folder.path().join("rasid.gpkg")).unwrap();
        sql.query_row("SELECT text FROM articles", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_article_grows_by_what_is_quoted_of_it_and_is_never_contradicted() {
        let (folder, store) = store();
        let batch = [quoting(1, 3, "قصف"), quoting(2, 8, "مقتل"), quoting(2, 8, "مقتل")];
        assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::New, Kept::Known]);
        assert_eq!(text(&folder), "\n\n\nقصف\n\nمقتل");
        let batch = [quoting(3, 2, "xقصف"), quoting(4, 3, "قتل"), quoting(5, 4, "صف")];
        assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::Contradicted, Kept::New]);
        assert_eq!(text(&folder), "\n\nxقصف\n\nمقتل");
        assert_eq!((store.count(), store.refresh().unwrap(), store.count()), (0, 4, 4));
    }

    #[test]
    fn a_quotation_may_hold_the_end_of_a_line() {
        let (folder, store) = store();
        let batch = [quoting(1, 0, "a\nb"), quoting(2, 0, "axb"), quoting(3, 2, "bc")];
        assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::Contradicted, Kept::New]);
        assert_eq!(text(&folder), "a\nbc");
    }

    #[test]
    fn what_an_article_says_stays_as_it_was_read() {
        let (folder, store) = store();
        let whole = article(1);
        let words: String = whole.text.chars().take(8).collect();
        store.insert(&whole, &[quoting(1, 0, &words).1]).unwrap();
        let batch = [quoting(2, 0, &words), quoting(3, 0, "other")];
        assert_eq!(store.import(&batch).unwrap(), [Kept::New, Kept::Contradicted]);
        assert_eq!(text(&folder), whole.text);
    }

    #[test]
    fn many_events_are_one_transaction() {
        let (_folder, store) = store();
        let mut batch: Vec<_> = (0..3_000).map(|number| quoting(number, 3, "قصف")).collect();
        for (number, (article, event)) in batch.iter_mut().enumerate() {
            article.id = ArticleId(format!("article {number}"));
            event.source.article_id = article.id.clone();
            event.id = EventId(format!("event {number}"));
        }
        assert_eq!(store.import(&batch).unwrap(), vec![Kept::New; 3_000]);
        assert_eq!(store.refresh().unwrap(), 3_000);
        assert_eq!(store.import(&[]).unwrap(), []);
    }

    proptest! {
        // Each makes a store on the disk.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn pieces_of_a_text_join_in_any_order(
            text in "[a-c ق\n]{1,30}",
            pieces in prop::collection::vec((0_usize..30, 1_usize..10), 1..8),
        ) {
            let (folder, store) = store();
            let letters: Vec<char> = text.chars().collect();
            let pieces = pieces.into_iter().filter(|(start, _)| *start < letters.len());
            let batch: Vec<_> = pieces.enumerate().map(|(number, (start, length))| {
                let end = (start + length).min(letters.len());
                quoting(number, start, &letters[start..end].iter().collect::<String>())
            }).collect();
            prop_assert_eq!(store.import(&batch).unwrap(), vec![Kept::New; batch.len()]);
            if !batch.is_empty() {
                let kept: Vec<char> = self::text(&folder).chars().collect();
                for (_, event) in &batch {
                    prop_assert!(stands(&kept, event.evidence.evidence_start, &event.evidence.evidence));
                }
            }
        }
    }
}
