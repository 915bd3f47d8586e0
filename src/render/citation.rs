//! Citations: a briefing as reference managers take it, in tags of its page, in BibTeX and
//! in RIS.
//!
//! A name is cut into family and given name only where that is certain: Arabic names have
//! parts that belong together, and a wrong cut is worse than none. Values are free of
//! controls of direction, which would go into bibliographies and be invisible there.

use crate::link::routes::CITATIONS;
use crate::model::BriefingId;
use crate::model::briefing::Byline;
use crate::parse::plain_text::without_honorific;
use crate::render::scope::Scope;
use crate::render::views::{CitationView, MetaTagView};
use crate::text::isolate::without_controls;
use crate::text::lang::Lang;

/// Media type of BibTeX.
pub const BIBTEX_TYPE: &str = "application/x-bibtex";

/// Media type of RIS.
pub const RIS_TYPE: &str = "application/x-research-info-systems";

/// Room for a file before anybody knows how long it is; nearly all fit.
const FILE_BYTES: usize = 1024;

/// Words that join the next or the last word to a name of several words.
const JOINING: [&str; 36] = [
    "عبد",
    "أبو",
    "ابو",
    "أبي",
    "أم",
    "ابن",
    "ابنة",
    "بن",
    "بنت",
    "بو",
    "ذو",
    "آل",
    "بِن",
    "ولد",
    "الله",
    "الدين",
    "الرحمن",
    "الإسلام",
    "زاده",
    "پور",
    "نیا",
    "בן",
    "בת",
    "בר",
    "אבו",
    "אבן",
    "דה",
    "Al",
    "El",
    "Bin",
    "Ibn",
    "Abu",
    "Abd",
    "Van",
    "Von",
    "De",
];

/// Words of desks, which have no family name.
const DESKS: [&str; 26] = [
    "هيئة",
    "فريق",
    "وحدة",
    "قسم",
    "مركز",
    "مكتب",
    "أسرة",
    "تحریریه",
    "تحریریهٔ",
    "هیئت",
    "گروه",
    "بخش",
    "واحد",
    "ادارہ",
    "ٹیم",
    "شعبہ",
    "מערכת",
    "צוות",
    "דסק",
    "מחלקת",
    "Desk",
    "Team",
    "Staff",
    "Editors",
    "Unit",
    "Newsroom",
];

/// Name of an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The whole name, without titles.
    full: String,
    /// Family name and given names, where they are certain.
    parts: Option<(String, String)>,
}

impl Name {
    /// The name of somebody with a record.
    pub fn of_author(name: &str) -> Self {
        let full = line(without_honorific(&without_controls(name)));
        let parts = family_and_given(&full);
        Self { full, parts }
    }

    /// A name from a byline: nobody knows whether it is a person's.
    pub fn as_printed(name: &str) -> Self {
        let full = line(without_honorific(&without_controls(name)));
        let parts = split_at_comma(&full);
        Self { full, parts }
    }

    /// For `citation_author`, which readers split again: at a semicolon; at a comma with a
    /// space in both halves, which makes two authors of it; else at the last space. Spaces
    /// that do not break keep the halves whole.
    fn tag(&self) -> String {
        let whole = |it: &str| it.replace(' ', "\u{A0}");
        match &self.parts {
            Some((family, given)) if !family.contains(' ') => format!("{given} {family}"),
            Some((family, given)) => format!("{}, {}", whole(family), whole(given)),
            None => line(&self.full.replace([';', ','], " ")),
        }
    }

    fn bibtex(&self) -> String {
        match &self.parts {
            Some((family, given)) if family.contains(' ') => {
                format!("{{{}}}, {}", bibtex(family), bibtex(given))
            }
            Some((family, given)) => format!("{}, {}", bibtex(family), bibtex(given)),
            None => format!("{{{}}}", bibtex(&self.full)),
        }
    }

    fn ris(&self) -> String {
        match &self.parts {
            Some((family, given)) => format!("{family}, {given}"),
            None => line(&self.full.replace(',', " ")),
        }
    }
}

