//! Rules of the house that a machine can see.

use std::fs;
use std::path::{Path, PathBuf};

use mujaz::colour::{DARK_PAPER, PAPER, Rgb};

use crate::output::demo;

fn files(folder: &str, suffix: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = vec![root.join(folder)];
    let mut result = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else if path.extension().is_some_and(|it| it == suffix) {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            result.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    result.sort();
    assert!(!result.is_empty(), "{folder} has no .{suffix} files");
    result
}

/// Modules from the lowest to the highest; each may use only those before it.
const LAYERS: &[&str] = &[
    "colour",
    "fingerprint",
    "text",
    "diag",
    "error",
    "yaml",
    "config",
    "load",
    "parse",
    "model",
    "link",
    "lint",
    "edit",
    "import",
    "search",
    "render",
    "memo",
    "write",
    "cache",
    "check",
    "publish",
    "serve",
    "cli",
    "lib",
    "main",
];

#[test]
fn modules_use_only_lower_layers() {
    let rank = |module: &str| LAYERS.iter().position(|it| *it == module);
    for (name, text) in files("src", "rs") {
        let module = name.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        let Some(own) = rank(module) else { continue };
        if matches!(module, "lib" | "main" | "cli") {
            continue;
        }
        for used in text.split("crate::").skip(1) {
            let used =
                used.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap();
            if let Some(other) = rank(used) {
                assert!(other <= own, "{name}: `{module}` may not use `{used}`");
            }
        }
    }
}

/// Whether a text names a crate: in `use NAME::` or in `NAME::item`.
fn names_crate(text: &str, name: &str) -> bool {
    let code = text.lines().filter(|it| !it.trim_start().starts_with("//"));
    let path = format!("{name}::");
    code.into_iter().any(|line| {
        line.match_indices(&path).any(|(at, _)| {
            let before = line.split_at(at).0.chars().next_back();
            before.is_none_or(|it| !it.is_alphanumeric() && !matches!(it, '_' | ':'))
        })
    })
}

#[test]
fn a_crate_is_found_with_and_without_use() {
    for found in ["use png::Encoder;", "    png::Encoder::new()", "f(&png::X)"] {
        assert!(names_crate(found, "png"), "{found}");
    }
    for other in ["use image::codecs::png::X;", "my_png::X", "// png::X", "png(1)"] {
        assert!(!names_crate(other, "png"), "{other}");
    }
}

#[test]
fn each_crate_with_an_interface_of_its_own_is_named_in_its_home() {
    let homes: &[(&str, &[&str])] = &[
        ("aho_corasick", &["src/check/secrets.rs", "src/load.rs"]),
        ("flate2", &["src/check/scales.rs"]),
        ("ureq", &["src/check/external/visit.rs"]),
        ("pulldown_cmark", &["src/parse/markdown.rs"]),
        ("serde_yaml", &["src/yaml.rs"]),
        ("fluent_bundle", &["src/render/words.rs"]),
        ("annotate_snippets", &["src/cli/report.rs"]),
        ("similar", &["src/cli/diff.rs"]),
        ("icu_collator", &["src/text/collate.rs"]),
        ("icu_calendar", &["src/text/date.rs"]),
        ("icu_locale", &["src/text/lang.rs"]),
        ("icu_plurals", &["src/text/plural.rs"]),
        ("image", &["src/render/pictures/raster.rs"]),
        ("webp", &["src/render/pictures/raster.rs"]),
        ("harfrust", &["src/render/cards/text.rs"]),
        ("png", &["src/render/cards/raster.rs"]),
        ("tera", &["src/render/theme.rs"]),
        ("opendal", &["src/publish/service.rs", "src/publish/transport.rs"]),
        ("reqwest", &["src/publish/transport.rs"]),
        ("rustls", &["src/publish/transport.rs"]),
        ("md5", &["src/publish/service.rs"]),
        ("hyper", &["src/serve/http.rs"]),
        ("tower_http", &["src/serve/http.rs"]),
        ("notify", &["src/serve/watch.rs"]),
        ("mime_guess", &["src/media_type.rs"]),
        ("getrandom", &["src/serve/listen.rs"]),
        ("qrcode", &["src/cli/serve.rs"]),
        ("encoding_rs", &["src/import/encoding.rs"]),
        ("html5ever", &["src/import/html/sink.rs"]),
        ("toml", &["src/import/value.rs"]),
        ("zip", &["src/import/docx/package.rs"]),
        (
            "quick_xml",
            &["src/import/tree.rs", "src/render/feeds.rs", "src/render/pictures/svg.rs"],
        ),
    ];
    for (name, text) in files("src", "rs") {
        for (used, homes) in homes.iter().copied() {
            assert!(
                !names_crate(&text, used) || homes.contains(&name.as_str()),
                "{name} uses {used}, which belongs to {homes:?}"
            );
        }
    }
}

#[test]
fn pictures_know_how_wide_running_text_is() {
    let tokens = files("static/css", "css");
    let (_, tokens) = tokens.iter().find(|it| it.0.ends_with("tokens.css")).unwrap();
    let measure = format!("--mz-measure: {}rem;", mujaz::render::pictures::MEASURE);
    assert!(tokens.contains(&measure), "tokens.css says another width than `{measure}`");
}

#[test]
fn the_paper_is_the_same_wherever_it_is_written() {
    let file = |path: &str| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    };
    let values = |text: &str, before: &str| -> Vec<Option<Rgb>> {
        let rest = text.split(before).skip(1);
        rest.map(|it| Rgb::parse(it.get(..7).unwrap())).collect()
    };
    let papers = [Some(PAPER), Some(DARK_PAPER)];
    assert_eq!(values(&file("static/css/tokens.css"), "--mz-paper: "), papers);
    let head = file("templates/parts/head.html");
    assert_eq!(values(&head, "name=\"theme-color\" content=\""), papers);
    for (name, text) in files("src", "rs") {
        let is_written =
            [PAPER, DARK_PAPER].iter().any(|it| text.contains(&it.to_string()));
        assert!(!is_written, "{name}: the paper belongs to src/colour.rs");
    }
}

