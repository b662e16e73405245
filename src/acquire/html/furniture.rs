//! What themes of news sites put around an article.

use std::collections::HashSet;
use std::sync::LazyLock;

use dom_query::{Document, Matcher, NodeId, NodeRef, Selection};

use crate::acquire::words;
use crate::model::text::key;

/// Never part of an article, by what they are.
const ELEMENTS: &str = "script, style, noscript, template, iframe, object, embed, svg, canvas, \
    form, button, input, select, textarea, dialog, nav, footer, aside, \
    [hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none'], \
    [role=navigation], [role=complementary], [role=contentinfo], [role=banner], [role=search], \
    [role=dialog], [role=alert], [role=menu], [role=toolbar]";

/// Headlines of other articles.
///
/// Jannah (`#breaking-news-in-header`), MH Magazine (`.mh-ticker`), Newspaper
/// (`.td-trending-now`) and their like. A ticker holds events, and they are
/// not this article's.
const OTHER_ARTICLES: &str = "[id*=breaking], [class*=breaking], [class*=ticker], [id*=ticker], \
    [class*=marquee], marquee, [class*=trending], [class*=related], [id*=related], \
    [class*=RelatedPost], [class*=recommended], [class*=most-read], [class*=mostread], \
    [class*=popular], [class*=latest-news], [class*=read-more], [class*=readmore], [class*=readalso], \
    [class*=read-also], [class*=also-read], [class*=see-also], #check-also-box, [class*=prev-next], \
    .post-navigation, .nav-links, .wp-embedded-content, .wp-block-latest-posts, \
    [class*=outbrain], [class*=taboola]";

/// Around the article, about the article.
const AROUND: &str = "#header, #masthead, #theme-header, .site-header, #footer, .site-footer, \
    #sidebar, .sidebar, [class*=sidebar], .widget, .widget-area, #top-nav, [class*=navbar], .menu, \
    [class*=breadcrumb], [id*=breadcrumb], .entry-meta, .post-meta, .post-bottom-meta, .article-meta, \
    [class*=byline], [class*=author-box], [class*=about-author], [id*=author-box], \
    [class*=tagcloud], .tags, .post-tags, .entry-tags, [class*=tags-links], .cat-links, \
    [class*=share], [id*=share], [class*=social], [class*=sharedaddy], [class*=addtoany], \
    [class*=newsletter], [class*=subscribe], [class*=follow-us], [class*=cookie], [id*=cookie], \
    [class*=gdpr], [class*=consent], [class*=popup], [class*=modal], .screen-reader-text, .sr-only, \
    .visually-hidden, #toc, .toc, #toc_container, [class*=ez-toc], [class*=lwptoc], \
    [class*=table-of-contents], #go-to-top, .go-to-top-button, #back-to-top, .back-to-top, \
    [class*=scroll-top], [class*=scroll-to-top], #to-top, .copyright, [class*=advert], [class*=adsbygoogle], \
    [class*=banner], [class*=rating], [class*=print-]";

/// What readers wrote, and what they are told first.
const READERS: &str = "p:has(a[href*=privacy]), p:has(a[href*=terms]), #comments, #respond, [class*=comments], [id*=comments], [class*=comment-], \
    .comment, [class*=disqus], [id*=disqus], .fb-comments";

/// What stands under a picture. It is often from the archive, and then its
/// place and day are not the article's.
const CAPTIONS: &str = "figcaption, .wp-caption-text, [class*=caption]";

static FURNITURE: LazyLock<Matcher> = LazyLock::new(|| {
    let all = [ELEMENTS, OTHER_ARTICLES, AROUND, READERS, CAPTIONS].join(", ");
    Matcher::new(&all).expect("a test compiles these selectors")
});

/// Takes the furniture away, but never `kept` or what it stands in: themes
/// give their body classes like `has-sidebar` or `comments-open`.
pub(super) fn remove(document: &Document, kept: Option<&NodeRef<'_>>) {
    let kept: HashSet<NodeId> = kept
        .into_iter()
        .flat_map(|node| node.ancestors_it(None).map(|above| above.id).chain([node.id]))
        .collect();
    remove_walls(document, &kept);
    for node in document.select_matcher(&FURNITURE).nodes() {
        let whole = node.has_name("html") || node.has_name("body") || node.has_name("main");
        if !whole && !kept.contains(&node.id) {
            node.remove_from_parent();
        }
    }
}

/// The most characters of a box that asks for consent.
const WALL: usize = 3_000;

/// Buttons that are looked at; walls come first.
const MOST_BUTTONS: usize = 200;

/// Takes away the boxes that ask for consent, known by the words on their buttons.
fn remove_walls(document: &Document, kept: &HashSet<NodeId>) {
    let buttons = document.select("button, [role=button], input[type=button], input[type=submit]");
    for button in buttons.nodes().iter().take(MOST_BUTTONS) {
        let label = button.attr("value").unwrap_or_else(|| button.text());
        if !words::CONSENT.contains(&key(&label)) {
            continue;
        }
        let is_box = |node: &NodeRef<'_>| {
            ["div", "section", "form", "dialog"].iter().any(|name| node.has_name(name))
        };
        let around = button.ancestors_it(Some(4)).filter(is_box);
        // The largest that is nothing else: the button often has a box of its own.
        let wall = around
            .take_while(|node| {
                !kept.contains(&node.id)
                    && node.normalized_char_count() <= WALL
                    && !Selection::from(*node).select("h1, article").exists()
            })
            .last();
        if let Some(wall) = wall {
            wall.remove_from_parent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, left: &str) {
        let document = Document::from(html);
        let article = document.select_single("article");
        remove(&document, article.nodes().first());
        let text = document.body().unwrap().text();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), left);
    }

    #[test]
    fn furniture_goes_by_its_name() {
        for furniture in [
            "<nav id='top-nav'><div class='breaking'><ul id='breaking-news-in-header'><li>خبر</li></ul></div></nav>",
            "<div class='mh-ticker'>خبر</div>",
            "<marquee>خبر</marquee>",
            "<section id='related-posts'>خبر</section>",
            "<div id='check-also-box'>شاهد أيضاً</div>",
            "<div id='comments' class='comments-area'><p>تعليق</p></div>",
            "<p>نرحب بتعليقاتكم وفق <a href='/terms.html'>الشروط</a></p>",
            "<div class='share-buttons'>شارك</div>",
            "<div id='ez-toc-container' class='ez-toc-v2'>المحتويات</div>",
            "<div class='cookie-notice'>cookies</div>",
            "<div id=x1><h2>خصوصيتك</h2><p>نود أن نقيس</p><div><button>أوافق</button></div></div>",
            "<a id='go-to-top' href='#'><span class='screen-reader-text'>زر الذهاب إلى الأعلى</span></a>",
            "<div class='wp-caption-text'>أرشيف</div>",
            "<p style='display:none'>hidden</p>",
            "<footer>جميع الحقوق محفوظة</footer>",
        ] {
            check(&format!("{furniture}<article>نص</article>"), "نص");
            check(&format!("<article>نص {furniture}</article>"), "نص");
        }
    }

    #[test]
    fn the_article_stays_whatever_its_parents_are_called() {
        check(
            "<body class='has-sidebar comments-open'><div class='breaking-layout'>\
             <article class='related-size-big'>نص</article></div>",
            "نص",
        );
    }
}
