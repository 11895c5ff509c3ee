//! The officer saves; the page sees it.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::page::{Events, Server, copy, text};

/// Ways in which programs save.
#[derive(Clone, Copy, Debug)]
enum Save {
    Overwrite,
    Rename,
    DeleteAndCreate,
}

fn save(way: Save, path: &Path, bytes: &[u8]) {
    let temporary = path.with_file_name("~$tam.tmp");
    match way {
        Save::Overwrite => {
            // Emptied first, then written in two pieces.
            fs::write(path, b"").expect("emptied");
            thread::sleep(Duration::from_millis(30));
            fs::write(path, &bytes[..bytes.len() / 2]).expect("half");
            thread::sleep(Duration::from_millis(30));
            fs::write(path, bytes).expect("written");
        }
        Save::Rename => {
            fs::write(&temporary, bytes).expect("written");
            fs::rename(&temporary, path).expect("renamed");
        }
        Save::DeleteAndCreate => {
            fs::write(&temporary, bytes).expect("written");
            fs::remove_file(path).expect("removed");
            thread::sleep(Duration::from_millis(200));
            fs::rename(&temporary, path).expect("renamed");
        }
    }
}

/// Saves so many times each way; gives how long it took until the page knew, from the last write on.
fn run(times: usize) -> Vec<Duration> {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-3-nam-2024", home.path());
    let path = folder.join("xa-hoi.csv");
    let first = fs::read(&path).expect("the sample");
    // Another figure, so that the readings differ.
    let other = [first.as_slice(), b"\n"].concat();
    let server = Server::start(home.path(), &[text(&folder)]);
    let mut revision = server.folder()["revision"].as_u64().expect("a revision");
    let mut events = Events::open(&server);
    events.next("hello");
    let untouched = fs::read(folder.join("kinh-te.xlsx")).expect("the other file");
    let mut took = Vec::new();
    for at in 0..times {
        for way in [Save::Overwrite, Save::Rename, Save::DeleteAndCreate] {
            let bytes = [other.as_slice(), format!("# {at} {way:?}\n").as_bytes()].concat();
            save(way, &path, &bytes);
            let since = Instant::now();
            // The judgement before may be told after it was asked for.
            let event = loop {
                let event = events.next("folder");
                if event["revision"].as_u64() > Some(revision) {
                    break event;
                }
            };
            took.push(since.elapsed());
            assert_eq!((&event["changed"], &event["removed"]), (&json!(["xa-hoi.csv"]), &json!([])), "{way:?} {event}");
            assert_eq!(event["added"], json!([]), "{way:?} {event}");
            let now = event["revision"].as_u64().expect("a revision");
            assert_eq!(now, revision + 1, "one judgement for one save, {way:?}");
            revision = now;
            let report = server.ask("report", &json!({ "folder": event["folder"] }));
            assert_eq!(report["revision"], revision);
            let files = report["report"]["submissions"][0]["files"].as_array().cloned().unwrap_or_default();
            assert!(files.len() == 2 && files.iter().all(|file| file["status"] == "read"), "{way:?} {files:?}");
            assert_eq!(fs::read(&path).expect("the file"), bytes, "a source is never changed");
        }
    }
    assert_eq!(fs::read(folder.join("kinh-te.xlsx")).expect("the other file"), untouched);
    took.sort();
    took
}

#[test]
fn a_save_is_seen_however_a_program_saves() {
    // Two seconds are promised and measured by the test below: this one runs where other work goes on.
    let took = run(5);
    assert!(took[took.len() / 2] < Duration::from_secs(2), "{took:?}");
}

/// `cargo test --test app -- --ignored a_hundred_saves --nocapture`
#[test]
#[ignore = "takes minutes"]
fn a_hundred_saves_of_each_kind() {
    let took = run(100);
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    println!("{} saves: half within {:?}, 95 of 100 within {:?}, all within {:?}", took.len(), at(50), at(95), at(100));
    assert!(at(100) < Duration::from_secs(2), "{took:?}");
}

#[test]
fn what_comes_and_goes_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-3-nam-2024", home.path());
    let server = Server::start(home.path(), &[text(&folder)]);
    let first = server.folder()["revision"].as_u64();
    let mut stream = Events::open(&server);
    stream.next("hello");
    let mut next = |name: &str| loop {
        let event = stream.next(name);
        if event["revision"].as_u64() > first {
            return event;
        }
    };
    fs::write(folder.join("them.csv"), "a;1\nb;2\n").expect("written");
    assert_eq!(next("folder")["added"], json!(["them.csv"]));
    // Another name is one that went and one that came; the lock of an open workbook is nothing.
    fs::write(folder.join("~$xa-hoi.csv"), "x").expect("written");
    fs::remove_file(folder.join("them.csv")).expect("removed");
    let event = next("folder");
    assert_eq!((&event["removed"], &event["added"]), (&json!(["them.csv"]), &json!([])));
    // A mistake in the mapping is said, and is gone when it is mended.
    let mapping = folder.join("mapping.toml");
    let fine = fs::read_to_string(&mapping).expect("the mapping");
    fs::write(&mapping, format!("{fine}\nsai = [")).expect("written");
    let id = next("folder")["folder"].clone();
    let folder = server.ask("folder", &json!({ "folder": id }));
    assert!(folder["error"].as_str().is_some_and(|text| text.contains("mapping.toml")), "{folder}");
    fs::write(&mapping, fine).expect("written");
    next("folder");
    assert_eq!(server.ask("folder", &json!({ "folder": id }))["error"], json!(null));
}
