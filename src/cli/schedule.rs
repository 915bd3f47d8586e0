//! `mujaz schedule`: what becomes public when. Writes nothing; what it prints is data, for
//! an editor or for the machine that starts the next build (row E12).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::cli::args::{Format, ScheduleOptions};
use crate::cli::{Outcome, plural, read_checked, report};
use crate::error::Error;
use crate::load;
use crate::model::Clock;
use crate::model::briefing::Briefing;
use crate::parse::front_matter::Status;
use crate::text::isolate::terminal;

/// Lists embargoes that have not ended, the next one first.
#[expect(clippy::disallowed_methods, reason = "embargoes are measured against the clock")]
pub(super) fn run(options: &ScheduleOptions) -> Result<Outcome, Error> {
    let ScheduleOptions { source, as_of, next, format } = options;
    let now = as_of.unwrap_or_else(Timestamp::now);
    let loaded = load::load(source)?;
    let why_not = "the site has errors; nothing becomes public before they are mended";
    let clock = Clock { now, is_preview: true };
    let Some(site) = read_checked(&loaded, clock, *format, why_not) else {
        return Ok(Outcome::HasErrors);
    };
    let zone = &site.config.time_zone;
    let mut due: Vec<(Timestamp, &Briefing)> = site
        .briefings
        .iter()
        .filter(|it| it.status != Status::Draft)
        .filter_map(|it| Some((it.meta.publish_at.as_ref()?.value, &**it)))
        .filter(|(at, _)| now < *at)
        .collect();
    due.sort_by(|a, b| (a.0, &a.1.id, &a.1.lang).cmp(&(b.0, &b.1.id, &b.1.lang)));
    if *next {
        due.truncate(1);
    }
    if *format == Format::Json {
        let rows: Vec<serde_json::Value> = due
            .iter()
            .map(|(at, it)| {
                json!({
                    "at": moment(*at, zone),
                    "id": &*it.id,
                    "lang": it.lang.as_str(),
                    "title": it.title,
                    "path": it.path.as_str(),
                })
            })
            .collect();
        report::data(&format!("{}\n", serde_json::Value::from(rows)));
        return Ok(Outcome::Done);
    }
    for (at, it) in &due {
        let (at, title) = (moment(*at, zone), terminal(&it.title));
        let line =
            if *next { at } else { format!("{at}  {} [{}]  {title}", it.id, it.lang) };
        report::data(&format!("{line}\n"));
    }
    if due.is_empty() && !*next {
        report::summary("nothing is waiting to become public");
    } else if !*next {
        let n = plural(due.len(), "text");
        report::summary(&format!("{n} waiting; `--next` prints the next moment alone"));
    }
    Ok(Outcome::Done)
}

/// RFC 3339, in the time zone of the site.
fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.display_with_offset(zone.to_offset(at)).to_string()
}
