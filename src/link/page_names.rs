//! Names of pages that stay the same when titles and addresses change.
//!
//! A name is the sort of the object, its id and the language, as in `briefing:treaty.ar`. By
//! them a page is found again that stands at another address than in an earlier build.

use std::collections::BTreeMap;

use crate::diag::SourcePath;
use crate::link::routes::Routes;
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, Site, TopicId};

/// Where the page of an object stands, and what it is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPage {
    /// Its address.
    pub address: String,
    /// The file of the object.
    pub path: SourcePath,
}

/// The pages of all objects by their names.
pub fn page_names(site: &Site, routes: &Routes) -> BTreeMap<String, NamedPage> {
    let mut names = BTreeMap::new();
    let mut add = |sort: &str, id: &str, lang: &str, address: &str, path: &SourcePath| {
        let page = NamedPage { address: address.to_owned(), path: path.clone() };
        names.insert(format!("{sort}:{id}.{lang}"), page);
    };
    for (at, it) in site.briefings.iter().enumerate() {
        let address = routes.briefing(BriefingId::from_index(at));
        add("briefing", &it.id, it.lang.as_str(), address, &it.path);
    }
    for (at, it) in site.pages.iter().enumerate() {
        let address = routes.page(PageId::from_index(at));
        add("page", &it.id, it.lang.as_str(), address, &it.path);
    }
    for (lang_at, lang) in site.config.languages.iter().enumerate() {
        for (at, it) in site.topics.iter().enumerate() {
            if let Some(address) = routes.topic(TopicId::from_index(at), lang_at) {
                add("topic", &it.id, lang.as_str(), address, &it.path);
            }
        }
        for (at, it) in site.authors.iter().enumerate() {
            if let Some(address) = routes.author(AuthorId::from_index(at), lang_at) {
                add("author", &it.id, lang.as_str(), address, &it.path);
            }
        }
        for (at, it) in site.series.iter().enumerate() {
            if let Some(address) = routes.series(SeriesId::from_index(at), lang_at) {
                add("series", &it.id, lang.as_str(), address, &it.path);
            }
        }
    }
    names
}
