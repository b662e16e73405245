//! Names in a text: those of the gazetteer, and those that only the words around show to be names.

use std::ops::Range;

use crate::extract::Page;
use crate::extract::by_token::Spanning;
use crate::extract::capital::is_government;
use crate::extract::forms::{Proclitics, behind_lam};
use crate::extract::hit::{ActorName, Hit, PlaceWord, Sense};
use crate::extract::phrasebook::{Found, Phrasebook};
use crate::model::place::{PlaceKind, Renown};
use crate::model::text::{Text, TokenKind};

/// The names of the gazetteer, to look for in texts.
pub struct Toponyms {
    names: Vec<Known>,
    /// The names and other forms of them, each with its place among the names.
    forms: Phrasebook<usize>,
}

/// A name that the gazetteer has.
struct Known {
    name: String,
    renown: Renown,
    /// Whether another is the same with the article.
    has_twin: bool,
}

impl std::fmt::Debug for Toponyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Toponyms").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

/// A name of the gazetteer at its place in the text.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Name {
    pub(in crate::extract) tokens: Range<usize>,
    /// The joined letters before it.
    pub(in crate::extract) prefix: &'static str,
    /// The name, folded.
    pub(in crate::extract) key: String,
    /// How well known its bearers are; `None` if the gazetteer does not have the name.
    pub(in crate::extract) renown: Option<Renown>,
    /// Whether it lacks the article of another name.
    pub(in crate::extract) is_bare: bool,
}

impl Spanning for Name {
    fn tokens(&self) -> &Range<usize> {
        &self.tokens
    }
}

impl Toponyms {
    /// From folded names. Takes some tens of milliseconds for ten thousand places.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, Renown)>) -> Self {
        let mut names: Vec<(&str, Renown)> = names.into_iter().collect();
        // Of one name the best known.
        names.sort_unstable_by(|(a, known), (b, other)| a.cmp(b).then(other.cmp(known)));
        names.dedup_by(|(next, _), (kept, _)| next == kept);
        let mut forms = Phrasebook::default();
        let written = names.iter().map(|(name, _)| Some((*name).to_owned()));
        let joined = names.iter().map(|(name, _)| behind_lam(name));
        for (form, at) in written.zip(0..).chain(joined.zip(0..)) {
            if let Some(known) = form.and_then(|form| forms.entry(&form)) {
                known.get_or_insert(at);
            }
        }
        let has_twin = |name: &str| {
            let twin = format!("ال{name}");
            names.binary_search_by(|(known, _)| (*known).cmp(twin.as_str())).is_ok()
        };
        let known = |&(name, renown): &(&str, Renown)| Known {
            name: name.to_owned(),
            renown,
            has_twin: has_twin(name),
        };
        Self { names: names.iter().map(known).collect(), forms }
    }

    /// How well known the bearers of a folded name are, if the gazetteer has it.
    pub(in crate::extract) fn renown(&self, name: &str) -> Option<Renown> {
        let at = self.names.binary_search_by(|known| known.name.as_str().cmp(name)).ok()?;
        self.names.get(at).map(|known| known.renown)
    }

    /// Finds every name, the longest where several overlap, in the order of the text.
    pub(in crate::extract) fn scan(&self, text: &Text) -> Scan {
        let (mut names, mut run_ons) = (Vec::new(), Vec::new());
        self.forms.find(text, run_on_ends, |found| match found.suffix {
            "" => names.extend(self.name(text, found)),
            _ if Proclitics::Name.allow(found.prefix) => run_ons.push(found.bytes.end),
            _ => {}
        });
        names.sort_by_key(|n| (n.tokens.start, std::cmp::Reverse((n.tokens.end, n.key.len()))));
        let mut end = 0;
        names.retain(|n| {
            let free = n.tokens.start >= end;
            end = end.max(n.tokens.end);
            free
        });
        Scan { names, run_ons }
    }

    /// The name that was found, unless what is joined to it makes it another word.
    fn name(&self, text: &Text, found: Found<'_, usize>) -> Option<Name> {
        let Found { phrase, tokens, bytes, prefix, .. } = found;
        let Known { name, renown, has_twin } = self.names.get(*phrase)?;
        // `رقة` may be Raqqa, but `فرقة` is a division and `ورقة` a paper.
        let lacks_article = *has_twin && name.chars().count() <= SHORT_NAME;
        let allowed = if lacks_article { Proclitics::None } else { Proclitics::Name };
        // درعاً is a shield, not Daraa.
        let is_shield = text.tokens.get(tokens.end - 1)?.tanwin;
        if !allowed.allow(prefix) || is_shield {
            return None;
        }
        let is_behind_lam = text.folded.get(bytes)?.starts_with("لل") && !name.starts_with("لل");
        Some(Name {
            tokens,
            prefix: if is_behind_lam { "ل" } else { prefix },
            key: name.clone(),
            renown: Some(*renown),
            is_bare: *has_twin,
        })
    }
}

