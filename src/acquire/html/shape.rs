//! How much work a page would make, seen before it is parsed.

/// The most elements inside one another. Browsers stop at 512; here the depth
/// is only estimated, so the limit is well above any real page.
const DEEPEST: usize = 1_000;

/// The most tags. A page of 10 MB of short paragraphs has 200,000.
const MOST_TAGS: usize = 500_000;

/// The most elements that a parser may have to make for formatting alone: it
/// opens what was left open again in every paragraph that follows.
const MOST_REOPENED: usize = 3_000_000;

/// Elements that are closed by what follows them, or that hold nothing.
const CLOSED: [&str; 24] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "path", "rect", "source", "td", "th", "tr", "use", "wbr",
];

/// Elements that the parser opens again.
/// See <https://html.spec.whatwg.org/multipage/parsing.html#formatting>.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Whether a page is one that takes a parser much more time or memory than its
/// size lets expect.
pub(super) fn is_tangled(html: &str) -> bool {
    let (mut tags, mut open, mut formatting) = (0_usize, 0_usize, 0_usize);
    let (mut most_open, mut most_formatting) = (0_usize, 0_usize);
    for tag in html.split('<').skip(1) {
        tags += 1;
        let (name, closing) = tag.strip_prefix('/').map_or((tag, false), |name| (name, true));
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).take(10).collect();
        let name = name.to_ascii_lowercase();
        let formats = FORMATTING.contains(&name.as_str());
        if closing {
            open = open.saturating_sub(1);
            formatting = formatting.saturating_sub(usize::from(formats));
        } else if !name.is_empty() && !CLOSED.contains(&name.as_str()) {
            open += 1;
            formatting += usize::from(formats);
        }
        most_open = most_open.max(open);
        most_formatting = most_formatting.max(formatting);
    }
    most_open > DEEPEST || tags > MOST_TAGS || most_formatting.saturating_mul(tags) > MOST_REOPENED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_page_that_closes_little_is_fine() {
        assert!(!is_tangled(&"<p>text <br> text<li>item<td>".repeat(20_000)));
        assert!(!is_tangled(&"<div><b>text</b></div>".repeat(100_000)));
        assert!(!is_tangled(&format!(
            "{}{}",
            "<font color=red>".repeat(20),
            "<p>x".repeat(50_000)
        )));
        assert!(!is_tangled(&"a < b ".repeat(100_000)));
    }

    #[test]
    fn a_page_made_to_hurt_is_not() {
        assert!(is_tangled(&"<div>".repeat(2_000)));
        assert!(is_tangled(&"<p>".repeat(600_000)));
        assert!(is_tangled(&format!("{}{}", "<b>".repeat(500), "<p>x".repeat(10_000))));
    }
}
