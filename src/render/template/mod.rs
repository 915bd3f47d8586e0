//! Templates that the program runs itself.
//!
//! Tera copies each value that a template looks at, and makes a map of the arguments of each
//! call: half of a build. Our own templates use a small part of its language, and a site's
//! mostly do, so `parse` reads that part and `run` prints it from a `tree` without a copy.
//! What is written in any other way is not run here, and neither is a page on which
//! something goes wrong: Tera renders those, so that it alone decides what a template means
//! and what a mistake is. A test holds both to the same bytes.

mod parse;
mod run;
pub mod tree;

use std::collections::BTreeMap;

use crate::render::template::parse::{Component, Op, Template};
use crate::render::template::tree::{Tree, Value};

/// All templates of a site.
#[derive(Debug, Default)]
pub struct Templates {
    /// One for each file.
    files: Vec<Template>,
    components: Vec<Component>,
    by_name: BTreeMap<String, usize>,
    components_by_name: BTreeMap<String, usize>,
}

impl Templates {
    /// Reads all templates of a site, by their names. `asset` knows the addresses of files
    /// under `static/`.
    pub fn read(
        texts: &BTreeMap<String, String>,
        asset: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let mut all = parse::read(texts, asset);
        all.drop_what_needs_more();
        all
    }

    /// Prints a page with the values of its context; `None` where Tera has to.
    pub fn render(&self, name: &str, context: &[(&str, &Tree)]) -> Option<Vec<u8>> {
        let at = *self.by_name.get(name)?;
        if self.files[at].is_known { run::page(self, at, context) } else { None }
    }

    /// Prints a component with its arguments; `None` where Tera has to.
    pub fn component(
        &self,
        name: &str,
        args: &[(&str, Value<'_>)],
        around: &[(&str, &Tree)],
    ) -> Option<Vec<u8>> {
        let at = *self.components_by_name.get(name)?;
        if self.components[at].is_known {
            run::component(self, at, args, around)
        } else {
            None
        }
    }

    /// Takes out what prints something that is not run here.
    fn drop_what_needs_more(&mut self) {
        loop {
            let is_known = |ops: &[Op]| self.knows(ops);
            let templates: Vec<bool> = self
                .files
                .iter()
                .map(|it| {
                    let parent = it.parent.is_none_or(|it| self.files[it].is_known);
                    it.is_known && parent && is_known(&it.ops)
                })
                .collect();
            let components: Vec<bool> = self
                .components
                .iter()
                .map(|it| it.is_known && is_known(&it.ops))
                .collect();
            let mut has_changed = false;
            for (template, is_known) in self.files.iter_mut().zip(templates) {
                has_changed |= template.is_known != is_known;
                template.is_known = is_known;
            }
            for (component, is_known) in self.components.iter_mut().zip(components) {
                has_changed |= component.is_known != is_known;
                component.is_known = is_known;
            }
            if !has_changed {
                return;
            }
        }
    }

    fn knows(&self, ops: &[Op]) -> bool {
        ops.iter().all(|op| match op {
            Op::Text(_) | Op::Print(..) => true,
            Op::If(branches) => branches.iter().all(|(_, ops)| self.knows(ops)),
            Op::For(_, _, ops) | Op::Block(_, ops) => self.knows(ops),
            Op::Include(at) => {
                let template = &self.files[*at];
                // Tera gives an included template blocks of its own.
                let has_blocks = has_blocks(&template.ops);
                template.is_known && template.parent.is_none() && !has_blocks
            }
            Op::Call(at, _) => self.components[*at].is_known,
        })
    }
}

/// Whether a block is defined among some operations.
fn has_blocks(ops: &[Op]) -> bool {
    ops.iter().any(|op| match op {
        Op::Block(..) => true,
        Op::If(branches) => branches.iter().any(|(_, ops)| has_blocks(ops)),
        Op::For(_, _, ops) => has_blocks(ops),
        Op::Text(_) | Op::Print(..) | Op::Include(_) | Op::Call(..) => false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Templates;
    use super::tree::Tree;
    use crate::render::theme::built_in_files;

    fn read(texts: &[(&str, &str)]) -> Templates {
        let texts = texts.iter().map(|(name, text)| ((*name).into(), (*text).into()));
        Templates::read(&texts.collect(), &|path| Some(format!("/{path}")))
    }

    #[test]
    fn our_own_templates_are_run_here() {
        let all = built_in_files().into_iter().filter_map(|(path, bytes)| {
            let name = path.strip_prefix("templates/")?;
            let text = std::str::from_utf8(bytes).ok()?;
            name.ends_with(".html").then(|| (name.to_owned(), text.to_owned()))
        });
        let texts: BTreeMap<String, String> = all.collect();
        let all = Templates::read(&texts, &|path| Some(path.to_owned()));
        for (name, at) in &all.by_name {
            // There is one such page for each language.
            let is_known = all.files[*at].is_known || name == "pages/search.html";
            assert!(is_known, "{name}");
        }
        for (name, at) in &all.components_by_name {
            assert!(all.components[*at].is_known, "{name}");
        }
    }

    #[track_caller]
    fn check(template: &str, html: Option<&str>) {
        let component = "{% component c(text: string, n: integer = 3, @t) -%}\n\
                         {{ n }}{{ t.colon }}{{ text }}\n{%- endcomponent c %}";
        let all = read(&[("page", template), ("components/c", component)]);
        let view = BTreeMap::from([("title", "<a> & 'b'")]);
        let words = BTreeMap::from([("colon", ":")]);
        let (view, words) = (Tree::of(&view), Tree::of(&words));
        let made = all.render("page", &[("view", &view), ("t", &words)]);
        let made = made.map(|it| String::from_utf8(it).unwrap());
        assert_eq!(made.as_deref(), html, "{template}");
    }

    #[test]
    fn what_is_known_is_printed() {
        check("{{ view.title }}", Some("&lt;a&gt; &amp; &#39;b&#39;"));
        check("{{ view.title | safe }}", Some("<a> & 'b'"));
        check(
            "a {#- no -#} b{% if view.no %}c{% elif view.title %}d{% endif %}",
            Some("abd"),
        );
        check("{{<c text={view.title} n={4} />}}", Some("4:&lt;a&gt; &amp; &#39;b&#39;"));
        check("{% for at in range(end=2) %}{{ at }}{% endfor %}", Some("01"));
    }

    #[test]
    fn everything_else_is_left_to_tera() {
        for template in [
            "{{ view.no }}",
            "{{ view.no.more }}",
            "{{ view }}",
            "{{ view.title | upper }}",
            "{% set a = 1 %}",
            "{{<c />}}",
            "{{<c text={view.title} other={view.title} />}}",
            "{{<c text={3} />}}",
            "{{<unknown />}}",
            "{% for a in view.title %}{% endfor %}",
        ] {
            check(template, None);
        }
    }
}
