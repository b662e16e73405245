//! The address of an article in one spelling, by whatever link a reader came.

use url::{Url, form_urlencoded};

/// Parameters that tell how somebody came to a page, and nothing about the page.
const TRACKERS: &[&str] = &[
    "_ga",
    "amp",
    "cmpid",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ocid",
    "outputtype",
    "ref",
    "ref_src",
    "ref_url",
    "smid",
    "spm",
    "srsltid",
    "taid",
    "twclid",
    "vero_id",
    "wbraid",
    "wt_mc",
    "xtor",
    "yclid",
];

/// What parameters of that kind begin with.
const TRACKING: &[&str] = &["at_", "hsa_", "pk_", "utm_"];

/// Names of hosts that show the same pages in another form.
const FORMS: &[&str] = &["www", "m", "mobile", "amp"];

/// The address without what does not belong to the page: scheme, `www.`, `m.`, `/amp`, trackers,
/// the order of parameters, the last stroke and the fragment.
///
/// It is a key, not an address to open. What is no web address stays as it is.
pub fn canonical(address: &str) -> String {
    let address = address.trim();
    let Ok(url) = Url::parse(address) else { return address.to_owned() };
    let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
        return address.to_owned();
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut parameters: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracker(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    parameters.sort();
    let mut canonical = format!("{}{port}{}", own_name(host), path(url.path()));
    if !parameters.is_empty() {
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        canonical.push('?');
        canonical.push_str(&query);
    }
    canonical
}

fn is_tracker(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKERS.contains(&name.as_str()) || TRACKING.iter().any(|start| name.starts_with(start))
}

/// A host without the names of its forms, as long as a name and a country are left.
fn own_name(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    match host.split_once('.') {
        Some((form, rest)) if FORMS.contains(&form) && rest.contains('.') => own_name(rest),
        _ => host,
    }
}

/// A path without its form and last stroke, its escapes in capitals.
fn path(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/amp").or_else(|| path.strip_suffix(".amp")).unwrap_or(path);
    let mut left = 0;
    path.trim_end_matches('/')
        .chars()
        .map(|c| {
            if c == '%' {
                left = 2;
                return c;
            }
            let is_escape = left > 0;
            left = if is_escape { left - 1 } else { 0 };
            if is_escape { c.to_ascii_uppercase() } else { c }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_page_has_one_address() {
        for (given, is) in [
            ("https://www.example.org/news/1/", "example.org/news/1"),
            ("http://m.example.org/news/1/amp?utm_source=x&fbclid=3#top", "example.org/news/1"),
            ("HTTPS://AMP.Example.ORG:443/news/1/amp/", "example.org/news/1"),
            ("https://example.org/?p=12&UTM_Medium=rss&lang=ar", "example.org?lang=ar&p=12"),
            ("https://example.org/?lang=ar&p=12", "example.org?lang=ar&p=12"),
            ("https://example.org/خبر", "example.org/%D8%AE%D8%A8%D8%B1"),
            ("https://example.org/%d8%ae%d8%a8%d8%b1/", "example.org/%D8%AE%D8%A8%D8%B1"),
            ("https://example.org:8443/a", "example.org:8443/a"),
            ("https://m.com/a", "m.com/a"),
            ("file:///tmp/a.txt", "file:///tmp/a.txt"),
            (" not an address ", "not an address"),
        ] {
            assert_eq!(canonical(given), is, "{given}");
        }
    }

    #[test]
    fn other_pages_keep_other_addresses() {
        let pages =
            ["https://a.org/1", "https://a.org/2", "https://b.org/1", "https://a.org/1?page=2"];
        let canonical: std::collections::BTreeSet<String> = pages.map(canonical).into();
        assert_eq!(canonical.len(), pages.len());
    }

    proptest! {
        #[test]
        fn any_text_has_one_spelling(text in "(https?://(www\\.|m\\.)?[a-z.]{1,9})?[/a-zق%?&=#. ]{0,30}") {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once.clone());
            prop_assert_eq!(canonical(&format!("  {text}\n")), once);
        }
    }
}
