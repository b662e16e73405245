//! What was found in a text, looked up by the token where it begins without a search.

use std::ops::Range;

/// Something that covers words of a text.
pub(super) trait Spanning {
    /// The tokens it covers.
    fn tokens(&self) -> &Range<usize>;
}

/// Things found, in the order of the tokens where they begin.
pub(super) struct ByToken<T> {
    found: Vec<T>,
    /// For each token the first thing that begins there or behind it.
    first: Vec<usize>,
}

impl<T: Spanning> ByToken<T> {
    pub(super) fn new(mut found: Vec<T>) -> Self {
        found.sort_by_key(|one| one.tokens().start);
        let mut first = Vec::new();
        for (at, one) in found.iter().enumerate() {
            first.resize(one.tokens().start + 1, at);
        }
        Self { found, first }
    }

    /// Those that begin at a token or behind it.
    fn from(&self, token: usize) -> impl Iterator<Item = &T> {
        let first = self.first.get(token).copied().unwrap_or(self.found.len());
        self.found.iter().skip(first)
    }

    /// Those that begin at a token.
    pub(super) fn at(&self, token: usize) -> impl Iterator<Item = &T> {
        self.from(token).take_while(move |one| one.tokens().start == token)
    }

    /// Those that lie wholly within a range of tokens.
    pub(super) fn within(&self, tokens: &Range<usize>) -> impl Iterator<Item = &T> + use<'_, T> {
        let end = tokens.end;
        self.from(tokens.start)
            .take_while(move |one| one.tokens().start < end)
            .filter(move |one| one.tokens().end <= end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Spanning for Range<usize> {
        fn tokens(&self) -> &Range<usize> {
            self
        }
    }

    proptest! {
        #[test]
        fn what_lies_in_a_range_is_found_and_nothing_else(
            found in prop::collection::vec((0usize..20, 0usize..5), 0..30),
            (start, len) in (0usize..25, 0usize..25),
        ) {
            let mut found: Vec<Range<usize>> = found.into_iter().map(|(at, len)| at..at + len).collect();
            let by_token = ByToken::new(found.clone());
            found.sort_by_key(|one| one.start);
            let asked = start..start + len;
            let within: Vec<_> = by_token.within(&asked).cloned().collect();
            let is_within = |one: &&Range<usize>| (asked.contains(&one.start)) && one.end <= asked.end;
            prop_assert_eq!(within, found.iter().filter(is_within).cloned().collect::<Vec<_>>());
            let at: Vec<_> = by_token.at(start).cloned().collect();
            prop_assert_eq!(at, found.into_iter().filter(|one| one.start == start).collect::<Vec<_>>());
        }
    }
}