/// Where a name of several words may end within a word, which runs on where a page lost a line end.
fn run_on_ends(word: &str, is_behind: bool) -> impl Iterator<Item = usize> {
    let word = if is_behind && !word.is_ascii() { word } else { "" };
    word.char_indices().rev().skip(SHORTEST_RUN_ON - 1).map(|(end, _)| end).filter(|&end| end > 0)
}

/// What the gazetteer finds in a text.
#[derive(Debug, Default)]
pub(in crate::extract) struct Scan {
    pub(in crate::extract) names: Vec<Name>,
    /// Where names of several words end within a word: bytes of the folded text.
    pub(in crate::extract) run_ons: Vec<usize>,
}

/// What runs on behind a name is a word of at least so many letters.
const SHORTEST_RUN_ON: usize = 4;

/// A name of so many letters that lacks its article makes other words behind a joined letter.
const SHORT_NAME: usize = 3;

/// The names of a clause: those of the gazetteer, and those that only a word before them
/// shows to be names (`قرية كذا`). A village that no gazetteer knows must not land on the town behind it.
pub(super) fn all_names(page: &Page<'_>, clause: &Range<usize>) -> Vec<Name> {
    let mut names: Vec<Name> =
        page.names(clause).filter(|name| !is_no_place(page, clause, name)).cloned().collect();
    // `Kafr Amma` is not Kafr: the head of a compound alone is no name.
    let is_named = |at: usize| page.names.at(at).any(|other| other.prefix.is_empty());
    names.retain(|name| {
        let (head, next) = (page.word(name.tokens.start), name.tokens.end);
        let is_head = name.tokens.len() == 1 && [head, &name.key].into_iter().any(is_compound_head);
        // `Tel |al-Hara|`: the rest may be a name as well.
        let goes_on = is_plain(page, clause, next) || (head.is_ascii() && is_named(next));
        !(is_head && next < clause.end && goes_on)
    });
    for hit in page.hits(clause) {
        let Sense::Place(PlaceWord::Kind(kind)) = hit.sense else { continue };
        let taken = names
            .iter()
            .any(|n| n.tokens.start <= hit.tokens.end && hit.tokens.start < n.tokens.end);
        if kind.announces_a_name() && !taken && !hit.is_definite() {
            let unknown = unknown_name(page, clause, hit.tokens.end);
            names.extend(unknown.map(|name| with_last_word(page, &names, name)));
        }
    }
    names.extend(page.hits(clause).filter_map(|hit| named_before_kind(page, clause, hit)));
    for hit in page.hits(clause) {
        let announces = matches!(
            hit.sense,
            Sense::Place(
                PlaceWord::Near
                    | PlaceWord::Direction
                    | PlaceWord::Within
                    | PlaceWord::Side
                    | PlaceWord::Between
            )
        );
        if announces && is_capital(page, clause, hit.tokens.end) {
            names.extend(unknown_name(page, clause, hit.tokens.end));
        }
    }
    names.sort_by_key(|name| (name.tokens.start, std::cmp::Reverse(name.tokens.end)));
    names.dedup_by(|b, a| b.tokens.start < a.tokens.end);
    names
}

/// "the |Dweila| neighborhood": what no list knows, before a word for what it is.
fn named_before_kind(page: &Page<'_>, clause: &Range<usize>, kind: &Hit) -> Option<Name> {
    let names = match kind.sense {
        Sense::Place(PlaceWord::KindAfter(kind)) => {
            kind.announces_a_name() || kind == PlaceKind::District
        }
        // "the Midan |neighborhood of| Damascus"
        Sense::Place(PlaceWord::Kind(kind)) => kind == PlaceKind::Neighbourhood,
        _ => false,
    };
    let end = kind.tokens.start;
    let is_name = |&t: &usize| is_capital(page, clause, t);
    let words = (clause.start..end).rev().take(LONGEST_UNKNOWN).take_while(is_name).count();
    let tokens = end - words..end;
    let is_led = matches!(page.before(tokens.start, 1), "the" | "and" | ",");
    (words > 0 && is_led && names).then(|| Name {
        key: page.words(&tokens).collect::<Vec<_>>().join(" "),
        tokens,
        prefix: "",
        renown: None,
        is_bare: false,
    })
}

