//! References to a topic: every place in the sources where its id stands.
//!
//! Drafts, embargoed and withdrawn texts are edited as well, so this works on files and
//! not on the site. In a list that names both topics, one of the two entries goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::SourcePath;
use crate::edit::draft::{Draft, Replacement};
use crate::edit::header::{Header, is_same};
use crate::edit::links::{Address, addresses, with_file, with_id};
use crate::error::Error;
use crate::link::references::join;
use crate::load::FileKind;
use crate::parse::document::Target;
use crate::parse::{self, Data, Parsed};
use crate::yaml::{Node, Value};

/// What takes the place of what.
pub(super) struct Rename<'a> {
    /// The id that goes.
    pub(super) old: &'a str,
    /// The id that stands for it from now on.
    pub(super) new: &'a str,
    /// Where the files of the topic will be, by where they are.
    pub(super) files: BTreeMap<SourcePath, SourcePath>,
    /// What `[[new]]` becomes in articles where it led somewhere else.
    pub(super) shadowed: BTreeMap<SourcePath, String>,
    /// Topics that cannot have the new one above them, because they are above it.
    pub(super) above: BTreeSet<&'a str>,
    /// Whether the metadata of the old topic goes away anyway.
    pub(super) is_merge: bool,
}

/// How many references were edited in each file, and what has to be said about them.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) references: BTreeMap<SourcePath, usize>,
    pub(super) remarks: Vec<String>,
}

