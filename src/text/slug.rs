//! Slugs: the part of a URL that names a page.
//!
//! A slug keeps the author's script (`إيران-وروسيا`, not `iran-wrwsya`), so that readers
//! can check a link before they tap it (rtl-rules R109). Only what would break or hide in
//! a path changes: vowel marks, tatweel and invisible marks are dropped, each run of
//! anything but letters and digits becomes one `-`, and the length has a limit.
//!
//! A slug is a published promise: changing a rule here changes URLs, so it needs redirects
//! and a CHANGELOG entry. Which page gets which slug, and what happens when two collide,
//! is decided in `link::routes`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::fold::{ZWNJ, fold, is_dropped};

/// Longest slug, in letters (R110); cut at the edge of a word.
const MAX_LETTERS: usize = 60;

/// Longest slug, in bytes of UTF-8, so that a file system takes it (row B8).
const MAX_BYTES: usize = 180;

/// Makes a slug of a title; `None` if no letter or digit is left.
pub fn slug(title: &str) -> Option<String> {
    if is_composed(title) {
        let letters = slug_of(title.chars());
        return (!letters.is_empty()).then_some(letters);
    }
    let result: String = slug_of(title.nfc()).nfc().collect();
    (!result.is_empty()).then_some(result)
}

/// Whether a text is certainly in every normal form that composes letters: ASCII and the
/// Arabic letters alone, as nearly all titles are.
fn is_composed(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii() || matches!(it, '\u{620}'..='\u{64A}'))
}

fn slug_of(letters: impl Iterator<Item = char>) -> String {
    let mut slug = Slug::default();
    let mut word = String::new();
    for letter in letters {
        match letter {
            // Nearly all letters of a title.
            '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' => word.push(letter),
            _ if letter != ZWNJ && is_dropped(letter) => {}
            _ if letter != ZWNJ && letter.is_alphanumeric() => {
                word.extend(letter.to_lowercase());
            }
            _ if letter != ZWNJ && is_combining_mark(letter) => word.push(letter),
            _ => {
                slug.add(&word);
                if slug.is_full {
                    break;
                }
                word.clear();
            }
        }
    }
    slug.add(&word);
    let mut result = slug.text;
    if is_device_name(&result) {
        result.push_str("-1");
    }
    result
}

/// A slug in the making.
#[derive(Default)]
struct Slug {
    text: String,
    n_letters: usize,
    /// Whether a word did not fit.
    is_full: bool,
}

impl Slug {
    /// Adds a word, if all of it fits; of a first one that does not, as much as fits.
    fn add(&mut self, word: &str) {
        if self.is_full || word.is_empty() {
            return;
        }
        let (n_new, dash) = (word.chars().count(), usize::from(!self.text.is_empty()));
        let fits = self.n_letters + dash + n_new <= MAX_LETTERS
            && self.text.len() + dash + word.len() <= MAX_BYTES;
        if fits {
            if dash == 1 {
                self.text.push('-');
            }
            self.text.push_str(word);
            self.n_letters += dash + n_new;
            return;
        }
        if self.text.is_empty() {
            self.text = beginning(word);
        }
        self.is_full = true;
    }
}

/// As much of a word as a slug takes; a letter and its marks stay together.
fn beginning(word: &str) -> String {
    let mut result = String::new();
    // Up to the last letter whose marks are known to fit.
    let mut whole = 0;
    for (n_letters, letter) in word.chars().enumerate() {
        if !is_combining_mark(letter) {
            whole = result.len();
        }
        if n_letters == MAX_LETTERS || MAX_BYTES < result.len() + letter.len_utf8() {
            if whole != 0 {
                result.truncate(whole);
            }
            break;
        }
        result.push(letter);
    }
    result
}

/// Names that Windows keeps for itself (row B10).
fn is_device_name(name: &str) -> bool {
    matches!(name, "con" | "prn" | "aux" | "nul")
        || ((name.starts_with("com") || name.starts_with("lpt"))
            && name.len() == 4
            && name.ends_with(|it: char| it.is_ascii_digit()))
}

/// A path for `href`: percent-encoded UTF-8 with capital digits (R108); `/` stays.
pub fn encode_path(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len() * 2);
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => {
                const HEX: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D',
                    'E', 'F',
                ];
                encoded.push('%');
                encoded.push(HEX[usize::from(byte >> 4)]);
                encoded.push(HEX[usize::from(byte & 15)]);
            }
        }
    }
    encoded
}

/// A key under which two paths that look alike, or that some host takes for one, are
/// equal (row B6): spelling variants, capital letters, composed and decomposed letters.
pub fn collision_key(path: &str) -> String {
    if is_composed(path) {
        return fold(path);
    }
    let compatible: String = path.nfkc().collect();
    fold(&compatible)
}

/// Resolves `%D8%A5`; what is not UTF-8 after that stays as it is.
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |it: u8| char::from(it).to_digit(16);
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::{collision_key, encode_path, slug};

    #[track_caller]
    fn check(title: &str, expected: Option<&str>) {
        let actual = slug(title);
        assert_eq!(actual.as_deref(), expected, "slug of {title:?}");
        let again = actual.as_deref().and_then(slug);
        assert_eq!(again, actual, "a slug is its own slug");
    }

    #[test]
    fn r109_native_letters_stay() {
        check("إيران وروسيا", Some("إيران-وروسيا"));
        check("الاتحاد الأوروبي: ماذا بعد؟", Some("الاتحاد-الأوروبي-ماذا-بعد"));
        check("می\u{200C}رود", Some("می-رود"));
        check("צה״ל והצפון", Some("צה-ל-והצפון"));
        check("Who Won? NATO", Some("who-won-nato"));
    }

    #[test]
    fn quotes_dashes_and_marks_leave_no_trace() {
        check("«الممر» – “الشمالي” 2025!", Some("الممر-الشمالي-2025"));
        check("\u{200F}روسيا\u{2069}", Some("روسيا"));
        check("صـــدّرَت", Some("صدرت"));
        check("؟!", None);
        check("", None);
        check("CON", Some("con-1"));
    }

    #[test]
    fn r110_long_titles_end_at_a_word() {
        let long = "كلمة ".repeat(40);
        let made = slug(&long).unwrap();
        assert!(made.chars().count() <= 60 && made.ends_with("كلمة"), "{made}");
        let one_word = "ا".repeat(300);
        assert!(slug(&one_word).unwrap().len() <= 180);
    }

    #[test]
    fn r110_a_cut_parts_no_letter_from_its_marks() {
        // Letter, vowel sign and nasal mark: nine bytes; twenty of them are 180.
        let long = format!("क{}", "कों".repeat(30));
        let made = slug(&long).unwrap();
        assert!(made.len() <= 180 && made.ends_with("कों"), "{made}");
        assert_eq!(slug(&made), Some(made.clone()));
        // A letter under more marks than fit is cut among them.
        let heap = format!("क{}", "ो".repeat(100));
        assert!(slug(&heap).unwrap().len() <= 180);
    }

    #[test]
    fn r108_addresses_use_capital_hex() {
        assert_eq!(encode_path("/a b/إ/"), "/a%20b/%D8%A5/");
    }

    #[test]
    fn b6_look_alikes_collide() {
        assert_eq!(collision_key("أخبار"), collision_key("ا\u{654}خبار"));
        assert_eq!(collision_key("About"), collision_key("about"));
        assert_ne!(collision_key("عراق"), collision_key("ورق"));
    }
}