/// A Latin word with a capital that neither list nor gazetteer knows: the name of something.
fn is_capital(page: &Page<'_>, clause: &Range<usize>, token: usize) -> bool {
    let capital = page.original(token..token + 1).starts_with(char::is_uppercase);
    // "In IED explosion": the two words together are known.
    let begins = |h: &Hit| matches!(h.sense, Sense::Trigger { .. }) && h.tokens.start == token;
    token < clause.end
        && capital
        && page.word(token).is_ascii()
        && is_plain(page, clause, token)
        && !page.hits(&(token..clause.end)).take_while(|h| h.tokens.start == token).any(begins)
}

/// The words of a name that the gazetteer does not have: up to the next word that is known for something else.
fn unknown_name(page: &Page<'_>, clause: &Range<usize>, start: usize) -> Option<Name> {
    let start = (start..clause.end).find(|&t| !page.is(t, TokenKind::Quote))?;
    // `مخيمات الشمال السوري` has no name.
    let hides = |h: &Hit| h.sense == Sense::Mask && h.tokens.start == start;
    let hidden = page.hits(&(start..clause.end)).take_while(|h| h.tokens.start == start).any(hides);
    // `قرى الحدود`, `بلدات الريف`: every part of the country has one.
    let is_any = page.lexicon.around.any_town.contains(page.word(start));
    if hidden || is_any || belongs(page.word(start)) {
        return None;
    }
    let heads = is_compound_head(page.word(start));
    let latin = heads || is_capital(page, clause, start);
    let goes_on = |&t: &usize| {
        let plain = is_plain(page, clause, t)
            && (!latin || is_capital(page, clause, t) || !page.word(t).is_ascii());
        // `Tel |al|-Hara`
        let article = ARTICLES.contains(&page.word(t)) && is_capital(page, clause, t + 1);
        plain || article || (heads && t == start)
    };
    let end = start + (start..clause.end.min(start + LONGEST_UNKNOWN)).take_while(goes_on).count();
    // Where nothing known ends the name, it is one word, or two behind the head of a compound.
    let cut = if end == start + LONGEST_UNKNOWN && !page.word(start).is_ascii() {
        start + 1 + usize::from(is_compound_head(page.word(start)))
    } else {
        end
    };
    let words: Vec<&str> = (start..cut).map(|t| page.word(t)).collect();
    let is_head = words.len() == 1 && heads && page.word(start).is_ascii();
    (cut > start && !is_head).then(|| Name {
        tokens: start..cut,
        prefix: "",
        key: words.join(" "),
        renown: None,
        is_bare: false,
    })
}

/// `حي مساكن هنانو`: the last word of an unknown name may be the name of a hamlet, which is not meant. Behind the head
/// of a compound alone (`قرية أم |منبج|`) any name is its end.
fn with_last_word(page: &Page<'_>, names: &[Name], unknown: Name) -> Name {
    let is_last = |n: &&Name| {
        n.tokens.start == unknown.tokens.end
            && n.prefix.is_empty()
            && (n.renown == Some(Renown::Village) || is_compound_head(&unknown.key))
    };
    let Some(last) = names.iter().find(is_last) else { return unknown };
    let tokens = unknown.tokens.start..last.tokens.end;
    let words: Vec<&str> = page.words(&tokens).collect();
    Name { key: words.join(" "), tokens, ..unknown }
}

/// What says that a place belongs to the next.
pub(super) fn belongs(word: &str) -> bool {
    matches!(word, "التابعه" | "التابع" | "تابعه" | "تابع" | "الواقعه" | "الواقع" | "واقعه")
}

/// A word that neither list nor gazetteer knows.
fn is_plain(page: &Page<'_>, clause: &Range<usize>, token: usize) -> bool {
    let known = |h: &Hit| !matches!(h.sense, Sense::Counted(..) | Sense::Number(_));
    page.is(token, TokenKind::Word)
        && page.names(&(token..token + 1)).next().is_none()
        && !page.hits(&(token..(token + 1).min(clause.end))).any(known)
}

/// The article in Latin letters, by the sound behind it.
const ARTICLES: &[&str] = &["al", "el", "ad", "an", "ar", "as", "ash", "at", "az"];

