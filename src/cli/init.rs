//! `mujaz init`: a new site that builds at once.

use std::path::Path;

use crate::cli::{Outcome, report, write_new};
use crate::error::Error;
use crate::render::theme;

const SITE: &str = "\
# What the desk decides once for the whole site; every key but title has a default.
title: {ar: موجز, en: Briefings}
base_url: http://localhost/
lang: ar
languages: [ar]
time_zone: UTC
";

const BRIEFING: &str = "\
---
title: إحاطة أولى
date: 2025-01-01
authors: [مكتب التحرير]
topics: [example]
summary: سطران يقولان للقارئ ما الجديد ولماذا يهمه.
---

اكتب النص هنا. كل اسم لموضوع معروف في النص، مثل «الموضوع المثال»، يصير رابطًا إلى صفحته.

## عنوان فرعي

- بند أول
- بند ثان
";

const TOPIC: &str = "\
title: {ar: الموضوع المثال, en: Example topic}
kind: theme
summary: جملة تعرّف بالموضوع، وتظهر في صفحته وفي القوائم.
aliases: []
";

const IGNORED: &str = "\
# What mujaz makes; previews show what is not public yet.
/public/
/preview/
/.mujaz/
";

/// Makes a site in a folder, or copies the theme into the one that is there; nothing that
/// is there is overwritten.
pub(super) fn run(dir: &Path, with_theme: bool) -> Result<Outcome, Error> {
    let has_site = dir.join("content").exists();
    if has_site && !with_theme {
        let help = "work on the site that is there, or name another folder";
        return Err(Error::refused("make a site in", dir, "it has one already", help));
    }
    if !has_site {
        write_new(&dir.join("content/site.yaml"), SITE)?;
        write_new(&dir.join("content/briefings/first.md"), BRIEFING)?;
        write_new(&dir.join("content/topics/example.yaml"), TOPIC)?;
        // Somebody who has one has decided already.
        let ignore = dir.join(".gitignore");
        if !ignore.exists() {
            write_new(&ignore, IGNORED)?;
        }
        report::summary(&format!("made a site in `{}`", dir.display()));
    }
    if with_theme {
        copy_theme(dir)?;
    }
    if !has_site {
        let enter = match dir.to_str() {
            Some("." | "") | None => String::new(),
            Some(dir) => format!("cd {dir} && "),
        };
        let next = if cfg!(feature = "serve") { "serve --open" } else { "build" };
        report::summary(&format!("next: {enter}mujaz {next}"));
    }
    Ok(Outcome::Done)
}

fn copy_theme(dir: &Path) -> Result<(), Error> {
    let (mut n_copied, mut n_kept) = (0, 0);
    for (path, bytes) in theme::built_in_files() {
        let path = dir.join(path);
        if path.exists() {
            n_kept += 1;
        } else {
            write_new(&path, bytes)?;
            n_copied += 1;
        }
    }
    let kept = match n_kept {
        0 => String::new(),
        n => format!("; {n} that were there stay as they are"),
    };
    report::summary(&format!("copied {n_copied} files of the theme{kept}"));
    report::summary("next: delete what you do not change, it is built in");
    Ok(())
}
