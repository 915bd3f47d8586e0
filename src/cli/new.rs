//! `mujaz new`: begins a briefing or a topic.

use std::path::Path;

use crate::cli::args::NewKind;
use crate::cli::{Outcome, report, write_new};
use crate::error::Error;
use crate::load;
use crate::parse::front_matter::TopicKind;
use crate::text::slug::slug;

/// Writes the beginning of a file; nothing that is there is overwritten.
#[expect(clippy::disallowed_methods, reason = "a new briefing is dated today")]
pub(super) fn run(
    what: NewKind,
    title: &str,
    id: Option<&str>,
    kind: &str,
    source: &Path,
) -> Result<Outcome, Error> {
    load::check_root(source, "begin a file in")?;
    let today = jiff::Timestamp::now().to_string();
    let today = today.get(..10).unwrap_or_default();
    let made = slug(title).filter(|it| it.is_ascii());
    // The day, and a number from its second briefing on.
    let is_free =
        |id: &String| !source.join(format!("content/briefings/{id}.md")).exists();
    let numbered = || (2..).map(|n| format!("{today}-{n}"));
    let mut names = std::iter::once(today.to_owned()).chain(numbered());
    let fallback = || match what {
        NewKind::Briefing => names.find(is_free),
        NewKind::Topic => None,
    };
    let id = id.map(str::to_owned).or(made).or_else(fallback);
    let is_id = |it: &String| {
        !it.is_empty()
            && it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))
    };
    let Some(id) = id.filter(is_id) else {
        let why = "its file needs a name of Latin letters, digits, `-` and `_`";
        let help = "give it one, as in `--id iran`; readers see the title, not this";
        return Err(Error::refused("begin", Path::new(title), why, help));
    };
    let quoted = serde_json::Value::from(title).to_string();
    let (path, text) = match what {
        NewKind::Briefing => {
            let text = format!(
                "---\ntitle: {quoted}\ndate: {today}\nauthors: []\ntopics: []\nstatus: \
                 draft\n---\n\n"
            );
            (format!("content/briefings/{id}.md"), text)
        }
        NewKind::Topic => {
            if !TopicKind::WORDS.iter().any(|(it, _)| *it == kind) {
                let words: Vec<&str> =
                    TopicKind::WORDS.iter().map(|(it, _)| *it).collect();
                let why = "topics have no such kind";
                let help = format!("it takes {}", words.join(", "));
                return Err(Error::refused("use", Path::new(kind), why, help));
            }
            let text = format!("title: {quoted}\nkind: {kind}\naliases: []\n");
            (format!("content/topics/{id}.yaml"), text)
        }
    };
    write_new(&source.join(&path), &text)?;
    report::summary(&format!("made `{path}`"));
    Ok(Outcome::Done)
}
