//! Several languages in one site.

use crate::golden::build;

fn page(files: &[(&str, &str)], path: &str) -> String {
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    let (_, memory, _) = build(&files);
    let files = memory.files.into_inner().unwrap();
    String::from_utf8(files[path].clone()).unwrap()
}

const SITE: (&str, &str) = ("content/site.yaml", "title: موجز\nlanguages: [ar, en]\n");
const ORIGINAL: (&str, &str) = (
    "content/briefings/a.md",
    "---\ntitle: العنوان\ndate: 2025-01-02\nupdated: 2025-03-01\n---\nنص.\n",
);

#[test]
fn a_stale_translation_says_so_and_leads_to_the_original() {
    let translation = |of: &str| format!("---\ntitle: Title\nof: {of}\n---\nText.\n");
    let note = "The original has changed since";
    let of = |day: &str| {
        let text = translation(day);
        let files = [SITE, ORIGINAL, ("content/briefings/a.en.md", text.as_str())];
        page(&files, "en/briefings/title/index.html")
    };
    let stale = of("2025-01-02");
    assert!(stale.contains(note));
    let after = stale.split(note).nth(1).unwrap();
    let link = after.split("</p>").next().unwrap();
    assert!(
        link.contains("العنوان") && link.contains("lang=\"ar\" dir=\"rtl\""),
        "{link}"
    );
    assert!(!of("2025-03-01").contains(note));
}
