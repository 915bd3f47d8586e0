//! `Block`s: what a draft says, whatever program wrote it, and its Markdown.
//!
//! HTML and Word files are read into blocks of runs; this module writes them down so that
//! our own reader of Markdown finds the same blocks again. No letter of a text may become
//! mark-up, and no HTML is written.

use std::rc::Rc;

/// A block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading of the level 1 to 6.
    Heading(u8, Vec<Run>),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list with bullets.
    List(Vec<Vec<Block>>),
    /// A list with numbers, from this one on.
    Numbers(u32, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// A table; its first row is its head.
    Table(Vec<Vec<Vec<Run>>>),
    /// Lines of code.
    Code(String),
    /// A break between two parts.
    Rule,
    /// The text of a footnote.
    Footnote(String, Vec<Block>),
}

/// A piece of running text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// What it is.
    pub(super) what: What,
    /// How it looks.
    pub(super) style: Style,
    /// Where it leads.
    pub(super) link: Option<Rc<str>>,
}

/// What a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// Letters.
    Text(String),
    /// Code.
    Code(String),
    /// A new line.
    Break,
    /// A reference to a footnote.
    Note(String),
    /// A picture: its file, what it shows, its caption.
    Picture {
        /// File or address.
        file: String,
        /// What it shows.
        alt: String,
        /// Words below it.
        caption: String,
    },
}

/// How a run looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a style of its own")]
pub(super) struct Style {
    /// Strong emphasis.
    pub(super) is_strong: bool,
    /// Emphasis.
    pub(super) is_emphasis: bool,
    /// Struck through.
    pub(super) is_deleted: bool,
    /// Above the line.
    pub(super) is_superscript: bool,
    /// Below the line.
    pub(super) is_subscript: bool,
}

impl Run {
    /// Letters without any style.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { what: What::Text(text.into()), style: Style::default(), link: None }
    }
}