impl Rename<'_> {
    /// Edits the references in every file.
    pub(super) fn apply(
        &self,
        parsed: &[Arc<Parsed>],
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        for file in parsed {
            let links = self.links(file, draft);
            let mut n_references = links.len();
            draft.edit(&file.path, links)?;
            let is_gone = matches!(file.data, Data::Topic(_)) && *file.id == *self.old;
            if !(is_gone && self.is_merge) {
                n_references += self.metadata(file, draft, tally)?;
            }
            if 0 < n_references {
                *tally.references.entry(file.path.clone()).or_default() += n_references;
            }
        }
        Ok(())
    }

    fn links(&self, file: &Parsed, draft: &Draft<'_>) -> Vec<Replacement> {
        let (Some(body), Some(source)) = (&file.body, draft.file(&file.path)) else {
            return Vec::new();
        };
        // In plain text nothing is mark-up, so it has no links.
        let has_links = !body.outline().links.is_empty();
        let Some(range) = parse::body(source).filter(|_| has_links) else {
            return Vec::new();
        };
        let text = &*source.text;
        let edit = |address: Address| match &address.target {
            Target::Name(id) | Target::Topic(id) if **id == *self.old => {
                with_id(text, &address, self.old, self.new)
            }
            Target::Name(name) if **name == *self.new => {
                let meant = self.shadowed.get(&file.path)?;
                Some(Replacement::new(address.range, meant.as_str()))
            }
            Target::File(written, _) => {
                let old = join(&file.path, written)?;
                let new = self.files.get(&old)?;
                with_file(text, &address, &file.path, (&old, new))
            }
            _ => None,
        };
        addresses(&body.document(), range).into_iter().filter_map(edit).collect()
    }

    /// Edits the ids in the metadata of one file, one after the other.
    fn metadata(
        &self,
        file: &Parsed,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<usize, Error> {
        let Some(source) = draft.file(&file.path) else { return Ok(0) };
        let kind = source.kind;
        // Without the id, and without an escape that could hide it, there is nothing.
        if !source.text.contains(self.old) && !source.text.contains('\\') {
            return Ok(0);
        }
        let mut n_edits = 0;
        while let Some(header) = Header::read(draft, &file.path) {
            let edit = match kind {
                FileKind::Briefing => {
                    let lists: [&[&str]; 3] =
                        [&["topics"], &["links", "suppress"], &["links", "add"]];
                    lists.iter().find_map(|keys| self.id_in(&header, keys))
                }
                FileKind::Topic => self
                    .parent(&header, &file.id, tally)
                    .or_else(|| self.relation(&header, &file.id, tally)),
                _ => None,
            };
            let Some(edit) = edit else { break };
            draft.edit(&file.path, vec![edit])?;
            n_edits += 1;
        }
        Ok(n_edits)
    }

    fn is_old(&self, node: &Node) -> bool {
        is_text(node, self.old)
    }

    /// The next edit of a list of ids.
    fn id_in(&self, header: &Header, keys: &[&str]) -> Option<Replacement> {
        let node = header.get(keys)?;
        let Value::List(items) = &node.value else {
            return self.is_old(node).then(|| header.with_id(node, self.old, self.new));
        };
        let at = items.iter().position(|it| self.is_old(it))?;
        let other = items.iter().position(|it| is_text(it, self.new));
        match other {
            // The first topic is the primary one: it must not become another.
            Some(other) if at == 0 && 1 < other => header.remove(keys, other),
            Some(_) => header.remove(keys, at),
            None => Some(header.with_id(&items[at], self.old, self.new)),
        }
    }

    /// The next edit of the parents of the topic `own`.
    fn parent(
        &self,
        header: &Header,
        own: &str,
        tally: &mut Tally,
    ) -> Option<Replacement> {
        let node = header.get(&["parent"])?;
        if !(self.is_merge && self.above.contains(own)) {
            return self.id_in(header, &["parent"]);
        }
        let removal = match &node.value {
            Value::List(items) => {
                let at = items.iter().position(|it| self.is_old(it))?;
                header.remove(&["parent"], at)
            }
            _ => self.is_old(node).then(|| header.remove_key("parent"))?,
        };
        if own != self.new {
            tally.remarks.push(format!(
                "`{own}` is no longer under `{}`: it is above `{}`",
                self.old, self.new
            ));
        }
        removal
    }

    /// The next edit of the relations of the topic `own`.
    fn relation(
        &self,
        header: &Header,
        own: &str,
        tally: &mut Tally,
    ) -> Option<Replacement> {
        let Value::List(items) = &header.get(&["relations"])?.value else { return None };
        let leads = |it: &Node| field(it, "to").is_some_and(|it| self.is_old(it));
        let at = items.iter().position(leads)?;
        let leads_to_itself = self.is_merge && own == self.new;
        if leads_to_itself {
            tally.remarks.push(relation_to_itself(own, self.old));
        }
        if leads_to_itself || items.iter().any(|it| self.says_all(it, &items[at])) {
            return header.remove(&["relations"], at);
        }
        if items.iter().any(|it| self.has_kind_of(it, &items[at])) {
            tally.remarks.push(two_relations(own, self.new));
        }
        Some(header.with_id(field(&items[at], "to")?, self.old, self.new))
    }

    /// Whether a relation to the new topic has the name of one to the old topic.
    fn has_kind_of(&self, relation: &Node, other: &Node) -> bool {
        field(relation, "to").is_some_and(|it| is_text(it, self.new))
            && has_same_name(relation, other)
    }

    /// Whether a relation to the new topic says all that one to the old topic says.
    fn says_all(&self, relation: &Node, other: &Node) -> bool {
        field(relation, "to").is_some_and(|it| is_text(it, self.new))
            && covers(relation, other)
    }
}

/// Whether two relations have the same name.
pub(super) fn has_same_name(a: &Node, b: &Node) -> bool {
    match (field(a, "rel"), field(b, "rel")) {
        (Some(a), Some(b)) => is_same(&a.value, &b.value),
        _ => false,
    }
}

/// Says that a relation of two topics that become one is left out.
pub(super) fn relation_to_itself(from: &str, to: &str) -> String {
    format!("a relation of `{from}` to `{to}` is left out, both are one topic now")
}

/// Says that two relations stay because neither says all that the other says.
pub(super) fn two_relations(from: &str, to: &str) -> String {
    format!(
        "`{from}` has two relations of one name to `{to}` now, because they differ in \
         their dates or notes"
    )
}

/// Whether a relation has everything that another one has, whatever both lead to.
pub(super) fn covers(relation: &Node, other: &Node) -> bool {
    let Value::Map(entries) = &other.value else { return false };
    entries.iter().filter(|(key, _)| key.text != "to").all(|(key, value)| {
        field(relation, &key.text).is_some_and(|it| is_same(&it.value, &value.value))
    })
}

/// The value of a key of a map.
pub(super) fn field<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(it, _)| it.text == key).map(|(_, node)| node)
}

/// Whether a value is this text.
pub(super) fn is_text(node: &Node, wanted: &str) -> bool {
    matches!(&node.value, Value::Scalar { text, .. } if text.trim() == wanted)
}
