//! A branch of a git repository as a place for a site: one commit for each deploy.
//!
//! Only plumbing is used, with an index of its own, so that no checkout is touched. The new
//! tree begins as that of the branch, and only what the last deploy brought goes out of it;
//! files of others (`CNAME`) stay. A push is never forced: of two deploys at once, git
//! takes one. The site changes in one step and a cut changes nothing, so there is no lock,
//! no journal and no copy; what was there before is in the history.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config;
use crate::error::Error;
use crate::publish::carry::{Done, Job, refuse, wanted};
use crate::publish::plan::{Plan, Source, Step, Wish, plan};
use crate::publish::state::{Pending, STATE, State};
use crate::publish::target::Destination;

/// Largest file that the hosts of repositories take (row U17).
const MAX_FILE: u64 = 100 * 1024 * 1024;

/// File that tells GitHub Pages to publish names that begin with `_`.
const NO_JEKYLL: &str = ".nojekyll";

/// A branch that is deployed to.
pub struct Branch {
    /// Where `git` runs.
    folder: PathBuf,
    /// What is pushed to: the name of a remote, or an address.
    remote: String,
    name: String,
    /// An index of our own, and a reference that keeps what was fetched.
    index: PathBuf,
    reference: String,
}

impl Drop for Branch {
    fn drop(&mut self) {
        self.remove_index();
    }
}

/// What is on the branch.
struct Found {
    /// Its last commit.
    head: Option<String>,
    /// The files of that commit: object by path.
    files: BTreeMap<String, String>,
    state: State,
}

impl Branch {
    /// Finds the repository of a target; `site` is its destination.
    ///
    /// # Errors
    ///
    /// There is no `git`, or no repository there.
    pub fn open(
        name: &str,
        site: &Destination,
        source: &Path,
        journals: &Path,
    ) -> Result<Option<Self>, Error> {
        let Destination::Git { repository, remote, branch } = site else {
            return Ok(None);
        };
        let journals = std::path::absolute(journals)
            .map_err(|it| Error::io("find", journals, it))?;
        std::fs::create_dir_all(&journals)
            .map_err(|it| Error::io("make the folder", &journals, it))?;
        let is_folder = source.join(repository).exists();
        let folder = if is_folder {
            source.join(repository)
        } else {
            journals.join(format!("{name}.git"))
        };
        let remote = if is_folder { remote.clone() } else { repository.clone() };
        let branch = Self {
            folder,
            remote,
            name: branch.clone(),
            // Of this run alone: another one at the same time has its own.
            index: journals.join(format!("{name}.{}.index", std::process::id())),
            reference: format!("refs/mujaz/{name}"),
        };
        if !is_folder && !branch.folder.exists() {
            let path = branch.folder.to_string_lossy().into_owned();
            let made =
                Command::new("git").args(["init", "--quiet", "--bare", &path]).output();
            let made = made.map_err(|it| no_git(&it))?;
            if !made.status.success() {
                let words = without_keys(&String::from_utf8_lossy(&made.stderr));
                return Err(branch.refused(&words));
            }
        }
        Ok(Some(branch))
    }

    /// Plans a deploy; nothing is pushed.
    ///
    /// # Errors
    ///
    /// A rule stands against it, or git refuses.
    pub fn look(&self, job: &Job<'_>) -> Result<Plan, Error> {
        let found = self.find()?;
        plan_of(job, &found)
    }

    /// Commits the site and pushes it.
    ///
    /// # Errors
    ///
    /// A rule stands against it, another deploy was faster, or git refuses.
    pub fn deploy(&self, job: &Job<'_>) -> Result<Done, Error> {
        let found = self.find()?;
        let plan = plan_of(job, &found)?;
        if plan.steps.is_empty() && plan.settled == found.state {
            return Ok(Done { plan, n_sent: 0, n_bytes: 0 });
        }
        let objects = self.objects(job, &found, &plan)?;
        let tree = self.tree(&found, &plan, &objects)?;
        let commit = self.commit(&found, &plan, &tree)?;
        self.push(job, &commit)?;
        let n_bytes = plan.steps.iter().map(|it| it.print.size).sum();
        Ok(Done { n_sent: plan.steps.len(), n_bytes, plan })
    }

