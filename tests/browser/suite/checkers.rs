//! What others check: axe (WCAG 2.2 A and AA) and the Nu HTML checker. Nothing that they
//! find is filtered out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::browser::{DESK, DESK_DARK, HAND, HAND_DARK, Page};
use crate::sites::{Served, demo, four, tiny};

/// A file that `tests/browser/tools` installs.
fn tool(variable: &str, path: &str) -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/browser-tools");
    let file = std::env::var(variable)
        .map_or(usual.join("node_modules").join(path), PathBuf::from);
    assert!(
        file.exists(),
        "no {path} here: run tests/browser/tools, or say where it is in ${variable}"
    );
    file
}

/// What axe finds on a page as it stands (WCAG 2.2 A and AA).
pub(crate) fn axe(page: &Page) -> Vec<String> {
    run_axe(page, "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']")
}

/// What axe finds with the rules, or the sets of rules, in a list.
fn run_axe(page: &Page, rules: &str) -> Vec<String> {
    static AXE: OnceLock<String> = OnceLock::new();
    let axe = AXE.get_or_init(|| {
        std::fs::read_to_string(tool("AXE_JS", "axe-core/axe.min.js")).unwrap()
    });
    if page.eval("typeof axe") == "undefined" {
        page.eval(&format!("{axe}; true"));
    }
    page.texts(&format!(
        "axe.run({{ runOnly: {rules} }}).then(\
         it => it.violations.flatMap(rule => rule.nodes.map(node => \
         rule.id + ': ' + node.target + ' ' + node.html.slice(0, 200))))"
    ))
}

/// What axe finds on pages of a site, light and dark, on a phone and on a desk.
fn axe_on(site: &Served, paths: &[&str]) -> Vec<String> {
    let page = Page::new(DESK);
    let mut found = Vec::new();
    for path in paths {
        page.go(&site.url(path));
        for view in [DESK, DESK_DARK, HAND, HAND_DARK] {
            page.view(view);
            // Darkness changes colours and nothing else.
            let violations = if view.is_dark {
                run_axe(&page, "['color-contrast', 'link-in-text-block']")
            } else {
                axe(&page)
            };
            found
                .extend(violations.into_iter().map(|it| format!("{path} {view:?} {it}")));
        }
    }
    found
}

#[test]
fn axe_finds_no_violation_on_any_page_type() {
    let mut found = axe_on(four(), &four().page_types());
    // The demo has topics of every kind, in two directions; it is the other half.
    let (most, rest): (Vec<_>, Vec<_>) = demo()
        .all_types()
        .into_iter()
        .partition(|it| !it.starts_with("fa/") && !it.starts_with("he/"));
    let of = |sort: &str| {
        let class = format!("page--{sort}\"");
        let holds =
            |it: &&&str| String::from_utf8_lossy(&demo().files[**it]).contains(&class);
        most.iter().filter(holds).count()
    };
    let each = [
        "home",
        "briefing",
        "topics",
        "chronology",
        "author",
        "series",
        "corrections",
        "page",
        "not_found",
    ];
    for sort in each {
        assert_eq!(of(sort), 2, "{sort} in Arabic and English");
    }
    assert_eq!(of("archive"), 6, "archive, year, month");
    assert!(14 <= of("topic"), "{} kinds of topics", of("topic"));
    found.extend(axe_on(demo(), &most));
    let rest: Vec<_> =
        rest.into_iter().filter(|it| demo().page_types().contains(it)).collect();
    found.extend(axe_on(demo(), &rest));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn another_accent_leaves_text_legible() {
    // A site's colour is set once and must do for light and dark.
    for accent in ["#7a1f3d", "#0b5360", "#1d3f8f"] {
        let config = format!(
            "title: دفتر\nbase_url: https://example.org/\ntheme: {{accent: \"{accent}\"}}\n"
        );
        let site = tiny(&[
            ("content/site.yaml", &config),
            (
                "content/topics/danube.yaml",
                "title: الدانوب\nkind: place\nsummary: نهر في أوروبا.\n",
            ),
            (
                "content/briefings/gauge.md",
                "---\ntitle: كيف يقاس نهر\ndate: 2025-03-01\ntopics: [danube]\nkey_points: [يقرأ كل ساعة.]\n---\n\n\
                 يعبر الدانوب بلادا كثيرة، ويقاس ارتفاعه كل يوم. اقرأ [موقع اللجنة](https://example.org/irc) عن ذلك.\n",
            ),
        ]);
        let types = site.page_types();
        let found = axe_on(&site, &types);
        assert!(found.is_empty(), "{accent}: {}", found.join("\n"));
        let page = Page::new(DESK);
        for path in types {
            page.go(&site.url(path));
            for view in [DESK, DESK_DARK] {
                page.view(view);
                let pale = page.texts(crate::colours::PALE);
                assert!(pale.is_empty(), "{accent} {path} {view:?}: {pale:#?}");
                let own = page.eval("getComputedStyle(document.documentElement).getPropertyValue('--mz-accent').trim()");
                assert_eq!(own, *accent, "{path}");
            }
        }
    }
}

#[test]
fn the_nu_html_checker_finds_no_error() {
    let jar = tool("VNU_JAR", "vnu-jar/build/dist/vnu.jar");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nu");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // Every file of one site, redirects too, and each sort of page of the other.
    let all = four().files.iter().filter(|(path, _)| path.ends_with(".html"));
    let types = demo().page_types().into_iter().map(|it| (it, &demo().files[it]));
    let pages: Vec<_> =
        all.map(|(path, bytes)| (path.as_str(), bytes)).chain(types).collect();
    for (at, (_, bytes)) in pages.iter().enumerate() {
        std::fs::write(folder.join(format!("{at}.html")), bytes).unwrap();
    }
    let java = Command::new("java")
        .arg("-jar")
        .arg(jar)
        .args(["--errors-only", "--skip-non-html"])
        .arg(&folder)
        .output()
        .expect("no Java here: `apt-get install -y default-jre-headless`");
    let said = String::from_utf8_lossy(&java.stderr);
    let names: Vec<_> =
        pages.iter().enumerate().map(|(at, it)| format!("{at} = {}", it.0)).collect();
    assert!(
        java.status.success() && said.trim().is_empty(),
        "{said}\n{}",
        names.join("\n")
    );
}