/// A name that its desk has written with the family name first.
fn split_at_comma(name: &str) -> Option<(String, String)> {
    let (family, given) = name.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let is_plain = |it: &str| !it.is_empty() && !it.contains([',', ';']);
    (is_plain(family) && is_plain(given)).then(|| (family.to_owned(), given.to_owned()))
}

/// Family name and given names, where there is one way to read them: `العاني` and `سامر`.
fn family_and_given(name: &str) -> Option<(String, String)> {
    if name.contains([',', ';', '،', '؛', '&', '(']) {
        return split_at_comma(name);
    }
    let words: Vec<&str> = name.split(' ').collect();
    let is_desk = words.iter().any(|word| DESKS.contains(word));
    let joined = |at: usize| (words[at..].join(" "), words[..at].join(" "));
    // «آل» begins the name of a house.
    let house = words.iter().position(|it| *it == "آل");
    if let Some(at) = house.filter(|at| 0 < *at && at + 1 < words.len()) {
        return (!is_desk).then(|| joined(at));
    }
    let is_joining = |word: &&str| {
        JOINING.contains(word) || word.starts_with(|it: char| it.is_ascii_lowercase())
    };
    if is_desk || words.iter().any(is_joining) {
        return None;
    }
    let last = words.len().checked_sub(1)?;
    // Of three words and more, the last is certain only with the article of a family name.
    let is_certain = last == 1
        || (1 < last && words[last].chars().count() > 3 && words[last].starts_with("ال"));
    is_certain.then(|| joined(last))
}

/// A text as one line, with single spaces.
fn line(text: &str) -> String {
    let mut last = ' ';
    let is_line = text.chars().all(|it| {
        let begins = std::mem::replace(&mut last, it) == ' ';
        if it == ' ' { !begins } else { !it.is_whitespace() }
    });
    if is_line && last != ' ' {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn plain(text: &str) -> String {
    line(&without_controls(text))
}

/// A briefing as it is cited.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Key: the briefing's id, with the language of a translation.
    pub key: String,
    title: String,
    authors: Vec<Name>,
    institution: String,
    kind: String,
    number: Option<String>,
    date: Option<jiff::civil::Date>,
    updated: Option<jiff::civil::Date>,
    lang: Lang,
    url: String,
    keywords: Vec<String>,
    summary: String,
}

impl Scope<'_> {
    /// A briefing as it is cited.
    pub fn reference(&self, id: BriefingId) -> Reference {
        let briefing = &self.site.briefings[id.at()];
        let authors = briefing.authors.iter().filter_map(|it| match it {
            Byline::Author(id) => {
                Some(Name::of_author(self.letters(&self.site.authors[id.at()].name)?))
            }
            Byline::Name(name) => Some(Name::as_printed(name)),
        });
        let topics = briefing.topics.iter();
        let topics =
            topics.filter_map(|it| self.letters(&self.site.topics[it.at()].title));
        let date = briefing.date.as_ref().map(|it| it.date);
        let updated = briefing.meta.updated.as_ref().map(|it| it.value.date);
        Reference {
            key: self.citation_key(id),
            title: plain(&briefing.title),
            authors: authors.filter(|it| !it.full.is_empty()).collect(),
            institution: plain(self.site_title().1),
            kind: plain(self.kind(briefing.kind)),
            number: briefing.meta.number.as_ref().map(|it| plain(&it.value)),
            date,
            updated: updated.filter(|it| date.is_none_or(|date| date < *it)),
            lang: briefing.lang.clone(),
            url: self.with_host(&self.card(id).href),
            keywords: topics.map(plain).collect(),
            summary: plain(self.summary(id)),
        }
    }

    /// The id of a briefing, and the language where it is not the site's own.
    fn citation_key(&self, id: BriefingId) -> String {
        let briefing = &self.site.briefings[id.at()];
        let is_original = briefing.lang == self.site.config.lang;
        let lang = if is_original { "" } else { briefing.lang.as_str() };
        let bar = if is_original { "" } else { "-" };
        let is_sign = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let sign = |it: char| if is_sign(it) { it } else { '-' };
        let key: String =
            format!("{}{bar}{lang}", briefing.id).chars().map(sign).collect();
        key
    }

    /// The files of a briefing for reference managers, as its page names them.
    pub fn citation_view(&self, id: BriefingId) -> CitationView {
        let folder = self.card(id);
        // Names of ours need no encoding.
        let [bibtex_href, ris_href] =
            CITATIONS.map(|file| [&*folder.href, file].concat());
        CitationView { key: self.citation_key(id), bibtex_href, ris_href }
    }

    /// The files themselves, with their paths in the output.
    pub fn citation_files(
        &self,
        id: BriefingId,
        reference: &Reference,
    ) -> [(String, Vec<u8>); 2] {
        let folder = self.links.routes.briefing(id).trim_start_matches('/');
        let [bibtex, ris] = CITATIONS.map(|file| format!("{folder}{file}"));
        [(bibtex, reference.bibtex().into_bytes()), (ris, reference.ris().into_bytes())]
    }
}

