//! The same table, written by the spreadsheet libraries of `PyPI` and npm and by `LibreOffice`, gives the
//! same figures. What is not installed is skipped, and said so.

mod program;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the table holds: indicator, member, value.
const FIGURES: &[(&str, &str, &str)] = &[
    ("dien-tich", "", "664.431"),
    ("dien-tich", "Thôn Nà Ỏi", "0.1"),
    ("dien-tich", "Thôn Xuân", "0.001"),
    ("dien-tich", "Thôn Đoài", "353.79"),
    ("dien-tich", "Thôn Đông", "310.54"),
    ("nuoc", "Thôn Nà Ỏi", "87.5"),
    ("nuoc", "Thôn Xuân", "50"),
    ("nuoc", "Thôn Đoài", "98.5"),
    ("nuoc", "Thôn Đông", "100"),
    ("thu", "", "11111111101122"),
    ("thu", "Thôn Nà Ỏi", "12"),
    ("thu", "Thôn Xuân", "0"),
    ("thu", "Thôn Đoài", "1234567890123"),
    ("thu", "Thôn Đông", "9876543210987"),
    ("trau", "", "1255"),
    ("trau", "Thôn Xuân", "1250"),
    ("trau", "Thôn Đoài", "5"),
    ("trau", "Thôn Đông", "0"),
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/writers")
}

/// The files that a script wrote; none where its interpreter is not installed.
fn written(program: &str, script: &str, folder: &Path) -> Vec<PathBuf> {
    let mut command = Command::new(program);
    command.arg(here().join(script)).arg(here().join("table.json")).arg(folder);
    if std::env::var_os("NODE_PATH").is_none()
        && let Ok(root) = Command::new("npm").args(["root", "-g"]).output()
    {
        command.env("NODE_PATH", String::from_utf8_lossy(&root.stdout).trim());
    }
    let Ok(output) = command.output() else { return Vec::new() };
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|name| folder.join(name.trim())).collect()
}

/// What is read from a file, sorted, and what was found.
fn read(file: &Path, folder: &Path) -> (Vec<(String, String, String)>, String) {
    let table = folder.join("ra.csv");
    let output = Command::new(program::path())
        .args(["validate", "--lang", "en", "--second-reader", "on", "--force", "--table"])
        .arg(&table)
        .arg("-m")
        .arg(here().join("mapping.toml"))
        .arg(file)
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = fs::read_to_string(&table).unwrap_or_default();
    let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let rows = lines.deserialize::<BTreeMap<String, String>>().map(|row| row.expect("a row"));
    let mut figures: Vec<_> =
        rows.map(|row| (row["indicator"].clone(), row["member"].clone(), row["value"].clone())).collect();
    figures.sort();
    (figures, report)
}

#[test]
fn every_writer_gives_the_same_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = written("python3", "write.py", folder.path());
    files.extend(written("node", "write.js", folder.path()));
    let mut names: Vec<&str> = vec!["openpyxl", "xlsxwriter", "pyexcelerate", "xlwt", "odfpy", "exceljs", "sheetjs"];
    let is_of =
        |file: &PathBuf, name: &str| file.file_name().is_some_and(|own| own.to_string_lossy().starts_with(name));
    names.retain(|name| !files.iter().any(|file| is_of(file, name)));
    if !names.is_empty() {
        println!("skipped: not installed here: {}", names.join(", "));
    }
    // What LibreOffice makes of the first of them.
    if let Some(first) = files.first().cloned() {
        for ending in ["xls", "ods", "fods", "xlsx"] {
            let out = folder.path().join(format!("lo-{ending}"));
            let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
            let mut run = Command::new("soffice");
            run.args([&profile, "--headless", "--convert-to", ending, "--outdir"]);
            match run.arg(&out).arg(&first).output() {
                Ok(_) => files.push(out.join(first.file_stem().expect("a name")).with_extension(ending)),
                Err(_) => println!("skipped: LibreOffice is not installed"),
            }
        }
    }
    let expected: Vec<_> = FIGURES
        .iter()
        .map(|(id, member, value)| ((*id).to_owned(), (*member).to_owned(), (*value).to_owned()))
        .collect();
    let mut wrong = Vec::new();
    for file in &files {
        let (figures, report) = read(file, folder.path());
        if figures != expected || report.contains("readers-disagree") {
            wrong.push(format!("{}: {figures:#?}\n{report}", file.display()));
        }
    }
    println!("{} files of {} figures each", files.len(), FIGURES.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
