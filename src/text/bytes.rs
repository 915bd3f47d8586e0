//! Signs of one byte in long texts.

/// Bytes that are looked at together; compilers make one instruction of it.
const N_TOGETHER: usize = 32;

/// The place of the first byte that is one of some, which stand in few texts.
pub fn position(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> Option<usize> {
    let has_one = |some: &[u8]| some.iter().fold(false, |all, it| all | is_it(*it));
    let mut chunks = bytes.chunks(N_TOGETHER).enumerate();
    let (at, chunk) = chunks.find(|(_, it)| has_one(it))?;
    let within = chunk.iter().position(|it| is_it(*it))?;
    Some(at * N_TOGETHER + within)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn the_first_of_several_is_found_wherever_it_stands() {
        let is_it = |it: u8| matches!(it, b'[' | b'*');
        assert_eq!(position(b"", is_it), None);
        assert_eq!(position("نص بلا علامات".repeat(9).as_bytes(), is_it), None);
        for at in 0..100 {
            let text = format!("{}*[*", ".".repeat(at));
            assert_eq!(position(text.as_bytes(), is_it), Some(at));
        }
    }
}
