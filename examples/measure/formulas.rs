//! Prints the formulas of workbooks that fall out of their patterns, a line each.
//!
//! ```text
//! cargo run --example formulas -- FILE...
//! ```

use std::{env, fs, sync::Arc};

use bieu::internals::{
    draft::formulas::faults,
    read::{Limits, read},
    values::language::Language,
};

fn main() {
    let (mut formulas, mut found) = (0, 0);
    for path in env::args().skip(1) {
        let file: Arc<str> = path.as_str().into();
        let bytes = fs::read(&path).expect("the file can be read");
        let Ok((workbook, _)) = read(&file, &bytes, &Limits::default()) else {
            println!("{path}: not read");
            continue;
        };
        for sheet in &workbook.sheets {
            formulas += sheet.rows().flat_map(|row| row.cells()).filter(|cell| cell.formula().is_some()).count();
            for fault in faults(&workbook.sheets, sheet) {
                found += 1;
                let finding = fault.finding(&file, sheet);
                println!("{path}\t{}\t{}\t{}", sheet.name, fault.cell, finding.facts.message(Language::Vi));
            }
        }
    }
    println!("{formulas} formulas, {found} odd cells");
}
