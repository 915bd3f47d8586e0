//! `mujaz serve`: what the live preview says on the terminal.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::cli::args::{Format, ServeOptions};
use crate::cli::{Outcome, plural, report};
use crate::diag::{Diagnostic, Severity, SourcePath};
use crate::error::Error;
use crate::render::theme;
use crate::serve::listen::{Doors, PORT};
use crate::serve::rebuild::{Changes, Round};
use crate::serve::{self, News, Options};
use crate::text::isolate::terminal;

/// How many changed files are named.
const N_NAMED: usize = 3;

/// Shows the site until the user ends it.
#[expect(clippy::disallowed_methods, reason = "embargoes are measured against the clock")]
pub(super) fn run(options: &ServeOptions) -> Result<Outcome, Error> {
    let ServeOptions { source, port, host, lan, open, poll } = options.clone();
    let now = jiff::Timestamp::now;
    let wish = Options { source, host, is_lan: lan, port, is_polling: poll, now };
    // Warnings that have been printed.
    let known: Mutex<Vec<Diagnostic>> = Mutex::default();
    let tell = move |news: News<'_>| match news {
        News::Open(doors, base) => {
            opened(doors, base, port.is_none());
            if open {
                open_browser(&format!("{}{base}", doors.local));
            }
        }
        News::Built(round) => {
            let mut known =
                known.lock().expect("no thread panics while it holds the lock");
            built(round, &known);
            known.clone_from(&round.diagnostics);
        }
        News::Refused(error) => {
            report::error(error, Format::Human);
            report::summary("the last site stays until that is mended");
        }
        News::Polling(why) => report::summary(&format!(
            "comparing files each second, because {why}; changes show a little later"
        )),
        News::Late(diagnostic) => {
            report::diagnostics(std::slice::from_ref(diagnostic), Format::Human, &|_| {
                None
            });
        }
    };
    serve::run(&wish, &(Arc::new(tell) as serve::Tell))?;
    Ok(Outcome::Done)
}

fn opened(doors: &Doors, base: &str, is_usual_port: bool) {
    let address = format!("{}{base}", doors.local);
    if is_usual_port && !doors.local.ends_with(&format!(":{PORT}")) {
        report::summary(&format!("port {PORT} is taken, so this is the next free one"));
    }
    report::summary(&format!(
        "serving {address} with drafts and embargoed texts; Ctrl-C ends it"
    ));
    if let Some(entrance) = &doors.entrance {
        report::summary(&format!(
            "for other machines of this network: {entrance} (the end is a key; who has it \
             can read everything)"
        ));
        if let Some(code) = qr_code(entrance) {
            report::summary(&code);
        }
    }
}

fn open_browser(address: &str) {
    if let Err(error) = open::that_detached(address) {
        report::summary(&format!(
            "could not open a browser ({error}); open {address} yourself"
        ));
    }
}

/// An address as a picture of half blocks, two rows a line.
fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let mut renderer = code.render::<Dense1x2>();
    if std::io::stderr().is_terminal() {
        // Black on white, whatever the colours of the terminal are.
        let picture = renderer.build();
        let lines = picture.lines().map(|it| format!("\u{1b}[30;107m{it}\u{1b}[0m"));
        Some(lines.collect::<Vec<_>>().join("\n"))
    } else {
        renderer.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
        Some(renderer.build())
    }
}

/// Mistakes, warnings that are new, and a line about the build.
fn built(round: &Round, known: &[Diagnostic]) {
    let is_shown =
        |it: &&Diagnostic| it.severity == Severity::Error || !known.contains(it);
    let shown: Vec<Diagnostic> =
        round.diagnostics.iter().filter(is_shown).cloned().collect();
    let text_of = |path: &SourcePath| {
        let own = round.sources.text(path).map(str::to_owned);
        own.or_else(|| theme::built_in(path).map(str::to_owned))
    };
    report::diagnostics(&shown, Format::Human, &text_of);
    report::summary(&line(round));
}

fn line(round: &Round) -> String {
    let count =
        |severity| round.diagnostics.iter().filter(|it| it.severity == severity).count();
    let took = format!("{:.2} s", round.took.as_secs_f64());
    let warnings = match count(Severity::Warning) {
        0 => String::new(),
        n => format!(", {}", plural(n, "warning")),
    };
    let what = match &round.changes {
        Changes::Everything => String::new(),
        Changes::Paths(paths) => {
            let named = paths.iter().take(N_NAMED);
            let named: Vec<_> =
                named.map(|it| terminal(it.as_str()).into_owned()).collect();
            let more = match paths.len().saturating_sub(N_NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!("{}{more}: ", named.join(", "))
        }
    };
    match (count(Severity::Error), &round.site) {
        (0, _) => {
            let pages = plural(round.n_pages, "page");
            let changed = match round.n_changed {
                Some(n) => format!(", {} changed", plural(n, "file")),
                None => String::new(),
            };
            format!("{what}built {pages}{changed}, in {took}{warnings}")
        }
        (n, site) => {
            let until = match site {
                Some(_) => "the last good site stays until that is mended",
                None => "the site appears when that is mended",
            };
            format!("{what}{}{warnings}; {until}", plural(n, "error"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::qr_code;

    #[test]
    fn an_address_becomes_a_picture_of_half_blocks() {
        let code = qr_code("http://192.168.1.5:4000/").unwrap();
        let widths: Vec<usize> = code.lines().map(|it| it.chars().count()).collect();
        assert!(
            widths.len() * 2 >= widths[0] && widths.iter().all(|it| *it == widths[0])
        );
        assert!(code.contains('\u{2584}') || code.contains('\u{2580}'));
    }
}
