//! What a client would like to get: its `Accept` header.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The media ranges that a client accepts, each with its quality.
#[derive(Debug, Default)]
pub(super) struct Accept(Vec<(String, f32)>);

/// How much a type is wanted, and how exactly it was named. The greater is the better.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Wish {
    quality: f32,
    exactness: u8,
}

impl Wish {
    /// Whether the type was named, not only covered by a range.
    pub(super) const fn is_exact(self) -> bool {
        self.exactness == EXACT
    }
}

const ANYTHING: u8 = 0;
const RANGE: u8 = 1;
const EXACT: u8 = 2;

impl Accept {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges = values.flat_map(|value| value.split(',')).map(|range| {
            let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
            let kind = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            (kind, quality.filter(|q| q.is_finite()).unwrap_or(1.0).clamp(0.0, 1.0))
        });
        Self(ranges.collect())
    }

    /// How much one of these types is wanted; `None` if it is not accepted.
    ///
    /// Of all ranges that cover a type, the one that names it most exactly counts.
    pub(super) fn wish(&self, kinds: &[&str]) -> Option<Wish> {
        let wishes = kinds.iter().filter_map(|kind| self.wish_for(kind));
        wishes.max_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal))
    }

    fn wish_for(&self, kind: &str) -> Option<Wish> {
        let covering = self.0.iter().filter_map(|(range, quality)| {
            let exactness = exactness(range, kind)?;
            Some(Wish { quality: *quality, exactness })
        });
        let most_exact = covering.max_by_key(|wish| wish.exactness)?;
        (most_exact.quality > 0.0).then_some(most_exact)
    }
}

/// How exactly a range names a type. `json` is any type of JSON, since they differ by resource.
fn exactness(range: &str, kind: &str) -> Option<u8> {
    let (class, _) = kind.split_once('/').unwrap_or(("application", ""));
    if range == kind || (kind == "json" && range.ends_with("json")) {
        Some(EXACT)
    } else if range.strip_suffix("/*") == Some(class) {
        Some(RANGE)
    } else if range == "*/*" {
        Some(ANYTHING)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wish(accept: &str, kinds: &[&str]) -> Option<(f32, u8)> {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_str(accept).unwrap())]);
        Accept::of(&headers).wish(kinds).map(|wish| (wish.quality, wish.exactness))
    }

    #[test]
    fn the_range_that_names_a_type_most_exactly_counts() {
        for (accept, kinds, told) in [
            ("text/csv", &["text/csv"][..], Some((1.0, EXACT))),
            ("text/csv;q=0.5, */*", &["text/csv"], Some((0.5, EXACT))),
            ("*/*;q=0.8, text/csv;q=0", &["text/csv"], None),
            ("text/*;q=0.3", &["text/csv"], Some((0.3, RANGE))),
            ("TEXT/CSV; charset=utf-8; Q=0.25", &["text/csv"], Some((0.25, EXACT))),
            ("application/geo+json", &["json"], Some((1.0, EXACT))),
            ("application/*;q=0.2", &["json"], Some((0.2, RANGE))),
            ("application/geo+json-seq", &["json"], None),
            ("a/b;q=x,,;;", &["text/csv"], None),
            ("text/csv;q=NaN", &["text/csv"], Some((1.0, EXACT))),
            ("text/csv;q=7", &["text/csv"], Some((1.0, EXACT))),
            ("", &["text/csv"], None),
        ] {
            assert_eq!(wish(accept, kinds), told, "{accept}");
        }
    }
}
