//! Pages in the manner of real themes; every text in them is invented.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::article::Lang;

fn page(html: &str) -> Page {
    read(Path::new("page.html"), html).unwrap()
}

#[test]
fn an_arabic_magazine_theme_gives_the_article_and_nothing_around_it() {
    let page = page(include_str!("pages/magazine.html"));
    assert_eq!(
        page.text.split("\n\n").collect::<Vec<_>>(),
        [
            "مصدر محلي: القذائف سقطت قرب المدرسة",
            "استهدفت المدفعية صباح اليوم أطراف بلدة المثال، دون تسجيل إصابات.",
            "تفاصيل القصف",
            "وقال مصدر محلي إن خمس قذائف سقطت قرب المدرسة، وأضاف “لم يكن فيها أحد”.",
            "عدد القذائف: خمس.",
            "الأضرار: جدار المدرسة.",
        ]
    );
    assert_eq!(page.meta.title.as_deref(), Some("قصف مدفعي يستهدف أطراف بلدة المثال"));
    assert_eq!(page.meta.publisher.as_deref(), Some("وكالة التجربة"));
    assert_eq!(page.meta.url.as_deref(), Some("https://example.org/2024/05/news-1/"));
    let published = page.meta.published.unwrap();
    assert_eq!(published.to_string(), "2024-05-03T22:30:00Z");
    assert_eq!(published.day().to_string(), "2024-05-04", "the day in Damascus");
}

#[test]
fn a_page_whose_theme_nobody_knows_is_read_by_its_density() {
    let page = page(include_str!("pages/unnamed.html"));
    let lines: Vec<_> = page.text.split("\n\n").collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines.first().unwrap().starts_with("اندلعت اشتباكات"));
    assert!(lines.last().unwrap().ends_with("وفق المصدر نفسه."));
    assert_eq!(page.meta.title.as_deref(), Some("اشتباكات ليلية في حي التجربة"));
    assert_eq!(page.meta.publisher.as_deref(), Some("موقع المثال"));
    assert_eq!(page.meta.url, None, "the front page is not the address of an article");
    assert_eq!(page.meta.published.unwrap().day().to_string(), "2024-05-03");
}

#[test]
fn a_brief_is_not_drowned_by_its_comments() {
    let page = page(include_str!("pages/brief.xhtml"));
    assert_eq!(
        page.text,
        "Air defences shot down a drone near Sampleville.\n\nNobody was hurt, the town council said."
    );
    assert_eq!(page.meta.title.as_deref(), Some("Drone shot down near Sampleville - three unhurt"));
    assert_eq!(page.meta.publisher.as_deref(), Some("Sample Wire"));
    assert_eq!(page.meta.published.unwrap().to_string(), "2024-05-03");
    assert_eq!(Lang::of(&page.text), Lang::En);
}

#[test]
fn a_portal_that_names_nothing_is_read_by_the_words_of_its_labels() {
    let page = page(include_str!("pages/portal.html"));
    let lines: Vec<_> = page.text.split("\n\n").collect();
    let [first, second, last] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(first.starts_with("قُتل مدني وأصيب اثنان") && second.starts_with("وقال المصدر"));
    assert!(last.ends_with("قبل موسم الحراثة."));
    assert_eq!(page.meta.publisher.as_deref(), Some("صحيفة التجربة"), "its title tells");
    assert_eq!(page.meta.url.as_deref(), Some("https://daily.example.org/news/2023/11/04/4471"));
    assert_eq!(
        page.meta.published.unwrap().to_string(),
        "2023-11-04",
        "the line below its headline"
    );
}

