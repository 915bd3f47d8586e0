//! Shortcodes of Hugo and Zola, tags of Jekyll: Markdown where we know what they show,
//! else the letters that they are, with a note.
//!
//! A reference to another page becomes an address below `REFERENCE`, which is resolved
//! when all pages are known.

use std::collections::BTreeMap;

use crate::import::addresses::{code, fenced};
use crate::import::blocks::{destination, escaped};

/// Begins the address of a page by its source.
pub(super) const REFERENCE: &str = "/@ref/";

/// Whose marks a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `{{< name >}}` and `{{% name %}}`.
    Hugo,
    /// `{{ name(…) }}` and `{% name(…) %} … {% end %}`.
    Zola,
    /// `{% name %}` and `{{ value }}`.
    Jekyll,
}

/// A text without marks that only another program obeys.
#[derive(Debug, Default)]
pub(super) struct Translated {
    /// The text.
    pub(super) text: String,
    /// Marks that stay as letters, with how often.
    pub(super) kept: BTreeMap<String, usize>,
    /// Marks that were dropped.
    pub(super) dropped: BTreeMap<String, usize>,
}

/// Translates the marks of a text; code stays as it is.
pub(super) fn translate(text: &str, dialect: Dialect) -> Translated {
    let mut result = Translated::default();
    let mut at = 0;
    let mut is_line_start = true;
    while let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        let mut copied = rest.chars().next().map_or(1, char::len_utf8);
        if is_line_start && let Some(len) = fenced(rest) {
            copied = len;
        } else if rest.starts_with('`') {
            copied = code(rest);
        } else if let Some(len) = mark(rest, dialect, &mut result) {
            at += len;
            is_line_start = false;
            continue;
        }
        let part = rest.get(..copied).unwrap_or_default();
        result.text.push_str(part);
        is_line_start = part.ends_with('\n');
        at += copied;
    }
    result
}

/// Translates the mark that a text begins with, and gives its length.
fn mark(rest: &str, dialect: Dialect, result: &mut Translated) -> Option<usize> {
    let pairs: &[(&str, &str)] = match dialect {
        Dialect::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
        Dialect::Zola => &[("{{", "}}"), ("{%", "%}")],
        Dialect::Jekyll => &[("{%", "%}"), ("{{", "}}"), ("{:", "}")],
    };
    let (open, close) = pairs.iter().find(|(open, _)| rest.starts_with(open))?;
    let inner_len = rest.get(open.len()..)?.find(close)?;
    let len = open.len() + inner_len + close.len();
    let inner = rest.get(open.len()..open.len() + inner_len)?;
    if inner.contains('\n') && inner.contains("\n\n") {
        return None;
    }
    let clean = inner.trim().trim_start_matches('-').trim_end_matches('-').trim();
    // `{{</* x */>}}` shows the mark itself.
    if let Some(shown) = clean.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")) {
        result.text.push_str(&format!("{open}{shown}{close}"));
        return Some(len);
    }
    if *open == "{:" {
        *result.dropped.entry(rest.get(..len)?.to_owned()).or_default() += 1;
        return Some(len);
    }
    let call = match dialect {
        Dialect::Jekyll if *open == "{{" => Call::value(clean),
        Dialect::Zola => Call::function(clean),
        _ => Call::tag(clean),
    };
    if let Some(more) = block(&call, rest.get(len..)?, dialect, result) {
        return Some(len + more);
    }
    match call.markdown(result.text.chars().next_back()) {
        Some(markdown) => result.text.push_str(&markdown),
        None => {
            let file = call.first().filter(|_| call.name.starts_with("include"));
            let name = file
                .map_or_else(|| call.name.clone(), |it| format!("{} {it}", call.name));
            *result.kept.entry(format!("{open} {name} {close}")).or_default() += 1;
            result.text.push_str(rest.get(..len)?);
        }
    }
    Some(len)
}

/// Translates a mark with its inside and its end, and gives their length.
fn block(
    call: &Call,
    rest: &str,
    dialect: Dialect,
    result: &mut Translated,
) -> Option<usize> {
    if !matches!(
        call.name.as_str(),
        "highlight" | "comment" | "raw" | "quote" | "blockquote"
    ) {
        return None;
    }
    let ends: [String; 3] = match dialect {
        Dialect::Hugo => [
            format!("{{{{< /{} >}}}}", call.name),
            format!("{{{{</{}>}}}}", call.name),
            format!("{{{{% /{} %}}}}", call.name),
        ],
        Dialect::Zola => {
            ["{% end %}".to_owned(), "{%end%}".to_owned(), "{%- end -%}".to_owned()]
        }
        Dialect::Jekyll => [
            format!("{{% end{} %}}", call.name),
            format!("{{%end{}%}}", call.name),
            format!("{{%- end{} -%}}", call.name),
        ],
    };
    let found = ends.iter().filter_map(|it| Some((rest.find(it)?, it.len()))).min()?;
    let inner = rest.get(..found.0)?;
    match call.name.as_str() {
        "comment" => {
            *result.dropped.entry("comment".to_owned()).or_default() += 1;
        }
        "raw" => result.text.push_str(inner),
        "highlight" => {
            let language = call.first().unwrap_or_default();
            let inner = inner.trim_matches('\n');
            result.text.push_str(&format!("```{language}\n{inner}\n```"));
        }
        _ => {
            let author = call.get(&["author", "cite", "source"]);
            let inner = inner.trim().replace('\n', "\n> ");
            result.text.push_str(&format!("\n> {inner}\n"));
            if let Some(author) = author {
                result.text.push_str(&format!(">\n> — {}\n", escaped(author)));
            }
        }
    }
    Some(found.0 + found.1)
}

