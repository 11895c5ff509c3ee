//! The workbook in a real office program. Skipped, and said so, where `LibreOffice` is not installed.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The samples whose forms are tried, each with the mapping that reads the form.
const FORMS: [(&str, &str); 5] = [
    ("luc-binh-2023-da-sua", "bieu-ket-qua-2023"),
    ("bieu-thon-2024", "doc-bieu-thon-2024"),
    ("bieu-3-nam-2024", "doc-bieu-3-nam-2024"),
    ("bieu-5-nam-2025", "doc-bieu-5-nam-2025"),
    ("bieu-6-thang-2024", "doc-bieu-6-thang-2024"),
];

/// Converts files with `LibreOffice`; `None` where it is not installed.
fn soffice(inputs: &[PathBuf], to: &str, folder: &Path) -> Option<Vec<PathBuf>> {
    // A profile of its own: a running LibreOffice would take the call over and ignore it.
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .args(inputs)
        .output()
        .ok()?;
    let ending = to.split(':').next().unwrap_or(to);
    let written = inputs.iter().map(|input| {
        let output = folder.join(input.file_stem()?).with_extension(ending);
        assert!(output.is_file(), "LibreOffice wrote nothing: {}", String::from_utf8_lossy(&run.stderr));
        Some(output)
    });
    written.collect()
}

fn bieu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bieu"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs")
}

fn convert(sample: &str, folder: &Path) -> PathBuf {
    let out = folder.join(format!("{sample}.xlsx"));
    let run = bieu(&["convert", &format!("samples/{sample}"), "-o", out.to_str().expect("UTF-8")]);
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
        if name == "xl/worksheets/sheet1.xml" {
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
            assert_ne!(stripped, text, "the form has formulas with results");
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
    let mut files = Vec::new();
    for (sample, _) in FORMS {
        let out = convert(sample, folder.path());
        let stripped = folder.path().join(format!("{sample}-recomputed.xlsx"));
        fs::write(&stripped, without_results(&fs::read(&out).expect("the workbook"))).expect("a file");
        files.extend([out, stripped]);
    }
    let filter = "csv:Text - txt - csv (StarCalc):59,34,76,1";
    let Some(shown) = soffice(&files, filter, folder.path()) else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    let texts: Vec<String> = shown.iter().map(|path| fs::read_to_string(path).expect("the form as text")).collect();
    for ((sample, _), pair) in FORMS.iter().zip(texts.chunks(2)) {
        assert_eq!(pair[0], pair[1], "{sample}");
    }
    // Real figures of the forms, as LibreOffice shows them: Vietnamese whatever the locale.
    for (form, shown) in [
        (0, ["99,67", "105,67", "163.248.704", "CHỈ TIÊU KINH TẾ", "Không đạt"]),
        // A total of three villages, one of two parts, two ratios.
        (1, ["13.600", "259,2", "101,3", "100,3", "Thôn Đoài"]),
        (2, ["2.368,4", "618,75", "99,8", "≥ 97", "Đàn lợn (1)"]),
        (3, ["45 - 50", "< 6", ">90", "Vượt mục tiêu", "101,1"]),
        (4, ["1.006,25", "2.978", "93,6", "-", "10.250.000"]),
    ] {
        for text in shown {
            assert!(texts[form * 2].contains(text), "{text} in\n{}", texts[form * 2]);
        }
    }
}

#[test]
fn an_office_program_saves_it_and_it_still_reads_back_clean() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = folder.path().join("saved");
    fs::create_dir(&saved).expect("a folder");
    let written: Vec<PathBuf> = FORMS.iter().map(|(sample, _)| convert(sample, folder.path())).collect();
    let Some(saved) = soffice(&written, "xlsx", &saved) else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    for ((sample, mapping), saved) in FORMS.iter().zip(saved) {
        let mapping = format!("mappings/{mapping}.toml");
        let run = bieu(&["validate", saved.to_str().expect("UTF-8"), "-m", &mapping, "--fail-on", "info"]);
        assert!(run.status.success(), "{sample}: {}", String::from_utf8_lossy(&run.stdout));
    }
}
