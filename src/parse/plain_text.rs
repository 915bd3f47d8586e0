//! Plain text -> `Document`: an article as it comes out of a mail or a word processor.
//!
//! Read off the text: a byline («د. …», «بقلم …», "By …") and a date («12 مارس 2025») on the
//! first lines, before or under the title; a title on a short line of its own before the first
//! paragraph, else the first sentence, shortened;
//! short lines without a final stop are sub-headings; a line in parentheses that repeats a
//! sentence of the text is a pull-quote and counts once; `-`, `•`, `1.` and `١.` begin
//! list items. Nothing in the text is mark-up.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{At, Place, SourcePath, Span};
use crate::parse::document::{Document, Element, Heading, Node};
use crate::parse::markdown::count_words;
use crate::text::fold::{fold, words};
use crate::text::number::normalise_digits;
use crate::text::reading::{excerpt, sentences};
use crate::text::written_date::written_date;

/// Longest line that can be a heading or a title, in characters and in words.
const HEADING_LIMITS: (usize, usize) = (70, 10);

/// Longest title made of a first sentence, in characters.
const TITLE_CHARS: usize = 90;

/// A text whose lines are all this short was broken by its editor, not by its author.
const WRAPPED_CHARS: usize = 120;

/// Share of a parenthesised line's words that must stand in a sentence, in that order and
/// without a gap, for the line to be a repetition: three quarters.
const REPEATED: (usize, usize) = (3, 4);

/// Reads a whole plain-text file.
pub fn parse(path: &SourcePath, source: &Arc<str>) -> Document {
    let mut document = Document::new(path.clone(), Arc::clone(source));
    let mut lines = paragraphs(source);
    take_head(&mut document, &mut lines);
    take_title(&mut document, &mut lines);
    // A byline and a date may also stand under the title.
    take_head(&mut document, &mut lines);
    add_blocks(&mut document, &lines);
    document.name_headings();
    document.outline.n_words = count_words(&document);
    document
}

/// Takes off who wrote the text and when, each once.
fn take_head(document: &mut Document, lines: &mut Vec<Range<usize>>) {
    let source = Arc::clone(&document.source);
    while let Some(line) = lines.first() {
        let span = Span::new(line.start, line.end);
        let place = Place { path: document.path.clone(), span };
        let text = text_of(&source, line);
        let names = byline(text).filter(|_| document.outline.bylines.is_empty());
        let date = written_date(text).filter(|_| document.outline.date.is_none());
        if let Some(names) = names {
            let at = |value| At { value, place: place.clone() };
            document.outline.bylines = names.into_iter().map(at).collect();
        } else if let Some(value) = date.filter(|_| 1 < lines.len()) {
            document.outline.date = Some(At { value, place });
        } else {
            return;
        }
        lines.remove(0);
    }
}

fn text_of<'a>(source: &'a str, range: &Range<usize>) -> &'a str {
    source.get(range.clone()).unwrap_or_default()
}

/// The paragraphs: one for each line, or, where an editor has broken the lines, one for
/// each group of lines between empty ones.
fn paragraphs(source: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let trimmed = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        lines.push(start..start + trimmed.len());
        at += line.len();
    }
    let is_wrapped = lines.windows(2).any(|it| it[0].is_empty())
        && lines.iter().all(|it| text_of(source, it).chars().count() <= WRAPPED_CHARS)
        && lines.windows(2).filter(|it| !it[0].is_empty() && !it[1].is_empty()).count()
            > 2;
    if !is_wrapped {
        lines.retain(|it| !it.is_empty());
        return lines;
    }
    let mut result: Vec<Range<usize>> = Vec::new();
    let mut is_new = true;
    for line in lines {
        if line.is_empty() {
            is_new = true;
        } else if is_new || list_item(text_of(source, &line)).is_some() {
            result.push(line);
            is_new = false;
        } else if let Some(last) = result.last_mut() {
            last.end = line.end;
        }
    }
    result
}

/// Words that begin a byline, and titles of persons.
const BYLINE_STARTS: [&str; 13] = [
    "بقلم",
    "إعداد",
    "اعداد",
    "كتب",
    "كتبت",
    "كتبها",
    "تحرير",
    "نویسنده",
    "نوشته",
    "تحریر",
    "מאת",
    "By",
    "by",
];
const HONORIFICS: [&str; 14] = [
    "أ.د.",
    "ا.د.",
    "د.",
    "أ.",
    "م.",
    "الدكتور",
    "الدكتورة",
    "الأستاذ",
    "الأستاذة",
    "Dr.",
    "Prof.",
    "دکتر",
    "ד\"ר",
    "פרופ׳",
];

