//! Lines that pages write around an article and between its paragraphs, known by their words.
//!
//! Themes name such things in their markup, and then they are gone already; many sites have them as
//! plain paragraphs.

use super::lines::Line;
use crate::acquire::{dates, words};
use crate::model::text::{digit_of, key};

/// Longer than the headline of another article.
const LONGEST: usize = 250;

/// The least characters of a paragraph.
const PARAGRAPH: usize = 80;

/// Takes the labels away, and what stands behind the last paragraph under a heading of its own.
pub(super) fn remove(lines: &mut Vec<Line>) {
    let end = lines.iter().enumerate().position(|(at, line)| {
        let rest = lines.get(at + 1..).unwrap_or_default();
        words::ENDS.contains(&bare(&line.text)) && !rest.iter().any(is_paragraph)
    });
    lines.truncate(end.unwrap_or(lines.len()));
    lines.retain(|line| !is_label(&line.text));
}

fn is_label(text: &str) -> bool {
    // Credits of pictures.
    if text.starts_with('©') {
        return true;
    }
    text.chars().count() <= LONGEST
        && (words::FURNITURE.contains(&bare(text))
            || words::begins_with(text, &words::POINTERS)
            || dates::alone(text).is_some())
}

/// A line folded, without figures and marks: of `مشاركة (12)` `مشاركة`.
fn bare(text: &str) -> String {
    let letters = |c: &char| digit_of(*c).is_none();
    let words: String = text.chars().filter(letters).collect();
    let mark = |c: char| !c.is_alphanumeric();
    let words: Vec<&str> = words.split(mark).filter(|word| !word.is_empty()).collect();
    key(&words.join(" "))
}

fn is_paragraph(line: &Line) -> bool {
    let sentence =
        line.text.trim_end_matches(['"', '”', '»', ')', ' ']).ends_with(['.', '!', '؟', '?']);
    sentence && line.text.chars().count() >= PARAGRAPH && !line.is_pointer()
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;
    use crate::acquire::html::lines;

    #[track_caller]
    fn check(html: &str, left: &[&str]) {
        let document = Document::from(html);
        let mut lines = lines::of(&document.body().unwrap());
        remove(&mut lines);
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, left, "{html}");
    }

    const TEXT: &str =
        "قصفت المدفعية صباح اليوم أطراف بلدة المثال دون تسجيل إصابات، بحسب مصدر محلي من سكانها.";

    #[test]
    fn labels_go_and_sentences_with_their_words_stay() {
        for label in [
            "شاهد أيضاً: مقتل خمسة في قصف على بلدة أخرى",
            "إقرأ أيضا | انفجار في مدينة أخرى",
            "Read more: Five killed elsewhere",
            "زر الذهاب إلى الأعلى",
            "مشاركة (12)",
            "مشاركة (١٢)",
            "مشاركة (۱۲)",
            "شارك :",
            "الجمعة 3 أيار 2024 - 10:30",
            "© وكالة / مصور",
            "نستخدم ملفات تعريف الارتباط لتحسين تجربتك.",
        ] {
            check(&format!("<p>{label}</p><p>{TEXT}</p><p>{label}</p>"), &[TEXT]);
        }
        for sentence in [
            "شاهد عيان قال إن القصف لم يتوقف.",
            "المزيد من القذائف سقط على البلدة.",
            "سقطت القذائف يوم الجمعة 3 أيار 2024.",
            "عاجل: قصف على البلدة",
        ] {
            check(&format!("<p>{sentence}</p>"), &[sentence]);
        }
    }

    #[test]
    fn what_stands_under_a_heading_behind_the_article_goes_with_it() {
        let others = "<h3>مقالات ذات صلة</h3><p>مقتل خمسة في مكان آخر</p><p>انفجار في مدينة</p>";
        check(&format!("<p>{TEXT}</p>{others}"), &[TEXT]);
        check(&format!("<p>أ</p><h3>مقالات ذات صلة</h3><p>{TEXT}</p>"), &["أ", TEXT]);
    }
}
