//! The forms a lexicon word takes in running text.

/// The persons of a past-tense verb, from the third person singular.
///
/// Only the first word is inflected: `ألقى القبض` gives `ألقت القبض`.
pub(super) fn past(verb: &str) -> Vec<String> {
    let (head, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let stems: Vec<String> = if let Some(stem) = head.strip_suffix(['ى', 'ا']) {
        ["ى", "ت", "وا", "تا", "يا"].iter().map(|end| format!("{stem}{end}")).collect()
    } else {
        ["", "ت", "وا", "ا", "تا", "ن"].iter().map(|end| format!("{head}{end}")).collect()
    };
    stems.into_iter().map(|form| form + &tail).collect()
}

/// The persons of a present-tense verb, from its stem without the prefix.
pub(super) fn present(stem: &str) -> Vec<String> {
    let (head, rest) = stem.split_once(' ').unwrap_or((stem, ""));
    let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let mut forms = Vec::new();
    for prefix in ["ي", "ت", "ن"] {
        for ending in ["", "ون", "وا", "ان"] {
            forms.push(format!("{prefix}{head}{ending}{tail}"));
        }
    }
    forms
}

/// A noun and its adjective with the article: `رتل عسكري`, `الرتل العسكري`.
pub(super) fn definite(phrase: &str) -> Option<String> {
    let (noun, adjective) = phrase.split_once(' ')?;
    let one_word = !adjective.contains(' ');
    let bare = |word: &str| !word.starts_with("ال") && !word.is_ascii();
    (one_word && bare(noun) && bare(adjective)).then(|| format!("ال{noun} ال{adjective}"))
}

/// What may stand, joined, before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proclitics {
    /// Nothing: Latin words.
    None,
    /// Conjunctions and prepositions, no article: proper names and numbers.
    Name,
    /// Those and the article: common nouns.
    Noun,
    /// Conjunctions and ل: particles and phrases.
    Particle,
    /// Those and the future س: verbs.
    Verb,
}

const CONJUNCTIONS: &[&str] = &["و", "ف"];
const PREPOSITIONS: &[&str] = &["ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"];
const ARTICLES: &[&str] = &["ال", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل", "فلل", "وكال"];
const FUTURES: &[&str] = &["س", "وس", "فس"];

impl Proclitics {
    /// Whether a word may stand behind these joined letters.
    pub(super) fn allow(self, prefix: &str) -> bool {
        let any = |lists: &[&[&str]]| lists.iter().any(|list| list.contains(&prefix));
        prefix.is_empty()
            || match self {
                Self::None => false,
                Self::Name => any(&[CONJUNCTIONS, PREPOSITIONS]),
                Self::Noun => any(&[CONJUNCTIONS, PREPOSITIONS, ARTICLES]),
                Self::Particle => any(&[CONJUNCTIONS, &["ل", "ول"]]),
                Self::Verb => any(&[CONJUNCTIONS, FUTURES, &["ل", "ول"]]),
            }
    }
}

/// Whether a verb or verbal noun may carry these joined letters behind it.
pub(super) fn is_pronoun(suffix: &str) -> bool {
    matches!(suffix, "ه" | "ها" | "هم" | "هما" | "هن" | "نا")
}

/// How a form that begins with the article reads behind ل: `النظام`, `للنظام`.
pub(super) fn behind_lam(folded: &str) -> Option<String> {
    folded.strip_prefix("ال").map(|rest| format!("لل{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_take_their_persons() {
        assert!(past("قصف").contains(&"قصفت".to_owned()));
        assert!(past("ألقى القبض").contains(&"ألقت القبض".to_owned()));
        assert!(present("قصف").contains(&"يقصفون".to_owned()));
    }

    #[test]
    fn proclitics_follow_the_word_class() {
        assert!(Proclitics::Name.allow("ول") && !Proclitics::Name.allow("ال"));
        assert!(Proclitics::Noun.allow("وبال") && !Proclitics::Noun.allow("س"));
        assert!(Proclitics::Verb.allow("س") && !Proclitics::None.allow("و"));
    }
}
