//! nginx and Caddy, each on a port of its own, with the settings that `mujaz host` prints.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::client::Client;

/// The program.
pub(crate) fn mujaz(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz-on-host"));
    command.args(args).env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Runs a command that must succeed.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {words}");
    output
}

/// Where a program of the system is; servers stand where root alone looks.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|it| it.join(name)).find(|it| it.is_file())
}

/// A server at work; it ends with this value.
pub(crate) struct Server {
    pub(crate) port: u16,
    process: Child,
    folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx ends its workers when it is asked to, and leaves them when it is killed.
        let id = nix::unistd::Pid::from_raw(self.process.id().cast_signed());
        let _ = nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM);
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts a server and waits until it answers.
    fn start(folder: TempDir, port: u16, command: &mut Command) -> Self {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let process = command.spawn().unwrap();
        let mut server = Self { port, process, folder };
        let begun = Instant::now();
        while Client::new(port).get("/", "").is_err() {
            let has_ended = server.process.try_wait().unwrap().is_some();
            assert!(
                !has_ended && begun.elapsed() < Duration::from_secs(30),
                "{}",
                server.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// What the server has complained of.
    pub(crate) fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name));
        read("log").unwrap_or_default() + &read("error.log").unwrap_or_default()
    }

    /// nginx with a folder as its root, and settings in its server block.
    pub(crate) fn nginx(root: &Path, settings: &str) -> Self {
        let program =
            find("nginx").expect("these tests need nginx: run tests/hosts/tools");
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let home = folder.path().display();
        fs::write(folder.path().join("desk.conf"), settings).unwrap();
        let temporary: Vec<String> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|it| format!("    {it}_temp_path {home}/{it};\n"))
            .collect();
        let temporary = temporary.concat();
        let user = if nix::unistd::geteuid().is_root() { "user root;\n" } else { "" };
        let main = format!(
            "{user}daemon off;\nworker_processes 2;\npid {home}/pid;\n\
             error_log {home}/error.log warn;\n\
             events {{ worker_connections 256; }}\nhttp {{\n    access_log off;\n{temporary}    \
             keepalive_requests 100000;\n    server {{\n        listen 127.0.0.1:{port};\n        \
             root \"{}\";\n        include {home}/desk.conf;\n    }}\n}}\n",
            root.display()
        );
        let path = folder.path().join("nginx.conf");
        fs::write(&path, main).unwrap();
        let arguments = [Path::new("-p"), folder.path(), Path::new("-c"), &path];
        let early = ["-e", "stderr"];
        run(Command::new(&program).args(arguments).args(early).arg("-t"));
        let mut command = Command::new(&program);
        command.args(arguments).args(early);
        Self::start(folder, port, &mut command)
    }

    /// Caddy likewise; nothing where it is not installed.
    pub(crate) fn caddy(root: &Path, settings: &str) -> Option<Self> {
        let program = find("caddy")?;
        let folder = TempDir::new().unwrap();
        let port = free_port();
        fs::write(folder.path().join("desk.caddy"), settings).unwrap();
        let main = format!(
            "{{\n\tadmin off\n\tauto_https off\n}}\n\
             http://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\troot * \"{}\"\n\t\
             import \"{}\"\n}}\n",
            root.display(),
            folder.path().join("desk.caddy").display()
        );
        let path = folder.path().join("Caddyfile");
        fs::write(&path, main).unwrap();
        let command = |verb: &str| {
            let mut command = Command::new(&program);
            command.arg(verb).arg("--config").arg(&path);
            command.args(["--adapter", "caddyfile"]).env("HOME", folder.path());
            command
        };
        run(&mut command("validate"));
        let mut command = command("run");
        Some(Self::start(folder, port, &mut command))
    }
}
