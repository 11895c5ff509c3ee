//! Judges figures that never were a file, by a catalogue and a mapping that are texts of the program: as they
//! stand, and with the mistake in them corrected.
//!
//! ```sh
//! cargo run --example judge_in_memory
//! ```

use std::{
    error::Error,
    io::{self, Write},
};

use bieu::{Catalogue, Language, Limits, Mapping, Options, Submission};

const CATALOGUE: &str = r#"
[catalogue]
id = "co-cau"
period = "2024"

[[indicator]]
id = "tong"
label = "Tổng số"
unit = "ha"
parts = ["lua", "ngo"]

[[indicator]]
id = "lua"
label = "Lúa"
unit = "ha"

[[indicator]]
id = "ngo"
label = "Ngô"
unit = "ha"
"#;

const MAPPING: &str = r#"
[mapping]
id = "xa"
catalogue = "co-cau"

[[source]]
file = "dien-tich*"
label = "Cây trồng"

[source.columns]
"Diện tích" = "actual"

[source.rows]
"Tổng số" = "tong"
"Lúa" = "lua"
"Ngô" = "ngo"
"#;

fn judge(table: &str, mapping: &Mapping) -> Submission {
    let file = bieu::read("dien-tich.csv", table.as_bytes(), &Limits::default());
    bieu::judge("xã", vec![file], std::slice::from_ref(mapping), &Options::new(Language::En))
}

/// Judges the table as it stands and with another total.
pub(crate) fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let catalogue = Catalogue::parse("co-cau.toml", CATALOGUE, &[])?;
    let mapping = Mapping::parse("xa.toml", MAPPING, &[], &catalogue)?;
    for table in
        ["Cây trồng;Diện tích\nTổng số;320\nLúa;210\nNgô;90\n", "Cây trồng;Diện tích\nTổng số;300\nLúa;210\nNgô;90\n"]
    {
        let submission = judge(table, &mapping);
        let mut figures = Vec::new();
        submission.each_reading(|reading| {
            let number = reading.number().map(|number| number.to_string()).unwrap_or_default();
            figures.push(format!("{} {number} {}", reading.label(), reading.unit().unwrap_or_default()));
        });
        writeln!(out, "{}: {}", submission.status().name(), figures.join(", "))?;
        for finding in submission.findings() {
            writeln!(out, "  {}: {}", finding.code(), finding.message())?;
            for (place, to) in finding.suspects() {
                let cell = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
                writeln!(out, "    {cell} may have to be {to}")?;
            }
        }
    }
    Ok(())
}

#[allow(dead_code, reason = "tests/face.rs runs the rest as a module")]
fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}
