//! Requests of others than the page: all are refused, and the page goes on.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::page::{Answer, Server, answer, copy, exchange, text};

/// A request to an address with these headers beside a cookie that is right, and this body.
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<(&'a str, String)>,
    body: &'a str,
}

fn sent(server: &Server, request: &Request<'_>) -> Answer {
    let mut bytes = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", request.method, request.path);
    for (name, value) in &request.headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    if request.method != "GET" {
        bytes.push_str(&format!("content-length: {}\r\n", request.body.len()));
    }
    bytes.push_str("\r\n");
    bytes.push_str(request.body);
    exchange(server.port, bytes.as_bytes())
}

#[test]
fn who_is_not_the_page_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-thon-2024", home.path());
    let server = Server::start(home.path(), &[text(&folder)]);
    server.folder();
    let port = server.port;
    let host = || ("host", format!("127.0.0.1:{port}"));
    let origin = || ("origin", format!("http://127.0.0.1:{port}"));
    let cookie = || ("cookie", server.cookie.clone());
    let is_json = || ("content-type", "application/json".to_owned());
    let get = |path, headers| Request { method: "GET", path, headers, body: "" };
    let post = |headers| Request { method: "POST", path: "/api/state", headers, body: "{}" };
    let fine = sent(&server, &post(vec![host(), origin(), cookie(), is_json()]));
    assert_eq!(fine.status, 200, "{fine:?}");

    let named = |value: &str| ("host", value.to_owned());
    let from = |value: String| ("origin", value);
    let used = format!("/?token={}", server.token);
    let mut requests = vec![
        ("foreign host", get("/", vec![named("example.com"), cookie()])),
        ("another name of this machine", get("/", vec![named(&format!("localhost:{port}")), cookie()])),
        ("no port", get("/", vec![named("127.0.0.1"), cookie()])),
        ("two hosts", get("/", vec![host(), named("example.com"), cookie()])),
        ("foreign origin", post(vec![host(), from("https://example.com".to_owned()), cookie(), is_json()])),
        ("another port", post(vec![host(), from(format!("http://127.0.0.1:{}", port ^ 1)), cookie(), is_json()])),
        ("no port in the origin", post(vec![host(), from("http://127.0.0.1".to_owned()), cookie(), is_json()])),
        ("a page without an origin", post(vec![host(), from("null".to_owned()), cookie(), is_json()])),
        ("no origin", post(vec![host(), cookie(), is_json()])),
        ("cross-site", get("/api/state", vec![host(), cookie(), ("sec-fetch-site", "cross-site".to_owned())])),
        ("same-site", get("/assets/app.js", vec![host(), cookie(), ("sec-fetch-site", "same-site".to_owned())])),
        ("no cookie", get("/", vec![host()])),
        ("no cookie for a file", get("/assets/app.js", vec![host()])),
        ("no cookie for events", get("/api/events", vec![host()])),
        ("a cookie of nobody", post(vec![host(), origin(), ("cookie", "bieu-00=00".to_owned()), is_json()])),
        ("a used token", get(&used, vec![host()])),
        ("a token of nobody", get("/?token=00", vec![host()])),
        (
            "a form",
            post(vec![host(), origin(), cookie(), ("content-type", "application/x-www-form-urlencoded".to_owned())]),
        ),
        ("plain text", post(vec![host(), origin(), cookie(), ("content-type", "text/plain".to_owned())])),
        ("no kind", post(vec![host(), origin(), cookie()])),
        ("up and out", get("/assets/../app.rs", vec![host(), cookie()])),
        ("up and out in percent", get("/assets/%2e%2e/%2e%2e/Cargo.toml", vec![host(), cookie()])),
        ("a download of nobody", get("/download/00/..%2f..%2fapp-settings.json", vec![host(), cookie()])),
        ("a whole address", get("http://example.com/", vec![host(), cookie()])),
        ("no secret", Request { path: "/launch", ..post(vec![host(), is_json()]) }),
        (
            "a page with a secret",
            Request {
                path: "/launch",
                ..post(vec![host(), origin(), is_json(), ("authorization", "Bearer 00".to_owned())])
            },
        ),
    ];
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"] {
        let headers = vec![host(), origin(), cookie(), is_json()];
        requests.push((method, Request { method, ..post(headers) }));
    }
    for (what, request) in &requests {
        let answer = sent(&server, request);
        assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
        let csp = answer.header("content-security-policy").unwrap_or_default();
        assert!(csp.contains("default-src 'self'") && csp.contains("frame-ancestors 'none'"), "{what}: {answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{what}");
    }
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn only_what_the_chooser_shows_is_opened() {
    let home = tempfile::tempdir().expect("a folder");
    let outside = tempfile::tempdir().expect("another folder");
    copy("bieu-thon-2024", outside.path());
    let folder = copy("bieu-thon-2024", home.path());
    fs::create_dir_all(home.path().join(".an")).expect("a folder");
    let server = Server::start(home.path(), &[text(&folder)]);
    server.folder();
    let secret = outside.path().join("bieu-thon-2024");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, home.path().join("loi-tat")).expect("a link");
    let mut paths = vec![
        "/etc".to_owned(),
        "/etc/passwd".to_owned(),
        "/khong-co".to_owned(),
        text(&secret).to_owned(),
        format!("{}/../..", text(&folder)),
        format!("{}/.an", text(home.path())),
        "bieu-thon-2024".to_owned(),
        "//server/share".to_owned(),
        r"\\server\share".to_owned(),
        r"\\?\C:\".to_owned(),
        "file:///etc".to_owned(),
        format!("{}\0", text(&folder)),
        String::new(),
    ];
    if cfg!(unix) {
        paths.push(format!("{}/loi-tat", text(home.path())));
        paths.push(format!("{}/loi-tat/so-lieu-thon.xlsx", text(home.path())));
    }
    for path in &paths {
        for question in ["browse", "open"] {
            assert_eq!(
                server.refused(question, &json!({ "path": path })),
                (403, "outside".to_owned()),
                "{question} {path}"
            );
        }
        let body = json!({ "folder": "f1", "kinds": ["form"], "to": path, "force": true });
        assert_eq!(server.refused("save", &body).0, 403, "{path}");
    }
    // Ids lead to what was opened, and to nothing else.
    for file in ["f1/99", "f2/0", "f1", "../0", "f1/../../etc/passwd", ""] {
        let body = json!({ "file": file, "sheet": null, "from": 0, "count": 10 });
        assert_eq!(server.refused("sheet", &body).0, 404, "{file}");
    }
    let sent = |name: &str| json!({ "files": [{ "name": name, "base64": "YQ==" }] });
    for name in ["../a.xlsx", "a/b.csv", r"..\a.csv", "C:a.csv", "nul.csv", "a.exe", ".a.csv", "a.sh"] {
        assert_eq!(server.refused("upload", &sent(name)).0, 400, "{name}");
    }
    assert_eq!(server.refused("no-such", &json!({})).0, 404);
    assert_eq!(server.refused("open", &json!({ "path": 7 })).0, 400);
    assert_eq!(server.refused("explain", &json!({ "code": "--help" })).0, 404);
    // The page goes on.
    let listed = server.ask("browse", &json!({ "path": text(home.path()) }));
    let names: Vec<&str> =
        listed["entries"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.contains(&"bieu-thon-2024") && !names.contains(&".an"), "{names:?}");
}

