//! Changes as a unified diff, in the form that `git apply` and `patch` take.

use similar::TextDiff;

use crate::edit::Change;

/// The changes of all files, one after the other.
pub(super) fn unified(changes: &[Change]) -> String {
    changes.iter().map(of_file).collect()
}

fn of_file(change: &Change) -> String {
    let Change { from, to, before, after } = change;
    let old = format!("a/{from}");
    let head = format!("diff --git {old} b/{}\n", to.as_ref().unwrap_or(from));
    let (what, new, after) = match to {
        None => ("deleted file mode 100644\n".to_owned(), "/dev/null".to_owned(), ""),
        Some(to) if to != from => {
            let what = format!("rename from {from}\nrename to {to}\n");
            (what, format!("b/{to}"), after.as_str())
        }
        Some(to) => (String::new(), format!("b/{to}"), after.as_str()),
    };
    let diff = TextDiff::from_lines(before.as_str(), after);
    let hunks = diff.unified_diff().header(&old, &new).to_string();
    format!("{head}{what}{hunks}")
}

#[cfg(test)]
mod tests {
    use super::unified;
    use crate::diag::SourcePath;
    use crate::edit::Change;

    #[track_caller]
    fn check(to: Option<&str>, before: &str, after: &str, expected: &str) {
        let change = Change {
            from: SourcePath::new("content/topics/a.yaml"),
            to: to.map(SourcePath::new),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        assert_eq!(unified(&[change]), expected);
    }

    #[test]
    fn a_renamed_file_is_shown_with_both_names() {
        let expected = "diff --git a/content/topics/a.yaml b/content/topics/b.yaml\n\
                        rename from content/topics/a.yaml\n\
                        rename to content/topics/b.yaml\n";
        check(Some("content/topics/b.yaml"), "x\n", "x\n", expected);
        let changed = format!(
            "{expected}--- a/content/topics/a.yaml\n+++ b/content/topics/b.yaml\n@@ -1 +1 \
             @@\n-x\n+y\n"
        );
        check(Some("content/topics/b.yaml"), "x\n", "y\n", &changed);
    }

    #[test]
    fn a_deleted_file_becomes_nothing() {
        let expected = "diff --git a/content/topics/a.yaml b/content/topics/a.yaml\n\
                        deleted file mode 100644\n\
                        --- a/content/topics/a.yaml\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
        check(None, "x\n", "ignored", expected);
    }
}
