//! The form of a host in which other letters than Latin ones are written in Latin ones
//! (RFC 3492): `xn--4gbrim` is موقع.

/// Digits of the coded form.
const BASE: u32 = 36;

/// How heavy the next digits are (RFC 3492, section 6.1).
fn adapted(delta: u32, n_letters: u32, is_first: bool) -> u32 {
    let mut delta = delta / if is_first { 700 } else { 2 };
    delta += delta / n_letters;
    let mut steps = 0;
    while 455 < delta {
        delta /= BASE - 1;
        steps += BASE;
    }
    steps + 36 * delta / (delta + 38)
}

/// Decodes a word without its `xn--` (RFC 3492, section 6.2).
pub(super) fn decode(coded: &str) -> Option<String> {
    let (plain, digits) = coded.rsplit_once('-').unwrap_or(("", coded));
    let mut letters: Vec<char> = plain.chars().collect();
    if !coded.is_ascii() || digits.is_empty() {
        return None;
    }
    let (mut letter, mut at, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = digits.bytes();
    while digits.len() != 0 {
        let before = at;
        let mut weight = 1_u32;
        let mut k = BASE;
        loop {
            let digit = match digits.next()? {
                it @ b'a'..=b'z' => u32::from(it - b'a'),
                it @ b'A'..=b'Z' => u32::from(it - b'A'),
                it @ b'0'..=b'9' => u32::from(it - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let n_letters = u32::try_from(letters.len()).ok()? + 1;
        bias = adapted(at - before, n_letters, before == 0);
        letter = letter.checked_add(at / n_letters)?;
        at %= n_letters;
        letters.insert(at as usize, char::from_u32(letter)?);
        at += 1;
    }
    Some(letters.into_iter().collect())
}

/// Codes a word, with its `xn--` (RFC 3492, section 6.3).
#[cfg(feature = "external")]
pub(super) fn encode(word: &str) -> Option<String> {
    let mut coded: String = word.chars().filter(char::is_ascii).collect();
    let n_plain = u32::try_from(coded.len()).ok()?;
    if n_plain != 0 {
        coded.push('-');
    }
    let letters: Vec<u32> = word.chars().map(u32::from).collect();
    let (mut letter, mut delta, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut n_done = n_plain;
    while (n_done as usize) < letters.len() {
        let next = letters.iter().copied().filter(|it| letter <= *it).min()?;
        delta = delta.checked_add((next - letter).checked_mul(n_done + 1)?)?;
        letter = next;
        for it in &letters {
            if *it < letter {
                delta = delta.checked_add(1)?;
            }
            if *it == letter {
                push_number(&mut coded, delta, bias);
                bias = adapted(delta, n_done + 1, n_done == n_plain);
                delta = 0;
                n_done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        letter += 1;
    }
    Some(format!("xn--{coded}"))
}

/// Writes a number in digits of varying weight.
#[cfg(feature = "external")]
fn push_number(coded: &mut String, number: u32, bias: u32) {
    let digit = |it: u32| {
        let it = u8::try_from(it).unwrap_or(0);
        char::from(if it < 26 { b'a' + it } else { b'0' + it - 26 })
    };
    let (mut rest, mut k) = (number, BASE);
    loop {
        let threshold = k.saturating_sub(bias).clamp(1, 26);
        if rest < threshold {
            coded.push(digit(rest));
            return;
        }
        coded.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        k += BASE;
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn coded_words_are_read_as_rfc_3492_says() {
        for (coded, word) in [
            ("pple-43d", "аpple"),
            ("mgba3a4fra", "ايران"),
            ("wgbh1c", "مصر"),
            ("bcher-kva", "bücher"),
            ("80ak6aa92e", "аррӏе"),
        ] {
            assert_eq!(decode(coded).as_deref(), Some(word), "{coded}");
            #[cfg(feature = "external")]
            assert_eq!(super::encode(word), Some(format!("xn--{coded}")));
        }
        for broken in ["", "-", "a-", "99999999", "é", "a b"] {
            assert!(decode(broken).is_none_or(|it| !it.is_empty()), "{broken}");
        }
    }
}
