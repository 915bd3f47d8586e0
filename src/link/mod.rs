//! `&Site` -> `Links`: what refers to what, and where every page stands.
//!
//! Everything here stands beside the site and never inside it: addresses (`routes`), links
//! by hand (`references`), names in running text (`matcher`, `mentions`), and what follows
//! from them: backlinks, related briefings, topics that appear together, inverse
//! relations, sub-topics, the order of a series.

pub mod gates;
pub mod known;
pub mod matcher;
pub mod mentions;
pub mod names;
pub mod neighbours;
pub mod page_names;
pub mod paragraphs;
pub mod references;
pub mod related;
pub mod review;
pub mod routes;
pub mod suggest;
pub mod tokens;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::{At, Checked, Diagnostic};
use crate::fingerprint::{Fingerprint, Keeps};
use crate::link::known::{Addresses, Known, Linked};
use crate::link::matcher::{Hints, Matcher, Scan};
use crate::link::mentions::{Mentions, Named, Policy, Quote};
use crate::link::neighbours::Neighbours;
use crate::link::paragraphs::Label;
use crate::link::references::{Places, References, Resolved, Targets};
use crate::link::related::{Pairs, Related, Subject, Together};
use crate::link::routes::{Presence, Routes};
use crate::load::{Sources, fixed_path};
use crate::model::briefing::{Briefing, Byline};
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::body::Body;
use crate::parse::document::{Element, Node};
use crate::parse::front_matter::Source;
use crate::text::lang::Lang;

/// Everything that stands between the objects of a site.
#[derive(Debug)]
pub struct Links {
    /// Addresses.
    pub routes: Arc<Routes>,
    /// For each briefing.
    pub briefings: Vec<Arc<ArticleLinks>>,
    /// For each topic, its long texts by language.
    pub topics: Vec<BTreeMap<Lang, ArticleLinks>>,
    /// For each plain page.
    pub pages: Vec<ArticleLinks>,
    /// For each topic, the briefings that list it or a topic below it, newest first.
    pub about: Vec<Vec<BriefingId>>,
    /// For each topic, the briefings that name it and are not about it, newest first.
    pub mentioned_in: Vec<Vec<BriefingId>>,
    /// For each language of the site and each topic, how many briefings are about the topic
    /// or name it.
    pub counts: Vec<Vec<u32>>,
    /// For each briefing, those that link to it by hand, newest first.
    pub backlinks: Vec<Vec<(BriefingId, Quote)>>,
    /// For each briefing, the most similar ones.
    pub related: Related,
    /// The first version of each briefing.
    firsts: Vec<BriefingId>,
    /// For each topic, those that appear with it; counted when they are asked for.
    together: OnceLock<Vec<Vec<Together>>>,
    /// A fingerprint of what decides about `related` and `together`, where the next build
    /// is to know them.
    neighbours: Option<u128>,
    /// For each topic, those below it.
    pub children: Vec<Vec<TopicId>>,
    /// For each topic, relations that others have to it: the other topic, and the index of
    /// the relation there.
    pub inverse: Vec<Vec<(TopicId, usize)>>,
    /// For each series and language, its briefings in order.
    pub series: Vec<BTreeMap<Lang, Vec<BriefingId>>>,
}

/// What one article refers to.
#[derive(Debug, Clone, Default)]
pub struct ArticleLinks {
    /// Links, citations and pictures by hand.
    pub references: References,
    /// Names of topics.
    pub mentions: Arc<Mentions>,
    /// A fingerprint of all that the mentions depend on: the article with its metadata, the
    /// names of all topics, and which of its links by hand lead to topics and briefings.
    pub key: u128,
    /// The file of the `image` of a briefing.
    pub image: Option<Box<str>>,
    /// Whether nothing was wrong, and no link leads to a path or to a place in another text:
    /// then the same is found as long as what links lead to has the same names.
    pub is_settled: bool,
}

impl Links {
    /// What a briefing says of a topic.
    pub fn naming(&self, briefing: BriefingId, topic: TopicId) -> Option<&Named> {
        self.briefings[briefing.at()].mentions.of(topic)
    }

    /// Topics that appear with a topic, most often first.
    pub fn appears_with(&self, topic: TopicId) -> &[Together] {
        let count = || {
            let lists = self.firsts.chunks(self.firsts.len().max(1));
            self.counted(lists.map(|it| self.pairs(it)).collect())
        };
        &self.together.get_or_init(count)[topic.at()]
    }