    fn find(&self) -> Result<Found, Error> {
        let name = format!("refs/heads/{}", self.name);
        let heads = self.git(&["ls-remote", &self.remote, &name], None)?;
        let Some(head) = heads.split_whitespace().next().map(str::to_owned) else {
            return Ok(Found {
                head: None,
                files: BTreeMap::new(),
                state: State::default(),
            });
        };
        let refs = format!("+{name}:{}", self.reference);
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
        let fetched = self.git(&[&fetch[..], &[&self.remote, &refs]].concat(), None);
        if fetched.as_ref().is_err_and(|it| it.to_string().contains("cannot lock ref")) {
            let why = "another deploy of this site is at work there";
            let help = "wait until it is done, and deploy again";
            return Err(Error::refused("deploy to", Path::new(&self.name), why, help));
        }
        fetched?;
        let files = self.files_of(&head)?;
        let state = match files.get(STATE) {
            Some(object) => {
                let bytes = self.git(&["cat-file", "blob", object], None)?;
                State::parse(bytes.as_bytes()).map_err(|why| {
                    let help = "deploy with the newest mujaz, or to another branch";
                    Error::refused("deploy to", Path::new(&self.name), why, help)
                })?
            }
            None if files.contains_key(config::PATH) => {
                let why =
                    format!("the sources of a site are on the branch `{}`", self.name);
                let help = "give the target a `branch` of its own, such as `gh-pages`";
                return Err(Error::refused(
                    "deploy to",
                    Path::new(&self.name),
                    why,
                    help,
                ));
            }
            None => State::default(),
        };
        Ok(Found { head: Some(head), files, state })
    }

    fn files_of(&self, commit: &str) -> Result<BTreeMap<String, String>, Error> {
        let all = self.git(&["ls-tree", "-r", "-z", "--full-tree", commit], None)?;
        // Each is `mode type object<TAB>path`.
        let file = |line: &str| {
            let (about, path) = line.split_once('\t')?;
            Some((path.to_owned(), about.split(' ').nth(2)?.to_owned()))
        };
        Ok(all.split('\0').filter_map(file).collect())
    }

    /// Puts the new files into the repository: object by path.
    fn objects(
        &self,
        job: &Job<'_>,
        found: &Found,
        plan: &Plan,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut objects = BTreeMap::new();
        let built: Vec<&Step> =
            plan.steps.iter().filter(|it| it.source == Source::Built).collect();
        if let Some(output) = job.output {
            let folder = std::path::absolute(&output.folder)
                .map_err(|it| Error::io("find", &output.folder, it))?;
            let lines: Vec<String> = built
                .iter()
                .map(|it| format!("{}\n", folder.join(&it.path).display()))
                .collect();
            let hash = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
            let hashes = self.git(&hash, Some(lines.concat().as_bytes()))?;
            let hashes: Vec<&str> = hashes.lines().collect();
            for (at, step) in built.iter().enumerate() {
                // What was hashed is what the build has left: it still is, afterwards.
                output.bytes(&step.path)?;
                let Some(hash) = hashes.get(at) else {
                    let why = "git has not taken it";
                    let help = "deploy again";
                    return Err(Error::refused("send", Path::new(&step.path), why, help));
                };
                objects.insert(step.path.clone(), (*hash).to_owned());
            }
        }
        let kept = match job.output {
            Some(_) => BTreeMap::new(),
            None => self.files_before(found)?,
        };
        for step in &plan.steps {
            match &step.source {
                Source::Built => {}
                Source::Redirect(bytes) => {
                    objects.insert(step.path.clone(), self.object(bytes)?);
                }
                Source::Copy => {
                    let Some(object) = kept.get(&step.path) else {
                        let why = "the history of the branch does not have it";
                        let help = "deploy an older state of the sources instead, with \
                                    `--allow-older`";
                        let path = Path::new(&step.path);
                        return Err(Error::refused("bring back", path, why, help));
                    };
                    objects.insert(step.path.clone(), object.clone());
                }
            }
            let there = found.files.get(&step.path).filter(|_| step.is_new);
            if there.is_some() && there != objects.get(&step.path) {
                let why = format!(
                    "a file that mujaz did not send stands there on the branch `{}`",
                    self.name
                );
                let help = "move it away, or deploy to a branch of its own";
                return Err(Error::refused("send", Path::new(&step.path), why, help));
            }
        }
        Ok(objects)
    }

    /// The files of the deploy before the last one.
    fn files_before(&self, found: &Found) -> Result<BTreeMap<String, String>, Error> {
        let Some(head) = &found.head else { return Ok(BTreeMap::new()) };
        let Some(wanted) = &found.state.previous else { return Ok(BTreeMap::new()) };
        // A deploy that only deletes old files is a commit of the same site.
        let log = ["rev-list", "--first-parent", "--max-count=100", head, "--", STATE];
        let commits = self.git(&log, None)?;
        for commit in commits.lines().skip(1) {
            let bytes = self.git(&["show", &format!("{commit}:{STATE}")], None)?;
            let state = State::parse(bytes.as_bytes());
            if state.is_ok_and(|it| it.now.files == wanted.files) {
                return self.files_of(commit);
            }
        }
        Ok(BTreeMap::new())
    }

