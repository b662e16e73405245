//! How alike two spellings sound, in one script or across both.
//!
//! A name is read as a row of sounds: consonants in classes that scripts and ears confuse,
//! and vowels. Arabic writes only long vowels and Latin writes them all, so what a missing
//! vowel says depends on which script misses it.

use super::spelling::plain_words;

/// A sound of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phone {
    /// A consonant.
    Consonant {
        /// Its class.
        class: u8,
        /// Its letter, if it is an Arabic one: those who write Arabic keep ح and ه apart.
        letter: Option<char>,
    },
    /// A vowel that is written because it is long, or that Latin letters write anyway.
    Vowel {
        /// `a`, `i` or `u`.
        class: u8,
        /// Whether Arabic letters write it: it is long then.
        long: bool,
    },
}

/// The sounds of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sounds(Vec<Phone>);

impl Sounds {
    /// The sounds of a folded name.
    pub(super) fn of(name: &str) -> Self {
        let mut sounds = Self(Vec::with_capacity(name.len()));
        for word in plain_words(name) {
            if word.is_ascii() {
                sounds.read_latin(word);
            } else {
                sounds.read_arabic(word);
            }
        }
        sounds
    }

    /// The consonants alone, by which names that may sound alike are found.
    pub(super) fn consonants(&self) -> Vec<u8> {
        let classes = self.0.iter().filter_map(|phone| match phone {
            Phone::Consonant { class, .. } => Some(*class),
            Phone::Vowel { .. } => None,
        });
        classes.collect()
    }

    fn push(&mut self, phone: Phone) {
        if self.0.last() != Some(&phone) {
            self.0.push(phone);
        }
    }

    fn read_arabic(&mut self, word: &str) {
        let last = word.chars().count().saturating_sub(1);
        for (at, c) in word.chars().enumerate() {
            let long = true;
            match c {
                'ع' | 'ء' => {}
                'ا' => self.push(Phone::Vowel { class: b'a', long }),
                // The feminine ending is spoken as a short vowel.
                'ه' if at == last => self.push(Phone::Vowel { class: b'a', long: false }),
                // At the beginning they are consonants: Wadi, Yarmuk.
                'و' => self.push(Phone::Vowel { class: b'u', long }),
                'ي' => self.push(Phone::Vowel { class: b'i', long }),
                other => {
                    let class = arabic_class(other);
                    self.push(Phone::Consonant { class, letter: Some(other) });
                }
            }
        }
    }

    fn read_latin(&mut self, word: &str) {
        let letters = word.as_bytes();
        let mut at = 0;
        while let Some(&c) = letters.get(at) {
            let next = letters.get(at + 1).copied();
            let (phone, taken) = latin_phone(c, next, at == 0);
            at += taken;
            self.0.extend(phone.filter(|phone| self.0.last() != Some(phone)));
        }
    }
}

/// The sound that begins here, and of how many letters it is made.
fn latin_phone(c: u8, next: Option<u8>, first: bool) -> (Option<Phone>, usize) {
    let vowel = |class| Some(Phone::Vowel { class, long: false });
    // What Arabic letters write as well.
    let long = |class| Some(Phone::Vowel { class, long: true });
    let consonant = |class| Some(Phone::Consonant { class, letter: None });
    let opens = |c: Option<u8>| c.is_some_and(|c| b"aeiou".contains(&c));
    match (c, next) {
        (b'e', Some(b'e')) | (b'a' | b'e', Some(b'i' | b'y')) | (b'i', Some(b'y')) => {
            (long(b'i'), 2)
        }
        (b'o', Some(b'o' | b'u' | b'w')) | (b'a', Some(b'w' | b'u')) | (b'u', Some(b'w')) => {
            (long(b'u'), 2)
        }
        (b'a', Some(b'a')) => (long(b'a'), 2),
        (b'a' | b'e', _) => (vowel(b'a'), 1),
        (b'y', next) if opens(next) => (long(b'i'), 1),
        (b'i', Some(b'a' | b'e')) => (long(b'i'), 1),
        (b'w', next) if opens(next) => (long(b'u'), 1),
        (b'i' | b'y', _) => (vowel(b'i'), 1),
        (b'o' | b'u' | b'w', _) => (vowel(b'u'), 1),
        // A final h only holds the vowel: Raqqah.
        (b'h', None) if !first => (None, 1),
        (b's' | b'c', Some(b'h')) => (consonant(b'c'), 2),
        (b'k', Some(b'h')) => (consonant(b'x'), 2),
        (b'g', Some(b'h')) => (consonant(b'g'), 2),
        (b't', Some(b'h')) => (consonant(b't'), 2),
        (b'd', Some(b'h')) => (consonant(b'd'), 2),
        (b'd', Some(b'j')) => (consonant(b'j'), 2),
        (b'q' | b'c', _) => (consonant(b'k'), 1),
        (b'p', _) => (consonant(b'b'), 1),
        (b'v', _) => (consonant(b'f'), 1),
        (other, _) if other.is_ascii_alphanumeric() => (consonant(other), 1),
        _ => (None, 1),
    }
}

