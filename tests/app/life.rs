//! Start, a second start, and the end.

use std::{fs, process::Command, time::Duration};

use serde_json::json;

use crate::page::{Events, Server, command, copy, text};

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
    let program = env!("CARGO_BIN_EXE_bieu-app");
    let own = Command::new(program).args(["explain", "total-mismatch"]).output().expect("it runs");
    let other = command(home.path()).args(["explain", "total-mismatch"]).output().expect("it runs");
    assert_eq!((own.status.code(), own.stdout), (other.status.code(), other.stdout));
    let folder = copy("bieu-thon-2024", home.path());
    let server = Server::start_program(program, home.path(), &[text(&folder)]);
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
