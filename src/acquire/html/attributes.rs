//! Elements with very many attributes, cut short before they are parsed.
//!
//! A parser compares each attribute with all before it. Where tags begin, only a parser knows: in
//! scripts, comments and values they do not. So one is taken to begin at every `<` that could, and
//! what is cut is a tag or nothing that is read.

use std::borrow::Cow;

/// The most attributes of an element. Pages have some thirty.
const MOST: usize = 256;

/// Bytes that are followed for each byte of the page. Tags that overlap more than that, as none of a
/// page do, are followed together, which takes longer for one and no longer for many.
const PATIENCE: usize = 4;

/// HTML no element of which has very many attributes; nearly always as it came.
pub(super) fn cut(html: &str) -> Cow<'_, str> {
    cut_to(html, MOST)
}

fn cut_to(html: &str, most: usize) -> Cow<'_, str> {
    if is_short(html, most) { Cow::Borrowed(html) } else { Cow::Owned(shortened(html, most)) }
}

/// Where in a tag a parser stands.
/// See <https://html.spec.whatwg.org/multipage/parsing.html#tag-name-state> and what follows there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind a `<`.
    Open,
    Tag,
    Between,
    Name,
    AfterName,
    Equals,
    /// In a value that ends with this quote.
    Quoted(u8),
    Bare,
}

/// Whether no tag has more attributes, as far as a look at each by itself tells.
fn is_short(html: &str, most: usize) -> bool {
    let mut left = html.len().saturating_mul(PATIENCE);
    for (at, _) in html.match_indices('<') {
        let tag = html.as_bytes().get(at + 1..).unwrap_or_default();
        let (count, followed) = follow(tag, most);
        if count > most || followed > left {
            return false;
        }
        left -= followed;
    }
    true
}

/// Counts the attributes of a tag to its end, or until they are more; and the bytes until there.
fn follow(tag: &[u8], most: usize) -> (usize, usize) {
    let (mut place, mut count) = (Place::Open, 0);
    for (at, &byte) in tag.iter().enumerate() {
        let Some(after) = next(place, byte) else { return (count, at) };
        count += usize::from(is_new(place, after));
        if count > most {
            return (count, at);
        }
        place = after;
    }
    (count, tag.len())
}

/// Ends each tag before its first attribute too many.
///
/// All tags are followed at once: of those that stand at one place the one with the most attributes is
/// enough, so that this takes the time of one reading.
fn shortened(html: &str, most: usize) -> String {
    let mut cut = String::with_capacity(html.len());
    let (mut before, mut tags) = (Tags::new(), Tags::new());
    for c in html.chars() {
        // No tag begins with a letter of another script.
        let byte = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(u8::MAX);
        std::mem::swap(&mut before, &mut tags);
        tags.clear();
        let step = |&(place, count): &(Place, usize)| {
            let after = next(place, byte)?;
            Some((after, count + usize::from(is_new(place, after))))
        };
        if before.iter().filter_map(step).any(|(_, count)| count > most) {
            cut.push('>');
            // Only what is in quotes goes on.
            before.retain(|(place, _)| matches!(place, Place::Quoted(_)));
        }
        for (after, count) in before.iter().filter_map(step) {
            add(&mut tags, after, count);
        }
        if byte == b'<' {
            add(&mut tags, Place::Open, 0);
        }
        cut.push(c);
    }
    cut
}

/// Where tags stand, and the most attributes of one there.
type Tags = Vec<(Place, usize)>;

fn add(tags: &mut Tags, place: Place, count: usize) {
    match tags.iter_mut().find(|(known, _)| *known == place) {
        Some((_, most)) => *most = count.max(*most),
        None => tags.push((place, count)),
    }
}

/// Whether an attribute begins there.
fn is_new(place: Place, after: Place) -> bool {
    after == Place::Name && place != Place::Name
}

/// The place after a byte; `None` where the tag ends.
const fn next(place: Place, byte: u8) -> Option<Place> {
    let space = byte.is_ascii_whitespace();
    Some(match (place, byte) {
        (Place::Quoted(end), _) if end == byte => Place::Between,
        (Place::Quoted(_), _) => place,
        (_, b'>') => return None,
        (Place::Open, _) if byte.is_ascii_alphabetic() || byte == b'/' => Place::Tag,
        (Place::Open, _) => return None,
        (Place::Equals, b'"' | b'\'') => Place::Quoted(byte),
        (Place::Equals, _) if space => Place::Equals,
        (Place::Equals, _) => Place::Bare,
        (Place::Name | Place::AfterName, b'=') => Place::Equals,
        (Place::Name | Place::AfterName, _) if space => Place::AfterName,
        (Place::Bare | Place::Tag | Place::Between, _) if space => Place::Between,
        (Place::Tag | Place::Between | Place::Name | Place::AfterName, b'/') => Place::Between,
        (Place::Tag | Place::Bare, _) => place,
        (Place::Between | Place::Name | Place::AfterName, _) => Place::Name,
    })
}

