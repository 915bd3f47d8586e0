//! `mujaz init`: a new site that builds at once.

use std::path::Path;

use crate::cli::{Outcome, report, write_new};
use crate::error::Error;

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

/// Makes a site in a folder; nothing that is there is overwritten.
pub(super) fn run(dir: &Path) -> Result<Outcome, Error> {
    if dir.join("content").exists() {
        let help = "work on the site that is there, or name another folder";
        return Err(Error::refused("make a site in", dir, "it has one already", help));
    }
    write_new(&dir.join("content/site.yaml"), SITE)?;
    write_new(&dir.join("content/briefings/first.md"), BRIEFING)?;
    write_new(&dir.join("content/topics/example.yaml"), TOPIC)?;
    report::summary(&format!("made a site in `{}`", dir.display()));
    let enter = match dir.to_str() {
        Some("." | "") | None => String::new(),
        Some(dir) => format!("cd {dir} && "),
    };
    report::summary(&format!("next: {enter}mujaz build"));
    Ok(Outcome::Done)
}