/// The names in a byline, as typed; `None` if the line is none.
fn byline(line: &str) -> Option<Vec<String>> {
    if 80 < line.chars().count() || ends_sentence(line) {
        return None;
    }
    let start = BYLINE_STARTS.iter().find_map(|it| {
        let rest = line.strip_prefix(it)?;
        let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?;
        Some(rest.trim_start_matches([':', ' ']))
    });
    let has_honorific = HONORIFICS.iter().any(|it| {
        line.strip_prefix(it)
            .is_some_and(|rest| it.ends_with('.') || rest.starts_with(' '))
    });
    let names = match start {
        Some(names) => names,
        None if has_honorific => line,
        None => return None,
    };
    let n_words = words(names).count();
    if !(1..=12).contains(&n_words) {
        return None;
    }
    let names: Vec<String> = names
        .split(['،', ';', '؛', '&', ','])
        .flat_map(|it| it.split(" and "))
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect();
    (!names.is_empty()).then_some(names)
}

/// A name without its titles: `احمد المياحي` of `د. احمد المياحي`.
pub fn without_honorific(name: &str) -> &str {
    let mut name = name.trim();
    while let Some(rest) = HONORIFICS.iter().find_map(|it| {
        let rest = name.strip_prefix(it)?;
        (it.ends_with('.') || rest.starts_with(' ')).then(|| rest.trim_start())
    }) {
        name = rest;
    }
    name
}

fn ends_sentence(line: &str) -> bool {
    line.ends_with(|it: char| {
        matches!(it, '.' | '!' | '?' | '؟' | '۔' | '…' | ':' | '؛' | '،' | ',' | ';')
            || matches!(it, '"' | '”' | '“' | '»' | ')')
    })
}

fn is_heading(line: &str) -> bool {
    let (max_chars, max_words) = HEADING_LIMITS;
    !ends_sentence(line)
        && line.chars().count() <= max_chars
        && words(line).count() <= max_words
        && line.chars().any(char::is_alphabetic)
        && list_item(line).is_none()
}

/// The title: a short line before the first paragraph, else the first sentence.
fn take_title(document: &mut Document, lines: &mut Vec<Range<usize>>) {
    let source = Arc::clone(&document.source);
    let Some(first) = lines.first().cloned() else { return };
    let place =
        Place { path: document.path.clone(), span: Span::new(first.start, first.end) };
    let text = text_of(&source, &first);
    // Unlike a sub-heading, a title often asks or quotes.
    let bare = text.trim_end_matches(['؟', '?', '!', '»', '”', '"']);
    if 1 < lines.len() && is_heading(bare) {
        document.outline.title = Some(At { value: text.to_owned(), place });
        lines.remove(0);
        return;
    }
    let sentence = sentences(text).into_iter().next().unwrap_or(0..text.len());
    let sentence = text_of(text, &sentence).trim_end_matches(['.', '۔', '،', ':']);
    let value = excerpt(sentence, TITLE_CHARS);
    if value.chars().any(char::is_alphabetic) {
        document.outline.title = Some(At { value, place });
        document.outline.is_title_guessed = true;
    }
}

/// The number and the text of a list item.
fn list_item(line: &str) -> Option<(Option<u32>, usize)> {
    for bullet in ["- ", "• ", "* ", "٭ ", "– ", "•\t", "▪ "] {
        if line.starts_with(bullet) {
            return Some((None, bullet.len()));
        }
    }
    let end = line.find(|it: char| !it.is_numeric())?;
    let rest = line.get(end..)?;
    let mark = rest.chars().next().filter(|it| matches!(it, '.' | ')' | '-'))?;
    let after = rest.get(mark.len_utf8()..)?;
    let text = after.trim_start();
    if end == 0 || 3 < line.get(..end)?.chars().count() || text.len() == after.len() {
        return None;
    }
    let number = normalise_digits(line.get(..end)?).parse().ok()?;
    Some((Some(number), line.len() - text.len()))
}

