//! What other sites have answered, kept in `.mujaz/links.json` so that they are not asked
//! again each time. It may be deleted; what cannot be read or written is as good as none.
#![expect(
    clippy::disallowed_methods,
    reason = "answers are kept beside the cache of builds, which is in the site folder too"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::external::visit::Answer;

/// The file in the site folder.
const FILE: &str = ".mujaz/links.json";

/// Counts up when the form of the file changes.
const VERSION: u32 = 1;

/// How long an answer holds, in seconds.
const WEEK: i64 = 7 * 24 * HOUR;

/// How long it holds that there was none.
const HOUR: i64 = 60 * 60;

/// Answers by address.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    version: u32,
    links: BTreeMap<String, Told>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// When, in seconds since 1970.
    at: i64,
    answer: Answer,
}

impl Told {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.as_second() - self.at;
        let holds = if matches!(self.answer, Answer::Dead { .. }) { HOUR } else { WEEK };
        (0..holds).contains(&age)
    }
}

impl Kept {
    /// Reads what is kept in a site folder.
    pub(super) fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join(FILE)).ok();
        let kept: Option<Self> = text.and_then(|it| serde_json::from_str(&it).ok());
        kept.filter(|it| it.version == VERSION).unwrap_or_default()
    }

    /// The answer of an address, if it still holds.
    pub(super) fn fresh(&self, url: &str, now: Timestamp) -> Option<&Answer> {
        self.links.get(url).filter(|it| it.is_fresh(now)).map(|it| &it.answer)
    }

    /// Notes an answer.
    pub(super) fn put(&mut self, url: &str, answer: Answer, now: Timestamp) {
        self.links.insert(url.to_owned(), Told { at: now.as_second(), answer });
    }

    /// Keeps what still holds. Nothing of it is needed, so what the disk refuses is not told.
    pub(super) fn write(&mut self, root: &Path, now: Timestamp) {
        self.version = VERSION;
        self.links.retain(|_, it| it.is_fresh(now));
        let Ok(text) = serde_json::to_string_pretty(self) else { return };
        let file = root.join(FILE);
        let new = root.join(format!("{FILE}.new"));
        let _ = file.parent().map(fs::create_dir_all);
        if fs::write(&new, text + "\n").is_ok() {
            let _ = fs::rename(&new, &file);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};

    use super::Kept;
    use crate::check::external::visit::Answer;

    #[test]
    fn an_answer_holds_a_week_and_none_an_hour() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut kept = Kept::default();
        kept.put("https://a.example/", Answer::Fine, now);
        kept.put("https://b.example/", Answer::Dead { why: "is gone".to_owned() }, now);
        let known = |hours: i64| {
            let at = now + hours.hours();
            ["https://a.example/", "https://b.example/"]
                .map(|it| kept.fresh(it, at).is_some())
        };
        assert_eq!(known(0), [true, true]);
        assert_eq!(known(1), [true, false]);
        assert_eq!(known(7 * 24 - 1), [true, false]);
        assert_eq!(known(7 * 24), [false, false]);
        // A clock that was wrong once does not keep an answer for ever.
        assert_eq!(known(-1), [false, false]);
    }
}
