//! Joined letters: what Arabic and Hebrew write together with a name (rtl-rules B4).
//!
//! Arabic: `(و|ف)? (ب|ك|ل)? name`, where ل and the article become لل. Hebrew:
//! `ו? (ש|כש|מש|לכש)? (ב|כ|ל|מ)? name`, where ב כ ל swallow the article. The set is
//! closed: nothing here stems, because a stemmer cuts names (إيران would become اير).

use crate::text::lang::Lang;

/// One way in which the first word of a name can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The folded word with what is joined to it.
    pub text: String,
    /// The joined letters; empty for the bare word.
    pub prefix: String,
    /// How many letters at the beginning stay outside a link (B6).
    pub n_outside: usize,
}

/// All ways of writing a folded word that begins a name in texts of `lang`.
///
/// `has_article` says of a Hebrew name that its ה is the article.
pub fn forms(word: &str, lang: &Lang, has_article: bool) -> Vec<Form> {
    let bare = Form { text: word.to_owned(), prefix: String::new(), n_outside: 0 };
    let is_script = |low: char, high: char| {
        word.chars().next().is_some_and(|it| (low..=high).contains(&it))
    };
    let mut forms = vec![bare];
    match lang.primary() {
        "ar" if is_script('ء', 'ے') => arabic(word, &mut forms),
        "he" if is_script('א', 'ת') => hebrew(word, has_article, &mut forms),
        _ => {}
    }
    forms
}

fn arabic(word: &str, forms: &mut Vec<Form>) {
    let after_article = word.strip_prefix("ال");
    for conjunction in ["", "و", "ف"] {
        for preposition in ["", "ب", "ك", "ل"] {
            if conjunction.is_empty() && preposition.is_empty() {
                continue;
            }
            let prefix = format!("{conjunction}{preposition}");
            let text = match (preposition, after_article) {
                // ل + ال = لل, and a third lam is not written: اللاذقية, للاذقية.
                ("ل", Some(rest)) => {
                    let rest = rest.strip_prefix('ل').unwrap_or(rest);
                    format!("{conjunction}لل{rest}")
                }
                _ => format!("{prefix}{word}"),
            };
            // و joins nothing to its left, so a link may begin after it.
            let n_outside = usize::from(conjunction == "و");
            forms.push(Form { text, prefix, n_outside });
        }
    }
}

fn hebrew(word: &str, has_article: bool, forms: &mut Vec<Form>) {
    let without_article = word.strip_prefix('ה').filter(|_| has_article);
    for conjunction in ["", "ו"] {
        for subordinator in ["", "ש", "כש", "מש", "לכש"] {
            for preposition in ["", "ב", "כ", "ל", "מ"] {
                let prefix = format!("{conjunction}{subordinator}{preposition}");
                if prefix.is_empty() {
                    continue;
                }
                let n_prefix = prefix.chars().count();
                // An initial ו is doubled after a prefix: בוורשה.
                let doubled = if word.starts_with('ו') { "ו" } else { "" };
                let (text, n_outside) = match (preposition, without_article) {
                    ("ב" | "כ" | "ל", Some(rest)) => (format!("{prefix}{rest}"), 0),
                    _ => {
                        (format!("{prefix}{doubled}{word}"), n_prefix + doubled.len() / 2)
                    }
                };
                forms.push(Form { text, prefix, n_outside });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::forms;
    use crate::text::lang::Lang;

    #[track_caller]
    fn check(tag: &str, word: &str, written: &str, n_outside: Option<usize>) {
        let lang = Lang::parse(tag).unwrap();
        let found = forms(word, &lang, true).into_iter().find(|it| it.text == written);
        assert_eq!(found.map(|it| it.n_outside), n_outside, "{written}");
    }

    #[test]
    fn b4_arabic_joined_letters() {
        check("ar", "ايران", "وايران", Some(1));
        check("ar", "ايران", "بايران", Some(0));
        check("ar", "ايران", "ولايران", Some(1));
        check("ar", "ايران", "سايران", None);
        check("ar", "العراق", "للعراق", Some(0));
        check("ar", "العراق", "وبالعراق", Some(1));
        check("ar", "اللاذقيه", "للاذقيه", Some(0));
        check("ar", "nato", "وnato", None);
    }

    #[test]
    fn b4_hebrew_joined_letters() {
        check("he", "ישראל", "וכשבישראל", Some(4));
        check("he", "הכנסת", "בכנסת", Some(0));
        check("he", "הכנסת", "מהכנסת", Some(1));
        check("he", "ורשה", "בוורשה", Some(2));
        check("fa", "ایران", "بایران", None);
    }
}
