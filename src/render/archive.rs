//! The archive: a page for all years, one for each year, one for each month.

use jiff::civil::Date;

use crate::fingerprint::Fingerprint;
use crate::model::{BriefingId, Site};
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

/// The briefings of one language by year and month, newest first.
#[derive(Debug, Default)]
pub struct Calendar {
    /// Years that have any.
    years: Vec<(i16, Vec<Month>)>,
    /// Those without a date.
    undated: Vec<BriefingId>,
}

impl Calendar {
    /// For each language of a site.
    pub fn all_of(site: &Site) -> Vec<Self> {
        let languages = &site.config.languages;
        let mut all: Vec<Self> = languages.iter().map(|_| Self::default()).collect();
        for (at, briefing) in site.briefings.iter().enumerate() {
            let lang = languages.iter().position(|it| *it == briefing.lang);
            let Some(calendar) = lang.map(|it| &mut all[it]) else { continue };
            let date = briefing.date.as_ref().map(|it| it.date);
            calendar.add(BriefingId::from_index(at), date);
        }
        all
    }

    /// Adds a briefing that is not newer than the last one.
    fn add(&mut self, id: BriefingId, date: Option<Date>) {
        let Some(date) = date else {
            self.undated.push(id);
            return;
        };
        if self.years.last().is_none_or(|(year, _)| *year != date.year()) {
            self.years.push((date.year(), Vec::new()));
        }
        let Some((_, months)) = self.years.last_mut() else { return };
        if months.last().is_none_or(|(month, _)| *month != date.month()) {
            months.push((date.month(), Vec::new()));
        }
        if let Some((_, list)) = months.last_mut() {
            list.push(id);
        }
    }

    /// The years that have briefings, and how many.
    pub fn years(&self) -> impl Iterator<Item = (i16, usize)> {
        let n_briefings = |months: &[Month]| months.iter().map(|(_, it)| it.len()).sum();
        self.years.iter().map(move |(year, months)| (*year, n_briefings(months)))
    }

    /// The months of a year that have briefings.
    fn months(&self, year: i16) -> &[Month] {
        let at = self.years.iter().position(|it| it.0 == year);
        at.map_or(&[], |it| &self.years[it].1)
    }

    /// Whether there is a briefing of a year, or of a month of it.
    fn has(&self, year: i16, month: Option<i8>) -> bool {
        let months = self.months(year);
        month.map_or(!months.is_empty(), |it| months.iter().any(|has| has.0 == it))
    }

    /// Adds what the page for all years shows to a key; `face` adds a briefing in a list.
    pub fn add_years_to(
        &self,
        key: &mut Fingerprint,
        face: impl Fn(BriefingId, &mut Fingerprint),
    ) {
        for (year, months) in &self.years {
            key.text(&year.to_string());
            for (month, list) in months {
                key.text(&month.to_string()).number(list.len() as u64);
            }
        }
        key.number(self.undated.len() as u64);
        for it in &self.undated {
            face(*it, key);
        }
    }

    /// Adds what the pages of a year show to a key; `face` adds a briefing in a list.
    pub fn add_year_to(
        &self,
        year: i16,
        key: &mut Fingerprint,
        face: impl Fn(BriefingId, &mut Fingerprint),
    ) {
        for (month, list) in self.months(year) {
            key.text(&month.to_string()).number(list.len() as u64);
            for it in list {
                face(*it, key);
            }
        }
    }

    /// Adds which of its pages there are for a year, as those of other languages show it.
    pub fn add_pages_to(&self, year: i16, key: &mut Fingerprint) {
        let months = self.months(year);
        key.number(months.len() as u64);
        for (month, _) in months {
            key.text(&month.to_string());
        }
    }
}

impl<'a> Scope<'a> {
    fn archive_address(&self) -> String {
        self.links.routes.fixed(self.at, "archive/")
    }

    /// The address of the archive of a year.
    pub fn year_address(&self, year: i16) -> String {
        format!("{}{year:04}/", self.archive_address())
    }

    fn month_address(&self, year: i16, month: i8) -> String {
        format!("{}{month:02}/", self.year_address(year))
    }

    fn link_to(&self, address: &str, label: String) -> LinkView<'a> {
        LinkView {
            href: self.links.routes.href(address).into(),
            label: self.made_text(label),
            is_current: false,
        }
    }

    /// The page for all years.
    ///
    /// # Errors
    ///
    /// The template cannot be run.
    pub fn archive(&self) -> Rendered {
        let routes = &self.links.routes;
        let calendar = &self.lists.calendars[self.at];
        let count = |n| self.words.count("n_briefings", n);
        let years = calendar.years().map(|(year, n_briefings)| ArchiveYearView {
            label: self.dates.year(year),
            href: routes.href(&self.year_address(year)),
            count: count(n_briefings),
            months: calendar
                .months(year)
                .iter()
                .map(|(month, list)| ArchiveLinkView {
                    label: self.dates.month(*month),
                    href: routes.href(&self.month_address(year, *month)),
                    count: count(list.len()),
                })
                .collect(),
        });
        let view = ArchiveView {
            heading: self.words.get("archive").to_owned(),
            breadcrumbs: Vec::new(),
            years: years.collect(),
            months: Vec::new(),
            undated: calendar.undated.iter().map(|it| self.card(*it)).collect(),
        };
        self.archive_page(&self.archive_address(), &view, self.everywhere("archive/"))
    }

    /// The page of a year, and those of its months.
    pub fn archive_of(&self, year: i16) -> Vec<Rendered> {
        let routes = &self.links.routes;
        let months = self.lists.calendars[self.at].months(year);
        let n_year: usize = months.iter().map(|(_, it)| it.len()).sum();
        let month_view =
            |month: i8, list: &[BriefingId], is_listed: bool| ArchiveMonthView {
                label: self.dates.month_year(year, month),
                href: routes.href(&self.month_address(year, month)),
                count: self.words.count("n_briefings", list.len()),
                briefings: if is_listed {
                    list.iter().map(|it| self.card(*it)).collect()
                } else {
                    Vec::new()
                },
            };
        let archive =
            self.link_to(&self.archive_address(), self.words.get("archive").to_owned());
        let address = self.year_address(year);
        let view = ArchiveView {
            heading: self.dates.year(year),
            breadcrumbs: vec![archive.clone()],
            years: Vec::new(),
            months: months
                .iter()
                .map(|(month, list)| month_view(*month, list, n_year <= MAX_YEAR))
                .collect(),
            undated: Vec::new(),
        };
        let mut pages =
            vec![self.archive_page(&address, &view, self.archive_versions(year, None))];
        for (month, list) in months {
            let above = self.link_to(&address, self.dates.year(year));
            let view = ArchiveView {
                heading: self.dates.month_year(year, *month),
                breadcrumbs: vec![archive.clone(), above],
                years: Vec::new(),
                months: vec![month_view(*month, list, true)],
                undated: Vec::new(),
            };
            let versions = self.archive_versions(year, Some(*month));
            pages.push(self.archive_page(
                &self.month_address(year, *month),
                &view,
                versions,
            ));
        }
        pages
    }

    /// The languages that have a briefing of this year, or month, with their pages of it.
    fn archive_versions(&self, year: i16, month: Option<i8>) -> Vec<(&'a Lang, String)> {
        let path = match month {
            Some(month) => format!("archive/{year:04}/{month:02}/"),
            None => format!("archive/{year:04}/"),
        };
        let all = self.everywhere(&path).into_iter().zip(self.lists.calendars);
        all.filter(|(_, it)| it.has(year, month)).map(|it| it.0).collect()
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