fn add_blocks(document: &mut Document, lines: &[Range<usize>]) {
    let source = Arc::clone(&document.source);
    let all_sentences: Vec<Vec<String>> = lines
        .iter()
        .filter(|it| quoted(text_of(&source, it)).is_none())
        .flat_map(|it| {
            let text = text_of(&source, it);
            sentences(text).into_iter().map(|it| folded_words(text_of(text, &it)))
        })
        .collect();
    let mut list: Option<Element> = None;
    for (at, line) in lines.iter().enumerate() {
        let text = text_of(&source, line);
        let span = Span::new(line.start, line.end);
        if let Some((number, skipped)) = list_item(text) {
            let element = number.map_or(Element::List, Element::OrderedList);
            let continues = list.is_some_and(|it| {
                matches!(it, Element::List) == matches!(element, Element::List)
            });
            if !continues {
                close_list(document, &mut list, span);
                document.push(Node::Open(element), span);
                list = Some(element);
            }
            let inner = Span::new(line.start + skipped, line.end);
            leaf_block(document, Element::Item, inner);
            continue;
        }
        close_list(document, &mut list, span);
        if let Some(inner) = quoted(text)
            && repeats(&folded_words(inner), &all_sentences)
        {
            let start = line.start + (text.len() - text.trim_start_matches('(').len());
            let inner = Span::new(start, start + inner.len());
            document.push(Node::Open(Element::PullQuote), span);
            leaf_block(document, Element::Paragraph, inner);
            document.push(Node::Close(Element::PullQuote), span);
        } else if at + 1 < lines.len() && is_heading(text) {
            let id = u32::try_from(document.outline.headings.len()).unwrap_or(u32::MAX);
            let heading = Heading {
                level: 2,
                own_id: None,
                id: String::new(),
                text: text.to_owned(),
            };
            document.outline.headings.push(heading);
            leaf_block(document, Element::Heading(id), span);
        } else {
            leaf_block(document, Element::Paragraph, span);
        }
    }
    let end = Span::new(source.len(), source.len());
    close_list(document, &mut list, end);
}

fn close_list(document: &mut Document, list: &mut Option<Element>, span: Span) {
    if let Some(element) = list.take() {
        document.push(Node::Close(element), span);
    }
}

/// A block that holds one text; line ends inside it become soft breaks.
fn leaf_block(document: &mut Document, element: Element, span: Span) {
    document.push(Node::Open(element), span);
    let source = Arc::clone(&document.source);
    let mut at = span.start as usize;
    for (index, line) in span.of(&source).split('\n').enumerate() {
        if index != 0 {
            document.push(Node::SoftBreak, Span::new(at - 1, at));
        }
        let lead = line.len() - line.trim_start().len();
        let start = at + lead;
        document.push(Node::Text, Span::new(start, start + line.trim().len()));
        at += line.len() + 1;
    }
    document.push(Node::Close(element), span);
}

/// The inside of a line that stands in parentheses as a whole.
fn quoted(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('(')?.strip_suffix(')')?;
    (!inner.contains(['(', ')'])).then(|| inner.trim())
}

fn folded_words(text: &str) -> Vec<String> {
    words(text).filter_map(|it| text.get(it)).map(fold).collect()
}

/// Whether most of a line's words stand in one sentence, in the same order.
fn repeats(line: &[String], sentences: &[Vec<String>]) -> bool {
    let needed = (line.len() * REPEATED.0).div_ceil(REPEATED.1);
    3 < line.len() && sentences.iter().any(|it| needed <= longest_common_run(line, it))
}

