//! Which part of a site one of several machines makes.
//!
//! Briefings, topics and pictures are all that grows with a site; machines share them out by
//! their places in the list of units, so that each takes its turn of every sort and none has
//! to know what the others do. Everything else is made when the parts come together.

use std::fmt;
use std::str::FromStr;

/// One of several equal parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    number: usize,
    /// How many there are.
    of: usize,
}

impl Shard {
    /// Whether what stands at a place of a list belongs to this part.
    pub fn has(self, at: usize) -> bool {
        at % self.of == self.number - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            Some(Self { number: number.parse().ok()?, of: of.parse().ok()? })
        });
        parts
            .filter(|it| (1..=it.of).contains(&it.number))
            .ok_or_else(|| "a part is written like `2/8`, the second of eight".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_belongs_to_one_part() {
        for of in 1..=7 {
            let parts: Vec<Shard> =
                (1..=of).map(|it| format!("{it}/{of}").parse().unwrap()).collect();
            for at in 0..40 {
                assert_eq!(parts.iter().filter(|it| it.has(at)).count(), 1, "{at} {of}");
            }
        }
    }

    #[test]
    fn what_is_no_part_is_told() {
        for text in ["", "3", "0/2", "3/2", "1/0", "a/b", "-1/2", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
    }
}