impl Reference {
    /// The tags that Google Scholar described and Zotero reads. The institution makes a
    /// report of the page; keywords are split at `;` alone.
    pub fn tags(&self) -> Vec<MetaTagView> {
        let mut tags = Vec::with_capacity(10 + self.authors.len());
        let mut add = |name, content: String| {
            if !content.is_empty() {
                tags.push(MetaTagView { name, content });
            }
        };
        let date = |it: jiff::civil::Date| it.strftime("%Y/%m/%d").to_string();
        add("citation_title", self.title.clone());
        for author in &self.authors {
            add("citation_author", author.tag());
        }
        add("citation_publication_date", self.date.map(date).unwrap_or_default());
        add("citation_online_date", self.updated.map(date).unwrap_or_default());
        add("citation_technical_report_institution", self.institution.clone());
        let number = self.number.clone().unwrap_or_default();
        add("citation_technical_report_number", number);
        add("citation_language", self.lang.to_string());
        add("citation_public_url", self.url.clone());
        let keywords: Vec<String> =
            self.keywords.iter().map(|it| it.replace(';', ",")).collect();
        add("citation_keywords", keywords.join("; "));
        add("citation_abstract", self.summary.clone());
        tags
    }

    /// A BibTeX file, in UTF-8, with the fields of biblatex.
    pub fn bibtex(&self) -> String {
        let mut file = String::with_capacity(FILE_BYTES);
        file.extend(["@report{", &self.key, ",\n"]);
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                file.extend(["  ", name, " = {", value, "},\n"]);
            }
        };
        let authors: Vec<String> = self.authors.iter().map(Name::bibtex).collect();
        add("author", &authors.join(" and "));
        // Inner braces keep a style from changing capitals, and from splitting at "and".
        add("title", &format!("{{{}}}", bibtex(&self.title)));
        add("type", &bibtex(&self.kind));
        add("institution", &format!("{{{}}}", bibtex(&self.institution)));
        add("number", &bibtex(self.number.as_deref().unwrap_or_default()));
        add("date", &self.date.map(|it| it.to_string()).unwrap_or_default());
        add("langid", langid(&self.lang));
        // This field is read letter by letter; the address is ASCII without braces.
        add("url", &self.url);
        file.push_str("}\n");
        file
    }

    /// A RIS file, in UTF-8.
    pub fn ris(&self) -> String {
        let mut file = String::with_capacity(FILE_BYTES);
        let mut add = |tag: &str, value: &str| {
            if !value.is_empty() {
                file.extend([tag, "  - ", value, "\r\n"]);
            }
        };
        add("TY", "RPRT");
        add("ID", &self.key);
        for author in &self.authors {
            add("AU", &author.ris());
        }
        add("TI", &self.title);
        add("M3", &self.kind);
        add("PB", &self.institution);
        add("SN", self.number.as_deref().unwrap_or_default());
        if let Some(date) = self.date {
            add("PY", &format!("{:04}", date.year()));
            add("DA", &date.strftime("%Y/%m/%d").to_string());
        }
        add("LA", self.lang.as_str());
        for keyword in &self.keywords {
            add("KW", keyword);
        }
        add("AB", &self.summary);
        add("UR", &self.url);
        // The last line has its value empty, and a space where the value would be.
        file.push_str("ER  - \r\n");
        file
    }
}

