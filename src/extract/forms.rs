//! The forms a lexicon word takes in running text.

/// The persons of a past-tense verb, from the third person singular.
///
/// Only the first word is inflected: `ألقى القبض` gives `ألقت القبض`. One that is written as they do it (`أحرقوا`)
/// stays so.
pub(super) fn past(verb: &str) -> Vec<String> {
    let (head, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let stems: Vec<String> = if head.ends_with("وا") {
        vec![head.to_owned()]
    } else if let Some(stem) = head.strip_suffix(['ى', 'ا']) {
        ["ى", "ا", "ت", "وا", "تا", "يا"].iter().map(|end| format!("{stem}{end}")).collect()
    } else {
        ["", "ت", "وا", "ا", "تا", "ن"].iter().map(|end| format!("{head}{end}")).collect()
    };
    stems.into_iter().map(|form| form + &tail).collect()
}

/// The persons of a present-tense verb, from its stem without the prefix.
pub(super) fn present(stem: &str) -> Vec<String> {
    let (head, rest) = stem.split_once(' ').unwrap_or((stem, ""));
    let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    // `يلقي`, `يلقون`: before the plural's ending a weak letter goes.
    let plural = head.strip_suffix(['ي', 'ى']).unwrap_or(head);
    let persons = [(head, ""), (plural, "ون"), (plural, "وا"), (head, "ان")];
    let with_prefix = |prefix| {
        persons.map(|(stem, ending): (&str, &str)| format!("{prefix}{stem}{ending}{tail}"))
    };
    ["ي", "ت", "ن"].into_iter().flat_map(with_prefix).collect()
}

/// The stem of the present tense of a phrase, from the past: `ضبط أسلحة` gives `يضبط أسلحة`, `أقام حاجزا` `يقيم حاجزا`.
///
pub(super) fn present_of(phrase: &str) -> Option<String> {
    let (past, rest) = phrase.split_once(' ')?;
    Some(format!("{} {rest}", present_stem(past)?))
}

/// The same of its verb. Verbs whose present has another shape (`وصل`, `زار`) are told by their own lists.
pub(super) fn present_stem(past: &str) -> Option<String> {
    let past = past.strip_suffix("وا").or_else(|| past.strip_suffix(['ت', 'ا'])).unwrap_or(past);
    let stem = match past.chars().next()? {
        'إ' => return None,
        'أ' | 'ا' => past.chars().skip(1).collect(),
        _ => past.to_owned(),
    };
    let is_causative = past.starts_with('أ') && stem.chars().nth(1) == Some('ا');
    let is_sought = stem.starts_with("ست") && stem.chars().nth(3) == Some('ا');
    let stem = if is_causative || is_sought { stem.replace('ا', "ي") } else { stem };
    let stem = match (stem.strip_suffix('ى'), stem.strip_suffix('أ')) {
        (Some(weak), _) => format!("{weak}ي"),
        (_, Some(weak)) => format!("{weak}ئ"),
        _ => stem,
    };
    Some(stem)
}

/// A form of an English verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EnglishForm {
    /// The words.
    pub(super) words: String,
    /// Not inflected: behind "to" it is a purpose.
    pub(super) plain: bool,
    /// It tells by itself that something is done; "attacking" may be a noun.
    pub(super) finite: bool,
}

