//! Which program made a folder, and what its settings say.

use crate::import::Input;
use crate::import::shortcodes::Dialect;
use crate::import::value::{self, Keys, Notation, Value, get};

/// What is known of the program that made a folder.
#[derive(Debug, Default)]
pub(super) struct System {
    /// Whose marks the texts have; `None` for a folder of plain files.
    pub(super) dialect: Option<Dialect>,
    /// The folder in which texts stand, with its final `/`, or nothing.
    pub(super) content: String,
    /// Address of the old site, without a final `/`.
    pub(super) base_url: Option<String>,
    /// Tag of its language.
    pub(super) lang: Option<String>,
    /// Tags of its other languages.
    pub(super) languages: Vec<String>,
    /// How addresses are made: of each section, or under an empty name of all.
    pub(super) permalinks: Vec<(String, String)>,
    /// Files of settings that could not be read, with the reason.
    pub(super) mistakes: Vec<(String, String)>,
}

impl System {
    /// Looks at the files of a folder.
    pub(super) fn of(files: &[Input]) -> Self {
        let has = |start: &str| files.iter().any(|it| it.path.starts_with(start));
        let find = |names: &[&str]| {
            names.iter().find_map(|name| files.iter().find(|it| it.path == *name))
        };
        let mut system = Self::default();
        if let Some(file) = find(&["_config.yml", "_config.yaml", "_config.toml"]) {
            let keys = system.read(file);
            system.jekyll(&keys);
        } else if has("_posts/") || has("_drafts/") {
            system.jekyll(&Vec::new());
        } else if let Some(file) = find(&["zola.toml"]) {
            let keys = system.read(file);
            system.zola(&keys);
        } else if let Some(file) = find(&[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.yaml",
        ]) {
            let keys = system.read(file);
            let is_zola = keys.iter().any(|(it, _)| it == "base_url");
            if is_zola {
                system.zola(&keys);
            } else {
                system.hugo(&keys);
            }
        } else if files.iter().any(|it| it.path.ends_with("_index.md")) || has("content/")
        {
            system.hugo(&Vec::new());
        }
        let wants_content = matches!(system.dialect, Some(Dialect::Hugo | Dialect::Zola));
        if wants_content && has("content/") {
            "content/".clone_into(&mut system.content);
        }
        system
    }

    fn read(&mut self, file: &Input) -> Keys {
        let notation = match file.path.rsplit('.').next() {
            Some("toml") => Notation::Toml,
            Some("json") => Notation::Json,
            _ => Notation::Yaml,
        };
        let text = crate::import::encoding::decode(&file.bytes, None).text;
        match value::read(notation, &text.replace("\r\n", "\n")) {
            Ok(keys) => keys,
            Err(why) => {
                self.mistakes.push((file.path.clone(), why));
                Vec::new()
            }
        }
    }

    fn base(&mut self, url: Option<&str>) {
        let url = url.map(|it| it.trim_end_matches('/').to_owned());
        self.base_url = url.filter(|it| it.starts_with("http") && it.contains("://"));
    }

    fn hugo(&mut self, keys: &Keys) {
        self.dialect = Some(Dialect::Hugo);
        self.base(get(keys, "baseURL").and_then(Value::text));
        let lang =
            get(keys, "defaultContentLanguage").or_else(|| get(keys, "languageCode"));
        let lang = lang.or_else(|| get(keys, "locale"));
        self.lang = lang.and_then(Value::text).map(str::to_owned);
        if let Some(Value::Map(all)) = get(keys, "languages") {
            self.languages = all.iter().map(|(it, _)| it.clone()).collect();
        }
        let Some(Value::Map(all)) = get(keys, "permalinks") else { return };
        // Newer ones stand by the sort of page.
        let pages = get(all, "page").filter(|it| matches!(it, Value::Map(_)));
        let all = match pages {
            Some(Value::Map(all)) => all,
            _ => all,
        };
        let pair = |(section, it): &(String, Value)| {
            Some((section.clone(), it.text()?.to_owned()))
        };
        self.permalinks = all.iter().filter_map(pair).collect();
    }

    fn zola(&mut self, keys: &Keys) {
        self.dialect = Some(Dialect::Zola);
        self.base(get(keys, "base_url").and_then(Value::text));
        self.lang =
            get(keys, "default_language").and_then(Value::text).map(str::to_owned);
        if let Some(Value::Map(all)) = get(keys, "languages") {
            self.languages = all.iter().map(|(it, _)| it.clone()).collect();
        }
    }

    fn jekyll(&mut self, keys: &Keys) {
        self.dialect = Some(Dialect::Jekyll);
        let text = |key: &str| get(keys, key).and_then(Value::text).unwrap_or_default();
        let base = format!("{}{}", text("url"), text("baseurl"));
        self.base(Some(&base));
        self.lang = get(keys, "lang").and_then(Value::text).map(str::to_owned);
        let style = match text("permalink") {
            "" | "date" => "/:categories/:year/:month/:day/:title.html",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title.html",
            "none" => "/:categories/:title.html",
            own => own,
        };
        self.permalinks = vec![(String::new(), style.to_owned())];
    }

    /// The pattern of addresses for texts of a section.
    pub(super) fn permalink(&self, section: &str) -> Option<&str> {
        let of = |name: &str| self.permalinks.iter().find(|(it, _)| it == name);
        of(section).or_else(|| of("")).map(|(_, it)| it.as_str())
    }
}