    /// Counts which topics appear together now, on all threads, where all will be asked for.
    pub fn count_together(&self) {
        if self.together.get().is_some() {
            return;
        }
        let n_threads = rayon::current_num_threads();
        let n_each = self.firsts.len().div_ceil(n_threads).max(1);
        let lists = self.firsts.par_chunks(n_each);
        let counted = self.counted(lists.map(|it| self.pairs(it)).collect());
        // Whoever was first has counted the same.
        let _ = self.together.set(counted);
    }

    /// What the next build is to know of related briefings and of topics that appear together;
    /// nothing where not all of them were asked for.
    pub fn neighbours(&self) -> Option<Neighbours> {
        let (of, together) = self.neighbours.zip(self.together.get())?;
        Some(Neighbours { of, related: self.related.all()?, together: together.clone() })
    }

    fn pairs(&self, briefings: &[BriefingId]) -> Pairs {
        let named = briefings
            .iter()
            .map(|it| named(self.related.listed(*it), &self.briefings[it.at()]));
        related::pairs(named)
    }

    fn counted(&self, pairs: Vec<Pairs>) -> Vec<Vec<Together>> {
        related::appears_with(self.children.len(), pairs)
    }
}

/// Finds all links of a site.
pub fn link(site: &Site, files: &Sources) -> Checked<Links> {
    let mentions = &FxHashMap::default();
    let known = Known {
        prints: None,
        assets: 0,
        mentions,
        linked: None,
        neighbours: None,
        keeps: Keeps::Nothing,
    };
    link_again(site, files, &known).0
}

/// Finds all links of a site. What is known already is taken over; gives what to know for the
/// next time, where anything is to be kept.
pub fn link_again(
    site: &Site,
    files: &Sources,
    known: &Known<'_>,
) -> (Checked<Links>, Option<Linked>) {
    let matcher = known.linked.and_then(|it| it.matcher(known));
    let matcher = matcher.unwrap_or_else(|| Arc::new(Matcher::new(site)));
    let alike = known.linked.and_then(|it| it.compared(site, known));
    let mut diagnostics = names::check(site, matcher.names());
    let targets = Targets::new(site);
    let finder = Finder { site, files, targets: &targets, matcher: &matcher, known };
    let of_briefing = |(at, it): (usize, &Arc<Briefing>)| match alike
        .and_then(|alike| alike.of_briefing(at, it))
    {
        Some(links) => Checked::clean(Arc::clone(links)),
        None => {
            let Checked { value, diagnostics } = finder.briefing(it);
            Checked { value: Arc::new(value), diagnostics }
        }
    };
    let briefings: Vec<Checked<Arc<ArticleLinks>>> =
        site.briefings.par_iter().enumerate().map(of_briefing).collect();
    let briefings: Vec<Arc<ArticleLinks>> =
        briefings.into_iter().map(|it| it.drain_into(&mut diagnostics)).collect();
    let topics = topic_articles(&finder, &mut diagnostics);
    let pages: Vec<ArticleLinks> = site
        .pages
        .iter()
        .map(|it| {
            let article = Article::plain(&it.body, &it.lang, None);
            let own = Fingerprint::of(it.path.as_str());
            finder.find(&article, own).drain_into(&mut diagnostics)
        })
        .collect();
    let children = children(site);
    let langs = languages(site);
    // A briefing counts once, however many languages it has.
    let firsts: Vec<BriefingId> =
        site.versions.values().filter_map(|it| it.first()).copied().collect();
    // Two halves of what follows, neither of which asks the other.
    let (gathered, neighbours) = rayon::join(
        || gather(site, &briefings, &children),
        || {
            let subjects = subjects(site, &briefings, &langs);
            let mut related = Related::new(subjects, site.topics.len());
            let is_wanted = known.prints.is_some() && known.keeps == Keeps::OnDisk;
            let print =
                is_wanted.then(|| neighbours::print(&related, &firsts, &briefings));
            let same = known.neighbours.filter(|it| Some(it.of) == print);
            let mut together = OnceLock::new();
            if let Some(same) = same {
                related.take_over(&same.related);
                together = OnceLock::from(same.together.clone());
            }
            (related, together, print, backlinks(site, &briefings))
        },
    );
    let Gathered { about, mentioned_in, n_mentions } = gathered;
    let (related, together, neighbours, backlinks) = neighbours;
    let series = series_order(site, &mut diagnostics);
    let presence = presence(site, &about, &mentioned_in, &n_mentions, &series);
    let addresses = Addresses::of(site, presence, alike, &mut diagnostics);
    let routes = Arc::clone(&addresses.routes);
    let texts = site.briefings.iter().enumerate();
    // Texts whose links are settled lead to no path.
    let texts = texts.filter(|(at, _)| !briefings[*at].is_settled);
    let texts = texts.map(|(at, it)| (&*it.body, &*briefings[at]));
    let of_pages = site.pages.iter().map(|it| &*it.body).zip(&pages);
    for (body, found) in texts.chain(of_pages) {
        check_paths(body, found, &routes, files, &mut diagnostics);
    }
    let linked = Linked::of(site, &briefings, matcher, addresses, known);
    let value = Links {
        routes,
        counts: counts(site, &langs, &about, &mentioned_in),
        backlinks,
        related,
        firsts,
        together,
        neighbours,
        inverse: inverse(site),
        briefings,
        topics,
        pages,
        about,
        mentioned_in,
        children,
        series,
    };
    (Checked { value, diagnostics }, linked)
}

