//! Judges the files of a folder as one submission and prints what is found, as `bieu validate` does.
//!
//! ```sh
//! cargo run --example judge_folder -- samples/luc-binh-2023 mappings/luc-binh-2023.toml
//! ```

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
};

use bieu::{Catalogue, Language, Limits, Mapping, Options};

/// The files of a folder that are read, sorted by name.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.retain(|name| !Path::new(name).extension().is_some_and(|ending| ending == "toml" || ending == "md"));
    names.sort();
    Ok(names)
}

/// Judges `folder` by the mapping file `mapping`, whose catalogue lies beside it.
pub(crate) fn run(folder: &str, mapping: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(mapping)?;
    let catalogue_path = Path::new(mapping).with_file_name(Mapping::catalogue_of(mapping, &text, &[])?);
    let catalogue_text = fs::read_to_string(&catalogue_path)?;
    let catalogue = Catalogue::parse(&catalogue_path.to_string_lossy(), &catalogue_text, &[])?;
    let mapping = Mapping::parse(mapping, &text, &[], &catalogue)?;

    let mut files = Vec::new();
    for name in names(Path::new(folder))? {
        let path = Path::new(folder).join(&name);
        files.push(bieu::read(&path.to_string_lossy(), &fs::read(&path)?, &Limits::default()));
    }
    let submission = bieu::judge(folder, files, &[mapping], &Options::new(Language::En));

    for finding in submission.findings() {
        writeln!(out, "{}[{}]: {}", finding.severity().name(), finding.code(), finding.message())?;
        if let Some(place) = finding.place() {
            let sheet = place.sheet.as_deref().map(|sheet| format!(", {sheet}")).unwrap_or_default();
            let cell = place.cell.map(|cell| format!(", {cell}")).unwrap_or_default();
            writeln!(out, "  at {}{sheet}{cell}", place.file)?;
        }
        writeln!(out, "  {}", finding.action())?;
    }
    let (checks, verdicts) = (submission.checks(), submission.verdicts());
    writeln!(out, "{} readings, {} checks passed, {} failed", submission.readings(), checks.passed, checks.failed)?;
    writeln!(out, "{} exceeded, {} met, {} missed", verdicts.exceeded, verdicts.met, verdicts.missed)?;
    Ok(())
}

#[allow(dead_code, reason = "tests/face.rs runs the rest as a module")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (folder, mapping) = arguments.next().zip(arguments.next()).ok_or("name a folder and a mapping file")?;
    run(&folder, &mapping, &mut io::stdout())
}
