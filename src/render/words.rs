//! Interface words: what the site says in its own voice, in every language.
//!
//! Words are Fluent messages in `templates/strings/<lang>.ftl`; a site overrides single
//! ones in `content/strings/<lang>.ftl`. Messages without arguments reach templates as
//! `t.<key>`; those that count are formatted here.

use std::collections::BTreeMap;
use std::sync::RwLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::diag::{Diagnostic, Place, SourcePath, Span};
use crate::text::date::Digits;
use crate::text::lang::Lang;
use crate::text::number::Numbers;
use crate::text::plural::{Plural, Plurals};

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    /// Messages that take no arguments, by key.
    pub plain: BTreeMap<String, String>,
    numbers: Numbers,
    plurals: Plurals,
    /// What `count` has said, by key and number: pages repeat a few hundred phrases.
    counted: RwLock<BTreeMap<String, BTreeMap<usize, String>>>,
}

/// Keys of the messages in a text: a message begins a line with `key =`.
fn message_keys(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let is_key = key.starts_with(|it: char| it.is_ascii_alphabetic())
            && key
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'));
        is_key.then(|| key.to_owned())
    })
}

impl Words {
    /// Reads messages; later texts override earlier ones.
    pub fn new(
        lang: &Lang,
        digits: Digits,
        texts: &[(SourcePath, String)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let fallback = LanguageIdentifier::default();
        let id: LanguageIdentifier = lang.as_str().parse().unwrap_or(fallback);
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Values come isolated where they need it; marks of Fluent's own would double them.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for (path, text) in texts {
            let resource = match FluentResource::try_new(text.clone()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    for error in errors {
                        let span = Span::new(error.pos.start, error.pos.end);
                        let place = Place { path: path.clone(), span };
                        let message =
                            format!("this is not a Fluent message: {}", error.kind);
                        let error = Diagnostic::error("bad-words", place, message);
                        diagnostics.push(error.with_help("write `key = the words`"));
                    }
                    resource
                }
            };
            keys.extend(message_keys(text));
            bundle.add_resource_overriding(resource);
        }
        let mut plain = BTreeMap::new();
        for key in keys {
            let Some(pattern) = bundle.get_message(&key).and_then(|it| it.value()) else {
                continue;
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
            if errors.is_empty() {
                plain.insert(key, text);
            }
        }
        Self {
            bundle,
            plain,
            numbers: Numbers::new(lang, digits),
            plurals: Plurals::new(lang),
            counted: RwLock::default(),
        }
    }

    /// A message without arguments; its key where there is none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// A message without arguments, if there is one.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// A message that counts: `$n` selects the form, `$n_text` is the number in digits.
    pub fn count(&self, key: &str, n: usize) -> String {
        let known =
            self.counted.read().expect("no thread panics while it holds the lock");
        if let Some(text) = known.get(key).and_then(|it| it.get(&n)) {
            return text.clone();
        }
        drop(known);
        let text = self.new_count(key, n);
        let mut known =
            self.counted.write().expect("no thread panics while it holds the lock");
        known.entry(key.to_owned()).or_default().insert(n, text.clone());
        text
    }

    fn new_count(&self, key: &str, n: usize) -> String {
        let mut args = FluentArgs::new();
        // Fluent's own rules are not those of CLDR for every number.
        args.set("n", self.plurals.stand_in(n));
        args.set("n_text", self.numbers.integer(n));
        self.format(key, &args)
    }

    /// A message that counts, in every form that whole numbers have, with `{n}` in place of
    /// the number: for scripts, which find the form themselves.
    pub fn forms(&self, key: &str) -> Vec<(&'static str, String)> {
        let form = |(form, n): (Plural, u32)| {
            let mut args = FluentArgs::new();
            args.set("n", n);
            args.set("n_text", "{n}");
            (form.as_str(), self.format(key, &args))
        };
        self.plurals.forms().into_iter().map(form).collect()
    }

    /// A message with named texts.
    pub fn with(&self, key: &str, texts: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set(*name, (*text).to_owned());
        }
        self.format(key, &args)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|it| it.value()) else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
    }
}
