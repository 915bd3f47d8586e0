//! Comments, `<!-- … -->`: what an author writes for colleagues and no reader may see.
//!
//! A comment that begins a line makes a block of HTML (`CommonMark`, section 4.6, kind 2),
//! and whatever stands behind it on its last line belongs to that block. Authors mean those
//! words to be read as any others. So such a comment is made blank, and where words follow
//! it becomes a tag, which can stand at the beginning of a paragraph. Both have the length
//! of what they replace: every place in the rewritten text is the same place in the source.

use std::borrow::Cow;
use std::ops::Range;

/// What a comment begins with.
pub(super) const BEGIN: &str = "<!--";
const END: &str = "-->";

/// The comments of a Markdown text that stand in blocks of HTML; those inside a line are
/// events of their own and need no help.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// Their bytes, one entry for each line, in order.
    lines: Vec<Range<usize>>,
    /// Where one begins that has no end.
    pub(super) open: Vec<Range<usize>>,
}

impl Comments {
    /// Finds the comments in blocks of HTML, given as the bytes of their lines, and
    /// rewrites those in front of words.
    pub(super) fn find<'m>(
        markdown: Cow<'m, str>,
        html_blocks: &[Vec<Range<usize>>],
    ) -> (Cow<'m, str>, Self) {
        let mut search = Search::default();
        for lines in html_blocks {
            search.is_first = true;
            for line in lines {
                search.line(markdown.get(line.clone()).unwrap_or_default(), line);
            }
            search.end_block();
        }
        let Search { comments, rewritten, .. } = search;
        if rewritten.is_empty() {
            return (markdown, comments);
        }
        let mut bytes = markdown.into_owned().into_bytes();
        for (line, has_words) in rewritten {
            let Some(line) = bytes.get_mut(line) else { continue };
            line.iter_mut().filter(|it| **it != b'\n').for_each(|it| *it = b' ');
            if has_words && let [first, second, .., last] = line {
                (*first, *second, *last) = (b'<', b'c', b'>');
            }
        }
        // Comments begin and end with ASCII, so nothing is cut.
        let markdown = String::from_utf8(bytes).unwrap_or_default();
        (Cow::Owned(markdown), comments)
    }

    /// The parts of a piece of HTML that are not a comment.
    pub(super) fn outside(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut result = Vec::new();
        let mut from = range.start;
        let first = self.lines.partition_point(|it| it.end <= range.start);
        for line in self.lines.iter().skip(first).take_while(|it| it.start < range.end) {
            if from < line.start {
                result.push(from..line.start);
            }
            from = line.end;
        }
        if from < range.end {
            result.push(from..range.end);
        }
        result
    }
}

/// What stands behind the whole comments that a line begins with.
fn behind_comments(line: &str) -> &str {
    let mut rest = line.trim();
    while let Some(inner) = rest.strip_prefix("<!")
        && rest.starts_with(BEGIN)
        && let Some((_, behind)) = inner.split_once(END)
    {
        rest = behind.trim_start();
    }
    rest
}

#[derive(Default)]
struct Search {
    comments: Comments,
    /// Parts of comments to be made blank, and whether words follow them.
    rewritten: Vec<(Range<usize>, bool)>,
    /// Whether no line of the block has been read.
    is_first: bool,
    /// The lines of the comment that the block begins with, while it is open.
    leading: Option<Vec<Range<usize>>>,
    /// Where the comment began that is open.
    begin: Option<Range<usize>>,
}

impl Search {
    /// Reads one event of a block: a line, or several.
    fn line(&mut self, html: &str, range: &Range<usize>) {
        let mut at = 0;
        if std::mem::take(&mut self.is_first) && html.trim_start().starts_with(BEGIN) {
            self.leading = Some(Vec::new());
        }
        while let Some(rest) = html.get(at..) {
            let start = match (&self.begin, rest.find(BEGIN)) {
                (Some(_), _) => at,
                (None, Some(found)) => at + found,
                (None, None) => return,
            };
            // `<!-->` is a whole comment.
            let from = if self.begin.is_none() { start + "<!".len() } else { start };
            let end = html.get(from..).and_then(|it| it.find(END));
            let end = end.map(|it| from + it + END.len());
            let bytes = range.start + start..range.start + end.unwrap_or(html.len());
            self.begin.get_or_insert(bytes.start..bytes.start + BEGIN.len());
            self.comments.lines.push(bytes.clone());
            let Some(end) = end else {
                self.leading.iter_mut().for_each(|it| it.push(bytes.clone()));
                return;
            };
            self.begin = None;
            if let Some(lines) = self.leading.take() {
                let words = behind_comments(html.get(end..).unwrap_or_default());
                if !words.is_empty() {
                    self.rewritten.extend(lines.into_iter().map(|it| (it, false)));
                    self.rewritten.push((bytes, true));
                    return;
                }
            }
            at = end;
        }
    }

    fn end_block(&mut self) {
        self.leading = None;
        self.comments.open.extend(self.begin.take());
    }
}
