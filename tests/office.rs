//! The workbook in a real office program. Skipped, and said so, where `LibreOffice` is not installed.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// Converts a file with `LibreOffice`; `None` where it is not installed.
fn soffice(input: &Path, to: &str, folder: &Path) -> Option<PathBuf> {
    // A profile of its own: a running LibreOffice would take the call over and ignore it.
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .arg(input)
        .output()
        .ok()?;
    let ending = to.split(':').next().unwrap_or(to);
    let output = folder.join(input.file_stem()?).with_extension(ending);
    assert!(output.is_file(), "LibreOffice wrote nothing: {}", String::from_utf8_lossy(&run.stderr));
    Some(output)
}

/// The sheets of a workbook as texts, in the order of their names; `None` without `LibreOffice`.
fn sheets(file: &Path, folder: &Path, side: &str) -> Option<Vec<String>> {
    let out = folder.join(side);
    fs::create_dir(&out).expect("a folder");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to"])
        .args(["csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,-1", "--outdir"])
        .arg(&out)
        .arg(file)
        .output()
        .ok()?;
    let mut sheets: Vec<_> = fs::read_dir(&out).expect("sheets").map(|entry| entry.expect("a sheet").path()).collect();
    // The name of the file is not that of its sheets.
    sheets.sort_by_key(|path| path.to_string_lossy().rsplit('-').next().map(str::to_owned));
    Some(sheets.iter().map(|path| fs::read_to_string(path).expect("a text")).collect())
}

fn convert(folder: &Path) -> PathBuf {
    let out = folder.join("bieu.xlsx");
    let run = Command::new(env!("CARGO_BIN_EXE_bieu"))
        .args(["convert", "samples/luc-binh-2023-da-sua", "-o"])
        .arg(&out)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("bieu runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    out
}

/// Takes the results out of the formulas, so that the office program has to compute them.
fn without_results(bytes: &[u8]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("a part");
        if name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(content).expect("XML in UTF-8");
            let mut stripped = String::new();
            let mut rest = text.as_str();
            while let Some(end) = rest.find("</f><v>") {
                stripped.push_str(&rest[..end + "</f>".len()]);
                let value = &rest[end + "</f>".len()..];
                let close = value.find("</v>").expect("a value ends") + "</v>".len();
                rest = &value[close..];
            }
            stripped.push_str(rest);
            let computed = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml"].contains(&&*name);
            assert_eq!(stripped != text, computed, "the form and the summary have formulas with results: {name}");
            content = stripped.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        out.write_all(&content).expect("a part");
    }
    out.finish().expect("a workbook").into_inner()
}

#[test]
fn recalculation_changes_no_shown_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = convert(folder.path());
    let stripped = folder.path().join("recomputed.xlsx");
    fs::write(&stripped, without_results(&fs::read(&out).expect("the workbook"))).expect("a file");
    let (Some(cached), Some(computed)) = (sheets(&out, folder.path(), "a"), sheets(&stripped, folder.path(), "b"))
    else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    assert_eq!(cached.len(), 4, "a text a sheet");
    assert_eq!(cached, computed);
    let cached = cached.join("\n");
    // Real figures of the form, as LibreOffice shows them.
    for shown in ["99,67", "105,67", "163.248.704", "CHỈ TIÊU KINH TẾ", "Không đạt"] {
        assert!(cached.contains(shown), "{shown} in\n{cached}");
    }
}

#[test]
fn an_office_program_saves_it_and_it_still_reads_back_clean() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = convert(folder.path());
    let saved = folder.path().join("saved");
    fs::create_dir(&saved).expect("a folder");
    let Some(saved) = soffice(&out, "xlsx", &saved) else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    let run = Command::new(env!("CARGO_BIN_EXE_bieu")).arg("validate").arg(&saved).output().expect("bieu runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}

/// Every sheet of an annotated copy as text is that of its source, and the comments are there.
#[test]
fn annotated_copies_open_with_the_same_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Command::new(env!("CARGO_BIN_EXE_bieu"))
        .args(["convert", "samples/luc-binh-2023", "--annotate"])
        .arg(folder.path())
        .arg("-o")
        .arg(folder.path().join("bieu.xlsx"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("bieu runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let name = "trong-trot-2023.xlsx";
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/luc-binh-2023").join(name);
    let copy = folder.path().join(name);
    let (Some(before), Some(after)) = (sheets(&source, folder.path(), "a"), sheets(&copy, folder.path(), "b")) else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    assert!(before.len() > 1, "a text a sheet");
    assert_eq!(before, after);
    let flat = soffice(&copy, "fods", folder.path()).expect("LibreOffice is there");
    let flat = fs::read_to_string(flat).expect("XML");
    assert_eq!(flat.matches("<office:annotation ").count(), 9, "a comment a flagged cell");
    assert!(flat.contains("#ffb3a7") || flat.contains("#ffe699"), "a colour");
}