/// An unknown name has at most so many words.
const LONGEST_UNKNOWN: usize = 3;

/// First words of names in two parts: `تل كذا`, `كفر كذا`.
pub(super) fn is_compound_head(word: &str) -> bool {
    matches!(
        word,
        "تل" | "كفر"
            | "خربه"
            | "خراب"
            | "رسم"
            | "حوش"
            | "ابو"
            | "ام"
            | "عين"
            | "دير"
            | "راس"
            | "بيت"
            | "شيخ"
            | "الشيخ"
            | "خان"
            | "باب"
            | "جب"
            | "وادي"
            | "بئر"
            | "بير"
            | "مزرعه"
            | "tell"
            | "tall"
            | "tal"
            | "tel"
            | "jubb"
            | "rasm"
            | "bir"
            | "wadi"
            | "kafr"
            | "deir"
            | "ain"
            | "beit"
            | "abu"
            | "umm"
            | "khan"
            | "khirbet"
    )
}

/// Whether what the gazetteer has for a name is another thing here.
pub(super) fn is_no_place(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    is_hidden_name(page, clause, name)
        || is_word(page, clause, name)
        || is_surname(page, clause, name)
        || is_tag(page, clause, name)
        || is_press(page, name.tokens.end)
        || is_press_name(page, name)
        || is_unit(page, clause, name)
        || is_any(page, clause, name)
        || is_street(page, clause, name)
        || is_part(page, clause, name)
}

/// "Wadi Yarmouk" is not Yarmouk: with the head of a compound before it, it is the name of another.
fn is_part(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let head = name.tokens.start.checked_sub(1).filter(|&head| head >= clause.start);
    head.map(|head| page.word(head)).is_some_and(|head| head.is_ascii() && is_compound_head(head))
}

/// `وكالة قاسيون` is an outlet.
fn is_press_name(page: &Page<'_>, name: &Name) -> bool {
    let before = page.before(name.tokens.start, 1);
    name.prefix.is_empty() && page.lexicon.around.press_before.contains(before)
}

/// `عناصر الفرقة 17` is who fights; `في الفوج 46` is where.
fn is_unit(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let start = name.tokens.start;
    let is_led = page
        .hits(&(start.saturating_sub(3).max(clause.start)..start))
        .any(|h| h.tokens.end == start && matches!(h.sense, Sense::Place(_)));
    page.lexicon.around.units.contains(page.word(start)) && !is_led && name.prefix.is_empty()
}

/// `في ساحة |بصرى| بدرعا`: streets and squares are named after other towns; where the clause names one more, they
/// are there.
fn is_street(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let is_town = |other: &Name| other.renown == Some(Renown::Town);
    let is_other = |other: &Name| other.tokens != name.tokens && is_town(other);
    let before = page.before(name.tokens.start, 1);
    let bare = before.strip_prefix(['ب', 'و']).unwrap_or(before);
    let behind = if name.key.is_ascii() { page.word(name.tokens.end) } else { "" };
    [before, bare, behind].iter().any(|word| page.lexicon.around.streets.contains(*word))
        && is_town(name)
        && name.prefix.is_empty()
        && page.names(clause).any(is_other)
}

/// `المشفى الوطني`, `القرية الشرقية`, `القرى |الشمالية|`: every town has one, so it is not the one that the
/// gazetteer has.
fn is_any(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let words = &page.lexicon.around.any_town;
    let start = name.tokens.start;
    let is_such = |t: usize| {
        words.contains(page.word(t)) || (t == start && page.lexicon.urban.contains(page.word(t)))
    };
    let is_one = name.tokens.len() > 1
        || (words.contains(page.word(start)) && !is_called(page, clause, start));
    is_one && name.renown == Some(Renown::Village) && name.tokens.clone().all(is_such)
}

/// `مدينة`, `الشرقي`, `آذار`: villages are called so, but only with a word that says so
/// before it are they meant (`قرية الجسر`).
fn is_word(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let is_small = name.renown == Some(Renown::Village);
    let covers = |h: &Hit| h.tokens.start <= name.tokens.start && name.tokens.end <= h.tokens.end;
    // `كبانة` is not `ك` and `بأنه`.
    let is_like = |h: &Hit| h.prefix.starts_with('ك');
    let is_word = page.hits(clause).filter(|h| covers(h) && !is_like(h)).any(|h| match h.sense {
        Sense::Actor { .. } | Sense::Mask => false,
        Sense::Place(_) => true,
        _ => is_small,
    });
    // `بلدات وقرى` are towns and villages, `بلدات الريف` those of the countryside.
    let goes_on = page.hits(&name.tokens).any(|h| match h.sense {
        Sense::Place(PlaceWord::Kind(_)) => h.prefix.starts_with('و'),
        Sense::Place(PlaceWord::Countryside) => true,
        _ => false,
    });
    let is_called = is_called(page, clause, name.tokens.start) && !goes_on;
    name.tokens.len() == 1 && is_word && !is_called
}

