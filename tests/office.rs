//! The workbook in a real office program. Skipped, and said so, where `LibreOffice` is not installed.

mod program;

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

use program::in_project;

/// The samples whose forms are tried, each with the mapping that reads the form.
const FORMS: [(&str, &str); 5] = [
    ("luc-binh-2023-da-sua", "bieu-ket-qua"),
    ("bieu-thon-2024", "doc-bieu-thon"),
    ("bieu-3-nam-2024", "doc-bieu-3-nam"),
    ("bieu-5-nam-2025", "doc-bieu-5-nam"),
    ("bieu-6-thang-2024", "doc-bieu-6-thang"),
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

/// The sheets of workbooks as texts, in the order of their names; `None` without `LibreOffice`.
fn sheets(files: &[PathBuf], folder: &Path, side: &str) -> Option<Vec<Vec<String>>> {
    let out = folder.join(side);
    fs::create_dir(&out).expect("a folder");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to"])
        .args(["csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,-1", "--outdir"])
        .arg(&out)
        .args(files)
        .output()
        .ok()?;
    let of = |file: &PathBuf| {
        // `bieu.xlsx` becomes `bieu-Tên sheet.csv`.
        let stem = format!("{}-", file.file_stem().expect("a name").to_string_lossy());
        let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
        let all = fs::read_dir(&out).expect("sheets").map(|entry| entry.expect("a sheet").path());
        let mut own: Vec<PathBuf> = all.filter(|path| name(path).starts_with(&stem)).collect();
        own.sort_by_key(name);
        own.iter().map(|path| fs::read_to_string(path).expect("a text")).collect()
    };
    Some(files.iter().map(of).collect())
}

fn convert(sample: &str, folder: &Path) -> PathBuf {
    let out = folder.join(format!("{sample}.xlsx"));
    let run = in_project(&["convert", &format!("samples/{sample}"), "-o", out.to_str().expect("UTF-8")]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    out
}

/// Takes the results out of the formulas, so that the office program has to compute them. `computed`
/// are the numbers of the sheets that have some.
fn without_results(bytes: &[u8], computed: &[u32]) -> Vec<u8> {
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
            let has_results = computed.iter().any(|number| name == format!("xl/worksheets/sheet{number}.xml"));
            assert_eq!(stripped != text, has_results, "formulas with results: {name}");
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
    let mut add = |out: PathBuf, computed: &[u32]| {
        let name = out.file_name().expect("a name").to_string_lossy().into_owned();
        let stripped = folder.path().join(format!("recomputed={name}"));
        fs::write(&stripped, without_results(&fs::read(&out).expect("the workbook"), computed)).expect("a file");
        files.extend([out, stripped]);
    };
    for (sample, _) in FORMS {
        // The form and the summary.
        add(convert(sample, folder.path()), &[1, 4]);
    }
    // Both years in the summary; the forms of the next year; three submissions in one workbook.
    let path = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str], name: &str| {
        let out = path(name);
        let run = in_project(&[arguments, &["-o", out.to_str().expect("UTF-8")]].concat());
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        out
    };
    let years = ["convert", "samples/luc-binh-2023", "--previous", "samples/luc-binh-2023-da-sua"];
    add(run(&years, "years.xlsx"), &[1, 4]);
    for sample in ["bieu-thon-2024", "bieu-3-nam-2024", "bieu-6-thang-2024"] {
        let next = ["convert", &format!("samples/{sample}"), "--prefill"];
        add(run(&next, &format!("next={sample}.xlsx")), &[1]);
    }
    for name in ["xã a", "xã b", "xã c"] {
        fs::create_dir_all(path("nộp").join(name)).expect("a folder");
        for file in ["so-lieu-6-thang.xlsx", "mapping.toml"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/bieu-6-thang-2024").join(file);
            fs::copy(from, path("nộp").join(name).join(file)).expect("a copy");
        }
    }
    add(run(&["consolidate", path("nộp").to_str().expect("UTF-8")], "all.xlsx"), &[1]);
    let Some(shown) = sheets(&files, folder.path(), "sheets") else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    for (file, pair) in files.iter().step_by(2).zip(shown.chunks(2)) {
        let file = file.display();
        assert!(pair[0].len() >= 2, "{file}: a text a sheet");
        assert_eq!(pair[0], pair[1], "{file}");
    }
    // Three times 38 people, as a total that LibreOffice adds up; the distance from the border is a blank there.
    let all = shown[shown.len() - 1].join("\n");
    assert!(all.contains("Tổng cộng") && all.contains(";114 ;"), "{all}");
    // Real figures of the forms, as LibreOffice shows them: Vietnamese whatever the locale.
    for (form, wanted) in [
        (0, ["99,67", "105,67", "163.248.704", "CHỈ TIÊU KINH TẾ", "Không đạt"]),
        // A total of three villages, one of two parts, two ratios.
        (1, ["13.600", "259,2", "101,3", "100,3", "Thôn Đoài"]),
        (2, ["2.368,4", "618,75", "99,8", "≥ 97", "Đàn lợn (1)"]),
        (3, ["45 - 50", "< 6", ">90", "Vượt mục tiêu", "101,1"]),
        (4, ["1.006,25", "2.978", "93,6", "-", "10.250.000"]),
    ] {
        let texts = shown[form * 2].join("\n");
        for text in wanted {
            assert!(texts.contains(text), "{text} in\n{texts}");
        }
    }
}

/// The figures of a form are those of Vietnam, whatever the settings of the reader.
#[test]
fn numbers_look_the_same_in_every_locale() {
    let folder = tempfile::tempdir().expect("a folder");
    let form = convert("luc-binh-2023-da-sua", folder.path());
    let mut first: Option<Vec<Vec<String>>> = None;
    for locale in ["vi-VN", "de-DE", "en-US"] {
        let settings = folder.path().join("profile/user");
        let _ = fs::remove_dir_all(folder.path().join("profile"));
        fs::create_dir_all(&settings).expect("a folder");
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><oor:items xmlns:oor=\"http://openoffice.org/2001/registry\"><item oor:path=\"/org.openoffice.Setup/L10N\"><prop oor:name=\"ooSetupSystemLocale\" oor:op=\"fuse\"><value>{locale}</value></prop></item></oor:items>"
        );
        fs::write(settings.join("registrymodifications.xcu"), text).expect("settings");
        let Some(shown) = sheets(std::slice::from_ref(&form), folder.path(), locale) else {
            println!("skipped: LibreOffice is not installed");
            return;
        };
        assert!(shown[0].iter().any(|sheet| sheet.contains("2.225,4")), "{locale}");
        assert_eq!(first.get_or_insert_with(|| shown.clone()), &shown, "{locale}");
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
        let run = in_project(&["validate", saved.to_str().expect("UTF-8"), "-m", &mapping, "--fail-on", "info"]);
        assert!(run.status.success(), "{sample}: {}", String::from_utf8_lossy(&run.stdout));
    }
}

/// Every sheet of an annotated copy as text is that of its source, and the comments are there.
#[test]
fn annotated_copies_open_with_the_same_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Command::new(program::path())
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
    let (Some(before), Some(after)) =
        (sheets(&[source], folder.path(), "a"), sheets(std::slice::from_ref(&copy), folder.path(), "b"))
    else {
        println!("skipped: LibreOffice is not installed");
        return;
    };
    assert!(before[0].len() > 1, "a text a sheet");
    assert_eq!(before, after);
    let flat = soffice(&[copy], "fods", folder.path()).expect("LibreOffice is there");
    let flat = fs::read_to_string(&flat[0]).expect("XML");
    assert_eq!(flat.matches("<office:annotation ").count(), 9, "a comment a flagged cell");
    assert!(flat.contains("#ffb3a7") || flat.contains("#ffe699"), "a colour");
}
