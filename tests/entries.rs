//! `bieu mapping check --against`: what each entry of a mapping finds.

mod program;

use std::fs;

use program::{Ran, bieu};

const CATALOGUE: &str = "[catalogue]\nid = \"c\"\nperiod = \"2030\"\n[[indicator]]\nid = \"trau\"\n\
                         [[indicator]]\nid = \"bo\"\n[[indicator]]\nid = \"de\"\n";
const MAPPING: &str = "[mapping]\nid = \"m\"\ncatalogue = \"c\"\n[[source]]\nname = \"đàn\"\nfile = \"*.csv\"\n\
                       label = \"Chỉ tiêu\"\n[source.columns]\n\"Thực hiện\" = \"actual\"\n[source.rows]\n\
                       \"Đàn trâu\" = \"trau\"\n\"Đàn bò\" = \"bo\"\n\"Đàn dê\" = \"de\"\n";

fn folder() -> tempfile::TempDir {
    let here = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(here.path().join(name), text).expect("a file");
    write("c.toml", CATALOGUE);
    write("m.toml", MAPPING);
    write("so-lieu, 1.csv", "Chỉ tiêu;Thực hiện\nĐàn trâu;5\nĐàn bò;7\nĐàn ngựa;3\n");
    here
}

#[test]
fn entries_name_their_cells_and_what_nothing_takes_is_told() {
    let here = folder();
    let Ran { exit, out, err } = bieu(
        &["mapping", "check", "m.toml", "c.toml", "--against", "so-lieu, 1.csv", "--lang", "en", "--jobs", "1"],
        here.path(),
    );
    assert_eq!(exit, 0, "{err}");
    let begin = "m.toml · đàn\n     4  [[source]] *.csv\n     9  \"Thực hiện\"\n    11  \"Đàn trâu\"\n";
    let picture = "● an entry takes it, named on the right; ! nothing takes it; · any other cell\nso-lieu, 1.csv [CSV]\n         B\n      2  ●  11 \"Đàn trâu\"\n      3  ●  12 \"Đàn bò\"\n      4  !\n\n";
    assert!(out.starts_with(&format!("{picture}{begin}")), "{out}");
    assert!(out.contains("so-lieu, 1.csv [CSV] (1): B2\n    12  \"Đàn bò\"\n"), "{out}");
    assert!(out.contains("    13  \"Đàn dê\"\n        ! "), "{out}");
    let (_, left) = out.split_once("What nothing takes:\n").expect("the horses");
    assert!(left.contains("B4") || left.contains("A4"), "{left}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn programs_get_the_same() {
    let here = folder();
    let Ran { exit, out, err } =
        bieu(&["mapping", "check", ".", "--against", "so-lieu, 1.csv", "--format", "json"], here.path());
    assert_eq!(exit, 0, "{err}");
    let shown: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(shown["schema"], "bieu.entries/1");
    let cells: Vec<_> = shown["entries"].as_array().expect("entries").iter().map(|entry| &entry["cells"]).collect();
    assert_eq!(cells[2][0]["cell"], "B2");
    assert_eq!(shown["untaken"][0]["code"], "unmapped-number");
    let Ran { exit, .. } = bieu(&["mapping", "check", ".", "--format", "json"], here.path());
    assert_eq!(exit, 2, "a format of nothing");
}