/// The file of the picture above a briefing.
fn image(briefing: &Briefing, files: &Sources) -> Checked<Option<Box<str>>> {
    let Some(image) = &briefing.meta.image else { return Checked::clean(None) };
    let At { value: file, place } = &image.value.file;
    references::picture(&place.path, file, files, || place.clone())
}

/// Reports paths written by hand that lead to no page and no file of the site.
fn check_paths(
    body: &Body,
    found: &ArticleLinks,
    routes: &Routes,
    files: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let places = OnceCell::new();
    for (at, target) in found.references.links.iter().enumerate() {
        let Resolved::Path(path) = target else { continue };
        let file = format!("static{path}");
        let is_file = files.asset(&file).is_some() && fixed_path(&file).is_some();
        if routes.leads_somewhere(path) || is_file {
            continue;
        }
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let document = body.document();
        let places = places.get_or_init(|| Places::of(&document));
        let place = places.place(&document, Node::Open(Element::Link(at)));
        let shown = crate::text::isolate::terminal(path);
        let message = format!("there is no page `{shown}` on this site");
        let help = "link by id, as in `briefing:id` or `topic:id`: ids outlive addresses";
        diagnostics.push(Diagnostic::error("dead-link", place, message).with_help(help));
    }
}

/// What is needed to look for references and names.
struct Finder<'a> {
    site: &'a Site,
    files: &'a Sources,
    targets: &'a Targets<'a>,
    matcher: &'a Matcher,
    known: &'a Known<'a>,
}

/// A text and what decides about links in it.
pub struct Article<'a> {
    /// The text.
    pub body: &'a Body,
    /// Its language.
    pub lang: &'a Lang,
    /// Texts that are read before it: its title and summary.
    pub heads: Vec<&'a str>,
    /// Sources of a briefing.
    pub sources: &'a [Source],
    /// Topics of a briefing.
    pub topics: &'a [TopicId],
    /// Topics whose ambiguous names count here.
    pub added: &'a [TopicId],
    /// Topics that are not linked here.
    pub suppressed: &'a [TopicId],
    /// The topic whose own page this is.
    pub own: Option<TopicId>,
}

impl<'a> Article<'a> {
    /// A briefing.
    pub fn of(briefing: &'a Briefing) -> Self {
        let summary = briefing.meta.summary.as_ref();
        let summary = summary.and_then(|it| it.value.get(&briefing.lang));
        Self {
            heads: std::iter::once(briefing.title.as_str()).chain(summary).collect(),
            sources: briefing.meta.sources.as_ref().map_or(&[], |it| &it.value),
            topics: &briefing.topics,
            added: &briefing.added,
            suppressed: &briefing.suppressed,
            ..Self::plain(&briefing.body, &briefing.lang, None)
        }
    }

    fn plain(body: &'a Body, lang: &'a Lang, own: Option<TopicId>) -> Self {
        Self {
            body,
            lang,
            heads: Vec::new(),
            sources: &[],
            topics: &[],
            added: &[],
            suppressed: &[],
            own,
        }
    }

    /// Begins the search for names: whom title and summary call by a full name is known
    /// in the text.
    pub fn scan<'m>(&self, matcher: &'m Matcher) -> Scan<'m>
    where
        'a: 'm,
    {
        let hints =
            Hints { topics: self.topics, added: self.added, suppressed: self.suppressed };
        let mut scan = matcher.scan(self.lang, hints);
        for head in &self.heads {
            scan.read(head);
        }
        scan
    }

    /// What decides which names become links.
    pub fn policy(&self, site: &Site) -> Policy<'a> {
        let (suppressed, own) = (self.suppressed, self.own);
        Policy { linking: site.config.linking, suppressed, own }
    }
}