/// Whether a word for a kind of place stands right before a token.
fn is_called(page: &Page<'_>, clause: &Range<usize>, token: usize) -> bool {
    let before = token.saturating_sub(2).max(clause.start)..token;
    page.hits(&before).any(|h| {
        h.tokens.end == token
            && !h.is_definite()
            && matches!(h.sense, Sense::Place(PlaceWord::Kind(_)))
    })
}

/// `أحمد الحراكي`, `القيادي جاسم`: what stands bare behind a given name or a rank is a person's. `فاطمة` is not
/// `ف` and `أطمة`.
fn is_surname(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let first = name.tokens.start;
    if !name.prefix.is_empty() && page.lexicon.persons.contains(page.word(first)) {
        return true;
    }
    let Some(before) = first.checked_sub(1).filter(|b| clause.contains(b)) else {
        return false;
    };
    name.prefix.is_empty()
        && page.lexicon.persons.contains(page.word(before))
        && !is_called(page, clause, before)
        && page.names(&(before..before + 1)).next().is_none()
}

/// `#سد_تشرين#سوريا #منبج #الرقة`: in a row of tags only the first can belong to the sentence.
fn is_tag(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    let starts_tag = |t: usize| page.mark_before(t) == Some(b'#');
    let in_tag = |t: &usize| starts_tag(*t) || page.mark_before(*t) == Some(b'_');
    let first = name.tokens.start;
    if opens_tags(page, clause, first, in_tag) {
        return false;
    }
    let before = (clause.start..first).rev().take_while(in_tag).filter(|&t| starts_tag(t)).count();
    let behind = (first + 1..clause.end).take_while(in_tag).filter(|&t| starts_tag(t)).count();
    starts_tag(first) && before > 0 && before + behind + 1 >= ROW_OF_TAGS
}

/// `مدن وبلدات |#دوما #سقبا|`: tags behind a plural are a list of such places.
fn opens_tags(
    page: &Page<'_>,
    clause: &Range<usize>,
    tag: usize,
    in_tag: impl Fn(&usize) -> bool,
) -> bool {
    let first = tag - (clause.start..tag).rev().take_while(in_tag).count();
    let before = page.before(first, 1);
    PLURALS.contains(&before.strip_prefix('و').unwrap_or(before))
}

const PLURALS: &[&str] = &["مدن", "بلدات", "قري", "احياء", "مدينتي", "بلدتي", "قريتي", "حيي"];

/// Two tags beside each other may be a place and what it lies in.
const ROW_OF_TAGS: usize = 3;

/// "Raqqa Post", but not "struck Sarmin today".
fn is_press(page: &Page<'_>, token: usize) -> bool {
    let word = page.word(token);
    let is_name =
        !word.is_ascii() || page.original(token..token + 1).starts_with(char::is_uppercase);
    is_name && page.lexicon.press.contains(word)
}

/// `مجموعات محلية في |السويداء` are there; `الحرس الوطني في السويداء` is called so wherever it is.
fn are_there(page: &Page<'_>, actor: &Hit, name: &Name) -> bool {
    let before = page.before(name.tokens.start, 1);
    let is_called = page.word(actor.tokens.start).starts_with("ال");
    before == "في" && name.tokens.end == actor.tokens.end && !is_called
}

/// Names inside the names of actors and outlets are no places; nor are capitals that stand for governments.
fn is_hidden_name(page: &Page<'_>, clause: &Range<usize>, name: &Name) -> bool {
    page.hits(clause)
        .filter(|h| h.tokens.start <= name.tokens.start && name.tokens.end <= h.tokens.end)
        .any(|h| match h.sense {
            Sense::Mask => true,
            Sense::Actor { name: ActorName::Capital, .. } => is_government(page, clause, h),
            Sense::Actor { name: ActorName::Full, .. } => {
                h.tokens.len() > 1 && !are_there(page, h, name)
            }
            _ => false,
        })
}
