//! Composes the form of one file, prints it as text and writes it as a workbook, with a report beside it.
//!
//! ```sh
//! cargo run --example write_form -- examples/xa-mau form.xlsx report.html
//! ```

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
};

use bieu::{Catalogue, Language, Limits, Mapping, Options, ReportFormat};

/// Writes the form of the figures in `folder` to `form`, and a report to `report`, in the format of its ending.
pub(crate) fn run(folder: &str, form: &Path, report: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let path = |name: &str| Path::new(folder).join(name);
    let text = |name: &str| fs::read_to_string(path(name));
    let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
    let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
    let file = bieu::read("trong-trot.csv", &fs::read(path("trong-trot.csv"))?, &Limits::default());
    let submission = bieu::judge(folder, vec![file], &[mapping], &Options::new(Language::Vi));

    let composed = bieu::compose(&submission)?;
    for line in composed.title() {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "{}", composed.columns().collect::<Vec<_>>().join(" | "))?;
    for row in composed.rows() {
        writeln!(out, "{}", row.join(" | "))?;
    }
    // An empty folder: the sources lie beside the workbook.
    fs::write(form, bieu::write(&composed, "")?)?;

    let ending = report.extension().unwrap_or_default().to_string_lossy();
    let format = ReportFormat::of_ending(&ending).ok_or("the ending says the format of the report")?;
    fs::write(report, bieu::report(&[submission], format, Language::Vi, "")?)?;
    Ok(())
}

#[allow(dead_code, reason = "tests/face.rs runs the rest as a module")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, form, report] = &arguments[..] else { return Err("name a folder, a workbook and a report".into()) };
    run(folder, Path::new(form), Path::new(report), &mut io::stdout())
}