/// Length of the longest run of words that two texts share.
fn longest_common_run(a: &[String], b: &[String]) -> usize {
    let mut longest = 0;
    let mut row = vec![0_usize; b.len() + 1];
    for word in a {
        let mut diagonal = 0;
        for (at, other) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { diagonal + 1 } else { 0 };
            longest = longest.max(row[at + 1]);
            diagonal = above;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{parse, without_honorific};
    use crate::diag::SourcePath;
    use crate::parse::document::{Element, Node};

    const ARTICLE: &str = "د. سالم العامري\n\
        وصل الوفد إلى العاصمة مساء الأحد. واجتمع بالوزير في مقر الوزارة وبحث معه المشروع.\n\
        ما بعد الزيارة\n\
        قال المتحدث إن الجانبين اتفقا على تشكيل لجنة مشتركة تجتمع كل شهر، من دون تفاصيل.\n\
        (قال المتحدث إن الجانبين اتفقا على تشكيل لجنة مشتركة)\n\
        (هذه ملاحظة عابرة لا تكرر شيئًا مما سبق)\n\
        ١. بند أول\n٢. بند ثان\n\
        وانتهت الزيارة.";

    fn count(text: &str, element: impl Fn(Element) -> bool) -> usize {
        let document = parse(&SourcePath::new("a.txt"), &Arc::from(text));
        let is_it = |it: &&Node| matches!(it, Node::Open(found) if element(*found));
        document.nodes.iter().filter(is_it).count()
    }

    #[test]
    fn byline_heading_and_pull_quote_are_read_off_the_text() {
        let document = parse(&SourcePath::new("a.txt"), &Arc::from(ARTICLE));
        assert_eq!(document.outline.bylines[0].value, "د. سالم العامري");
        assert_eq!(
            document.outline.title.as_ref().unwrap().value,
            "وصل الوفد إلى العاصمة مساء الأحد"
        );
        assert!(document.outline.is_title_guessed);
        assert_eq!(document.outline.headings.len(), 1);
        assert_eq!(document.outline.headings[0].text, "ما بعد الزيارة");
        assert_eq!(count(ARTICLE, |it| it == Element::PullQuote), 1);
        assert_eq!(count(ARTICLE, |it| it == Element::OrderedList(1)), 1);
        assert_eq!(count(ARTICLE, |it| it == Element::Item), 2);
    }

    #[test]
    fn a_short_first_line_is_the_title() {
        let text = "العنوان هنا\nBy Jane Doe\nفقرة أولى طويلة بما يكفي لتنتهي بنقطة.";
        let document = parse(&SourcePath::new("a.txt"), &Arc::from(text));
        assert_eq!(document.outline.title.as_ref().unwrap().value, "العنوان هنا");
        assert!(!document.outline.is_title_guessed);
        assert_eq!(document.outline.bylines[0].value, "Jane Doe");
    }

    #[test]
    fn a_title_may_ask_or_quote() {
        for title in
            ["هل تعود الحرب؟", "هدنة في السودان!", "من قال «نعم»", "ممر: ماذا بعد؟"]
        {
            let text = format!(
                "{title}\n\nد. سامي العلي\n\n{title} سؤال طويل يطرحه كثيرون اليوم.\n"
            );
            let document = parse(&SourcePath::new("a.txt"), &Arc::from(text.as_str()));
            assert_eq!(document.outline.title.as_ref().unwrap().value, title);
            assert_eq!(document.outline.bylines[0].value, "د. سامي العلي");
            assert_eq!(
                (
                    document.outline.headings.len(),
                    count(&text, |it| it == Element::Paragraph)
                ),
                (0, 1)
            );
        }
    }

    #[test]
    fn a_date_on_a_line_of_its_own_is_that_of_the_text() {
        let rest = "فقرة أولى طويلة بما يكفي لتنتهي بنقطة.\n";
        for head in [
            "عنوان قصير\nبقلم منى الراشد\n12 مارس 2025\n",
            "12 مارس 2025\nبقلم منى الراشد\nعنوان قصير\n",
            "عنوان قصير\nالتاريخ: ١٢ آذار/مارس ٢٠٢٥\nبقلم منى الراشد\n",
        ] {
            let text = format!("{head}{rest}");
            let document = parse(&SourcePath::new("a.txt"), &Arc::from(text.as_str()));
            assert_eq!(
                document.outline.date.as_ref().unwrap().value.to_string(),
                "2025-03-12",
                "{head}"
            );
            assert_eq!(document.outline.title.as_ref().unwrap().value, "عنوان قصير");
            assert_eq!(document.outline.bylines[0].value, "منى الراشد");
            assert!(document.outline.headings.is_empty());
        }
    }

    #[test]
    fn broken_lines_are_joined() {
        let text = "سطر أول من الفقرة\nوسطر ثان منها\nوثالث ينهيها.\n\nفقرة ثانية\nتنتهي هنا\nالآن.\n";
        assert_eq!(count(text, |it| it == Element::Paragraph), 2);
    }

    #[test]
    fn titles_of_persons_are_not_part_of_a_name() {
        assert_eq!(without_honorific("أ.د. سالم العامري"), "سالم العامري");
        assert_eq!(without_honorific("دينا"), "دينا");
    }
}