#[test]
fn a_wall_and_what_stands_between_paragraphs_is_no_article() {
    let page = page(include_str!("pages/walled.html"));
    let lines: Vec<_> = page.text.split("\n\n").filter(|line| !line.starts_with("By ")).collect();
    let [first, second, last] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(first.starts_with("Rocket fire hit the vegetable market") && second.starts_with('“'));
    assert!(last.ends_with("stay away from the main square."));
    assert_eq!(page.meta.published.unwrap().to_string(), "2024-02-11T13:40:00Z");
    assert_eq!(page.meta.url.as_deref(), Some("https://monitor.example.org/2024/02/11/market"));
    assert_eq!(page.meta.author.as_deref(), Some("A. Reporter"));
}

#[test]
fn those_who_wrote_it_are_told_by_their_names() {
    for (head, author) in [
        ("<meta name=author content='ليلى أحمد'>", Some("ليلى أحمد")),
        ("<meta property='article:author' content='https://www.facebook.com/x'>", None),
        ("<meta name=author content=''>", None),
        (
            r#"<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":"A. One"},"B. Two",{"@id":"3"}]}</script>"#,
            Some("A. One, B. Two"),
        ),
        (
            r#"<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"1"}},{"@id":"1","@type":"Person","name":"C. Three"}]}</script>"#,
            Some("C. Three"),
        ),
    ] {
        let html =
            format!("<head>{head}</head><body><p>Shelling was heard in Idlib all night.</p>");
        assert_eq!(page(&html).meta.author.as_deref(), author, "{head}");
    }
}

#[test]
fn a_page_of_tables_is_read_without_its_date_and_its_disclaimer() {
    let page = page(include_str!("pages/old.html"));
    let lines: Vec<_> = page.text.split("\n\n").collect();
    let [first, _, last] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(first.starts_with("سقطت عدة قذائف هاون") && last.ends_with("“اعتداء إرهابي”."));
    assert_eq!(page.meta.title.as_deref(), Some("قذائف على حي التجربة"));
    assert_eq!(page.meta.published, None, "a change is no publication");
}

#[test]
fn a_first_paragraph_set_apart_comes_back_once() {
    for (before, body) in [
        (
            "<h1>T</h1><div class=lead>Shells fell on the town.</div>",
            "Nobody was hurt in the town.",
        ),
        ("<p itemprop=description>Shells fell on the town.</p>", "Nobody was hurt in the town."),
        (
            "<p itemprop=description>Shells fell on the town.</p>",
            "Shells fell on the town.<p>Nobody was hurt in the town.",
        ),
    ] {
        let html = format!("<div>{before}<div itemprop=articleBody>{body}</div></div>");
        assert_eq!(page(&html).text, "Shells fell on the town.\n\nNobody was hurt in the town.");
    }
}

#[test]
fn a_title_loses_the_name_of_the_site_and_nothing_else() {
    for (title, site, heading, expected) in [
        ("قصف على إدلب - وكالة المثال", "وكالة المثال", "", "قصف على إدلب"),
        ("وكالة المثال | قصف على إدلب", "وكالة المثال", "", "قصف على إدلب"),
        ("قصف على إدلب - خمسة قتلى", "وكالة المثال", "", "قصف على إدلب - خمسة قتلى"),
        ("قصف على إدلب - خمسة قتلى", "", "قصف على إدلب - خمسة قتلى", "قصف على إدلب - خمسة قتلى"),
        ("قصف على إدلب | أخبار", "", "قصف على إدلب", "قصف على إدلب"),
        ("وكالة المثال", "وكالة المثال", "", "وكالة المثال"),
    ] {
        let page = page(&format!(
            "<title>{title}</title><meta property='og:site_name' content='{site}'>\
             <meta property='og:title' content='{title}'><h1>{heading}</h1>\
             <p>نص يكفي طوله لكي يُعدّ مقالاً قائماً بذاته.</p>"
        ));
        assert_eq!(page.meta.title.as_deref(), Some(expected));
    }
}

