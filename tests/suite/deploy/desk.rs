//! Sites for deploys: small, with pages that refer to each other as real ones do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mujaz::publish::state::{Print, file_of};

/// Every reference of a page: what stands between `="/` and the next quotation mark.
fn references(page: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(page).into_owned();
    let parts = text.split("=\"/").skip(1);
    parts.filter_map(|it| it.split('"').next()).map(str::to_owned).collect()
}

/// References that lead nowhere on pages that can be reached from the home page.
pub(crate) fn broken_links(objects: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut waiting = vec!["index.html".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    let mut broken = Vec::new();
    // Before the first deploy is done there is no home page, and nothing to meet.
    if !objects.contains_key("index.html") {
        return broken;
    }
    while let Some(path) = waiting.pop() {
        let Some(bytes) = objects.get(&path) else {
            broken.push(path);
            continue;
        };
        if path.ends_with(".html") && seen.insert(path) {
            waiting.extend(references(bytes).iter().map(|it| file_of(it)));
        }
    }
    broken
}

/// A site that is written to a folder: pages by id with address and words, and the look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Desk {
    /// Address and words of each briefing, by its id.
    pub(crate) briefings: BTreeMap<String, (String, String)>,
    /// What the style sheet says.
    pub(crate) look: String,
    /// The newest text.
    pub(crate) newest: Option<String>,
}

impl Desk {
    pub(crate) fn new(briefings: &[(&str, &str, &str)]) -> Self {
        let briefings = briefings.iter().map(|(id, address, words)| {
            (id.to_string(), (address.to_string(), words.to_string()))
        });
        Self { briefings: briefings.collect(), look: "plain".to_owned(), newest: None }
    }

    /// The files: a home page and a list that refer to every briefing, a picture for each
    /// briefing, one style sheet, and data.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let hash =
            |it: &str| Print::of(it.as_bytes()).blake3.get(..16).unwrap().to_owned();
        let style = format!("assets/site.{}.css", hash(&self.look));
        files.insert(style.clone(), self.look.clone().into_bytes());
        let mut links = String::new();
        for (address, words) in self.briefings.values() {
            let picture = format!("assets/card.{}.png", hash(words));
            files.insert(picture.clone(), format!("picture of {words}").into_bytes());
            let page = format!(
                "<link href=\"/{style}\"><img src=\"/{picture}\"><a href=\"/\">{words}</a>"
            );
            files.insert(file_of(address), page.into_bytes());
            links.push_str(&format!("<a href=\"/{address}\">{words}</a>"));
        }
        let home = format!("<link href=\"/{style}\"><a href=\"/topics/\"></a>{links}");
        files.insert("index.html".to_owned(), home.into_bytes());
        files.insert("topics/index.html".to_owned(), format!("all {links}").into_bytes());
        files.insert(
            "graph.json".to_owned(),
            format!("{:?}", self.briefings).into_bytes(),
        );
        files
    }

    /// Writes the files and the manifest, as a build would have left them.
    pub(crate) fn write(&self, folder: &Path) {
        let files = self.files();
        for (path, bytes) in &files {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        let prints: BTreeMap<&String, Print> =
            files.iter().map(|(path, it)| (path, Print::of(it))).collect();
        let pages: BTreeMap<&String, &String> =
            self.briefings.iter().map(|(id, it)| (id, &it.0)).collect();
        let manifest = serde_json::json!({
            "files": prints, "newest": self.newest, "pages": pages, "preview": false,
            "version": 2,
        });
        fs::write(folder.join(mujaz::write::MANIFEST), manifest.to_string()).unwrap();
    }
}

/// A desk with two briefings, one at an address with odd letters.
pub(crate) fn two_briefings() -> Desk {
    Desk::new(&[
        ("briefing:a", "briefings/2025/أ/", "one"),
        ("briefing:b", "briefings/2025/b c+d&e/", "two"),
    ])
}

/// The same desk some days later: one text edited, one moved, one new, another look.
pub(crate) fn later() -> Desk {
    let mut desk = Desk::new(&[
        ("briefing:a", "briefings/2025/أ/", "one, edited"),
        ("briefing:b", "briefings/2025/ب/", "two"),
        ("briefing:c", "briefings/2025/c/", "three"),
    ]);
    "bold".clone_into(&mut desk.look);
    desk
}
