//! Reads one workbook, of whatever format, and prints its sheets and cells.
//!
//! ```sh
//! cargo run --example read_workbook -- examples/xa-mau/trong-trot.csv
//! ```

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
};

use bieu::{Language, Limits, Value};

/// Prints the workbook in the file `path`.
pub(crate) fn run(path: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let file = bieu::read(path, &fs::read(path)?, &Limits::default());
    for finding in file.findings(Language::En) {
        writeln!(out, "{}: {}", finding.code(), finding.message())?;
    }
    let workbook = file.workbook()?;
    writeln!(out, "{} ({})", workbook.file, workbook.format.name())?;
    for sheet in &workbook.sheets {
        let area = sheet.used_area().map(|area| area.to_string()).unwrap_or_default();
        writeln!(out, "{} {area}", sheet.name)?;
        for row in sheet.rows() {
            for cell in row.cells() {
                let at = bieu::Position::new(row.row, cell.column);
                let shown = match cell.value {
                    Value::Number(number) => match number.exact() {
                        Ok(decimal) => decimal.to_string(),
                        Err(_) => number.scientific(),
                    },
                    Value::Text(text) => format!("{text:?}"),
                    Value::Bool(value) => value.to_string(),
                    Value::Date { iso, .. } => iso.to_owned(),
                    Value::Error(error) => error.to_owned(),
                    Value::NoResult => "?".to_owned(),
                };
                let formula = cell.formula().map(|formula| format!(" ={formula}")).unwrap_or_default();
                writeln!(out, "  {at} {shown}{formula}")?;
            }
        }
    }
    Ok(())
}

#[allow(dead_code, reason = "tests/face.rs runs the rest as a module")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file")?;
    run(&path, &mut io::stdout())
}