#[test]
fn an_address_is_absolute_and_not_the_front_page() {
    let text = "<p>A text that is long enough to be an article.</p>";
    for (head, address) in [
        ("<link rel=canonical href=' https://example.org/a '>", Some("https://example.org/a")),
        ("<link rel=canonical href='/a'>", None),
        (
            "<script type='application/ld+json'>{\"@type\":\"Article\",\"url\":\"https://example.org/b\"}</script>",
            Some("https://example.org/b"),
        ),
        ("<link rel=canonical href='https://example.org/'>", None),
        ("<link rel=canonical href='https://example.org'>", None),
        ("<link rel=canonical href='javascript:alert(1)'>", None),
        (
            "<link rel=canonical href='/a'><meta property='og:url' content='http://example.org/?p=3'>",
            Some("http://example.org/?p=3"),
        ),
    ] {
        assert_eq!(page(&format!("{head}{text}")).meta.url.as_deref(), address, "{head}");
    }
}

#[test]
fn only_a_date_that_can_be_no_other_dates_the_article() {
    let text = "<p>A text that is long enough to be an article.</p>";
    for (html, day) in [
        ("<time class='entry-date' datetime='2024-05-03'>3 May</time>", Some("2024-05-03")),
        (
            "<article><header><h1>T</h1><time datetime='2024-05-03T10:00:00+03:00'></time></header>",
            Some("2024-05-03"),
        ),
        (
            "<meta property='article:published_time' content='2024-05-03 10:00:00'>",
            Some("2024-05-03"),
        ),
        ("<meta name=pubdate content='20240503'>", None),
        ("<div><time datetime='2026-01-01'>today</time></div>", None),
        ("<meta property='article:published_time' content='ثلاثة أيار'>", None),
    ] {
        let published = page(&format!("{html}{text}")).meta.published;
        assert_eq!(published.map(|at| at.day().to_string()).as_deref(), day, "{html}");
    }
}

#[test]
fn a_page_without_an_article_says_so() {
    for html in
        ["<html></html>", "<nav>menu</nav><footer>foot</footer>", "<p> </p><script>x</script>"]
    {
        let error = read(Path::new("a.html"), html).unwrap_err();
        assert_eq!(error.to_string(), "there is no article text on the page `a.html`");
    }
}

#[test]
fn a_page_that_never_closes_is_refused_before_it_costs_anything() {
    let error = read(Path::new("a.html"), &"<div>".repeat(1_000_000)).unwrap_err();
    assert!(error.to_string().contains("`a.html`"), "{error}");
    let deep = format!("{}<p>Words enough for an article, far down.</p>", "<div>".repeat(990));
    assert_eq!(page(&deep).text, "Words enough for an article, far down.");
}

/// Pieces that break parsers when they stand in the wrong order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<p>",
        "</p>",
        "<div class=comment>",
        "</div>",
        "<article>",
        "</article>",
        "<h1>",
        "</h1>",
        "<br>",
        "<a href=#>",
        "</a>",
        "<svg>",
        "</svg>",
        "<template>",
        "<noscript>",
        "<img src=x.jpg>",
        "</noscript>",
        "<select>",
        "<form>",
        "<math>",
        "<font>",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<script>",
        "</script>",
        "<html lang=ar>",
        "<body class=sidebar>",
        "</body>",
        "<title>",
        "</title>",
        "<iframe>",
        "&#x202e;",
        "&nbsp;",
        "قُتل مدني في قصف على المدينة صباح اليوم، ",
        "text, ",
        "\0",
        "<meta property=og:title content='a - b'>",
        "<div itemprop=articleBody>",
        "<li>",
        "<ul>",
        "</ul>",
        "<script type='application/ld+json'>",
        "{\"@type\":\"Article\",\"publisher\":[]}",
        "<figure>",
        "<pre>",
    ]);
    proptest::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_page_is_an_article_or_an_error(html in soup()) {
        if let Ok(page) = read(Path::new("a.html"), &html) {
            prop_assert!(page.text.lines().all(|line| line.trim() == line));
            prop_assert_eq!(read(Path::new("a.html"), &html).unwrap(), page);
        }
    }
}