/// A mark with its arguments.
#[derive(Debug, Default)]
struct Call {
    name: String,
    /// Arguments without names, in order.
    positional: Vec<String>,
    named: Vec<(String, String)>,
    /// What it stands for, where that is known.
    value: Option<String>,
}

impl Call {
    /// `figure src="a.jpg" caption="…"`, `post_url 2025-01-01-name`.
    fn tag(text: &str) -> Self {
        let mut words = arguments(text).into_iter();
        let name = words.next().map(|(_, it)| it).unwrap_or_default();
        let mut call = Self { name, ..Self::default() };
        for (key, value) in words {
            match key {
                Some(key) => call.named.push((key, value)),
                None => call.positional.push(value),
            }
        }
        call
    }

    /// `youtube(id="x")`.
    fn function(text: &str) -> Self {
        let Some((name, rest)) = text.split_once('(') else { return Self::tag(text) };
        let rest = rest.trim_end().trim_end_matches(')');
        let mut call = Self::tag(&format!("x {rest}"));
        name.trim().clone_into(&mut call.name);
        call
    }

    /// `site.baseurl`, `"/path" | relative_url`.
    fn value(text: &str) -> Self {
        let (value, filters) = text.split_once('|').unwrap_or((text, ""));
        let value = value.trim();
        let known = match value {
            "site.baseurl" | "site.url" => Some(String::new()),
            _ => {
                let quoted = value.trim_matches(['"', '\'']);
                let is_quoted = quoted.len() + 2 == value.len();
                let is_address = ["relative_url", "absolute_url", "url"]
                    .iter()
                    .any(|it| filters.contains(it));
                (is_quoted && (is_address || filters.is_empty()))
                    .then(|| quoted.to_owned())
            }
        };
        Self { name: text.to_owned(), value: known, ..Self::default() }
    }

    fn first(&self) -> Option<&str> {
        self.positional.first().map(String::as_str)
    }

    fn get(&self, keys: &[&str]) -> Option<&str> {
        let find = |key: &&str| self.named.iter().find(|(it, _)| it == key);
        keys.iter().find_map(find).map(|(_, it)| it.as_str()).filter(|it| !it.is_empty())
    }

    /// What it shows; `None` where only its own program knows.
    fn markdown(&self, before: Option<char>) -> Option<String> {
        if let Some(value) = &self.value {
            return Some(value.clone());
        }
        let reference = |it: &str| {
            let (page, _) = it.split_once('#').unwrap_or((it, ""));
            let is_own = page.is_empty();
            let page = page.trim_start_matches('/');
            if is_own {
                it.to_owned()
            } else {
                format!("{REFERENCE}{}", destination(page))
            }
        };
        // An address within a link is one without brackets of its own.
        let link = |url: String| {
            if before == Some('(') { url } else { format!("<{url}>") }
        };
        match self.name.as_str() {
            "ref" | "relref" => {
                let page = self.first().or_else(|| self.get(&["path"]))?;
                Some(reference(page))
            }
            "post_url" | "link" => Some(reference(self.first()?)),
            "figure" | "image" | "img" | "picture" => self.picture(),
            // Of Jekyll: only the one with a picture says what it shows.
            "include" | "include_relative" => self.picture(),
            "youtube" => {
                let id = self.get(&["id"]).or(self.first())?;
                is_id(id).then(|| link(format!("https://www.youtube.com/watch?v={id}")))
            }
            "vimeo" => {
                let id = self.get(&["id"]).or(self.first())?;
                is_id(id).then(|| link(format!("https://vimeo.com/{id}")))
            }
            "tweet" | "x" => {
                let (user, id) = (self.get(&["user"])?, self.get(&["id"])?);
                (is_id(user) && is_id(id))
                    .then(|| link(format!("https://x.com/{user}/status/{id}")))
            }
            "gist" => {
                let user = self.first()?;
                let id = self.positional.get(1)?;
                (is_id(user) && is_id(id))
                    .then(|| link(format!("https://gist.github.com/{user}/{id}")))
            }
            _ => None,
        }
    }

