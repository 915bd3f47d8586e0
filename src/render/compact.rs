//! Our own style sheets and scripts as readers load them: without what is written for those
//! who read the source. A desk's own files are published as they are.

/// Style sheets as readers load them, one after the other. Neighbours that are a block of the
/// same layer share one.
pub(super) fn styles<'a>(sheets: impl Iterator<Item = &'a str>) -> String {
    let mut result = String::new();
    let mut last: Option<String> = None;
    for sheet in sheets {
        let sheet = style(sheet);
        let head = head_of_block(&sheet).map(str::to_owned);
        match &head {
            Some(head) if last.as_ref() == Some(head) => {
                result.truncate(result.len() - "}\n".len());
                result.push_str(sheet.strip_prefix(head.as_str()).unwrap_or(&sheet));
            }
            _ => result.push_str(&sheet),
        }
        result.push('\n');
        last = head;
    }
    result
}

/// The head of the one block of a layer that a style sheet is, up to its brace.
fn head_of_block(css: &str) -> Option<&str> {
    let head = css.split_inclusive('{').next().filter(|it| it.starts_with("@layer "))?;
    let mut depth = 0_usize;
    for (at, sign) in css.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => continue,
        }
        if depth == 0 {
            return (at + 1 == css.len()).then_some(head);
        }
    }
    None
}

/// A style sheet as readers load it: without comments, indentation, and spaces that say
/// nothing.
pub(super) fn style(css: &str) -> String {
    let mut result = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, sign) = rest.split_at(at);
        result.push_str(&without_spaces(before));
        let quote = sign.chars().next().unwrap_or('/');
        let end = if sign.starts_with("/*") {
            sign.find("*/").map_or(sign.len(), |it| it + "*/".len())
        } else if quote == '/' {
            result.push('/');
            quote.len_utf8()
        } else {
            let end = sign.get(1..).and_then(|it| it.find([quote, '\n']));
            let end = end.map_or(sign.len(), |it| it + 2);
            result.push_str(sign.get(..end).unwrap_or_default());
            end
        };
        rest = sign.get(end..).unwrap_or_default();
    }
    result.push_str(&without_spaces(rest));
    let lines = result.lines().map(str::trim).filter(|it| !it.is_empty());
    let mut result = String::with_capacity(result.len());
    for line in lines {
        // A line that ends a rule or a declaration needs nothing before the next one.
        if !result.is_empty() && !result.ends_with(['{', '}', ';']) {
            result.push('\n');
        }
        result.push_str(line);
    }
    result
}

/// A part of a style sheet that has no string in it.
fn without_spaces(css: &str) -> String {
    let mut result = css.to_owned();
    for (loose, tight) in [
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        ("; ", ";"),
        (": ", ":"),
        (", ", ","),
        (" > ", ">"),
    ] {
        result = result.replace(loose, tight);
    }
    result
}

/// A script without comments on lines of their own, indentation and empty lines. A text
/// over several lines would lose its indentation; a test keeps them out of our scripts.
pub(super) fn script(js: &str) -> String {
    let mut result = String::with_capacity(js.len());
    let mut is_comment = false;
    for line in js.lines().map(str::trim) {
        is_comment |= line.starts_with("/**");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            result.push_str(line);
            result.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{script, style, styles};

    #[test]
    fn neighbours_in_one_layer_share_a_block() {
        let joined = |sheets: &[&str]| styles(sheets.iter().copied());
        let (a, b) = ("@layer x { a { b: c } }\n", "@layer x { d { e: f } }\n");
        assert_eq!(joined(&[a, b, b]), "@layer x{a{b:c}d{e:f}d{e:f}}\n");
        assert_eq!(
            joined(&[a, "@layer y {}", b]),
            "@layer x{a{b:c}}\n@layer y{}\n@layer x{d{e:f}}\n"
        );
        // More than one block, none, and one that is left open.
        for other in ["@layer x { g {} } h {}", "@layer x;", "i {}", "@layer x { j {}"] {
            let alone = style(other);
            assert_eq!(joined(&[a, other]), format!("@layer x{{a{{b:c}}}}\n{alone}\n"));
        }
    }

    #[test]
    fn readers_load_no_comments() {
        let css =
            "/* a */\n.x { content: \"/* b */\" }\n  .y { inset: 0 /* c */ 1px/2px }\n";
        let expected = ".x{content:\"/* b */\"}.y{inset:0  1px/2px}";
        assert_eq!(style(css), expected);
        assert_eq!(style("a { b: 'c"), "a{b:'c");
        assert_eq!(style("a {} /* open"), "a{}");
        let js = "// a\n/** b */\nlet x = 1; // c\n\n  /**\n   * d\n   */\n  x += 1;\n";
        assert_eq!(script(js), "let x = 1; // c\nx += 1;\n");
    }
}
