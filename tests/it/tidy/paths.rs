//! The paths that a Rust source names: just enough of a reader to see through comments, strings,
//! grouped imports and modules within a file.

use std::iter::Peekable;
use std::str::Chars;

/// A path as it is written, and the module it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) within: Vec<String>,
    pub(super) path: Vec<String>,
}

/// Every path of two or more segments in a source that stands at this module.
pub(super) fn paths(source: &str, module: &[String]) -> Vec<Named> {
    let tokens = tokens(source);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut within = module.to_vec();
    // For each open brace, whether it is a module's.
    let mut open = Vec::new();
    let mut found = Vec::new();
    while let Some(token) = reader.peek(0) {
        match token {
            "mod" if reader.peek(2) == Some("{") => {
                within.extend(reader.peek(1).map(str::to_owned));
                open.push(true);
                reader.at += 3;
            }
            "{" | "}" => {
                if token == "{" {
                    open.push(false);
                } else if open.pop() == Some(true) {
                    within.pop();
                }
                reader.at += 1;
            }
            word if is_word(word) && reader.is_joined(1) => {
                let mut all = Vec::new();
                reader.tree(Vec::new(), &mut all);
                found.extend(all.into_iter().map(|path| Named { within: within.clone(), path }));
            }
            _ => reader.at += 1,
        }
    }
    found
}

/// Words and marks, without comments and without what stands in quotes.
pub(super) fn tokens(source: &str) -> Vec<String> {
    let mut chars = source.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '/' if chars.peek() == Some(&'*') => skip_comment(&mut chars),
            '"' => skip_string(&mut chars),
            '\'' => skip_character(&mut chars),
            c if is_word_part(c) => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| is_word_part(*c)) {
                    word.push(c);
                }
                let may_be_raw = matches!(word.as_str(), "r" | "br" | "cr");
                if may_be_raw && matches!(chars.peek(), Some('"' | '#')) {
                    skip_raw_string(&mut chars);
                } else {
                    tokens.push(word);
                }
            }
            c if c.is_whitespace() => {}
            c => tokens.push(String::from(c)),
        }
    }
    tokens
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_word(token: &str) -> bool {
    token.chars().all(is_word_part)
}

/// Comments of this kind nest.
fn skip_comment(chars: &mut Peekable<Chars<'_>>) {
    let mut depth = 0;
    let mut last = '/';
    for c in chars.by_ref() {
        match (last, c) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                last = c;
                continue;
            }
        }
        if depth == 0 {
            return;
        }
        last = ' ';
    }
}

fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// A character in quotes, or the tick of a lifetime.
fn skip_character(chars: &mut Peekable<Chars<'_>>) {
    if chars.peek() == Some(&'\\') {
        chars.nth(1);
        chars.by_ref().find(|c| *c == '\'');
    } else {
        let mut ahead = chars.clone();
        ahead.next();
        if ahead.next() == Some('\'') {
            *chars = ahead;
        }
    }
}

/// From the first `#` or quote on; nothing is skipped of a raw name (`r#type`).
fn skip_raw_string(chars: &mut Peekable<Chars<'_>>) {
    let mut hashes = 0;
    while chars.next_if_eq(&'#').is_some() {
        hashes += 1;
    }
    if chars.next_if_eq(&'"').is_none() {
        return;
    }
    let mut seen = None;
    for c in chars.by_ref() {
        seen = match (c, seen) {
            ('"', _) => Some(0),
            ('#', Some(count)) => Some(count + 1),
            _ => None,
        };
        if seen == Some(hashes) {
            return;
        }
    }
}

struct Reader<'a> {
    tokens: &'a [String],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<&'a str> {
        self.tokens.get(self.at + ahead).map(String::as_str)
    }

    fn is_joined(&self, ahead: usize) -> bool {
        self.peek(ahead) == Some(":") && self.peek(ahead + 1) == Some(":")
    }

    /// Reads a path with all its branches, as `crate::{a, b::{c, d}}`.
    fn tree(&mut self, mut stem: Vec<String>, found: &mut Vec<Vec<String>>) {
        match self.peek(0) {
            Some("{") => {
                self.at += 1;
                while let Some(token) = self.peek(0) {
                    match token {
                        "}" => {
                            self.at += 1;
                            break;
                        }
                        "," => self.at += 1,
                        _ => self.tree(stem.clone(), found),
                    }
                }
            }
            Some(token) if is_word(token) || token == "*" => {
                stem.push(token.to_owned());
                self.at += 1;
                if self.is_joined(0) {
                    self.at += 2;
                    self.tree(stem, found);
                } else {
                    if self.peek(0) == Some("as") {
                        self.at += 2;
                    }
                    found.push(stem);
                }
            }
            // The `<` of `Vec::<u8>`, say: the path ends before it.
            _ => {
                self.at += 1;
                found.push(stem);
            }
        }
    }
}

#[test]
fn a_path_is_seen_wherever_it_hides() {
    let source = r##"
        //! Names crate::comment.
        use crate::a::{B, c::{self, D as E}}; /* crate::x /* nested */ crate::y */
        const TEXT: &str = "crate::text \" crate::more"; const RAW: &str = r#"crate::raw "quoted" "#;
        fn f<'a>(q: char) -> bool { q == '"' && q != '\'' && super::g::<'a>() }
        mod tests { use super::*; fn h(r#type: u8) { let _ = $crate::i; } }
        use self::j::K;
    "##;
    let found = paths(source, &["m".to_owned()]);
    let told: Vec<String> = found
        .into_iter()
        .map(|Named { within, path }| format!("{}: {}", within.join("::"), path.join("::")))
        .collect();
    let seen = [
        "m: crate::a::B",
        "m: crate::a::c::self",
        "m: crate::a::c::D",
        "m: super::g",
        "m::tests: super::*",
        "m::tests: crate::i",
        "m: self::j::K",
    ];
    assert_eq!(told, seen);
}
