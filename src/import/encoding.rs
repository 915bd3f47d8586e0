//! Bytes -> text: which encoding a draft is in, told by its letters.
//!
//! Old encodings of Arabic and Hebrew have no mark of their own. A text is read in each of
//! them, and the reading with the most letters of its script, and the fewest letters that
//! no text has, is taken; it is a guess, and the report says so.

use encoding_rs::{
    Encoding, ISO_8859_6, ISO_8859_8, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
    WINDOWS_1255, WINDOWS_1256,
};

/// A text, and the encoding that it was in.
pub(super) struct Decoded {
    /// The text, without byte order mark.
    pub(super) text: String,
    /// Name of the encoding; `None` for UTF-8.
    pub(super) from: Option<&'static str>,
    /// Whether some bytes meant nothing and were replaced by U+FFFD.
    pub(super) has_damage: bool,
}

/// Reads the text of a file. `declared` is the encoding that the file names itself.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return read(bytes, encoding);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return read(bytes, encoding);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return read(bytes, UTF_8);
    }
    let named = declared.and_then(|it| Encoding::for_label(it.as_bytes()));
    if let Some(encoding) = named.filter(|it| *it != UTF_8) {
        return read(bytes, encoding);
    }
    let high = bytes.iter().filter(|it| 0x80 <= **it).count();
    // UTF-8 with a few damaged bytes is still that.
    let lossy = read(bytes, UTF_8);
    let n_damaged = lossy.text.chars().filter(|it| *it == '\u{FFFD}').count();
    if n_damaged * 20 < high {
        return lossy;
    }
    let candidates = [WINDOWS_1256, WINDOWS_1255, ISO_8859_6, ISO_8859_8, WINDOWS_1252];
    let best = candidates.into_iter().rev().max_by_key(|it| likelihood(bytes, it));
    read(bytes, best.unwrap_or(UTF_8))
}

fn read(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, _, has_damage) = encoding.decode(bytes);
    let from = (encoding != UTF_8).then(|| encoding.name());
    Decoded { text: text.into_owned(), from, has_damage }
}

/// UTF-16 without its mark has a byte of nearly every ASCII letter that is zero, or of
/// nearly every Arabic letter that is 6.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let is_high = |it: &&u8| matches!(**it, 0 | 5 | 6);
    let (even, odd) = (bytes.iter().step_by(2), bytes.iter().skip(1).step_by(2));
    let n = bytes.len() / 2;
    let (n_even, n_odd) = (even.filter(is_high).count(), odd.filter(is_high).count());
    if n * 9 <= n_odd * 10 && n_even * 2 < n {
        Some(UTF_16LE)
    } else if n * 9 <= n_even * 10 && n_odd * 2 < n {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// How much a reading looks like a text: letters of one script in whole words.
fn likelihood(bytes: &[u8], encoding: &'static Encoding) -> i64 {
    let sample = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
    let (text, _, _) = encoding.decode(sample);
    let mut score = 0;
    let mut previous = ' ';
    for letter in text.chars().filter(|it| !it.is_ascii() || it.is_whitespace()) {
        score += match letter {
            'ا' | 'ل' | 'ي' | 'م' | 'و' | 'ن' | 'ر' => 3,
            'א'..='ת' => 2,
            'ء'..='غ' | 'ف'..='ي' | 'پ' | 'چ' | 'گ' | 'ک' | 'ی' => 1,
            '«' | '»' | '،' | '؟' | '؛' | '“' | '”' | '’' | '–' | '…' => 1,
            it if it.is_whitespace() => 0,
            '\u{FFFD}' => -8,
            // Letters of Europe stand in words of ASCII letters, not beside each other.
            it if it.is_alphabetic() && previous.is_alphabetic() => -2,
            it if it.is_alphabetic() => 0,
            _ => -2,
        };
        previous = letter;
    }
    score
}

#[cfg(test)]
mod tests {
    use encoding_rs::{ISO_8859_8, WINDOWS_1255, WINDOWS_1256};

    use super::decode;

    const ARABIC: &str = "وصل الوفد إلى بغداد مساء الأحد، وبحث «المشروع» مع الوزير.";
    const HEBREW: &str = "המשלחת הגיעה לעיר ביום ראשון בערב ודנה בתוכנית עם השר.";

    #[test]
    fn y16_old_encodings_are_told_by_their_letters() {
        for (text, encoding) in
            [(ARABIC, WINDOWS_1256), (HEBREW, WINDOWS_1255), (HEBREW, ISO_8859_8)]
        {
            let (bytes, _, _) = encoding.encode(text);
            let read = decode(&bytes, None);
            assert_eq!(read.text, text, "{}", encoding.name());
            assert!(read.from.is_some());
        }
    }

    #[test]
    fn utf_16_is_read_with_and_without_its_mark() {
        for text in [ARABIC, HEBREW, "Plain words."] {
            let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(decode(&le, None).text, text);
            assert_eq!(decode(&be, None).text, text);
            let marked = [&[0xFF, 0xFE], le.as_slice()].concat();
            assert_eq!(decode(&marked, None).text, text);
        }
    }

    #[test]
    fn utf_8_is_left_alone_even_where_a_byte_is_damaged() {
        assert!(decode(ARABIC.as_bytes(), None).from.is_none());
        let mut bytes = ARABIC.as_bytes().to_vec();
        bytes.push(0xFF);
        let read = decode(&bytes, None);
        assert!(read.from.is_none() && read.has_damage);
    }
}
