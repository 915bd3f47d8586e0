//! Just enough of a reader of HTML for pages that mujaz has written: every element is
//! closed, every attribute stands in double quotes.

/// An element.
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, &'a str)>,
    pub(crate) parent: Option<usize>,
}

/// A run of text.
pub(crate) struct Text<'a> {
    pub(crate) parent: usize,
    pub(crate) letters: &'a str,
}

/// A page as a list of elements in document order, and its text.
pub(crate) struct Markup<'a> {
    pub(crate) tags: Vec<Tag<'a>>,
    pub(crate) texts: Vec<Text<'a>>,
}

const VOID: [&str; 12] = [
    "meta", "link", "img", "br", "hr", "path", "circle", "rect", "line", "input", "wbr",
    "!doctype",
];

impl<'a> Markup<'a> {
    #[track_caller]
    pub(crate) fn read(html: &'a str) -> Self {
        let mut markup = Self { tags: Vec::new(), texts: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut rest = html;
        while let Some((text, after)) = rest.split_once('<') {
            if let Some(parent) = open.last()
                && !text.is_empty()
            {
                markup.texts.push(Text { parent: *parent, letters: text });
            }
            let (inside, after) = after.split_once('>').expect("every tag ends");
            rest = after;
            if let Some(name) = inside.strip_prefix('/') {
                let last = open.pop().map(|it| markup.tags[it].name);
                assert_eq!(last, Some(name), "elements nest: {html}");
                continue;
            }
            let is_closed = inside.ends_with('/');
            let name = inside.split([' ', '/', '\n']).next().unwrap();
            let attributes = attributes(inside.get(name.len()..).unwrap());
            let parent = open.last().copied();
            markup.tags.push(Tag { name, attributes, parent });
            if !is_closed && !VOID.contains(&name.to_lowercase().as_str()) {
                open.push(markup.tags.len() - 1);
            }
        }
        assert!(open.is_empty(), "every element is closed");
        markup
    }

    /// The element and those around it, from the inside out.
    pub(crate) fn around(&self, tag: usize) -> impl Iterator<Item = &Tag<'a>> {
        std::iter::successors(Some(tag), |it| self.tags[*it].parent)
            .map(|it| &self.tags[it])
    }

    /// Value of an attribute of the element, or of the nearest one around it.
    pub(crate) fn inherited(&self, tag: usize, name: &str) -> Option<&'a str> {
        self.around(tag).find_map(|it| it.get(name))
    }

    /// All text inside an element.
    pub(crate) fn text_of(&self, tag: usize) -> String {
        let inside = self.texts.iter().filter(|it| {
            std::iter::successors(Some(it.parent), |it| self.tags[*it].parent)
                .any(|it| it == tag)
        });
        inside.map(|it| unescape(it.letters)).collect()
    }
}

impl<'a> Tag<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    pub(crate) fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|it| it.split(' ').any(|it| it == class))
    }
}

fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut result = Vec::new();
    let mut rest = text.trim_matches(['/', ' ', '\n']);
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if let Some(after) = after.strip_prefix("=\"") {
            let (value, after) = after.split_once('"').expect("a value ends");
            result.push((name, value));
            rest = after.trim_start();
        } else {
            result.push((name, ""));
            rest = after.trim_start();
        }
    }
    result
}

pub(crate) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
