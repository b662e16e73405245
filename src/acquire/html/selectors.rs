//! What an operator knows of a site's pages.

use dom_query::{Document, Matcher};

use super::body;
use crate::acquire::{Meta, dates};

/// Where on a site's pages things are, as CSS selectors; where nothing is said or found, the
/// general rules hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selectors {
    /// The text; all that is selected, in the order of the page.
    pub text: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// When it was published: the text, or the `datetime` of a `<time>`.
    pub published: Option<String>,
    /// What is no part of an article.
    pub remove: Option<String>,
}

impl Selectors {
    /// Whether a text is a selector.
    pub fn is_one(selector: &str) -> bool {
        Matcher::new(selector).is_ok()
    }

    pub(super) fn remove_from(&self, document: &Document) {
        if let Some(selector) = &self.remove {
            document.select(selector).remove();
        }
    }

    pub(super) fn meta(&self, document: &Document) -> Meta {
        let first = |selector: &Option<String>| {
            let found = document.select(selector.as_deref()?);
            let node = *found.nodes().first()?;
            let written = node.attr("datetime").or_else(|| node.attr("content"));
            let text = written.unwrap_or_else(|| node.text());
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (!text.is_empty()).then_some(text)
        };
        Meta {
            title: first(&self.title),
            published: first(&self.published).and_then(|text| dates::read(&text)),
            ..Meta::default()
        }
    }

    pub(super) fn text_of(&self, document: &Document, title: Option<&str>) -> Option<String> {
        let found = document.select(self.text.as_deref()?);
        let mut lines = Vec::new();
        for node in found.nodes() {
            lines.extend(body::paragraphs(node, title));
        }
        (!lines.is_empty()).then(|| body::join(&lines))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::acquire::html::read_with;

    #[test]
    fn what_an_operator_selects_goes_before_the_rules() {
        let html = "<title>x</title><h1>x</h1><b class=head>العنوان</b><i class=when>الجمعة 3 أيار 2024</i>\
            <div class=s><p>الفقرة الأولى.<em class=promo> إعلان</em></p></div><div class=s><p>الثانية.</p></div>\
            <article><p>نص طويل ليس هو المقال ولكنه أطول منه بكثير من الكلمات.</p></article>";
        let own = |text: &str| Some(text.to_owned());
        let mut selectors = Selectors {
            text: own(".s"),
            title: own(".head"),
            published: own(".when"),
            remove: own(".promo"),
        };
        let page = read_with(Path::new("x"), html, &selectors).unwrap();
        assert_eq!(page.text, "الفقرة الأولى.\n\nالثانية.");
        assert_eq!(page.meta.title.as_deref(), Some("العنوان"));
        assert_eq!(page.meta.published.unwrap().to_string(), "2024-05-03");
        selectors.text = own(".missing");
        let page = read_with(Path::new("x"), html, &selectors).unwrap();
        assert!(page.text.contains("ليس هو المقال"), "{}", page.text);
    }
}