impl Finder<'_> {
    fn briefing(&self, briefing: &Briefing) -> Checked<ArticleLinks> {
        let own =
            self.known.prints.and_then(|it| it.briefings.get(&briefing.id).copied());
        // Without fingerprints, keys tell the articles of one site apart.
        let own = own.unwrap_or_else(|| Fingerprint::of(briefing.path.as_str()));
        let Checked { value, mut diagnostics } = self.find(&Article::of(briefing), own);
        let image = image(briefing, self.files).drain_into(&mut diagnostics);
        let is_settled = value.is_settled && diagnostics.is_empty();
        let value = ArticleLinks { image, is_settled, ..value };
        Checked { value, diagnostics }
    }

    /// `own` is a fingerprint of what the article is made of.
    fn find(&self, article: &Article<'_>, own: u128) -> Checked<ArticleLinks> {
        let Self { site, files, targets, matcher, known } = *self;
        let Article { body, lang, .. } = *article;
        let mut diagnostics = Vec::new();
        let references = references::resolve(
            body,
            lang,
            article.sources,
            site,
            targets,
            files,
            &mut diagnostics,
        );
        let settings = known.prints.map_or(0, |it| it.settings);
        let key = key(article, own, settings, &references);
        let mentions = known.mentions.get(&key).cloned().unwrap_or_else(|| {
            let mut scan = article.scan(matcher);
            let policy = article.policy(site);
            let label = |link| link_label(link, &references);
            Arc::new(mentions::find(&body.document(), &mut scan, &policy, label))
        });
        let depends_on_more = |it: &Resolved| {
            matches!(it, Resolved::Briefing(_, Some(_)) | Resolved::Path(_))
        };
        let is_settled =
            diagnostics.is_empty() && !references.links.iter().any(depends_on_more);
        let value = ArticleLinks { references, mentions, key, image: None, is_settled };
        Checked { value, diagnostics }
    }
}

/// The key of an article (`ArticleLinks::key`).
fn key(
    article: &Article<'_>,
    own: u128,
    settings: u128,
    references: &References,
) -> u128 {
    let body = article.body;
    let mut key = Fingerprint::new();
    key.hash(own).hash(settings).text(article.lang.as_str());
    key.number(article.own.map_or(u64::MAX, |it| u64::from(it.0)));
    // Their words are titles of other files.
    for (at, words) in &body.words {
        key.number(u64::from(*at)).text(words);
    }
    for at in (0..).take(references.links.len()) {
        let Label { topic, is_briefing } = link_label(at, references);
        key.number(topic.map_or(u64::MAX, |it| u64::from(it.0)));
        key.number(u64::from(is_briefing));
    }
    key.done()
}

/// What a link by hand leads to, for reading the text around it.
pub fn link_label(link: u32, references: &References) -> Label {
    let target = references.links.get(link as usize);
    let topic = match target {
        Some(Resolved::Topic(topic)) => Some(*topic),
        _ => None,
    };
    let is_briefing = matches!(target, Some(Resolved::Briefing(..)));
    Label { topic, is_briefing }
}