/// A text inside braces of BibTeX. Braces are written by name, because a reader counts
/// them even behind a backslash.
fn bibtex(text: &str) -> String {
    let is_special = |it: u8| {
        matches!(it, b'\\' | b'{' | b'}' | b'~' | b'^' | b'%' | b'&' | b'$' | b'#' | b'_')
    };
    if !text.bytes().any(is_special) {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => result.push_str("\\textbackslash{}"),
            '{' => result.push_str("\\textbraceleft{}"),
            '}' => result.push_str("\\textbraceright{}"),
            '~' => result.push_str("\\textasciitilde{}"),
            '^' => result.push_str("\\textasciicircum{}"),
            '%' | '&' | '$' | '#' | '_' => {
                result.push('\\');
                result.push(letter);
            }
            _ => result.push(letter),
        }
    }
    result
}

/// What biblatex calls a language; empty where it has no name that we know.
fn langid(lang: &Lang) -> &'static str {
    match lang.primary() {
        "ar" => "arabic",
        "fa" => "persian",
        "he" => "hebrew",
        "ur" => "urdu",
        "en" => "english",
        "fr" => "french",
        "tr" => "turkish",
        "ru" => "russian",
        "es" => "spanish",
        "de" => "ngerman",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, bibtex};

    #[track_caller]
    fn check(name: &str, tag: &str, bibtex: &str, ris: &str) {
        let name = Name::of_author(name);
        assert_eq!(name.tag(), tag);
        assert_eq!(name.bibtex(), bibtex);
        assert_eq!(name.ris(), ris);
    }

    #[test]
    fn a_name_is_cut_only_where_it_is_certain() {
        check("د. سامر العاني", "سامر العاني", "العاني, سامر", "العاني, سامر");
        check("Dr. Layla Alhasan", "Layla Alhasan", "Alhasan, Layla", "Alhasan, Layla");
        let house = ("{آل نهيان}, عبد الله بن زايد", "آل نهيان, عبد الله بن زايد");
        let tag = "آل\u{A0}نهيان, عبد\u{A0}الله\u{A0}بن\u{A0}زايد";
        check("عبد الله بن زايد آل نهيان", tag, house.0, house.1);
        check(
            "أحمد سالم العامري",
            "أحمد سالم العامري",
            "العامري, أحمد سالم",
            "العامري, أحمد سالم",
        );
        for whole in [
            "محمد عبد الله",
            "صلاح الدين",
            "هيئة التحرير",
            "Energy Desk",
            "Ludwig van Beethoven",
            "Gabriel García Márquez",
            "דוד בן גוריון",
            "رويترز",
        ] {
            check(whole, whole, &format!("{{{whole}}}"), whole);
        }
        check(
            "García Márquez, Gabriel",
            "García\u{A0}Márquez, Gabriel",
            "{García Márquez}, Gabriel",
            "García Márquez, Gabriel",
        );
    }

    #[test]
    fn a_byline_without_a_record_stays_whole() {
        assert_eq!(Name::as_printed("أ.د. سالم العامري").bibtex(), "{سالم العامري}");
        assert_eq!(Name::as_printed("A; B, C, D").tag(), "A B C D");
    }

    #[test]
    fn signs_of_tex_are_written_so_that_braces_balance() {
        assert_eq!(
            bibtex(r"50% {a} \b_c"),
            r"50\% \textbraceleft{}a\textbraceright{} \textbackslash{}b\_c"
        );
    }
}
