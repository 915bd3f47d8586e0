//! What a Word file holds besides its text: properties, comments, lines of each page.

use crate::import::docx::WordFile;
use crate::import::docx::package::Package;

/// Takes title, author, date and keywords.
pub(super) fn read_properties(
    package: &mut Package<'_>,
    file: &mut WordFile,
) -> Result<(), String> {
    let Some(root) = package.xml("docProps/core.xml")? else { return Ok(()) };
    let text = |name: &str| {
        let text = root.child(name)?.text();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    file.title = text("title");
    file.creator = text("creator");
    file.date = text("modified").or_else(|| text("created"));
    file.summary = text("description").or_else(|| text("subject"));
    let tags = text("keywords").unwrap_or_default();
    let tags = tags.split([',', ';', '،', '؛']).map(str::trim);
    file.tags = tags.filter(|it| !it.is_empty()).map(str::to_owned).collect();
    Ok(())
}

/// Counts comments and the lines above and below each page.
pub(super) fn count_others(
    package: &mut Package<'_>,
    folder: &str,
    file: &mut WordFile,
) -> Result<(), String> {
    if let Some(root) = package.xml(&format!("{folder}comments.xml"))? {
        let n = root.elements().filter(|it| it.local() == "comment").count();
        if n != 0 {
            file.left.insert("comment".to_owned(), n);
        }
    }
    for name in package.names() {
        let own = name.strip_prefix(folder).unwrap_or_default();
        if (own.starts_with("header") || own.starts_with("footer"))
            && own.ends_with(".xml")
        {
            let text = package.xml(&name)?.map(|it| it.text()).unwrap_or_default();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.chars().any(char::is_alphabetic) {
                let shown: String = text.chars().take(80).collect();
                let what = format!("line above or below each page, «{shown}»");
                *file.left.entry(what).or_default() += 1;
            }
        }
    }
    Ok(())
}
