//! What others check: axe (WCAG 2.2 A and AA) and the Nu HTML checker. Nothing that they
//! find is filtered out.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser::{DESK, DESK_DARK, PHONE, Page};
use crate::sites::{both, demo, four};

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

#[test]
fn axe_finds_no_violation_on_any_page_type() {
    let axe = std::fs::read_to_string(tool("AXE_JS", "axe-core/axe.min.js")).unwrap();
    let page = Page::new(DESK);
    let mut found = Vec::new();
    for site in both() {
        for path in site.page_types() {
            page.go(&site.url(path));
            page.eval(&format!("{axe}; true"));
            for view in [DESK, DESK_DARK, PHONE] {
                page.view(view);
                let violations = page.texts(
                    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(\
                     it => it.violations.flatMap(rule => rule.nodes.map(node => \
                     rule.id + ': ' + node.target + ' ' + node.html.slice(0, 200))))",
                );
                found.extend(
                    violations.into_iter().map(|it| format!("{path} {view:?} {it}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
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