fn topic_articles(
    finder: &Finder<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<BTreeMap<Lang, ArticleLinks>> {
    let mut result = Vec::with_capacity(finder.site.topics.len());
    for (at, topic) in finder.site.topics.iter().enumerate() {
        let mut by_lang = BTreeMap::new();
        for (lang, body) in &topic.bodies {
            let own = Some(TopicId::from_index(at));
            let article = Article::plain(body, lang, own);
            let settings = finder.known.prints.map_or(0, |it| it.settings);
            let links = finder.find(&article, settings);
            by_lang.insert(lang.clone(), links.drain_into(diagnostics));
        }
        result.push(by_lang);
    }
    result
}

/// The topics of a briefing, listed or named, each with every paragraph that names it, in
/// order; a listed one stands with no paragraph besides.
fn named(
    listed: impl Iterator<Item = TopicId>,
    links: &ArticleLinks,
) -> Vec<(TopicId, Option<u32>)> {
    let listed = listed.map(|it| (it, None));
    let named = links.mentions.all.iter().map(|it| (it.topic, Some(it.paragraph)));
    let mut all: Vec<(TopicId, Option<u32>)> = listed.chain(named).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// For each briefing the place of its language in the site's list.
fn languages(site: &Site) -> Vec<u32> {
    let languages = &site.config.languages;
    let place = |it: &Arc<Briefing>| {
        let at = languages.iter().position(|lang| *lang == it.lang);
        at.and_then(|it| u32::try_from(it).ok()).unwrap_or(0)
    };
    site.briefings.iter().map(place).collect()
}

/// What each briefing is about, for the search for related ones.
fn subjects<'a>(
    site: &'a Site,
    briefings: &'a [Arc<ArticleLinks>],
    langs: &'a [u32],
) -> impl Iterator<Item = Subject<'a, impl Iterator<Item = TopicId> + 'a>> {
    let mut groups = vec![u32::MAX; site.briefings.len()];
    for (group, versions) in (0_u32..).zip(site.versions.values()) {
        for it in versions {
            groups[it.at()] = group;
        }
    }
    let all = site.briefings.iter().zip(briefings).zip(langs).zip(groups);
    all.map(|(((briefing, links), lang), group)| Subject {
        lang: *lang,
        group,
        listed: &briefing.topics,
        named: links.mentions.named.iter().map(|it| it.topic),
    })
}

fn children(site: &Site) -> Vec<Vec<TopicId>> {
    let mut children = vec![Vec::new(); site.topics.len()];
    for (at, topic) in site.topics.iter().enumerate() {
        for parent in topic.meta.parent.iter().flat_map(|it| &it.value) {
            if let Some(parent) = site.topic(&parent.value) {
                children[parent.at()].push(TopicId::from_index(at));
            }
        }
    }
    children
}

/// For each topic the briefings about it (or about a topic below it), those that only name
/// it, and how often it is named.
struct Gathered {
    about: Vec<Vec<BriefingId>>,
    mentioned_in: Vec<Vec<BriefingId>>,
    n_mentions: Vec<u32>,
}

fn gather(
    site: &Site,
    briefings: &[Arc<ArticleLinks>],
    children: &[Vec<TopicId>],
) -> Gathered {
    let mut n_mentions = vec![0_u32; site.topics.len()];
    let mut listed = vec![Vec::new(); site.topics.len()];
    let mut naming = vec![Vec::new(); site.topics.len()];
    for (at, briefing) in site.briefings.iter().enumerate() {
        let id = BriefingId::from_index(at);
        for topic in &briefing.topics {
            listed[topic.at()].push(id);
        }
        for named in &briefings[at].mentions.named {
            naming[named.topic.at()].push(id);
            n_mentions[named.topic.at()] += named.count;
        }
    }
    let mut about = Vec::with_capacity(listed.len());
    for at in 0..site.topics.len() {
        if children[at].is_empty() {
            about.push(listed[at].clone());
            continue;
        }
        let mut seen = BTreeSet::from([TopicId::from_index(at)]);
        let mut waiting = children[at].clone();
        let mut all: BTreeSet<BriefingId> = listed[at].iter().copied().collect();
        while let Some(below) = waiting.pop() {
            if seen.insert(below) {
                all.extend(&listed[below.at()]);
                waiting.extend(&children[below.at()]);
            }
        }
        about.push(all.into_iter().collect::<Vec<_>>());
    }
    for (at, list) in naming.iter_mut().enumerate() {
        // Both are in order.
        let mut about = about[at].iter().peekable();
        list.retain(|it| {
            while about.next_if(|about| *about < it).is_some() {}
            about.peek() != Some(&it)
        });
    }
    Gathered { about, mentioned_in: naming, n_mentions }
}

/// For each language and topic, how many briefings are about it or name it.
fn counts(
    site: &Site,
    langs: &[u32],
    about: &[Vec<BriefingId>],
    mentioned_in: &[Vec<BriefingId>],
) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0; site.topics.len()]; site.config.languages.len()];
    for (topic, lists) in about.iter().zip(mentioned_in).enumerate() {
        for id in lists.0.iter().chain(lists.1) {
            counts[langs[id.at()] as usize][topic] += 1;
        }
    }
    counts
}

