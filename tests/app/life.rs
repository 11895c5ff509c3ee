//! Start, a second start, and the end.

use std::{fs, process::Command, time::Duration};

use serde_json::json;

use crate::{
    page::{Events, Server, command, copy, text},
    program,
};

#[test]
fn it_ends_when_it_is_told_to() {
    let home = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(home.path(), &[]);
    assert_eq!(server.ask("state", &json!({}))["folder"], json!(null));
    server.ask("quit", &json!({}));
    assert!(server.ends(Duration::from_secs(30)));
    assert!(!home.path().join("bieu/app-address.json").exists());
}

#[test]
fn the_program_without_a_console_is_the_same() {
    let home = tempfile::tempdir().expect("a folder");
    let program = program::path().with_file_name("bieu-app");
    let own = Command::new(&program).args(["explain", "total-mismatch"]).output().expect("it runs");
    let other = command(home.path()).args(["explain", "total-mismatch"]).output().expect("it runs");
    assert_eq!((own.status.code(), own.stdout), (other.status.code(), other.stdout));
    let folder = copy("bieu-thon-2024", home.path());
    let server = Server::start_program(&program, home.path(), &[text(&folder)]);
    assert_eq!(server.folder()["kind"], "one");
}

#[test]
fn it_ends_by_itself_and_not_by_a_refresh() {
    let home = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(home.path(), &["--idle", "4"]);
    let mut first = Events::open(&server);
    let hello = first.next("hello");
    assert_eq!(hello["instance"], server.ask("state", &json!({}))["instance"]);
    // The page is loaded again: the stream goes and comes back.
    for _ in 0..3 {
        drop(first);
        assert!(!server.ends(Duration::from_millis(1500)));
        first = Events::open(&server);
        first.next("hello");
    }
    assert!(!server.ends(Duration::from_secs(6)), "a page is open");
    drop(first);
    assert!(server.ends(Duration::from_secs(40)), "no page is open");
}

#[test]
fn a_second_start_opens_the_page_of_the_first() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-thon-2024", home.path());
    let server = Server::start(home.path(), &[]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = fs::metadata(home.path().join("bieu/app-address.json")).expect("the address").permissions();
        assert_eq!(rights.mode() & 0o777, 0o600);
    }
    let second = command(home.path()).args(["app", text(&folder), "--no-browser"]).output().expect("it runs");
    assert!(second.status.success(), "{second:?}");
    let address = String::from_utf8(second.stdout).expect("text");
    let path = address.trim().strip_prefix(&format!("http://127.0.0.1:{}", server.port)).expect("the first's address");
    let answer = server.get(path);
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(server.folder()["name"], "bieu-thon-2024");
    assert_eq!(address.lines().count(), 1);
}

#[test]
fn what_is_wrong_at_the_start_is_shown_on_the_page() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &["khong-co"]);
    let state = server.ask("state", &json!({}));
    assert!(state["startError"].as_str().is_some_and(|text| text.contains("khong-co")), "{state}");
    let state = server.ask("settings", &json!({ "lang": "en", "name": "Lê Văn\nA", "theme": "dark" }));
    assert!(state["startError"].as_str().is_some_and(|text| text.contains("there is no such")), "{state}");
    assert_eq!((&state["name"], &state["theme"]), (&json!("Lê VănA"), &json!("dark")));
    let page = String::from_utf8(server.get("/").body).expect("text");
    assert!(page.contains("lang=\"en\"") && page.contains("data-theme=\"dark\""), "{page}");
    drop(server);
    // It is remembered, and a lock of one that was killed holds nobody up.
    let server = Server::start(home.path(), &[]);
    assert_eq!(server.ask("state", &json!({}))["lang"], "en");
}

/// Whoever has no console sees a page; here nobody opens it.
#[test]
fn what_keeps_it_from_beginning_is_written_on_a_page() {
    let home = tempfile::tempdir().expect("a folder");
    let page = home.path().join("bieu/khong-mo-duoc.html");
    let log = || fs::read_to_string(home.path().join("bieu/bieu.log")).unwrap_or_default();
    let start = |arguments: &[&str]| {
        let _ = fs::remove_file(&page);
        let ran = command(home.path()).args(["app", "--no-browser"]).args(arguments).output().expect("it runs");
        assert_eq!((ran.status.code(), &*ran.stdout), (Some(2), &b""[..]), "{ran:?}");
        let said = String::from_utf8(ran.stderr).expect("text");
        (said, fs::read_to_string(&page).expect("the page is written"))
    };

    // Another program has the port.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let (said, shown) = start(&["--port", &port]);
    let words = format!("không dùng được cổng {port}");
    assert!(said.contains(&words) && shown.contains(&words) && log().contains(&words), "{said}\n{shown}");
    assert_eq!(said.matches(&words).count(), 1, "{said}");
    assert!(shown.contains("lang=\"vi\"") && shown.contains("bieu.log"), "{shown}");

    // Two files were dropped on the program.
    let (said, shown) = start(&["a<b>.xlsx", "b.xlsx"]);
    assert!(
        said.contains("không nhận thêm \"b.xlsx\"") && shown.contains("từng thư mục hoặc tệp một"),
        "{said}\n{shown}"
    );

    // One runs already and does not answer.
    let lock = fs::OpenOptions::new().write(true).open(home.path().join("bieu/app.lock")).expect("the lock");
    lock.lock().expect("it is free");
    let (said, shown) = start(&["--lang", "en"]);
    assert!(said.contains("does not answer") && shown.contains("does not answer"), "{said}\n{shown}");
    assert!(shown.contains("lang=\"en\""), "{shown}");
}

/// Where the folder of settings cannot be made, the page lies among the temporary files.
#[test]
fn it_says_so_too_where_it_cannot_keep_anything() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("bieu"), "no folder").expect("a file");
    let temporary = home.path().join("tam");
    fs::create_dir(&temporary).expect("a folder");
    let mut command = command(home.path());
    command.args(["app", "--no-browser"]).env("TMPDIR", &temporary).env("TMP", &temporary);
    let ran = command.output().expect("it runs");
    assert_eq!(ran.status.code(), Some(2), "{ran:?}");
    assert!(temporary.join("bieu/khong-mo-duoc.html").is_file(), "{ran:?}");
}
