//! No output ever lands on a file that the inputs hold, `--force` or not: every option that names a
//! file, by every name that a file can have.

mod program;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const CATALOGUE: &str =
    "[catalogue]\nid = \"dan\"\nperiod = \"2023\"\n[[indicator]]\nid = \"trau\"\nlabel = \"Trâu\"\nunit = \"con\"\n";
const MAPPING: &str = "[mapping]\nid = \"dan\"\ncatalogue = \"dm.toml\"\n[[source]]\nfile = \"*\"\nlabel = \"Chỉ tiêu\"\n\
    columns = { \"Thực hiện\" = \"actual\" }\nrows = { \"Trâu\" = \"trau\" }\n";
const TABLE: &str = "Chỉ tiêu;Thực hiện\nTrâu;905\n";

/// Two sources below a folder with a file of another kind, one source beside it with what may stand
/// beside a source, the period before, a mapping and its catalogue.
fn folder() -> tempfile::TempDir {
    let here = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("ax/dan.toml", MAPPING),
        ("ax/dm.toml", CATALOGUE),
        ("ax/dm.csv", CATALOGUE),
        ("in/quoc-phong.csv", TABLE),
        ("in/sau/xa.html", "<table><tr><td>Chỉ tiêu<td>Thực hiện<tr><td>Trâu<td>905</table>"),
        ("in/xa.xlsx", "PK"),
        ("in/cong-van.txt", "kính gửi"),
        ("in/bieu.toml", ""),
        ("truoc/quoc-phong.csv", TABLE),
        ("le.csv", TABLE),
        ("bieu.toml", ""),
    ] {
        let path = here.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    here
}

/// Every file with its bytes, and every folder.
fn all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.is_symlink() {
            found.insert(path.clone(), Vec::new());
            found.append(&mut all(&path));
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            found.insert(path, bytes);
        }
    }
    found
}

fn bieu(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(program::path())
        .args(arguments)
        .args(["--lang", "en"])
        .current_dir(folder)
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The run ends with exit code 2, says which file it would have replaced, and writes nothing at all.
fn refused(here: &Path, arguments: &[&str]) -> String {
    let before = all(here);
    let (exit, out, err) = bieu(here, arguments);
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
    assert!(err.contains("not replaced") && err.contains("choose another name"), "{arguments:?}: {err}");
    assert!(all(here) == before, "{arguments:?} leaves everything as it was");
    err
}

/// What each command is told beside its output.
const COMMANDS: [&[&str]; 3] = [
    &["convert", "in", "le.csv", "-m", "ax/dan.toml", "--previous", "truoc", "--force"],
    &["validate", "in", "le.csv", "-m", "ax/dan.toml", "--previous", "truoc", "--force"],
    &["consolidate", "in", "le.csv", "-m", "ax/dan.toml", "--force"],
];

fn options(command: &str) -> &'static [&'static str] {
    match command {
        "validate" => &["--table", "--report", "--resume"],
        _ => &["-o", "--table", "--report"],
    }
}

#[test]
fn no_option_of_any_command_replaces_what_the_inputs_hold() {
    let here = folder();
    let absolute = here.path().join("in/quoc-phong.csv");
    let absolute = absolute.to_str().expect("UTF-8");
    let held = [
        "in/quoc-phong.csv",
        "./in/../in/quoc-phong.csv",
        absolute,
        "in/sau/xa.html",
        "in/xa.xlsx",
        "in/cong-van.txt",
        "in/bieu.toml",
        "truoc/quoc-phong.csv",
        "le.csv",
        "bieu.toml",
        "ax/dan.toml",
        "ax/dm.toml",
    ];
    for command in COMMANDS {
        for option in options(command[0]) {
            for output in held {
                if output.starts_with("truoc") && command[0] == "consolidate" {
                    continue;
                }
                // What a mapping refers to is known later than that no report ends like this.
                if *option == "--report" && output == "ax/dm.toml" {
                    continue;
                }
                let mut arguments = [command, &[option, output]].concat();
                if command[0] == "consolidate" && *option != "-o" {
                    arguments.extend(["-o", "huyen.xlsx"]);
                }
                let told = refused(here.path(), &arguments);
                assert!(told.contains(output), "{arguments:?}: {told}");
            }
        }
    }
    // Nor is `--force` asked for, which would not help.
    let told = refused(here.path(), &["validate", "in", "-m", "ax/dan.toml", "--report", "in/quoc-phong.csv"]);
    assert!(!told.contains("add --force"), "{told}");
}

#[test]
fn a_catalogue_of_any_name_and_the_mapping_of_a_folder_are_read_too() {
    let here = folder();
    fs::write(here.path().join("ax/csv.toml"), MAPPING.replace("dm.toml", "dm.csv")).expect("a mapping");
    let mapping = MAPPING.replace("dm.toml", "../ax/dm.csv");
    fs::write(here.path().join("truoc/mapping.toml"), mapping).expect("a mapping");
    refused(here.path(), &["validate", "in", "-m", "ax/csv.toml", "--force", "--table", "ax/dm.csv"]);
    refused(here.path(), &["validate", "in", "-m", "ax", "--force", "--table", "ax/dm.csv"]);
    refused(here.path(), &["validate", "truoc", "--force", "--report", "ax/dm.csv"]);
    // One file alone has the mapping beside it.
    refused(here.path(), &["convert", "truoc/quoc-phong.csv", "--force", "-o", "truoc/mapping.toml"]);
}

