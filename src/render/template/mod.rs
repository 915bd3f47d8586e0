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
    templates: Vec<Template>,
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
        if self.templates[at].is_known { run::page(self, at, context) } else { None }
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
                .templates
                .iter()
                .map(|it| {
                    let parent = it.parent.is_none_or(|it| self.templates[it].is_known);
                    it.is_known && parent && is_known(&it.ops)
                })
                .collect();
            let components: Vec<bool> = self
                .components
                .iter()
                .map(|it| it.is_known && is_known(&it.ops))
                .collect();
            let mut has_changed = false;
            for (template, is_known) in self.templates.iter_mut().zip(templates) {
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
                let template = &self.templates[*at];
                template.is_known && template.parent.is_none()
            }
            Op::Call(at, _) => self.components[*at].is_known,
        })
    }
}
