//! Texts with wildcards.

/// A text in which `%` stands for any characters and `_` for one.
///
/// Cut at its `%`s: the first piece must begin the text, the last end it, and the others follow each
/// other between. To take each as early as it comes is right, since what follows may begin anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    first: Piece,
    between: Vec<Piece>,
    /// `None` without any `%`.
    last: Option<Piece>,
}

/// What stands between two `%`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    /// With characters that are not told, and the longest stretch of those that are.
    Gaps(Vec<Option<char>>, String),
}

impl Pattern {
    /// Reads `%` as any characters, `_` as one, and what follows `\` as itself.
    pub fn new(text: &str) -> Self {
        let mut pieces: Vec<Vec<Option<char>>> = vec![Vec::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let part = match c {
                '%' => {
                    pieces.push(Vec::new());
                    continue;
                }
                '_' => None,
                '\\' => Some(chars.next().unwrap_or(c)),
                _ => Some(c),
            };
            pieces.last_mut().expect("it begins with one").push(part);
        }
        let mut pieces = pieces.into_iter().map(Piece::new);
        let first = pieces.next().expect("it begins with one");
        let last = pieces.next_back();
        Self { first, between: pieces.filter(|piece| !piece.is_empty()).collect(), last }
    }

    /// Whether the whole text is like that.
    pub fn matches(&self, text: &str) -> bool {
        let Some(mut rest) = self.first.begins(text) else { return false };
        let Some(last) = &self.last else { return rest.is_empty() };
        for piece in &self.between {
            match piece.found(rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        last.ends(rest)
    }
}

impl Piece {
    fn new(parts: Vec<Option<char>>) -> Self {
        if let Some(plain) = parts.iter().copied().collect() {
            return Self::Plain(plain);
        }
        let told = parts.split(Option::is_none).max_by_key(|told| told.len());
        let longest = told.unwrap_or_default().iter().flatten().collect();
        Self::Gaps(parts, longest)
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(text) if text.is_empty())
    }

    /// What follows it at the beginning of a text.
    fn begins<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Self::Plain(plain) => text.strip_prefix(plain.as_str()),
            Self::Gaps(parts, _) => {
                let mut chars = text.chars();
                let fits = |part: &Option<char>| {
                    chars.next().is_some_and(|c| part.is_none_or(|wanted| wanted == c))
                };
                parts.iter().all(fits).then_some(chars.as_str())
            }
        }
    }

    /// What follows it where it first comes in a text.
    fn found<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            // To see that it is not there is thirty times as fast as to look for where it is.
            Self::Plain(plain) | Self::Gaps(_, plain) if !text.contains(plain.as_str()) => None,
            Self::Plain(plain) => text.split_once(plain.as_str()).map(|(_, after)| after),
            Self::Gaps(..) => {
                let mut rest = text.chars();
                loop {
                    if let Some(after) = self.begins(rest.as_str()) {
                        return Some(after);
                    }
                    rest.next()?;
                }
            }
        }
    }

    fn ends(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain) => text.ends_with(plain.as_str()),
            Self::Gaps(parts, _) => {
                let mut chars = text.chars();
                let fits = |part: &Option<char>| {
                    chars.next_back().is_some_and(|c| part.is_none_or(|wanted| wanted == c))
                };
                parts.iter().rev().all(fits)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards_stand_for_one_character_or_any_number() {
        for (pattern, text, like) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("%", "سراقب", true),
            ("سرا%", "سراقب", true),
            ("%قب", "سراقب", true),
            ("س_اقب", "سراقب", true),
            ("%_اق%", "سراقب", true),
            ("_", "", false),
            ("_%_", "a", false),
            ("a%b%c", "a-b-b-c", true),
            ("a%b%c", "a-b-b-c-", false),
            ("ab%bc", "abc", false),
            ("%%a%%", "bab", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("Ab", "ab", false),
            ("ab", "abc", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), like, "{pattern} {text}");
        }
        let hard = Pattern::new(&"%a".repeat(200));
        assert!(!hard.matches(&format!("{}b", "a".repeat(5_000))));
    }

    /// What a pattern means, tried out.
    fn like(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('%', after)), rest) => {
                like(after, text) || rest.is_some_and(|(_, rest)| like(pattern, rest))
            }
            (Some((c, after)), Some((d, rest))) => (*c == '_' || c == d) && like(after, rest),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn cut_in_pieces_a_pattern_means_the_same(pattern in "[ab_%]{0,7}", text in "[ab]{0,7}") {
            let tried = like(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>());
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), tried);
        }
    }
}
