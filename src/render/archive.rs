//! The archive: a page for all years, one for each year, one for each month.

use crate::model::BriefingId;
use crate::render::pages::Rendered;
use crate::render::scope::Scope;
use crate::render::structured_data;
use crate::render::views::{
    ArchiveLinkView, ArchiveMonthView, ArchiveView, ArchiveYearView, LinkView,
};
use crate::text::lang::Lang;

/// Longest year that is listed on one page.
const MAX_YEAR: usize = 300;

/// A month and its briefings.
type Month = (i8, Vec<BriefingId>);

impl<'a> Scope<'a> {
    /// The archive, its years and its months.
    pub fn archive(&self) -> Vec<Rendered> {
        let routes = &self.links.routes;
        let mut by_year: Vec<(i16, Vec<Month>)> = Vec::new();
        let mut undated = Vec::new();
        for (at, briefing) in self.site.briefings.iter().enumerate() {
            if briefing.lang != *self.lang {
                continue;
            }
            let id = BriefingId::from_index(at);
            let Some(date) = briefing.date.as_ref().map(|it| it.date) else {
                undated.push(id);
                continue;
            };
            if by_year.last().is_none_or(|(year, _)| *year != date.year()) {
                by_year.push((date.year(), Vec::new()));
            }
            let Some((_, months)) = by_year.last_mut() else { continue };
            if months.last().is_none_or(|(month, _)| *month != date.month()) {
                months.push((date.month(), Vec::new()));
            }
            if let Some((_, list)) = months.last_mut() {
                list.push(id);
            }
        }
        let top = routes.fixed(self.at, "archive/");
        let year_address = |year: i16| format!("{top}{year:04}/");
        let month_address = |year: i16, month: i8| format!("{top}{year:04}/{month:02}/");
        let count = |n| self.words.count("n_briefings", n);
        let heading = self.words.get("archive");
        let link = |address: &str, label: String| LinkView {
            href: routes.href(address).into(),
            label: self.made_text(label),
            is_current: false,
        };
        let years = by_year.iter().map(|(year, months)| ArchiveYearView {
            label: self.dates.year(*year),
            href: routes.href(&year_address(*year)),
            count: count(months.iter().map(|(_, it)| it.len()).sum()),
            months: months
                .iter()
                .map(|(month, list)| ArchiveLinkView {
                    label: self.dates.month(*month),
                    href: routes.href(&month_address(*year, *month)),
                    count: count(list.len()),
                })
                .collect(),
        });
        let view = ArchiveView {
            heading: heading.to_owned(),
            breadcrumbs: Vec::new(),
            years: years.collect(),
            months: Vec::new(),
            undated: undated.iter().map(|it| self.card(*it)).collect(),
        };
        let mut pages = vec![self.archive_page(&top, &view, self.everywhere("archive/"))];
        for (year, months) in &by_year {
            let n_year: usize = months.iter().map(|(_, it)| it.len()).sum();
            let month_view =
                |month: i8, list: &[BriefingId], is_listed: bool| ArchiveMonthView {
                    label: self.dates.month_year(*year, month),
                    href: routes.href(&month_address(*year, month)),
                    count: count(list.len()),
                    briefings: if is_listed {
                        list.iter().map(|it| self.card(*it)).collect()
                    } else {
                        Vec::new()
                    },
                };
            let archive = link(&top, heading.to_owned());
            let view = ArchiveView {
                heading: self.dates.year(*year),
                breadcrumbs: vec![archive.clone()],
                years: Vec::new(),
                months: months
                    .iter()
                    .map(|(month, list)| month_view(*month, list, n_year <= MAX_YEAR))
                    .collect(),
                undated: Vec::new(),
            };
            let versions = self.archive_versions(*year, None);
            pages.push(self.archive_page(&year_address(*year), &view, versions));
            for (month, list) in months {
                let above = link(&year_address(*year), self.dates.year(*year));
                let view = ArchiveView {
                    heading: self.dates.month_year(*year, *month),
                    breadcrumbs: vec![archive.clone(), above],
                    years: Vec::new(),
                    months: vec![month_view(*month, list, true)],
                    undated: Vec::new(),
                };
                let versions = self.archive_versions(*year, Some(*month));
                let address = month_address(*year, *month);
                pages.push(self.archive_page(&address, &view, versions));
            }
        }
        pages
    }

    /// The languages that have a briefing of this year, or month, with their pages of it.
    fn archive_versions(&self, year: i16, month: Option<i8>) -> Vec<(&'a Lang, String)> {
        let path = match month {
            Some(month) => format!("archive/{year:04}/{month:02}/"),
            None => format!("archive/{year:04}/"),
        };
        let is_here = |date: jiff::civil::Date| {
            date.year() == year && month.is_none_or(|it| it == date.month())
        };
        let has_page = |lang: &Lang| {
            self.site.briefings.iter().any(|it| {
                it.lang == *lang && it.date.as_ref().is_some_and(|it| is_here(it.date))
            })
        };
        self.everywhere(&path).into_iter().filter(|(lang, _)| has_page(lang)).collect()
    }

    fn archive_page(
        &self,
        address: &str,
        view: &ArchiveView<'_>,
        versions: Vec<(&Lang, String)>,
    ) -> Rendered {
        let mut page = self.fixed_page("archive", &view.heading, address, versions);
        let above = &view.breadcrumbs;
        page.head.structured_data =
            structured_data::collection(self, &view.heading, address, above);
        let html = self.render("pages/archive.html", &page, view)?;
        Ok((address.to_owned(), html))
    }
}