fn arabic_class(letter: char) -> u8 {
    match letter {
        'ب' => b'b',
        'ت' | 'ط' | 'ث' => b't',
        'ج' => b'j',
        'ح' | 'ه' => b'h',
        'خ' => b'x',
        'د' | 'ض' | 'ذ' => b'd',
        'ر' => b'r',
        'ز' | 'ظ' => b'z',
        'س' | 'ص' => b's',
        'ش' => b'c',
        'غ' => b'g',
        'ف' => b'f',
        'ق' | 'ك' => b'k',
        'ل' => b'l',
        'م' => b'm',
        'ن' => b'n',
        other => u8::try_from(other).unwrap_or(b'?'),
    }
}

/// Pairs of consonants that one spelling writes for the other.
fn are_confused(a: u8, b: u8) -> bool {
    let pair = (a.min(b), a.max(b));
    [
        (b'd', b't'),
        (b'd', b'z'),
        (b'g', b'j'),
        (b'g', b'k'),
        (b'g', b'x'),
        (b'h', b'x'),
        (b's', b'z'),
        (b'c', b's'),
        (b'c', b'k'),
        (b's', b't'),
        (b'b', b'f'),
        (b'k', b'x'),
    ]
    .contains(&pair)
}

/// Arabic letters that differ in their dots alone (`التعمان` for `النعمان`).
fn are_one_but_for_dots(a: char, b: char) -> bool {
    ["بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق"]
        .iter()
        .any(|shape| shape.contains(a) && shape.contains(b))
}

/// How alike two names sound: 1 for the same, and 0 for nothing in common.
pub(super) fn likeness(a: &Sounds, b: &Sounds) -> f64 {
    let (a, b) = (&a.0, &b.0);
    let weight = |phones: &[Phone]| phones.iter().map(|&p| full_weight(p)).sum::<f64>();
    let most = weight(a).max(weight(b));
    if most == 0.0 {
        return 0.0;
    }
    // The row of costs for the first so many sounds of `a`, by sounds of `b`.
    let mut row: Vec<f64> = Vec::with_capacity(b.len() + 1);
    row.push(0.0);
    for &phone in b {
        row.push(row.last().copied().unwrap_or(0.0) + cost_alone(phone));
    }
    // The row before the last, by which two sounds that changed places are seen.
    let mut older: Vec<f64> = Vec::new();
    let mut left_before = None;
    for &left in a {
        let last = row.clone();
        let mut right_before = None;
        let mut diagonal = row.first().copied().unwrap_or(0.0);
        let mut before = diagonal + cost_alone(left);
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (at, (cell, &right)) in row.iter_mut().skip(1).zip(b).enumerate() {
            let mut best = (diagonal + cost_of(left, right))
                .min(*cell + cost_alone(left))
                .min(before + cost_alone(right));
            if left_before == Some(right) && right_before == Some(left) {
                let both = at.checked_sub(1).and_then(|at| older.get(at));
                best = both.map_or(best, |cost| best.min(cost + SWAPPED));
            }
            diagonal = *cell;
            *cell = best;
            before = best;
            right_before = Some(right);
        }
        older = last;
        left_before = Some(left);
    }
    (1.0 - row.last().copied().unwrap_or(most) / most).max(0.0)
}