#[test]
fn large_slow_and_many_requests_do_not_stop_the_page() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-thon-2024", home.path());
    let server = Server::start(home.path(), &[text(&folder)]);
    server.folder();
    let port = server.port;
    let head = |rest: &str| {
        format!(
            "POST /api/state HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\ncookie: {}\r\n\
             content-type: application/json\r\n{rest}\r\n",
            server.cookie
        )
    };
    // Larger than allowed, by what it says and by what comes.
    assert_eq!(exchange(port, head("content-length: 99999999999\r\n").as_bytes()).status, 413);
    let mut chunked = head("transfer-encoding: chunked\r\n").into_bytes();
    for _ in 0..40 {
        chunked.extend(b"10000\r\n");
        chunked.extend(vec![b' '; 0x10000]);
        chunked.extend(b"\r\n");
    }
    let large = exchange(port, &chunked);
    assert!(large.status == 413 || large.status == 0, "{large:?}");
    // A head and a body that never end.
    let slow = |bytes: String| {
        thread::spawn(move || {
            let since = Instant::now();
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
            stream.set_read_timeout(Some(Duration::from_millis(250))).expect("a limit");
            stream.write_all(bytes.as_bytes()).expect("sent");
            let mut all = Vec::new();
            let mut buffer = [0; 4096];
            while since.elapsed() < Duration::from_mins(1) {
                match stream.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => all.extend_from_slice(&buffer[..count]),
                    // A drop every now and then keeps nobody busy.
                    Err(_) if stream.write_all(b" ").is_err() => break,
                    Err(_) => {}
                }
            }
            (answer(&all).status, since.elapsed())
        })
    };
    let body = slow(head("content-length: 1000\r\n"));
    let request = slow(format!("GET / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx: "));
    thread::sleep(Duration::from_millis(300));
    // Connections that ask nothing.
    let mut open = Vec::new();
    for _ in 0..1000 {
        if open.len() >= 400 {
            open.remove(0);
        }
        open.extend(TcpStream::connect(("127.0.0.1", port)));
        if open.len() % 100 == 0 {
            let since = Instant::now();
            assert_eq!(server.get("/api/state").status, 200);
            assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
        }
    }
    assert_eq!(server.get("/").status, 200);
    let (status, took) = body.join().expect("an answer");
    assert!(status == 408 && took < Duration::from_secs(30), "{status} {took:?}");
    let (status, took) = request.join().expect("an end");
    assert!(status != 200 && took < Duration::from_secs(30), "{status} {took:?}");
    assert_eq!(server.get("/").status, 200);
}
