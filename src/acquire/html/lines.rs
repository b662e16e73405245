//! A piece of a page as lines of text.

use dom_query::NodeRef;

/// A paragraph, a heading, an item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its text, with single spaces.
    pub(super) text: String,
    /// Its characters.
    length: usize,
    /// Those of them that stand in links.
    linked: usize,
}

impl Line {
    /// Whether the line leads elsewhere: nearly all of it is a link, and it is
    /// no sentence ("read also: …").
    pub(super) fn is_pointer(&self) -> bool {
        let sentence = self.text.trim_end_matches(['"', '”', '»', ')', ' ']).ends_with('.');
        self.linked * 10 >= self.length * 6 && self.linked > 0 && !sentence
    }

    fn push(&mut self, text: &str, in_link: bool, space: &mut bool) {
        for c in text.chars() {
            if c.is_whitespace() {
                *space = true;
                continue;
            }
            if *space && !self.text.is_empty() {
                self.text.push(' ');
            }
            *space = false;
            self.text.push(c);
            self.length += 1;
            self.linked += usize::from(in_link);
        }
    }
}

/// Reads a piece of a page in order. A line ends where an element that is not
/// part of running text begins or ends.
pub(super) fn of(root: &NodeRef<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    let (mut anchors, mut space) = (0_usize, false);
    // A stack, not recursion: pages nest as deep as they like.
    let mut steps = vec![Step::Enter(*root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) if node.is_text() => line.push(&node.text(), anchors > 0, &mut space),
            Step::Enter(node) => {
                let role = Role::of(&node);
                anchors += usize::from(role == Role::Link);
                role.end_line(&mut line, &mut space, &mut lines);
                steps.push(Step::Leave(role));
                steps.extend(node.children_it(true).map(Step::Enter));
            }
            Step::Leave(role) => {
                anchors -= usize::from(role == Role::Link);
                role.end_line(&mut line, &mut space, &mut lines);
            }
        }
    }
    Role::Block.end_line(&mut line, &mut space, &mut lines);
    lines
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(Role),
}

/// What an element does to the line it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Text,
    Link,
    Cell,
    Block,
}

impl Role {
    fn of(node: &NodeRef<'_>) -> Self {
        let Some(name) = node.node_name() else { return Self::Text };
        match name.as_ref() {
            "a" => Self::Link,
            // Pages that are laid out by a table have whole columns in its cells.
            "td" | "th" if is_column(node) => Self::Block,
            "td" | "th" => Self::Cell,
            "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data" | "del"
            | "em" | "font" | "i" | "img" | "ins" | "kbd" | "label" | "mark" | "q" | "s"
            | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u"
            | "var" | "wbr" => Self::Text,
            // `br` too: many Arabic sites part their paragraphs with nothing else.
            _ => Self::Block,
        }
    }

    fn end_line(self, line: &mut Line, space: &mut bool, lines: &mut Vec<Line>) {
        match self {
            Self::Text | Self::Link => {}
            Self::Cell => *space = true,
            Self::Block => {
                *space = false;
                let line = std::mem::take(line);
                // Rows of stars and stray marks are decoration.
                if line.text.contains(char::is_alphanumeric) {
                    lines.push(line);
                }
            }
        }
    }
}

/// Whether a cell holds blocks or prose, rather than a figure of a table.
fn is_column(cell: &NodeRef<'_>) -> bool {
    let block = |node: &NodeRef<'_>| {
        ["br", "p", "div", "table", "ul", "ol", "h1", "h2", "h3"]
            .iter()
            .any(|name| node.has_name(name))
    };
    // The beginning tells, and a page may be all cells within cells.
    let mut characters = 0;
    cell.descendants_it().take(FIRST_NODES).any(|node| {
        if node.is_text() {
            characters += node.text().chars().filter(|c| !c.is_whitespace()).take(PROSE).count();
        }
        block(&node) || characters >= PROSE
    })
}

/// The least letters of a cell that is no figure.
const PROSE: usize = 80;

/// How much of a cell is looked at.
const FIRST_NODES: usize = 40;

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    fn lines(html: &str) -> Vec<Line> {
        of(&Document::from(html).body().unwrap())
    }

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let texts: Vec<_> = lines(html).into_iter().map(|line| line.text).collect();
        assert_eq!(texts, expected, "{html}");
    }

    #[test]
    fn a_paragraph_is_a_line() {
        check("<p>one\n two</p><p>three</p>", &["one two", "three"]);
        check("<h2>head</h2>text<ul><li>a<li>b</ul>", &["head", "text", "a", "b"]);
        check("قال<br>ثم<br/><br/>عاد", &["قال", "ثم", "عاد"]);
        check("<p>ب<b>ـ</b><span>دمشق</span>&nbsp;\u{a0} اليوم <i> .</i></p>", &["بـدمشق اليوم ."]);
        check("<table><tr><td>1<td>2<tr><td>3</table>", &["1 2", "3"]);
        check("<table><tr><td>1<br>2<td>3</table>", &["1", "2", "3"]);
        check("<p>a<!-- no -->b</p><p> &nbsp; </p>", &["ab"]);
        check("<p>a</p>\u{feff}<p>* * *</p><p>—</p><p>5</p>", &["a", "5"]);
    }

    #[test]
    fn invisible_characters_of_the_text_stay() {
        check(
            "<p>\u{200f}می\u{200c}رود \u{202b}x\u{202c}</p>",
            &["\u{200f}می\u{200c}رود \u{202b}x\u{202c}"],
        );
    }

    #[test]
    fn a_line_that_is_a_link_points_elsewhere() {
        for (html, pointer) in [
            ("<p>اقرأ أيضاً: <a>مقتل خمسة في قصف على إدلب</a></p>", true),
            ("<li><a>مقتل خمسة</a></li>", true),
            ("<p><a>قُتل خمسة مدنيين في قصف على إدلب</a>.</p>", false),
            ("<p>نقلت <a>وكالة</a> عن مصدر أن القصف مستمر</p>", false),
            ("<p>نص</p>", false),
        ] {
            assert_eq!(lines(html).first().unwrap().is_pointer(), pointer, "{html}");
        }
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let html = format!("{}x", "<div>".repeat(4_000));
        check(&html, &["x"]);
    }
}