/// The letters of runs, without any mark-up.
pub(super) fn plain(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        match &run.what {
            What::Text(it) | What::Code(it) => text.push_str(it),
            What::Break => text.push(' '),
            What::Note(_) | What::Picture { .. } => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether runs show nothing.
pub(super) fn is_blank(runs: &[Run]) -> bool {
    runs.iter().all(|it| match &it.what {
        What::Text(text) => text.trim().is_empty(),
        What::Break => true,
        What::Code(_) | What::Note(_) | What::Picture { .. } => false,
    })
}

/// Deepest nesting that is written; what is deeper stands on this level.
const MAX_DEPTH: usize = 24;

/// Writes blocks as Markdown.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    write(blocks, 0, &mut lines);
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Appends the lines of blocks, with an empty line between each two.
fn write(blocks: &[Block], depth: usize, lines: &mut Vec<String>) {
    let mut previous: Option<&Block> = None;
    for block in blocks {
        let mut own = Vec::new();
        // Two lists behind each other would be one.
        if is_list(block) && previous.is_some_and(is_list) {
            own.push("<!-- -->".to_owned());
            own.push(String::new());
        }
        of_block(block, depth, &mut own);
        if own.iter().all(String::is_empty) {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.append(&mut own);
        previous = Some(block);
    }
}

fn is_list(block: &Block) -> bool {
    matches!(block, Block::List(_) | Block::Numbers(..))
}

fn of_block(block: &Block, depth: usize, lines: &mut Vec<String>) {
    match block {
        Block::Heading(level, runs) => {
            let mut text = inline(runs, Slot::Line);
            if text.ends_with('#') {
                // Markdown takes it for an ornament.
                text.insert(text.len() - 1, '\\');
            }
            if !text.is_empty() {
                let marks = "#".repeat(usize::from((*level).clamp(1, 6)));
                lines.push(format!("{marks} {text}"));
            }
        }
        Block::Paragraph(runs) => {
            let text = inline(runs, Slot::Paragraph);
            lines.extend(text.lines().map(str::to_owned));
        }
        Block::Rule => lines.push("---".to_owned()),
        Block::Code(text) => {
            let longest = text.split(|it| it != '`').map(str::len).max();
            let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
            lines.push(fence.clone());
            lines.extend(text.trim_end_matches('\n').lines().map(str::to_owned));
            lines.push(fence);
        }
        Block::Quote(inner) if MAX_DEPTH <= depth => write(inner, depth, lines),
        Block::Quote(inner) => {
            let mut own = Vec::new();
            write(inner, depth + 1, &mut own);
            let quoted =
                own.into_iter().map(|it| format!("> {it}").trim_end().to_owned());
            lines.extend(quoted);
        }
        Block::List(items) | Block::Numbers(_, items) if MAX_DEPTH <= depth => {
            for it in items {
                write(it, depth, lines);
            }
        }
        Block::List(items) => {
            for it in items {
                of_item("- ", it, depth, lines);
            }
        }
        Block::Numbers(first, items) => {
            for (number, item) in (*first..).zip(items) {
                of_item(&format!("{number}. "), item, depth, lines);
            }
        }
        Block::Table(rows) => of_table(rows, lines),
        Block::Footnote(label, inner) => {
            let mut own = Vec::new();
            write(inner, depth + 1, &mut own);
            of_prefixed(&format!("[^{label}]: "), "    ", own, lines);
        }
    }
}

fn of_item(mark: &str, item: &[Block], depth: usize, lines: &mut Vec<String>) {
    let mut own = Vec::new();
    write(item, depth + 1, &mut own);
    // A list that follows the words of its item belongs to them without an empty line,
    // unless its numbers begin elsewhere than with one.
    let is_tight = |it: &Block| matches!(it, Block::List(_) | Block::Numbers(1, _));
    if let [Block::Paragraph(_), rest @ ..] = item
        && !rest.is_empty()
        && rest.iter().all(is_tight)
        && let Some(at) = own.iter().position(String::is_empty)
    {
        own.remove(at);
    }
    of_prefixed(mark, &" ".repeat(mark.len()), own, lines);
}

fn of_prefixed(first: &str, others: &str, own: Vec<String>, lines: &mut Vec<String>) {
    for (at, line) in own.into_iter().enumerate() {
        let prefix = if at == 0 { first } else { others };
        lines.push(format!("{prefix}{line}").trim_end().to_owned());
    }
}

fn of_table(rows: &[Vec<Vec<Run>>], lines: &mut Vec<String>) {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if n_columns == 0 {
        return;
    }
    let row = |cells: &Vec<Vec<Run>>| {
        let empty = Vec::new();
        let cells = (0..n_columns).map(|at| cells.get(at).unwrap_or(&empty));
        let cells: Vec<String> = cells.map(|it| inline(it, Slot::Cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    for (at, cells) in rows.iter().enumerate() {
        lines.push(row(cells));
        if at == 0 {
            lines.push(format!("|{}", "---|".repeat(n_columns)));
        }
    }
}

/// Where running text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// Lines of its own.
    Paragraph,
    /// One line.
    Line,
    /// A cell of a table.
    Cell,
}

fn inline(runs: &[Run], slot: Slot) -> String {
    let runs = joined(trimmed(runs));
    let text = of_runs(&runs, 0, slot);
    let lines =
        text.split('\n').map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut lines: Vec<String> = lines.collect();
    if slot == Slot::Paragraph {
        for it in &mut lines {
            *it = guarded(it);
        }
    }
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Runs without space and new lines at their ends, which would be marks and nothing else.
fn trimmed(runs: &[Run]) -> &[Run] {
    let is_empty = |it: &Run| match &it.what {
        What::Text(text) => text.trim().is_empty(),
        What::Break => true,
        _ => false,
    };
    let mut runs = runs;
    while let [first, rest @ ..] = runs
        && is_empty(first)
    {
        runs = rest;
    }
    while let [rest @ .., last] = runs
        && is_empty(last)
    {
        runs = rest;
    }
    runs
}

/// Runs of text in the same style become one, so that no marks stand back to back.
fn joined(runs: &[Run]) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        if let Some(last) = all.last_mut()
            && last.link == run.link
            && let (What::Text(text), What::Text(more)) = (&mut last.what, &run.what)
            && (last.style == run.style || more.trim().is_empty())
        {
            text.push_str(more);
            continue;
        }
        all.push(run.clone());
    }
    all
}

/// Styles from the outside to the inside.
const LEVELS: usize = 6;

/// Writes runs, grouped by the styles from `level` on.
fn of_runs(runs: &[Run], level: usize, slot: Slot) -> String {
    let has_style = |run: &Run| match level {
        0 => run.link.is_some(),
        1 => run.style.is_strong,
        2 => run.style.is_emphasis,
        3 => run.style.is_deleted,
        4 => run.style.is_superscript,
        _ => run.style.is_subscript,
    };
    let mut text = String::new();
    let mut at = 0;
    while let Some(first) = runs.get(at) {
        let rest = runs.get(at..).unwrap_or_default();
        let is_same = |it: &&Run| {
            has_style(it) == has_style(first) && (level != 0 || it.link == first.link)
        };
        let n = rest.iter().take_while(is_same).count().max(1);
        let group = rest.get(..n).unwrap_or_default();
        at += n;
        let inner = if level + 1 < LEVELS {
            of_runs(group, level + 1, slot)
        } else {
            group.iter().map(|it| leaf(it, slot)).collect()
        };
        if !has_style(first) || inner.trim().is_empty() {
            text.push_str(&inner);
            continue;
        }
        let after = runs.get(at).and_then(first_letter);
        wrap(&mut text, &inner, level, first.link.as_deref(), after);
    }
    text
}

/// The letter that a run begins with.
fn first_letter(run: &Run) -> Option<char> {
    match &run.what {
        What::Text(text) | What::Code(text) => text.chars().next(),
        What::Break => Some(' '),
        What::Note(_) => Some('['),
        What::Picture { .. } => Some('!'),
    }
}

/// Puts marks around words, and the space at their ends outside.
fn wrap(
    text: &mut String,
    inner: &str,
    level: usize,
    link: Option<&str>,
    after: Option<char>,
) {
    let words = inner.trim();
    let lead = inner.len() - inner.trim_start().len();
    text.push_str(inner.get(..lead).unwrap_or_default());
    let tail = inner.get(lead + words.len()..).unwrap_or_default();
    let after = tail.chars().next().or(after);
    if let Some(link) = link.filter(|_| level == 0) {
        text.push_str(&format!("[{words}]({})", destination(link)));
        text.push_str(tail);
        return;
    }
    let mark = match level {
        1 => "**",
        2 => "*",
        3 => "~~",
        4 => "^",
        _ => "~",
    };
    let before = text.chars().next_back();
    if takes_marks(before, words, after) {
        text.push_str(mark);
        text.push_str(words);
        text.push_str(mark);
    } else {
        text.push_str(words);
    }
    text.push_str(tail);
}

/// Whether marks around these words are read as marks: a mark between a sign and a letter
/// would be letters (`CommonMark`, section 6.2).
fn takes_marks(before: Option<char>, words: &str, after: Option<char>) -> bool {
    let is_letter = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let is_mark = |it: Option<char>| it.is_some_and(|it| "*_~^\\".contains(it));
    let (first, last) = (words.chars().next(), words.chars().next_back());
    let opens = is_letter(first) || !is_letter(before);
    let closes = is_letter(last) || !is_letter(after);
    opens && closes && !is_mark(before) && !is_mark(after) && !words.contains('\n')
}

fn leaf(run: &Run, slot: Slot) -> String {
    match &run.what {
        // Behind a heading, a bracket begins its attributes.
        What::Text(text) if slot == Slot::Line => escaped(text).replace('{', "&#123;"),
        What::Text(text) => escaped(text),
        What::Code(text) if slot == Slot::Cell => code(text).replace('|', "\\|"),
        What::Code(text) => code(text),
        What::Break if slot == Slot::Paragraph => "\\\n".to_owned(),
        What::Break if slot == Slot::Cell => "<br>".to_owned(),
        What::Break => " ".to_owned(),
        What::Note(label) => format!("[^{label}]"),
        What::Picture { file, alt, caption } => {
            let (alt, file) = (escaped(alt), destination(file));
            if caption.is_empty() {
                format!("![{alt}]({file})")
            } else {
                let caption = caption.replace('\\', "\\\\").replace('"', "\\\"");
                let caption = caption.split_whitespace().collect::<Vec<_>>().join(" ");
                format!("![{alt}]({file} \"{caption}\")")
            }
        }
    }
}

fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let has_edge = text.starts_with('`') || text.ends_with('`');
    if has_edge {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// The address of a link, so that it ends where it ends.
pub(super) fn destination(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    for letter in address.trim().chars() {
        match letter {
            ' ' | '(' | ')' | '<' | '>' | '"' | '\\' | '|' | '`' | '*' | '\t' | '\n' => {
                written.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            it => written.push(it),
        }
    }
    written
}

/// Letters that Markdown would take for marks, each behind a backslash.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 16);
    for (at, letter) in text.char_indices() {
        let rest = text.get(at + letter.len_utf8()..).unwrap_or_default();
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '^' | '|' => {
                written.push('\\');
                written.push(letter);
            }
            // A backslash does not hide our own marks, nor those behind a heading.
            '{' if rest.starts_with(['#', '.', 'n', '/']) => written.push_str("&#123;"),
            '&' if rest
                .starts_with(|it: char| it.is_ascii_alphanumeric() || it == '#') =>
            {
                written.push_str("&amp;");
            }
            it if it.is_control() && it != '\n' && it != '\t' => {}
            '\u{A0}' | '\n' | '\t' => written.push(' '),
            it => written.push(it),
        }
    }
    written
}

/// A line that must not begin a block.
fn guarded(line: &str) -> String {
    let first = line.chars().next();
    if first.is_some_and(|it| matches!(it, '#' | '-' | '+' | '=' | ':')) {
        return format!("\\{line}");
    }
    let digits = line.chars().take_while(|it| it.is_numeric());
    let n: usize = digits.map(char::len_utf8).sum();
    let (number, rest) = line.split_at(n);
    if n != 0 && rest.starts_with(['.', ')', '-']) {
        return format!("{number}\\{rest}");
    }
    if let Some(rest) = rest.strip_prefix('–').filter(|_| n != 0) {
        return format!("{number}&#8211;{rest}");
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{Block, Run, Style, markdown};
    use crate::diag::SourcePath;
    use crate::parse::document::{Element, Node};

    fn read(blocks: &[Block]) -> (String, Vec<Element>) {
        let text = markdown(blocks);
        let source: Arc<str> = Arc::from(text.as_str());
        let path = SourcePath::new("a.md");
        let document = crate::parse::markdown::parse(
            &path,
            &source,
            0..text.len(),
            false,
            crate::config::HtmlPolicy::Text,
        );
        let document = document.value;
        let elements = document.nodes.iter().filter_map(|it| match it {
            Node::Open(element) => Some(*element),
            _ => None,
        });
        let elements = elements.collect();
        (document.plain_text(0..document.nodes.len()), elements)
    }

    #[track_caller]
    fn check_text(text: &str) {
        let (plain, elements) = read(&[Block::Paragraph(vec![Run::text(text)])]);
        let words = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&plain), words(text), "{text:?}");
        assert_eq!(elements, [Element::Paragraph], "{text:?}");
    }

    #[test]
    fn letters_never_become_mark_up() {
        for text in [
            "# عنوان",
            "- بند",
            "1. بند",
            "١. بند",
            "> قول",
            "**قوي**",
            "a_b_c",
            "[[iran]]",
            "[x](javascript:y)",
            "<script>",
            "{nolink}x{/nolink}",
            "[@x]",
            "[^1]",
            "&amp;",
            "~~x~~",
            "`x`",
            "| a | b |",
            ": تعريف",
            "---",
            "===",
            "x^2^",
            "\\",
            "a\\*b",
            "+ x",
            "٣– بند",
            "![x](y)",
            "عنوان {#id}",
            "<https://example.org>",
            "1) x",
            "\\[x]",
            "٣- بند",
        ] {
            check_text(text);
        }
    }

    #[test]
    fn emphasis_stands_where_it_is_read_as_such() {
        let style = Style { is_strong: true, ..Style::default() };
        let run = |text: &str, style| Run { style, ..Run::text(text) };
        let runs = [
            run("قال ", Style::default()),
            run(" نعم ", style),
            run("و", Style::default()),
            run("«لا»", style),
            run("هم", Style::default()),
        ];
        let text = markdown(&[Block::Paragraph(runs.to_vec())]);
        assert_eq!(text, "قال **نعم** و«لا»هم\n");
    }

    #[test]
    fn lists_of_lists_and_tables_are_read_again() {
        let item = |text: &str| Block::Paragraph(vec![Run::text(text)]);
        let inner = Block::Numbers(3, vec![vec![item("ثالث")], vec![item("رابع")]]);
        let (_, elements) = read(&[
            Block::List(vec![vec![item("أول"), inner], vec![item("ثان")]]),
            Block::List(vec![vec![item("قائمة أخرى")]]),
            Block::Table(vec![
                vec![vec![Run::text("a|b")], vec![Run::text("c")]],
                vec![vec![Run::text("1")]],
            ]),
        ]);
        let count = |wanted: Element| elements.iter().filter(|it| **it == wanted).count();
        assert_eq!(count(Element::List), 2);
        assert_eq!(count(Element::OrderedList(3)), 1);
        assert_eq!(count(Element::Item), 5);
        assert_eq!(count(Element::TableHead), 1);
        assert_eq!(count(Element::Table), 1);
    }

    proptest! {
        #[test]
        fn no_text_is_mark_up(text in "[!-~ ا-ه]{1,40}") {
            let text = text.trim();
            prop_assume!(!text.is_empty());
            check_text(text);
        }
    }
}
