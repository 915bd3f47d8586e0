//! The real program, in a site with one target.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::desk::Desk;

/// A secret that must turn up nowhere.
pub(crate) const CANARY: &str = "KANARI/secret+key/0123456789abcdefghijklm";

/// The name of the key; hosts need not know it either.
pub(crate) const ACCESS_KEY: &str = "KANARIACCESSKEY01";

/// A site with a target `live`.
pub(crate) struct Site {
    folder: TempDir,
    /// What the program has said so far.
    pub(crate) said: String,
    secret: String,
    path: Option<PathBuf>,
}

impl Site {
    pub(crate) fn new(target: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        let settings = format!(
            "title: x\nbase_url: https://example.org/\ndeploy:\n  live: {target}\n"
        );
        fs::write(folder.path().join("content/site.yaml"), settings).unwrap();
        Self { folder, said: String::new(), secret: CANARY.to_owned(), path: None }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn with_secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    /// Programs of this folder come before those of the system.
    pub(crate) fn with_programs(mut self, folder: &Path) -> Self {
        self.path = Some(folder.to_owned());
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz-to-host"));
        command.args(["deploy", "live", "--no-build"]).args(args);
        command.current_dir(self.path());
        command.env("MUJAZ_LIVE_ACCESS_KEY", ACCESS_KEY);
        command.env("MUJAZ_LIVE_SECRET_KEY", &self.secret);
        command.env("MUJAZ_LIVE_USER", "desk").env("MUJAZ_LIVE_PASSWORD", &self.secret);
        command.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
        if let Some(folder) = &self.path {
            let path = std::env::var("PATH").unwrap();
            command.env("PATH", format!("{}:{path}", folder.display()));
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Writes a site into the output folder.
    pub(crate) fn write(&self, desk: &Desk) {
        let folder = self.path().join("public");
        let _ = fs::remove_dir_all(&folder);
        desk.write(&folder);
    }

    /// Runs a deploy to its end: its status.
    pub(crate) fn deploy(&mut self, desk: &Desk, args: &[&str]) -> Option<i32> {
        self.write(desk);
        self.run(args)
    }

    pub(crate) fn run(&mut self, args: &[&str]) -> Option<i32> {
        let output = self.command(args).output().unwrap();
        self.hear(&output);
        output.status.code()
    }

    /// Begins a deploy.
    pub(crate) fn begin(&self, desk: &Desk) -> Child {
        self.write(desk);
        self.command(&[]).spawn().unwrap()
    }

    /// Notes what a program has said.
    pub(crate) fn hear(&mut self, output: &Output) {
        self.said.push_str(&String::from_utf8_lossy(&output.stdout));
        self.said.push_str(&String::from_utf8_lossy(&output.stderr));
    }

    /// Looks for the secret in everything that was said and left (U12).
    pub(crate) fn has_leaked(&self, host: &Path) -> bool {
        let has_canary =
            |bytes: &[u8]| bytes.windows(CANARY.len()).any(|it| it == CANARY.as_bytes());
        has_canary(self.said.as_bytes())
            || [self.path(), host]
                .iter()
                .any(|folder| tree(folder).values().any(|it| has_canary(it)))
    }
}

/// Path and bytes of every file of a folder.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else if let Ok(bytes) = fs::read(&path) {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            files.insert(name, bytes);
        }
    }
    files
}

/// The files that readers can see.
pub(crate) fn site_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(folder);
    files.retain(|path, _| !path.starts_with(".mujaz"));
    files
}

/// Whether every file of a site is there.
pub(crate) fn holds(folder: &Path, desk: &Desk) -> bool {
    let there = tree(folder);
    desk.files().iter().all(|(path, it)| there.get(path) == Some(it))
}
