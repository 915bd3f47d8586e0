//! `mujaz search`: what a reader would find, for editors. Writes nothing; what it prints is
//! data.

use serde_json::json;

use crate::cli::args::{Format, SearchOptions};
use crate::cli::{Outcome, plural, read_linked, report};
use crate::error::Error;
use crate::load;
use crate::model::BriefingId;
use crate::search::query::{Found, merge, search};
use crate::search::{Index, indexes};
use crate::text::isolate::terminal;

/// Looks for `query` in the texts of the site.
pub(super) fn run(query: &str, options: &SearchOptions) -> Result<Outcome, Error> {
    let SearchOptions { source, lang, limit, format, drafts } = options;
    let loaded = load::load(source)?;
    let why_not = "the site has errors; it is searched when it has none";
    let Some((site, links)) = read_linked(&loaded, *drafts, *format, why_not) else {
        return Ok(Outcome::HasErrors);
    };
    let languages = &site.config.languages;
    if let Some(lang) = lang
        && !languages.iter().any(|it| it.as_str() == lang)
    {
        let known: Vec<&str> =
            languages.iter().map(crate::text::lang::Lang::as_str).collect();
        let why = format!("the languages of this site are {}", known.join(", "));
        let help = "choose one of them, or leave `--lang` out";
        return Err(Error::refused("use", std::path::Path::new("--lang"), why, help));
    }
    let is_wanted =
        |it: &&Index| lang.as_ref().is_none_or(|lang| it.lang.as_str() == lang);
    let indexes = indexes(&site, &links);
    let searched: Vec<(&Index, Found)> =
        indexes.iter().filter(is_wanted).map(|it| (it, search(it, query))).collect();
    let founds: Vec<&Found> = searched.iter().map(|(_, it)| it).collect();
    let merged = merge(&founds);
    let mut hits: Vec<(u32, BriefingId)> = merged
        .into_iter()
        .map(|(at, hit)| (hit.score, searched[at].0.briefings[hit.number as usize]))
        .collect();
    let n_found = hits.len();
    hits.truncate(*limit);
    let url = |id: BriefingId| {
        let href = links.routes.href(links.routes.briefing(id));
        let path = href.strip_prefix(site.config.base_path()).unwrap_or(&href);
        format!("{}{path}", site.config.base_url)
    };
    if *format == Format::Json {
        let rows: Vec<serde_json::Value> = hits
            .iter()
            .map(|(score, id)| {
                let briefing = &site.briefings[id.at()];
                json!({
                    "id": &*briefing.id,
                    "lang": briefing.lang.as_str(),
                    "url": url(*id),
                    "title": briefing.title,
                    "score": score,
                })
            })
            .collect();
        report::data(&format!("{}\n", serde_json::Value::from(rows)));
        return Ok(Outcome::Done);
    }
    for (score, id) in &hits {
        let briefing = &site.briefings[id.at()];
        let title = terminal(&briefing.title).into_owned();
        let (id, lang) = (&briefing.id, &briefing.lang);
        report::data(&format!("{score:>6}  {id} [{lang}]  {title}\n"));
    }
    for (from, to) in searched.iter().flat_map(|(_, it)| &it.corrected) {
        let (from, to) = (terminal(from), terminal(to));
        report::summary(&format!("nothing has `{from}`; looked for `{to}`"));
    }
    if searched.iter().all(|(_, it)| it.is_partial || it.hits.is_empty()) && n_found != 0
    {
        report::summary("no briefing has all of the words");
    }
    report::summary(&format!("found {}", plural(n_found, "briefing")));
    Ok(Outcome::Done)
}
