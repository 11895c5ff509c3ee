//! One program for one person: a second start opens the page of the first.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{auth::Auth, home::Home};

/// Locked for as long as the program runs. The address stands in another file: Windows lets nobody read a
/// locked one.
const LOCK: &str = "app.lock";
const ADDRESS: &str = "app-address.json";
/// How long the first start may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to be the only one.
pub(super) struct Single {
    _lock: File,
}

/// How a second start finds the first.
#[derive(Serialize, Deserialize)]
struct Address {
    port: u16,
    secret: String,
}

/// The right, or none where another one runs.
pub(super) fn claim(home: &Home) -> io::Result<Option<Single>> {
    let path = home.path.join(LOCK);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Single { _lock: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl Single {
    /// Lets a second start find this one. Only the same person can read it.
    pub(super) fn say(self, home: &Home, auth: &Auth) -> io::Result<Self> {
        let port = auth.port();
        let text = serde_json::to_vec(&Address { port, secret: auth.secret.clone() })?;
        let path = home.path.join(ADDRESS);
        // A file of another run may have other rights.
        let _ = fs::remove_file(&path);
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(path)?.write_all(&text)?;
        Ok(self)
    }

    /// Takes the address away.
    pub(super) fn end(self, home: &Home) {
        let _ = fs::remove_file(home.path.join(ADDRESS));
        drop(self);
    }
}

/// Asks the first one for an address of its page, and tells it the folder. None where it does not answer.
pub(super) fn ask(home: &Home, folder: Option<&Path>) -> Option<String> {
    let since = Instant::now();
    // It may have been started in the same moment.
    while since.elapsed() < PATIENCE {
        if let Some(address) = ask_once(home, folder) {
            return Some(address);
        }
        thread::sleep(Duration::from_millis(100));
    }
    None
}

fn ask_once(home: &Home, folder: Option<&Path>) -> Option<String> {
    let address: Address = serde_json::from_slice(&fs::read(home.path.join(ADDRESS)).ok()?).ok()?;
    let folder = folder.map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()));
    let body = json!({ "folder": folder }).to_string();
    let Address { port, secret } = address;
    let request = format!(
        "POST /launch HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {secret}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let place = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&place, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.take(1 << 16).read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return None;
    }
    let body: Value = serde_json::from_str(body).ok()?;
    let address = body.get("address")?.as_str()?;
    // What answers at the port is asked to open a page of its own, and nothing else.
    address.starts_with(&format!("http://127.0.0.1:{port}/?token=")).then(|| address.to_owned())
}