#[cfg(test)]
mod tests {
    use dom_query::Document;
    use proptest::prelude::*;

    use super::*;

    /// The most attributes that the parser gives an element.
    fn most_of(html: &str) -> usize {
        let document = Document::from(html);
        let count = |node: dom_query::NodeRef<'_>| node.attrs().len();
        document.select("*").nodes().iter().map(|node| count(*node)).max().unwrap_or(0)
    }

    #[test]
    fn a_page_is_left_as_it_is() {
        let long = "word 'x' = / < ".repeat(10_000);
        let attributes: Vec<String> = (0..MOST).map(|n| format!("a{n}='<b >'")).collect();
        for page in [
            "<p>text <br> text<li>item<td a=1 b c='>'>".repeat(2_000),
            "a < b > c ".repeat(10_000),
            format!("<p title=\"{long}\" data-page='{{\"text\":\"…\"}}'>x</p>"),
            format!("<p {}>x</p>", attributes.join(" ")),
            "<script>for (i = 0; i <n; i++) { a = \"b\" }</script>".repeat(500),
        ] {
            assert!(matches!(cut(&page), Cow::Borrowed(_)), "{}", page.get(..80).unwrap());
        }
    }

    #[test]
    fn an_element_with_hundreds_of_thousands_of_attributes_reaches_no_parser() {
        let page = format!("<p {}>text", "a ".repeat(200_000));
        assert_eq!(
            *cut(&page),
            format!("<p {}>{}>text", "a ".repeat(MOST), "a ".repeat(200_000 - MOST))
        );
        for attribute in [" a# ", " a#=1", "/a#", " a#='<'", " a#=\">\"", " a#<", "a#=''", " ق#"] {
            let all: String = (0..1_000).map(|n| attribute.replace('#', &n.to_string())).collect();
            for before in ["", "<!-- <p ' -->", "<script>if (a<b c=\"'</script>"] {
                for open in ["<p ", "</p ", "<svg><title><a "] {
                    let page = format!("{before}{open}{all}><b>text</b>");
                    let cut = cut(&page);
                    assert!(most_of(&cut) <= MOST, "{before} {open} {attribute}");
                    assert!(cut.ends_with("<b>text</b>"));
                }
            }
        }
    }

    #[test]
    fn tags_in_one_another_are_followed_once() {
        // Each of them goes on to the end.
        let page = "<a b=\"".repeat(10_000);
        assert!(!is_short(&page, MOST), "it gives up");
        assert_eq!(follow(&page.as_bytes()[1..], usize::MAX).1, page.len() - 1);
        assert!(most_of(&cut(&page)) <= MOST);
    }

    #[test]
    fn a_tag_in_the_quotes_of_another_is_ended_in_them() {
        let cut = shortened("<p <p =' '=", 1);
        assert_eq!(cut, "<p <p =' >'>=");
        assert!(is_short(&cut, 1));
    }

    #[test]
    fn no_tag_begins_with_a_letter_of_another_script() {
        let page = "<ق/<p <textarea \"";
        assert!(is_short(page, 2));
        assert_eq!(shortened(page, 2), page);
    }

    fn markup() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<",
            ">",
            "/",
            "=",
            "\"",
            "'",
            " ",
            "\n",
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
            "<p ",
            "</p>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<title>",
            "</title>",
            "<svg>",
            "<![CDATA[",
            "]]>",
            "ق",
            "<textarea ",
            "\0",
        ]);
        prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_element_has_more_attributes_than_are_let_through(html in markup(), most in 1_usize..5) {
            let cut = cut_to(&html, most);
            prop_assert!(most_of(&cut) <= most, "{cut}");
            prop_assert!(is_short(&cut, most), "it is cut once and for all: {cut}");
            if is_short(&html, most) {
                prop_assert_eq!(shortened(&html, most), html);
            }
        }
    }
}