/// Each page gives out the card that it names: a second one would be hashed once more.
#[test]
fn the_card_of_a_page_is_made_in_one_place() {
    for made in [".briefing_card(", ".topic_social_card(", ".card_of_site("] {
        let sources = files("src/render", "rs");
        let n: usize = sources.iter().map(|(_, text)| text.matches(made).count()).sum();
        assert_eq!(n, 1, "{made}…)");
    }
}

#[test]
fn invisible_direction_marks_are_written_as_escapes() {
    let is_mark = |it: char| matches!(it, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    for (folder, suffix) in [("src", "rs"), ("templates", "html"), ("static", "css")] {
        for (name, text) in files(folder, suffix) {
            assert!(!text.contains(is_mark), "{name}");
        }
    }
}

#[test]
fn r3_r64_css_is_logical_and_leaves_direction_to_the_markup() {
    for (name, text) in files("static/css", "css") {
        for line in text.lines() {
            let line = line.split("/*").next().unwrap_or_default();
            let is_physical = [
                "margin-left",
                "margin-right",
                "padding-left",
                "padding-right",
                "border-left",
                "border-right",
                "text-align: left",
                "text-align: right",
                "text-align:left",
                "text-align:right",
                "float: left",
                "float: right",
                "float:left",
                "float:right",
                "unicode-bidi",
                "direction:",
            ]
            .iter()
            .any(|it| line.contains(it) && !line.contains("flex-direction"));
            assert!(!is_physical, "{name}: {line}");
        }
    }
}

#[test]
fn the_style_sheet_fits_its_budget() {
    let is_ours = |path: &str| path.starts_with("assets/site.") && path.ends_with(".css");
    let sheets = demo().iter().filter(|(path, _)| is_ours(path));
    let bytes: Vec<usize> = sheets.map(|(_, it)| it.len()).collect();
    assert!(matches!(bytes[..], [it] if it <= 20_000), "{bytes:?}");
}

#[test]
fn no_text_of_a_script_runs_over_lines() {
    // `render::compact` takes indentation away, inside such a text too.
    for (name, text) in files("static/js", "js") {
        for (number, line) in text.lines().enumerate() {
            let n_ticks = line.matches('`').count();
            assert!(n_ticks % 2 == 0, "{name}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn templates_mark_only_finished_html_as_safe() {
    for (name, text) in files("templates", "html") {
        let n_safe = text.matches("| safe").count();
        for part in text.split("| safe").take(n_safe) {
            let expression = part.rsplit("{{").next().unwrap().trim();
            assert!(expression.ends_with("_html"), "{name}: {expression}");
        }
    }
}

#[test]
fn every_language_has_the_same_words() {
    let keys = |text: &str| -> Vec<String> {
        let lines =
            text.lines().filter(|it| it.starts_with(|c: char| c.is_ascii_alphabetic()));
        let mut keys: Vec<String> = lines
            .filter_map(|it| Some(it.split_once('=')?.0.trim().to_owned()))
            .collect();
        keys.sort();
        keys
    };
    let all = files("templates/strings", "ftl");
    assert!(5 <= all.len());
    let first = keys(&all[0].1);
    for (name, text) in &all {
        assert_eq!(keys(text), first, "{name}");
    }
}