    fn object(&self, bytes: &[u8]) -> Result<String, Error> {
        let hash = self.git(&["hash-object", "-w", "--stdin"], Some(bytes))?;
        Ok(hash.trim().to_owned())
    }

    fn tree(
        &self,
        found: &Found,
        plan: &Plan,
        objects: &BTreeMap<String, String>,
    ) -> Result<String, Error> {
        // One that a killed deploy of this number has left would be read, or lock us out.
        self.remove_index();
        match &found.head {
            Some(head) => self.git(&["read-tree", head], None)?,
            None => self.git(&["read-tree", "--empty"], None)?,
        };
        let mut lines = String::new();
        // First what goes: a file may become a folder.
        for removal in &plan.removals {
            lines.push_str(&format!("0 {}\t{}\0", "0".repeat(40), removal));
        }
        for (path, object) in objects {
            lines.push_str(&format!("100644 {object} 0\t{path}\0"));
        }
        let state = self.object(&plan.settled.to_bytes())?;
        lines.push_str(&format!("100644 {state} 0\t{STATE}\0"));
        if !found.files.contains_key(NO_JEKYLL) {
            let empty = self.object(b"")?;
            lines.push_str(&format!("100644 {empty} 0\t{NO_JEKYLL}\0"));
        }
        self.git(&["update-index", "-z", "--index-info"], Some(lines.as_bytes()))?;
        let tree = self.git(&["write-tree"], None)?;
        Ok(tree.trim().to_owned())
    }

    fn remove_index(&self) {
        let mut lock = self.index.clone().into_os_string();
        lock.push(".lock");
        let _ = std::fs::remove_file(lock);
        let _ = std::fs::remove_file(&self.index);
    }

    fn commit(&self, found: &Found, plan: &Plan, tree: &str) -> Result<String, Error> {
        let message = format!("Deploy {}", plan.settled.generation);
        let mut args = vec!["commit-tree", tree, "-m", &message];
        if let Some(head) = &found.head {
            args.extend(["-p", head]);
        }
        Ok(self.git(&args, None)?.trim().to_owned())
    }

    fn push(&self, job: &Job<'_>, commit: &str) -> Result<(), Error> {
        let refs = format!("{commit}:refs/heads/{}", self.name);
        let pushed =
            self.git(&["push", "--quiet", "--no-verify", &self.remote, &refs], None);
        pushed.map(|_| ()).map_err(|error| {
            let text = error.to_string();
            let is_late =
                ["fetch first", "non-fast-forward", "cannot lock ref", "rejected"]
                    .iter()
                    .any(|it| text.contains(it));
            if !is_late {
                return error;
            }
            let why = format!(
                "another deploy was faster, or the branch takes no such push ({text})"
            );
            let help =
                "deploy again; if that does not help, look at what git says and at the rules of \
                 the branch";
            Error::refused("deploy to", Path::new(job.target), why, help)
        })
    }

    fn git(&self, args: &[&str], input: Option<&[u8]>) -> Result<String, Error> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(["-c", "gc.auto=0"]).args(args);
        // Variables of a hook or a script around us would lead to another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"]
        {
            command.env_remove(name);
        }
        command.env("GIT_INDEX_FILE", &self.index);
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        if args.first() == Some(&"commit-tree") && !self.has_identity() {
            for who in ["AUTHOR", "COMMITTER"] {
                command.env(format!("GIT_{who}_NAME"), "mujaz");
                command.env(format!("GIT_{who}_EMAIL"), "mujaz@localhost");
            }
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|it| no_git(&it))?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // A pipe that nobody empties would hold both up.
            scope.spawn(move || {
                let sent = stdin.zip(input).map(|(mut it, bytes)| it.write_all(bytes));
                // What git did not read, it says itself.
                drop(sent);
            });
            child.wait_with_output()
        });
        let output = output.map_err(|it| no_git(&it))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let words = without_keys(&String::from_utf8_lossy(&output.stderr));
        Err(self.refused(&words))
    }

    /// What git has said against something, with a way out.
    fn refused(&self, words: &str) -> Error {
        let says = |all: &[&str]| all.iter().any(|it| words.contains(it));
        let remote = without_keys(&self.remote);
        let (why, help) = if says(&[
            "Could not resolve host",
            "Could not connect",
            "timed out",
        ]) {
            (
                format!("`{remote}` cannot be reached"),
                "look whether this machine is online and the address is right, and deploy again"
                    .to_owned(),
            )
        } else if says(&[
            "Authentication failed",
            "Permission denied (",
            "could not read Username",
            "could not read Password",
            "Host key verification failed",
        ]) {
            (
                format!("`{remote}` does not let this machine in"),
                format!(
                    "see to it that `git ls-remote {remote}` works here without a question, \
                     with a key or a credential helper of git"
                ),
            )
        } else if says(&[
            "does not appear to be a git repository",
            "Repository not found",
        ]) {
            (
                format!("there is no repository at `{remote}`"),
                "mend `repository` or `remote` of the target; `git remote -v` lists the remotes \
                 of a folder"
                    .to_owned(),
            )
        } else if says(&["not a git repository"]) {
            (
                format!("`{}` is not a repository of git", self.folder.display()),
                "run `git init` there, or give the target the `repository` of the site"
                    .to_owned(),
            )
        } else {
            (
                "git has refused".to_owned(),
                "nothing was sent; deploy again once what git says is mended".to_owned(),
            )
        };
        let why = format!("{why} (git says: {words})");
        Error::refused("deploy to", Path::new(&self.name), why, help)
    }

    fn has_identity(&self) -> bool {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(["var", "GIT_COMMITTER_IDENT"]);
        command.output().is_ok_and(|it| it.status.success())
    }
}