    fn picture(&self) -> Option<String> {
        let file = self.get(&["src", "path", "url", "image_path", "image", "file"]);
        let is_include = self.name.starts_with("include");
        let file = file.or_else(|| self.first().filter(|_| !is_include))?;
        let caption = self.get(&["caption"]).or_else(|| self.get(&["title"]));
        let alt = self.get(&["alt"]).unwrap_or_default();
        let credit = self.get(&["attr", "credit"]);
        let words = match (caption, credit) {
            (Some(caption), Some(credit)) => format!("{caption} ({credit})"),
            (Some(words), None) | (None, Some(words)) => words.to_owned(),
            (None, None) => String::new(),
        };
        let words = words.replace('\\', "\\\\").replace('"', "\\\"");
        let words = if words.is_empty() { words } else { format!(" \"{words}\"") };
        let picture = format!("![{}]({}{words})", escaped(alt), destination(file));
        Some(match self.get(&["link"]) {
            Some(link) => format!("[{picture}]({})", destination(link)),
            None => picture,
        })
    }
}

fn is_id(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
}

/// Words, quoted words, and `key=value`.
fn arguments(text: &str) -> Vec<(Option<String>, String)> {
    let mut result = Vec::new();
    let mut letters = text.chars().peekable();
    loop {
        while letters.peek().is_some_and(|it| it.is_whitespace() || *it == ',') {
            letters.next();
        }
        if letters.peek().is_none() {
            return result;
        }
        let mut key = None;
        let mut word = String::new();
        while let Some(letter) = letters.peek().copied() {
            match letter {
                '"' | '\'' | '`' | '“' if word.is_empty() => {
                    letters.next();
                    let end = if letter == '“' { '”' } else { letter };
                    let mut is_escaped = false;
                    for it in letters.by_ref() {
                        if it == end && !is_escaped {
                            break;
                        }
                        is_escaped = it == '\\' && !is_escaped && letter != '`';
                        if !is_escaped {
                            word.push(it);
                        }
                    }
                    break;
                }
                '=' if key.is_none() && !word.is_empty() => {
                    letters.next();
                    key = Some(std::mem::take(&mut word));
                }
                it if it.is_whitespace() => break,
                it => {
                    letters.next();
                    word.push(it);
                }
            }
        }
        result.push((key, word));
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, translate};

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: &str) {
        assert_eq!(translate(text, dialect).text, expected);
    }

    #[test]
    fn shortcodes_of_hugo_become_markdown() {
        let hugo = |text, expected| check(Dialect::Hugo, text, expected);
        hugo(
            "{{< figure src=\"a b.jpg\" alt=\"ما فيها\" caption=\"قول\" attr=\"وكالة\" class=x >}}",
            "![ما فيها](a%20b.jpg \"قول (وكالة)\")",
        );
        hugo("[x]({{< ref \"posts/a.md#b\" >}})", "[x](/@ref/posts/a.md)");
        hugo("{{% relref path=\"a\" %}}", "/@ref/a");
        hugo("{{< youtube abc_1 >}}", "<https://www.youtube.com/watch?v=abc_1>");
        hugo("{{< highlight go >}}\na := 1\n{{< /highlight >}}", "```go\na := 1\n```");
        hugo("{{</* ref \"x\" */>}}", "{{< ref \"x\" >}}");
        hugo("`{{< ref \"x\" >}}`", "`{{< ref \"x\" >}}`");
        let unknown = translate("{{< chart data=\"x\" >}}", Dialect::Hugo);
        assert_eq!(unknown.text, "{{< chart data=\"x\" >}}");
        assert_eq!(unknown.kept.len(), 1);
    }

    #[test]
    fn marks_of_zola_and_jekyll_become_markdown() {
        check(
            Dialect::Zola,
            "{{ youtube(id=\"a1\") }}",
            "<https://www.youtube.com/watch?v=a1>",
        );
        check(
            Dialect::Zola,
            "{% quote(author=\"س\") %}قول{% end %}",
            "\n> قول\n>\n> — س\n",
        );
        check(
            Dialect::Jekyll,
            "[a]({{ site.baseurl }}{% post_url 2025-01-02-b %})",
            "[a](/@ref/2025-01-02-b)",
        );
        check(Dialect::Jekyll, "[a]({{ \"/b/\" | relative_url }})", "[a](/b/)");
        check(Dialect::Jekyll, "{% raw %}{{ x }}{% endraw %}", "{{ x }}");
        check(
            Dialect::Jekyll,
            "{% include figure.html src=\"a.png\" alt=\"b\" %}",
            "![b](a.png)",
        );
        check(Dialect::Jekyll, "نص\n{: .note}\n", "نص\n\n");
        check(Dialect::Jekyll, "{% include toc.html %}", "{% include toc.html %}");
    }
}
