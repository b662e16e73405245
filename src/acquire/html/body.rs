//! Where on a page the article is.

use dom_query::{Document, NodeRef, Selection};
use dom_smoothie::{Config, Readability};

use super::furniture;
use super::labels;
use super::lines::{self, Line};

/// The names that themes and publishing systems give to an article's text,
/// the most telling first.
const NAMED: [&str; 4] = [
    "[itemprop=articleBody]",
    ".entry-content, .td-post-content, .jeg_post_content",
    ".article-body, .article__body, .article-content, .article__content, .articleBody, \
     #article-body, .article-text, .article__text, .b-article__text",
    ".post-content, .post-body, .post__content, .story-body, .story-content, .news-content, \
     .news-body, .single-content, .node__content, .field--name-body",
];

/// What an article is in, together with things that are not text of it.
const AROUND: [&str; 1] = ["article, main, [role=main]"];

/// Where themes put the first paragraph when they set it apart.
const LEAD: &str = "[class*=__lead], [class*=article-lead], [class*=standfirst], .lead, \
    .entry-sub-title, .post-excerpt, .article-summary, .article__summary, [itemprop=description]";

/// The least characters that make an article: one short sentence.
const SHORTEST: usize = 20;

/// Bounds of what text density is measured on. The crate that does it calls
/// itself for each level and goes over the page many times; beyond them are
/// no articles that anybody wrote.
const DEEPEST: usize = 512;
const MOST_NODES: usize = 100_000;
const MOST_CHARACTERS: usize = 200_000;

/// The text of the article; empty if the page has none.
pub(super) fn text(document: Document, title: Option<&str>) -> String {
    let named = longest(&document, &NAMED);
    let around = named.or_else(|| longest(&document, &AROUND));
    furniture::remove(&document, around.as_ref());
    if let Some(named) = named {
        let own = paragraphs(&named, title);
        if length(&own) >= SHORTEST {
            return join(&with_lead(&named, own, title));
        }
    }
    let plain = around
        .map(|around| paragraphs(&around, title))
        .filter(|lines| length(lines) >= SHORTEST)
        .or_else(|| document.body().map(|body| paragraphs(&body, title)))
        .unwrap_or_default();
    let dense = dense(document, title).filter(|lines| length(lines) >= SHORTEST);
    join(&dense.unwrap_or(plain))
}

/// The longest element of the most telling kind that there is.
fn longest<'a>(document: &'a Document, kinds: &[&str]) -> Option<NodeRef<'a>> {
    kinds.iter().find_map(|selector| {
        let found = document.select(selector);
        let sizes = found.nodes().iter().map(|node| (node.normalized_char_count(), *node));
        let (size, node) = sizes.max_by_key(|&(size, _)| size)?;
        (size >= SHORTEST).then_some(node)
    })
}

/// Puts the first paragraph back where the page set it apart from the others.
/// It is looked for no farther than around the heading of the same article,
/// or right beside it where the heading stands elsewhere.
fn with_lead(body: &NodeRef<'_>, own: Vec<Line>, title: Option<&str>) -> Vec<Line> {
    let headed =
        body.ancestors_it(None).find(|above| Selection::from(*above).select("h1").exists());
    let Some(scope) = headed.or_else(|| body.parent()) else { return own };
    let outside = |node: &&NodeRef<'_>| !node.ancestors_it(None).any(|above| above.id == body.id);
    let found = Selection::from(scope).select(LEAD);
    let lead = found.nodes().iter().find(outside).map(|lead| paragraphs(lead, title));
    let mut lines = lead.unwrap_or_default();
    lines.retain(|line| !own.contains(line));
    lines.extend(own);
    lines
}

/// What text density finds.
fn dense(document: Document, title: Option<&str>) -> Option<Vec<Line>> {
    if !is_measurable(&document) {
        return None;
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    let content =
        Readability::with_document(document, None, Some(config)).ok()?.parse().ok()?.content;
    let document = Document::from(content);
    document.body().map(|body| paragraphs(&body, title))
}

fn is_measurable(document: &Document) -> bool {
    let (mut count, mut deepest) = (0, 0);
    let mut nodes = vec![(document.root(), 0)];
    while let Some((node, depth)) = nodes.pop() {
        count += 1;
        deepest = deepest.max(depth);
        nodes.extend(node.children_it(false).map(|child| (child, depth + 1)));
    }
    let characters = document.root().normalized_char_count();
    deepest <= DEEPEST && count <= MOST_NODES && characters <= MOST_CHARACTERS
}

pub(super) fn paragraphs(node: &NodeRef<'_>, title: Option<&str>) -> Vec<Line> {
    let mut lines = lines::of(node);
    lines.retain(|line| !line.is_pointer() && title != Some(line.text.as_str()));
    labels::remove(&mut lines);
    lines
}

fn length(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.text.chars().count()).sum()
}

pub(super) fn join(lines: &[Line]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.join("\n\n")
}