/// Which topics, authors and series have a page in which language.
fn presence(
    site: &Site,
    about: &[Vec<BriefingId>],
    mentioned_in: &[Vec<BriefingId>],
    n_mentions: &[u32],
    series: &[BTreeMap<Lang, Vec<BriefingId>>],
) -> Presence {
    let languages = &site.config.languages;
    let in_lang = |lang: &Lang, id: &BriefingId| site.briefings[id.at()].lang == *lang;
    let is_default = |lang: &Lang| *lang == site.config.lang;
    let topics = site.topics.iter().enumerate().map(|(at, topic)| {
        let has_text = topic.meta.summary.is_some()
            || topic.meta.facts.is_some()
            || topic.meta.relations.is_some()
            || !topic.bodies.is_empty()
            || !about[at].is_empty();
        let is_thin =
            !has_text && n_mentions[at] < site.config.linking.min_mentions_for_page;
        let row = languages.iter().map(|lang| {
            let mut named = about[at].iter().chain(&mentioned_in[at]);
            !is_thin
                && (is_default(lang)
                    || topic.title.get(lang).is_some()
                    || named.any(|it| in_lang(lang, it)))
        });
        row.collect()
    });
    let topics = topics.collect();
    let mut written: Vec<BTreeSet<&Lang>> = vec![BTreeSet::new(); site.authors.len()];
    for briefing in &site.briefings {
        for byline in &briefing.authors {
            if let Byline::Author(id) = byline {
                written[id.at()].insert(&briefing.lang);
            }
        }
    }
    // A record that only hidden texts use says that there are such texts (row E1).
    let writes = |author: usize, lang: &Lang| {
        let all = &written[author];
        all.contains(lang) || (is_default(lang) && !all.is_empty())
    };
    let authors = (0..site.authors.len())
        .map(|at| languages.iter().map(|it| writes(at, it)).collect())
        .collect();
    let series = series
        .iter()
        .map(|it| {
            languages
                .iter()
                .map(|lang| it.contains_key(lang) || (is_default(lang) && !it.is_empty()))
                .collect()
        })
        .collect();
    Presence { topics, authors, series }
}

fn backlinks(
    site: &Site,
    briefings: &[Arc<ArticleLinks>],
) -> Vec<Vec<(BriefingId, Quote)>> {
    let mut result: Vec<Vec<(BriefingId, Quote)>> =
        vec![Vec::new(); site.briefings.len()];
    for (at, links) in briefings.iter().enumerate() {
        let from = BriefingId::from_index(at);
        for (link, sentence) in &links.mentions.link_sentences {
            let target = links.references.links.get(*link as usize);
            if let Some(Resolved::Briefing(to, _)) = target
                && *to != from
                && result[to.at()].last().is_none_or(|(it, _)| *it != from)
            {
                result[to.at()].push((from, sentence.clone()));
            }
        }
    }
    result
}

fn inverse(site: &Site) -> Vec<Vec<(TopicId, usize)>> {
    let mut inverse = vec![Vec::new(); site.topics.len()];
    for (at, topic) in site.topics.iter().enumerate() {
        let relations = topic.meta.relations.iter().flat_map(|it| &it.value);
        for (index, relation) in relations.enumerate() {
            if let Some(to) = site.topic(&relation.to.value) {
                inverse[to.at()].push((TopicId::from_index(at), index));
            }
        }
    }
    inverse
}

/// The briefings of every series by number, those without one after them by date.
fn series_order(
    site: &Site,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<BTreeMap<Lang, Vec<BriefingId>>> {
    let mut result: Vec<BTreeMap<Lang, Vec<BriefingId>>> =
        vec![BTreeMap::new(); site.series.len()];
    for (at, briefing) in site.briefings.iter().enumerate().rev() {
        if let Some((series, _)) = briefing.series {
            let list = result[series.at()].entry(briefing.lang.clone()).or_default();
            list.push(BriefingId::from_index(at));
        }
    }
    let number = |it: &BriefingId| site.briefings[it.at()].series.and_then(|(_, it)| it);
    for list in result.iter_mut().flat_map(BTreeMap::values_mut) {
        list.sort_by_key(|it| number(it).unwrap_or(u32::MAX));
        for pair in list.windows(2) {
            let [a, b] = pair else { continue };
            if number(a).is_none() || number(a) != number(b) {
                continue;
            }
            let place_of = |id: &BriefingId| {
                let briefing = &site.briefings[id.at()];
                let written = briefing.meta.series.as_ref();
                written.map(|it| it.value.id.place.clone())
            };
            if let (Some(first), Some(second)) = (place_of(a), place_of(b)) {
                let message = "two briefings have the same number in the series";
                let warning = Diagnostic::warning("series-number", second, message)
                    .with_related(first, "the other one")
                    .with_help("give each briefing of the series its own number");
                diagnostics.push(warning);
            }
        }
    }
    result
}