#[cfg(unix)]
#[test]
fn links_of_both_kinds_are_seen_through() {
    use std::os::unix::fs::symlink;
    let here = folder();
    let at = |name: &str| here.path().join(name);
    fs::create_dir(at("ngoai")).expect("a folder");
    fs::write(at("ngoai/d.csv"), TABLE).expect("a file");
    symlink("in/quoc-phong.csv", at("a.csv")).expect("a link");
    symlink("in", at("b")).expect("a link");
    symlink("../ngoai/d.csv", at("in/c.csv")).expect("a link");
    symlink("khong-co", at("in/hong.csv")).expect("a link");
    fs::hard_link(at("in/quoc-phong.csv"), at("d.csv")).expect("a link");
    fs::hard_link(at("le.csv"), at("e.csv")).expect("a link");
    for command in COMMANDS {
        for option in options(command[0]) {
            for output in ["a.csv", "b/quoc-phong.csv", "in/c.csv", "in/hong.csv", "d.csv", "e.csv"] {
                let mut arguments = [command, &[option, output]].concat();
                if command[0] == "consolidate" && *option != "-o" {
                    arguments.extend(["-o", "huyen.xlsx"]);
                }
                refused(here.path(), &arguments);
            }
        }
    }
    // The input may be named by the link as well.
    refused(here.path(), &["validate", "b", "-m", "ax/dan.toml", "--force", "--table", "in/quoc-phong.csv"]);
}

#[test]
fn workbooks_and_copies_in_a_folder_replace_no_source() {
    let here = folder();
    let at = |name: &str| here.path().join(name);
    // A workbook would be called as a source of the other input.
    fs::create_dir(at("hai")).expect("a folder");
    fs::write(at("hai/xa.csv"), TABLE).expect("a file");
    let told = refused(here.path(), &["convert", "in", "hai", "-m", "ax/dan.toml", "--force", "-o", "in"]);
    assert!(told.contains("xa.xlsx"), "{told}");
    // Without -o the workbook has a name of the program's choosing.
    fs::write(at("hai/bieu-ket-qua.xlsx"), "PK").expect("a file");
    fs::create_dir(at("khac")).expect("a folder");
    fs::write(at("khac/quoc-phong.csv"), TABLE).expect("a file");
    let before = all(here.path());
    let (exit, _, err) = bieu(&at("hai"), &["convert", ".", "-m", "../ax/dan.toml", "-o", ".", "--force"]);
    assert!(exit == Some(2) && err.contains("not replaced"), "{err}");
    let (exit, _, err) = bieu(
        &at("hai"),
        &["convert", "../khac/quoc-phong.csv", ".", "-m", "../ax/dan.toml", "-o", "bieu-ket-qua.xlsx", "--force"],
    );
    assert!(exit == Some(2) && err.contains("not replaced"), "{err}");
    // The copy of one input would fall upon a file of the other.
    fs::write(at("khac/xa.xlsx"), "PK khác").expect("a file");
    let before =
        before.into_iter().chain([(at("khac/xa.xlsx"), b"PK kh\xC3\xA1c".to_vec())]).collect::<BTreeMap<_, _>>();
    for copies in ["in", "./in/../in"] {
        let arguments =
            ["convert", "khac/xa.xlsx", "in", "-m", "ax/dan.toml", "-o", "khac", "--force", "--annotate", copies];
        let (exit, _, err) = bieu(here.path(), &arguments);
        assert!(exit == Some(2) && err.contains("choose another"), "{err}");
    }
    assert!(all(here.path()) == before, "nothing is written");
}

/// A page would judge itself; of pages nobody else makes the like.
#[test]
fn a_report_of_the_day_before_is_replaced_and_no_input() {
    let here = folder();
    fs::remove_file(here.path().join("in/xa.xlsx")).expect("the file goes");
    let reports = ["in/r.html", "in/r.json", "in/r.sarif", "in/sau/r.xml"];
    let mut arguments = vec!["validate", "in", "-m", "ax/dan.toml", "--force", "--resume", "in/trang-thai"];
    for report in reports {
        arguments.extend(["--report", report]);
    }
    let (exit, first, err) = bieu(here.path(), &arguments);
    assert_eq!(exit, Some(0), "{first}{err}");
    let (exit, again, err) = bieu(here.path(), &arguments);
    assert_eq!((exit, &again), (Some(0), &first), "{err}");
    assert!(err.contains("skipped 2 files that this run writes"), "{err}");

    // Nor are they taken for reports in another format, or when they are named.
    for (output, input) in [("in/r.html", "in/r.html"), ("in/r.json", "in/r.json")] {
        refused(here.path(), &["validate", input, "le.csv", "-m", "ax/dan.toml", "--force", "--report", output]);
        refused(here.path(), &["validate", "in", "-m", "ax/dan.toml", "--force", "--table", output]);
        refused(here.path(), &["validate", "in", "-m", "ax/dan.toml", "--resume", output]);
    }
    fs::copy(here.path().join("in/r.json"), here.path().join("in/r.html")).expect("a copy");
    refused(here.path(), &["validate", "in", "-m", "ax/dan.toml", "--force", "--report", "in/r.html"]);
    // Tables, texts and workbooks may be what an office hands in.
    for (option, output) in
        [("--report", "in/n.csv"), ("--report", "in/n.txt"), ("--report", "in/n.xlsx"), ("--table", "in/b.csv")]
    {
        let arguments = ["validate", "le.csv", "-m", "ax/dan.toml", option, output];
        assert_eq!(bieu(here.path(), &arguments).0, Some(0), "{output}");
        refused(here.path(), &["validate", "in", "-m", "ax/dan.toml", "--force", option, output]);
    }
}
