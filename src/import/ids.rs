//! Ids for what has none: file names of Latin letters, digits, `-` and `_`, none twice.

use std::collections::BTreeSet;

use crate::text::slug::slug;

/// Ids that are taken, in small letters: some disks take `Iran` and `iran` for one.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Ids {
    /// Marks an id as taken.
    pub(super) fn take(&mut self, id: &str) {
        self.taken.insert(id.to_ascii_lowercase());
    }

    /// Whether an id is taken.
    pub(super) fn has(&self, id: &str) -> bool {
        self.taken.contains(&id.to_ascii_lowercase())
    }

    /// A free id made of a name; where the name has no Latin letters, `fallback` with a
    /// number.
    pub(super) fn make(&mut self, name: &str, fallback: &str) -> String {
        let id = match clean(name) {
            Some(id) if !self.has(&id) => id,
            Some(id) => self.numbered(&id, 2),
            None => self.numbered(fallback, 1),
        };
        self.take(&id);
        id
    }

    fn numbered(&self, base: &str, first: usize) -> String {
        let mut numbers = (first..).map(|it| format!("{base}-{it}"));
        numbers.find(|it| !self.has(it)).expect("there is always another number")
    }
}

/// A name as an id; `None` if it has other letters than Latin ones, or none at all.
pub(super) fn clean(name: &str) -> Option<String> {
    let id = slug(&name.replace('_', "-"))?;
    let has_letter = id.bytes().any(|it| it.is_ascii_alphanumeric());
    (has_letter && id.is_ascii()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_are_latin_and_none_is_given_twice() {
        let mut ids = Ids::default();
        ids.take("Iran");
        assert_eq!(ids.make("My Draft (2).final", "briefing"), "my-draft-2-final");
        assert_eq!(ids.make("iran", "topic"), "iran-2");
        assert_eq!(ids.make("إيران", "topic"), "topic-1");
        assert_eq!(ids.make("روسيا", "topic"), "topic-2");
        assert_eq!(ids.make("---", "topic"), "topic-3");
    }
}