/// Two letters that changed places (`عقيبرات` for `عقيربات`).
const SWAPPED: f64 = 0.5;

/// What a sound counts for in the length of a name.
fn full_weight(phone: Phone) -> f64 {
    match phone {
        Phone::Consonant { .. } => 1.0,
        Phone::Vowel { .. } => 0.3,
    }
}

/// The cost of a sound that the other name lacks.
fn cost_alone(phone: Phone) -> f64 {
    match phone {
        Phone::Consonant { class: b'h', .. } => 0.6,
        Phone::Consonant { .. } => 1.0,
        Phone::Vowel { long: true, .. } => 0.35,
        Phone::Vowel { long: false, .. } => 0.08,
    }
}

/// The cost of one sound in the place of another.
fn cost_of(a: Phone, b: Phone) -> f64 {
    match (a, b) {
        (Phone::Consonant { class: a, letter: x }, Phone::Consonant { class: b, letter: y }) => {
            match (a == b, x.zip(y).is_some_and(|(x, y)| x != y)) {
                (true, false) => 0.0,
                (true, true) => 0.4,
                (false, _) if are_confused(a, b) => 0.5,
                (false, _) if x.zip(y).is_some_and(|(x, y)| are_one_but_for_dots(x, y)) => 0.5,
                (false, _) => 1.0,
            }
        }
        (Phone::Vowel { class: a, long: x }, Phone::Vowel { class: b, long: y }) => {
            match (a == b, x && y) {
                (true, _) => 0.0,
                (false, true) => 0.4,
                (false, false) => 0.15,
            }
        }
        _ => 1.2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::text::key;

    use super::*;

    fn of(a: &str, b: &str) -> f64 {
        likeness(&Sounds::of(&key(a)), &Sounds::of(&key(b)))
    }

    #[test]
    fn spellings_of_one_name_are_more_alike_than_its_neighbours() {
        for (name, spelling, other) in [
            ("الهبيط", "Al-Habeet", "الهباط"),
            ("الوضيحي", "Al Widehi", "وضحة الجديدة"),
            ("رميلان", "Rumailan", "رملان"),
            ("معرة النعمان", "معرة التعمان", "معرة منايا"),
            ("عقيربات", "عقيبرات", "عقارب"),
            ("بجغاص", "بجخاص", "بجاص"),
            ("الشريعة", "Al Shari'a", "العشارة"),
            ("Wdeihi", "Widehi", "Wadha"),
            ("الغدفة", "Al Ghadafeh", "الغدير"),
        ] {
            let (right, wrong) = (of(name, spelling), of(other, spelling));
            assert!(right > wrong + 0.03 && right > 0.8, "{spelling}: {right} and {wrong}");
        }
    }

    #[test]
    fn names_of_other_places_are_little_alike() {
        for (a, b) in [("حماة", "حمص"), ("Hama", "Homs"), ("درعا", "داريا"), ("", "x")]
        {
            assert!(of(a, b) < 0.8, "{a} and {b}: {}", of(a, b));
        }
    }

    proptest! {
        #[test]
        fn likeness_is_a_share_and_has_no_sides(a in "\\PC{0,12}", b in "\\PC{0,12}") {
            let both = of(&a, &b);
            prop_assert!((0.0..=1.0).contains(&both));
            prop_assert!((both - of(&b, &a)).abs() < 1e-9);
        }

        #[test]
        fn a_name_is_itself(name in "[a-z]{1,9}|[ا-ي]{2,9}") {
            prop_assume!(Sounds::of(&key(&name)).0.iter().any(|p| full_weight(*p) > 0.0));
            prop_assert!((of(&name, &name) - 1.0).abs() < 1e-9);
        }
    }
}
