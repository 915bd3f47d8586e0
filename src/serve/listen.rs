//! Which addresses and which port the preview has.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use crate::error::Error;
use crate::serve::gate::{ENTER, Gate};
use crate::serve::version::RESERVED;

/// The port that is tried first.
pub const PORT: u16 = 4000;

/// How many ports are tried where none was asked for.
const N_PORTS: u16 = 100;

/// How often a free port is looked for that is free at both loopback addresses.
const N_TRIES: usize = 20;

/// Number of letters of a key; each holds five bits.
const N_KEY: usize = 16;

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The address to listen at, instead of the loopback ones.
    pub host: Option<IpAddr>,
    /// Whether the network may look.
    pub is_lan: bool,
    /// The port, instead of the first free one; 0 is any.
    pub port: Option<u16>,
}

/// Open doors.
#[derive(Debug)]
pub struct Doors {
    /// Where requests come in.
    pub listeners: Vec<TcpListener>,
    /// The address that pages name, without a slash at the end.
    pub origin: String,
    /// The address to open on this machine, without a slash at the end.
    pub local: String,
    /// The address for other machines, with the key; none where only this one may look.
    pub entrance: Option<String>,
    gate: Gate,
}

impl Doors {
    /// Who may come in.
    pub fn gate(&self) -> Gate {
        self.gate.clone()
    }
}

/// Opens the doors.
///
/// # Errors
///
/// The port is taken, or may not be used; the address is none of this machine; or the
/// machine is in no network.
pub fn open(wish: &Wish) -> Result<Doors, Error> {
    let lan = if wish.is_lan || wish.host.is_some_and(|it| it.is_unspecified()) {
        lan_address()
    } else {
        None
    };
    if wish.is_lan && lan.is_none() {
        let help = "join one, or leave `--lan` out";
        return Err(refused("the network", "this machine is in none", help));
    }
    let (needed, wanted) = addresses(wish);
    let (listeners, port) = bind(wish, &needed, &wanted)?;
    let with_port = |host: IpAddr| SocketAddr::new(host, port).to_string();
    let mut names: BTreeSet<String> =
        [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].map(with_port).into();
    names.insert(format!("localhost:{port}"));
    let mut foreign = BTreeSet::new();
    match wish.host {
        Some(host) if host.is_loopback() => _ = names.insert(with_port(host)),
        Some(host) => _ = foreign.insert(with_port(host)),
        None => {}
    }
    foreign.extend(lan.map(with_port));
    if port == 80 {
        // Browsers leave this one out.
        let bare = |it: &String| it.strip_suffix(":80").map(str::to_owned);
        names.extend(names.iter().filter_map(bare).collect::<Vec<_>>());
        foreign.extend(foreign.iter().filter_map(bare).collect::<Vec<_>>());
    }
    let is_local = wish.host.is_none_or(|it| it.is_loopback()) && !wish.is_lan;
    let is_everywhere = wish.is_lan || wish.host.is_some_and(|it| it.is_unspecified());
    let local = match wish.host.filter(|_| !is_everywhere) {
        Some(host) => format!("http://{}", with_port(host)),
        None => format!("http://localhost:{port}"),
    };
    let known = wish.host.filter(|it| !it.is_unspecified() && !is_local).or(lan);
    let origin =
        known.map_or_else(|| local.clone(), |it| format!("http://{}", with_port(it)));
    let key = if is_local { None } else { Some(key()?) };
    let entrance = key.as_ref().map(|it| format!("{origin}{RESERVED}{ENTER}{it}"));
    let gate = Gate { own: names, foreign, key, cookie: format!("mujaz-{port}") };
    Ok(Doors { listeners, origin, local, entrance, gate })
}

fn refused(what: &str, why: &str, help: &str) -> Error {
    Error::refused("open", Path::new(what), why, help)
}

/// Addresses that must be listened at, and those that are where the machine has them.
fn addresses(wish: &Wish) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
    match wish.host {
        Some(host) => (vec![host], Vec::new()),
        None if wish.is_lan => (vec![Ipv4Addr::UNSPECIFIED.into()], vec![v6]),
        None => (vec![v4], vec![v6]),
    }
}

fn bind(
    wish: &Wish,
    needed: &[IpAddr],
    wanted: &[IpAddr],
) -> Result<(Vec<TcpListener>, u16), Error> {
    let ports: Vec<u16> = match wish.port {
        Some(0) => vec![0; N_TRIES],
        Some(port) => vec![port],
        None => (PORT..PORT + N_PORTS).collect(),
    };
    let mut last = None;
    for port in ports {
        match bind_at(port, needed, wanted) {
            Ok(bound) => return Ok(bound),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                last = Some((port, error));
            }
            Err(error) => return Err(cannot(port, needed, error)),
        }
    }
    let (port, error) = last.unwrap_or((PORT, ErrorKind::AddrInUse.into()));
    Err(cannot(port, needed, error))
}

fn cannot(port: u16, needed: &[IpAddr], error: io::Error) -> Error {
    let what = format!("port {port}");
    match error.kind() {
        ErrorKind::AddrInUse => refused(
            &what,
            "another program uses it",
            "name another one with `--port`, or leave that out to take the next free one",
        ),
        ErrorKind::PermissionDenied => refused(
            &what,
            "the system keeps it for itself",
            "name one above 1023 with `--port`",
        ),
        ErrorKind::AddrNotAvailable => {
            let host = needed.first().map(ToString::to_string).unwrap_or_default();
            refused(
                &host,
                "this machine does not have that address",
                "name one of its own with `--host`, or use `--lan`",
            )
        }
        _ => Error::io("open", Path::new(&what), error),
    }
}

/// Listens at one port of all addresses.
fn bind_at(
    port: u16,
    needed: &[IpAddr],
    wanted: &[IpAddr],
) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut port = port;
    let mut listeners = Vec::new();
    for (host, is_needed) in
        needed.iter().map(|it| (it, true)).chain(wanted.iter().map(|it| (it, false)))
    {
        match TcpListener::bind((*host, port)) {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                listeners.push(listener);
            }
            // A port that somebody else has at one of the addresses of `localhost` would
            // show the browser another site than ours.
            Err(error) if is_needed || error.kind() == ErrorKind::AddrInUse => {
                return Err(error);
            }
            // A machine without IPv6.
            Err(_) => {}
        }
    }
    Ok((listeners, port))
}

/// The address that this machine has in its network; nothing is sent for it.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address of documentation (RFC 5737): which way would a message to it go?
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// A word that nobody can guess, in letters that can be typed on a telephone.
fn key() -> Result<String, Error> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; N_KEY];
    getrandom::fill(&mut bytes).map_err(|it| {
        Error::io("read", Path::new("random bytes"), io::Error::other(it))
    })?;
    Ok(bytes.iter().map(|it| char::from(LETTERS[usize::from(it & 31)])).collect())
}