/// The forms of an English verb, the first word inflected: `open fire` gives `opened fire`.
///
/// Irregular pasts are written behind the plain form: `throw/threw/thrown`. Without a plain form only
/// what is written stands: `/bombed/bombing`, as "bomb" is a thing.
pub(super) fn english(verb: &str) -> Vec<EnglishForm> {
    let (head, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let tail = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let mut written = head.split('/');
    let plain = written.next().unwrap_or(head);
    let pasts: Vec<String> = written.map(str::to_owned).collect();
    let form = |head: &str, plain| {
        let finite = !head.ends_with("ing");
        EnglishForm { words: format!("{head}{tail}"), plain, finite }
    };
    if plain.is_empty() {
        return pasts.iter().map(|past| form(past, false)).collect();
    }
    let pasts = if pasts.is_empty() { vec![with_ending(plain, "ed")] } else { pasts };
    let others = [with_ending(plain, "s"), with_ending(plain, "ing")].into_iter().chain(pasts);
    std::iter::once(form(plain, true)).chain(others.map(|o| form(&o, false))).collect()
}

/// Joins an ending to an English verb as it is spelled: `robbed`, `seizing`, `carries`.
fn with_ending(verb: &str, ending: &str) -> String {
    let vowel = |c: char| "aeiou".contains(c);
    let mut last = verb.chars().rev();
    let (end, before) = (last.next().unwrap_or(' '), last.next().unwrap_or(' '));
    let third = last.next().unwrap_or(' ');
    let one_vowel = verb.chars().filter(|&c| vowel(c)).count() == 1;
    let stem = || verb.strip_suffix(end).unwrap_or(verb);
    match (end, ending) {
        ('y', "s") if !vowel(before) => format!("{}ies", stem()),
        ('y', "ed") if !vowel(before) => format!("{}ied", stem()),
        ('s' | 'x' | 'z', "s") => format!("{verb}es"),
        ('h', "s") if matches!(before, 's' | 'c') => format!("{verb}es"),
        ('e', "ed") => format!("{verb}d"),
        ('e', "ing") if before != 'e' => format!("{}ing", stem()),
        ('b' | 'd' | 'g' | 'l' | 'm' | 'n' | 'p' | 'r' | 't', "ed" | "ing")
            if one_vowel && vowel(before) && !vowel(third) =>
        {
            format!("{verb}{end}{ending}")
        }
        _ => format!("{verb}{ending}"),
    }
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
    /// Conjunctions: words of attribution. `لنقل النفط` is a purpose, and quotes nobody.
    Said,
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

/// All letters that may stand joined before the rest of a word: none, and then shorter ones first.
pub(super) fn joined_before(word: &str) -> impl Iterator<Item = &'static str> {
    let mut letters = word.chars();
    let (one, more): (&[&str], &[&str]) = match letters.next() {
        Some('و') => (&["", "و"], &["وب", "ول", "وك", "وس", "وال", "ولل", "وبال", "وكال"]),
        Some('ف') => (&["", "ف"], &["فب", "فل", "فس", "فال", "فلل"]),
        Some('ب') => (&["", "ب"], &["بال"]),
        Some('ل') => (&["", "ل"], &["لل"]),
        Some('ك') => (&["", "ك"], &["كال"]),
        Some('س') => (&["", "س"], &[]),
        Some('ا') => (&[""], &["ال"]),
        _ => (&[""], &[]),
    };
    let goes_on = matches!(letters.next(), Some('ب' | 'ل' | 'ك' | 'س' | 'ا'));
    let more = if goes_on { more } else { &[] };
    one.iter().chain(more.iter().filter(move |joined| word.starts_with(**joined))).copied()
}

impl Proclitics {
    /// Whether a word may stand behind these joined letters.
    pub(super) fn allow(self, prefix: &str) -> bool {
        let any = |lists: &[&[&str]]| lists.iter().any(|list| list.contains(&prefix));
        prefix.is_empty()
            || match self {
                Self::None => false,
                Self::Said => any(&[CONJUNCTIONS]),
                Self::Name => any(&[CONJUNCTIONS, PREPOSITIONS]),
                Self::Noun => any(&[CONJUNCTIONS, PREPOSITIONS, ARTICLES]),
                Self::Particle => any(&[CONJUNCTIONS, &["ل", "ول"]]),
                Self::Verb => any(&[CONJUNCTIONS, FUTURES, &["ل", "ول"]]),
            }
    }
}

/// The pronoun that a verb or verbal noun may carry behind it in one word.
pub(super) fn pronoun(word: &str) -> Option<&'static str> {
    let all: &[&str] = match word.chars().next_back()? {
        'ه' => &["ه"],
        'ا' => &["ها", "هما", "نا"],
        'م' => &["هم"],
        'ن' => &["هن"],
        _ => &[],
    };
    all.iter().copied().find(|pronoun| word.ends_with(pronoun))
}

/// How a form that begins with the article reads behind ل: `النظام`, `للنظام`.
pub(super) fn behind_lam(folded: &str) -> Option<String> {
    folded.strip_prefix("ال").map(|rest| format!("لل{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_be_joined_is_found_before_a_word() {
        for joined in [CONJUNCTIONS, PREPOSITIONS, ARTICLES, FUTURES].concat() {
            let word = format!("{joined}مدينه");
            let found: Vec<&str> = joined_before(&word).collect();
            assert!(
                found.contains(&joined) && found.is_sorted_by_key(|joined| joined.len()),
                "{word}"
            );
        }
        assert_eq!(joined_before("struck").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn verbs_take_their_persons() {
        assert!(past("قصف").contains(&"قصفت".to_owned()));
        assert!(past("ألقى القبض").contains(&"ألقت القبض".to_owned()));
        assert!(present("قصف").contains(&"يقصفون".to_owned()));
        assert!(present("لقي قنبلة").contains(&"يلقون قنبلة".to_owned()));
    }

    #[test]
    fn the_present_follows_from_the_past() {
        for (past, stem) in [
            ("ضبط أسلحة", "ضبط أسلحة"),
            ("أسقطت طائرة", "سقط طائرة"),
            ("أقام حاجزا", "قيم حاجزا"),
            ("ألقى قنبلة", "لقي قنبلة"),
            ("أنشأ نقطة", "نشئ نقطة"),
            ("استعاد السيطرة", "ستعيد السيطرة"),
            ("استولوا على منازل", "ستول على منازل"),
            ("أحرقوا إطارات", "حرق إطارات"),
        ] {
            assert_eq!(present_of(past).as_deref(), Some(stem), "{past}");
        }
        assert_eq!((present_of("قصف"), present_of("إسقاط مسيرات")), (None, None));
    }

    #[test]
    fn english_verbs_are_spelled_as_they_are_written() {
        let words = |verb| english(verb).into_iter().map(|f| f.words).collect::<Vec<_>>();
        assert_eq!(words("open fire"), ["open fire", "opens fire", "opening fire", "opened fire"]);
        assert_eq!(words("throw/threw/thrown"), ["throw", "throws", "throwing", "threw", "thrown"]);
        assert_eq!(words("stab"), ["stab", "stabs", "stabbing", "stabbed"]);
        assert_eq!(words("free"), ["free", "frees", "freeing", "freed"]);
        assert_eq!(words("/bombed/bombing"), ["bombed", "bombing"]);
        assert_eq!(words("seize"), ["seize", "seizes", "seizing", "seized"]);
        assert_eq!(words("occupy"), ["occupy", "occupies", "occupying", "occupied"]);
        assert_eq!(words("torch"), ["torch", "torches", "torching", "torched"]);
        assert_eq!(words("set/set"), ["set", "sets", "setting", "set"]);
    }

    #[test]
    fn proclitics_follow_the_word_class() {
        assert!(Proclitics::Name.allow("ول") && !Proclitics::Name.allow("ال"));
        assert!(Proclitics::Noun.allow("وبال") && !Proclitics::Noun.allow("س"));
        assert!(Proclitics::Verb.allow("س") && !Proclitics::None.allow("و"));
    }
}
