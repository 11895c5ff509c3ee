//! The page's side of `bieu app`, by plain HTTP.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::program;

/// A running program with a settings folder of its own.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
    pub(crate) token: String,
    pub(crate) cookie: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

pub(crate) fn command(home: &Path) -> Command {
    command_of(&program::path(), home)
}

fn command_of(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("BIEU_HOME", home.join("bieu"))
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env_remove("BIEU_LANG")
        .env_remove("BIEU_APP_ASSETS")
        .current_dir(home);
    command
}

/// Sends bytes as they are and reads to the end.
pub(crate) fn exchange(port: u16, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
    // A server that refuses early may close before all is sent.
    let _ = stream.write_all(bytes);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    answer(&all)
}

pub(crate) fn answer(all: &[u8]) -> Answer {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(all.len());
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head, body: all.get(end + 4..).unwrap_or_default().to_vec() }
}

impl Server {
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        Self::begin(command(home).args(["app", "--no-browser"]).args(arguments))
    }

    /// Another program, to which no command is named.
    pub(crate) fn start_program(program: &Path, home: &Path, arguments: &[&str]) -> Self {
        Self::begin(command_of(program, home).args(arguments).arg("--no-browser"))
    }

    fn begin(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("bieu starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("an address");
        let address = line.trim().strip_prefix("http://127.0.0.1:").expect("an address on this machine");
        let (port, token) = address.split_once("/?token=").expect("a token");
        let port: u16 = port.parse().expect("a port");
        let mut server = Self { child, port, token: token.to_owned(), cookie: String::new() };
        let first = server.get(&format!("/?token={token}"));
        assert_eq!((first.status, first.header("location")), (303, Some("/")), "{first:?}");
        let cookie = first.header("set-cookie").expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        cookie.split(';').next().unwrap_or_default().clone_into(&mut server.cookie);
        server
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        let (port, cookie) = (self.port, &self.cookie);
        exchange(
            port,
            format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n")
                .as_bytes(),
        )
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let (port, cookie, body) = (self.port, &self.cookie, body.to_string());
        exchange(
            port,
            format!(
                "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\ncookie: {cookie}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        )
    }

    /// Asks, and takes no refusal.
    pub(crate) fn ask(&self, question: &str, body: &Value) -> Value {
        let answer = self.post(&format!("/api/{question}"), body);
        assert_eq!(answer.status, 200, "{question} {body}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Asks, and gives the code of the refusal.
    pub(crate) fn refused(&self, question: &str, body: &Value) -> (u16, String) {
        let answer = self.post(&format!("/api/{question}"), body);
        (answer.status, answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The folder that the program was started with, judged.
    pub(crate) fn folder(&self) -> Value {
        let id = self.ask("state", &json!({}))["folder"].clone();
        self.judged(&id, 0)
    }

    /// A folder once it was judged after a revision.
    pub(crate) fn judged(&self, id: &Value, after: u64) -> Value {
        let since = Instant::now();
        loop {
            let folder = self.ask("folder", &json!({ "folder": id }));
            if folder["busy"] == false && folder["revision"].as_u64() > Some(after) {
                return folder;
            }
            assert!(since.elapsed() < Duration::from_mins(1), "{folder}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether it ends by itself within this time.
    pub(crate) fn ends(&mut self, within: Duration) -> bool {
        let since = Instant::now();
        while since.elapsed() < within {
            if self.child.try_wait().expect("a child").is_some() {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Events as they come.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    pub(crate) fn open(server: &Server) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let (port, cookie) = (server.port, &server.cookie);
        let head = format!("GET /api/events HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        Self(BufReader::new(stream))
    }

    /// The next event of this name.
    pub(crate) fn next(&mut self, name: &str) -> Value {
        let mut is_wanted = false;
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).expect("an event in time"), 0, "the stream ended");
            let line = line.trim_end();
            if let Some(event) = line.strip_prefix("event: ") {
                is_wanted = event == name;
            } else if let Some(data) = line.strip_prefix("data: ").filter(|_| is_wanted) {
                return serde_json::from_str(data).expect("JSON");
            }
        }
    }
}

pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

/// A copy of a sample below a folder.
pub(crate) fn copy(name: &str, to: &Path) -> PathBuf {
    let folder = to.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    for entry in fs::read_dir(sample(name)).expect("the sample").flatten() {
        fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
    }
    folder
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a name that is text")
}
