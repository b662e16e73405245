//! What a character is in a text, and what it folds to.

use unicode_normalization::UnicodeNormalization;

pub(super) const TATWEEL: char = '\u{640}';

pub(super) enum Class {
    Letter,
    Digit(char),
    DigitMark,
    Apostrophe,
    Mark,
    Quote,
    Break,
    Space,
    Ignored,
}

pub(super) fn class(c: char) -> Class {
    match c {
        // Nearly all that comes, without a look into the tables of Unicode.
        'a'..='z' | 'A'..='Z' | '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' => Class::Letter,
        ' ' => Class::Space,
        '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => Class::Break,
        '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6ED}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{AD}' => Class::Ignored,
        '.' | ',' | '٬' | '٫' => Class::DigitMark,
        '\'' | '’' | '‘' | '`' | 'ʿ' | 'ʾ' | 'ʼ' | '´' => Class::Apostrophe,
        '"' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' => Class::Quote,
        '،' | '؛' | ';' | ':' | '؟' | '?' | '!' | '…' | '(' | ')' | '[' | ']' | '{' | '}' | '–'
        | '—' | '/' | '|' | '٪' | '%' | '•' | '●' => Class::Mark,
        _ => match digit_of(c) {
            Some(digit) => Class::Digit(digit),
            None if c.is_alphanumeric() => Class::Letter,
            None if is_combining(c) => Class::Ignored,
            None => Class::Space,
        },
    }
}

/// Whether a letter folds to itself, whatever stands around it, and may stand anywhere in a word.
pub(super) fn is_plain_arabic(c: char) -> bool {
    matches!(c, 'ب' | 'ت'..='غ' | 'ف'..='و' | 'ي')
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

pub(super) fn is_tanwin(c: char) -> bool {
    ('\u{64B}'..='\u{64D}').contains(&c)
}

/// The digit of ASCII that an Arabic, Persian or Latin digit stands for.
pub fn digit_of(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6F0}'..='\u{6F9}' => u32::from(c) - 0x6F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// Whether a letter is of the Arabic script.
pub fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

pub(super) fn push_folded(folded: &mut String, c: char) {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ا' => {
            // No word has two of them beside each other: `الطاائرات`.
            if !folded.ends_with('ا') {
                folded.push('ا');
            }
        }
        'ى' | 'ئ' | 'ی' => folded.push('ي'),
        'ة' => folded.push('ه'),
        'ؤ' => folded.push('و'),
        'ک' | 'گ' => folded.push('ك'),
        'پ' => folded.push('ب'),
        'چ' => folded.push('ج'),
        'ڤ' => folded.push('ف'),
        '\u{621}'..='\u{6FF}' => folded.push(c),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => {
            for part in std::iter::once(c).nfkc().filter(|&p| p != c && is_arabic(p)) {
                push_folded(folded, part);
            }
        }
        'ı' => folded.push('i'),
        _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
        _ => folded.extend(
            std::iter::once(c).nfkd().filter(|&p| !is_combining(p)).flat_map(char::to_lowercase),
        ),
    }
}
