//! The search page: the form, and what to go on from without a query.
//!
//! Results are made in the browser by `static/js/search.js`, from the index of each language.
//! All that the script says and writes stands in the page, so that words and markup are those
//! of the theme.

use std::cmp::Reverse;

use crate::model::TopicId;
use crate::render::pages::Rendered;
use crate::render::scope::Scope;
use crate::render::structured_data;
use crate::render::theme::SharedView;
use crate::render::views::{
    ArchiveLinkView, PluralFormView, SearchLanguageView, SearchView, TopicCardView,
};
use crate::text::date::Digits;
use crate::text::direction::Direction;

/// Topics that are suggested.
const N_TOPICS: usize = 24;

impl<'a> Scope<'a> {
    /// The search page, where the site has a search. `index_hrefs` are the addresses of the
    /// indexes, one for each language of the site.
    pub fn search_page(&self, index_hrefs: &[String]) -> Option<Rendered> {
        let routes = &self.links.routes;
        let address = routes.search(self.at)?;
        let forms = |key| {
            let forms = self.words.forms(key).into_iter();
            forms.map(|(form, text)| PluralFormView { form, text }).collect()
        };
        let languages = self.site.config.languages.iter().zip(index_hrefs);
        let mut languages: Vec<SearchLanguageView<'a>> = languages
            .map(|(lang, href)| SearchLanguageView {
                lang: lang.as_str(),
                dir: Direction::of(lang).as_str(),
                name: lang.autonym(),
                href: href.clone(),
            })
            .collect();
        languages.sort_by_key(|it| it.lang != self.lang.as_str());
        let view = SearchView {
            topics: self.suggested_topics(),
            topics_href: routes.href(&routes.fixed(self.at, "topics/")),
            years: self.years_of_archive(),
            archive_href: routes.href(&routes.fixed(self.at, "archive/")),
            languages,
            digits: match self.dates.digits() {
                Digits::Latn => "latn",
                Digits::Arab => "arab",
                Digits::Arabext => "arabext",
            },
            n_results: forms("n_results"),
            n_briefings: forms("n_briefings"),
            nothing: self.words.with("search_nothing", &[("query", "{query}")]),
            corrected: self
                .words
                .with("search_corrected", &[("word", "{word}"), ("typed", "{typed}")]),
        };
        let title = self.words.get("search");
        let versions = self.everywhere("search/");
        let mut page = self.fixed_page("search", title, &address, versions);
        page.head.structured_data =
            structured_data::collection(self, title, &address, &[]);
        let html = self.render("pages/search.html", &page, &view);
        Some(html.map(|html| (address, html)))
    }

    fn suggested_topics(&self) -> Vec<SharedView<TopicCardView<'a>>> {
        let all = (0..self.site.topics.len()).map(TopicId::from_index);
        let mut topics: Vec<TopicId> = all
            .filter(|it| self.links.routes.topic(*it, self.at).is_some())
            .filter(|it| self.n_briefings(*it) != 0)
            .collect();
        topics.sort_by_key(|it| (Reverse(self.n_briefings(*it)), *it));
        topics.into_iter().take(N_TOPICS).filter_map(|it| self.topic_card(it)).collect()
    }

    fn years_of_archive(&self) -> Vec<ArchiveLinkView> {
        let routes = &self.links.routes;
        let view = |(year, n)| ArchiveLinkView {
            label: self.dates.year(year),
            href: routes.href(&self.year_address(year)),
            count: self.words.count("n_briefings", n),
        };
        self.lists.calendars[self.at].years().map(view).collect()
    }
}