/// The plan of a deploy to a branch.
fn plan_of(job: &Job<'_>, found: &Found) -> Result<Plan, Error> {
    let edition = wanted(job, &found.state)?;
    let is_rollback = job.output.is_none();
    let wish = Wish { edition: &edition, base_url: job.base_url, is_rollback };
    // What somebody has deleted on the branch is sent again.
    let mut pending = Pending::default();
    let lost =
        found.state.now.files.iter().filter(|(it, _)| !found.files.contains_key(*it));
    pending.files.extend(lost.map(|(path, it)| (path.clone(), it.clone())));
    let mut plan =
        plan(&wish, &found.state, &pending, &job.rules).map_err(|it| refuse(job, it))?;
    // The history keeps what was replaced.
    plan.settled.copies.clear();
    if let Some(large) = plan.steps.iter().find(|it| MAX_FILE < it.print.size) {
        let why = "hosts of repositories take files of at most 100 MiB";
        let help = "make the file smaller, or put it elsewhere and link to it";
        return Err(Error::refused("send", Path::new(&large.path), why, help));
    }
    Ok(plan)
}

fn no_git(error: &io::Error) -> Error {
    let why = format!("`git` cannot be run ({error})");
    Error::refused("deploy to", Path::new("a branch"), why, "install git")
}

/// What git has said on one line, without names and passwords in addresses.
fn without_keys(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let Some((scheme, rest)) = word.split_once("://") else { return word.to_owned() };
        let host = rest.split('/').next().unwrap_or_default();
        match host.rsplit_once('@') {
            Some((who, _)) => {
                let rest = rest.strip_prefix(who).unwrap_or_default();
                format!("{scheme}://…{rest}")
            }
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ").chars().take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_refuses_is_told_with_a_way_out() {
        let branch = Branch {
            folder: PathBuf::from("site"),
            remote: "https://me:KANARI@example.org/a.git".to_owned(),
            name: "gh-pages".to_owned(),
            index: std::env::temp_dir().join("mujaz-no.index"),
            reference: String::new(),
        };
        for (words, why, help) in [
            (
                "git@x: Permission denied (publickey).",
                "does not let this machine in",
                "ls-remote",
            ),
            ("error: open index: Permission denied", "git has refused", "deploy again"),
            (
                "fatal: Authentication failed for x",
                "does not let this machine in",
                "ls-remote",
            ),
            ("fatal: Could not resolve host: x", "cannot be reached", "online"),
            (
                "fatal: 'up' does not appear to be a git repository",
                "no repository at",
                "remote",
            ),
            ("fatal: not a git repository", "`site` is not a repository", "git init"),
            ("fatal: the sky fell", "git has refused", "deploy again"),
        ] {
            let error = branch.refused(words);
            let text = format!("{error:?} {error}");
            assert!(
                text.contains(why) && text.contains(help) && text.contains(words),
                "{text}"
            );
            assert!(!text.contains("KANARI"), "{text}");
        }
    }

    #[test]
    fn u12_what_git_says_has_no_keys() {
        let text = "fatal: unable to access 'https://me:KANARI@example.org/a.git/': no\n";
        let words = without_keys(text);
        assert!(
            !words.contains("KANARI") && words.contains("@example.org/a.git"),
            "{words}"
        );
    }
}
