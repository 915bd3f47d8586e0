//! Deploys to WebDAV and SFTP, with the servers that `tests/deploy/tools` installs.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::desk::{later, two_briefings};
use crate::program::{CANARY, Site, holds, tree};

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(command: &mut Command, port: u16) -> Server {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Dropped, it ends, also where it never answers.
    let server = Server(command.spawn().expect("run tests/deploy/tools first"));
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the server does not answer");
}

/// What must be true of every host of files.
fn is_deployed_to(site: &mut Site, folder: &Path) {
    fs::write(folder.join("CNAME"), "theirs").unwrap();
    assert_eq!(site.deploy(&two_briefings(), &[]), Some(0), "{}", site.said);
    assert!(holds(folder, &two_briefings()), "{:?}", tree(folder).keys());
    assert_eq!(site.deploy(&later(), &[]), Some(0), "{}", site.said);
    assert!(holds(folder, &later()));
    assert_eq!(site.run(&[]), Some(0), "{}", site.said);
    assert!(site.said.contains("nothing to send"), "{}", site.said);
    assert_eq!(site.run(&["--rollback"]), Some(0), "{}", site.said);
    assert!(holds(folder, &two_briefings()));
    assert_eq!(fs::read(folder.join("CNAME")).unwrap(), b"theirs");
    // U13: nothing is left of what was being written.
    let left: Vec<String> =
        tree(folder).into_keys().filter(|it| it.starts_with(".mujaz/new/")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!site.has_leaked(folder), "{}", site.said);
}

#[test]
fn u10_u13_u15_webdav() {
    let folder = TempDir::new().unwrap();
    let port = free_port();
    let mut rclone = Command::new("rclone");
    rclone.args(["serve", "webdav", "--addr", &format!("127.0.0.1:{port}")]);
    rclone.args(["--user", "desk", "--pass", CANARY, "--config", "/dev/null"]);
    rclone.arg(folder.path());
    let _server = start(&mut rclone, port);
    let target =
        format!("{{kind: webdav, url: \"http://127.0.0.1:{port}/\", max_deletes: 99}}");
    is_deployed_to(&mut Site::new(&target), folder.path());
    let mut stranger = Site::new(&target).with_secret("wrong");
    assert_eq!(stranger.deploy(&later(), &[]), Some(2), "{}", stranger.said);
    assert!(holds(folder.path(), &two_briefings()));
}

#[test]
fn u10_u13_u15_sftp() {
    let folder = TempDir::new().unwrap();
    let keys = TempDir::new().unwrap();
    let port = free_port();
    let key = |name: &str| keys.path().join(name).to_str().unwrap().to_owned();
    for name in ["host", "desk"] {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f", &key(name)])
            .status();
        assert!(made.expect("run tests/deploy/tools first").success());
    }
    fs::copy(key("desk.pub"), key("authorized")).unwrap();
    let host_key = fs::read_to_string(key("host.pub")).unwrap();
    fs::write(key("known"), format!("[127.0.0.1]:{port} {host_key}")).unwrap();
    let settings = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\n\
         PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
         Subsystem sftp internal-sftp\n",
        key("host"),
        key("authorized")
    );
    fs::write(key("settings"), settings).unwrap();
    if !Path::new("/run/sshd").exists() {
        let _ = fs::create_dir("/run/sshd");
    }
    let mut sshd = Command::new("/usr/sbin/sshd");
    sshd.args(["-D", "-f", &key("settings")]);
    let _server = start(&mut sshd, port);
    // The known hosts of whoever runs the tests are left alone.
    let programs = keys.path().join("bin");
    fs::create_dir(&programs).unwrap();
    let ssh = programs.join("ssh");
    let script = format!(
        "#!/bin/sh\nexec /usr/bin/ssh -o UserKnownHostsFile={} -F /dev/null \"$@\"\n",
        key("known")
    );
    fs::write(&ssh, script).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    let target = format!(
        "{{kind: sftp, host: 127.0.0.1, port: {port}, folder: {:?}, key: {:?}, max_deletes: 99}}",
        folder.path(),
        key("desk")
    );
    is_deployed_to(&mut Site::new(&target).with_programs(&programs), folder.path());
}
