//! How well the header lines of annotated tables are found. Reads JSON lines from standard input, each
//! with `id`, `cells` (rows of texts) and `line_classes`:
//!
//! ```sh
//! zcat tables.jl.gz | cargo run --release --example tables
//! ```
//!
//! With `-v` the lines of tables that are wrong are shown, with names of files their tables instead.

use std::io::BufRead;

use bieu::internals::{
    draft::{grid::Grid, shapes},
    line::pipeline::read_file,
    model::workbook::Workbook,
    read::Limits,
};

fn read(path: &str, bytes: &[u8]) -> Option<Workbook> {
    read_file(&path.into(), bytes, &Limits::default()).workbook
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = arguments.iter().any(|argument| argument == "-v");
    let files: Vec<&String> = arguments.iter().filter(|argument| *argument != "-v").collect();
    for file in &files {
        let Some(workbook) = std::fs::read(file).ok().and_then(|bytes| read(file, &bytes)) else { continue };
        for sheet in &workbook.sheets {
            println!("{file} {}", sheet.name);
            for shape in shapes::find(sheet, &Grid::of(sheet)) {
                println!("  {shape:?}");
            }
        }
    }
    if !files.is_empty() {
        return;
    }
    let (mut right, mut found, mut there) = (0, 0, 0);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(table) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        let texts = |key: &str| table[key].as_array().cloned().unwrap_or_default();
        let mut csv = String::new();
        for row in texts("cells") {
            let cells = row.as_array().cloned().unwrap_or_default();
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell.as_str().unwrap_or_default())).collect();
            csv.push_str(&cells.join(","));
            csv.push('\n');
        }
        let Some(workbook) = read("table.csv", csv.as_bytes()) else { continue };
        let Some(sheet) = workbook.sheets.first() else { continue };
        let grid = Grid::of(sheet);
        let shapes = shapes::find(sheet, &grid);
        let classes: Vec<String> =
            texts("line_classes").iter().map(|class| class.as_str().unwrap_or_default().to_owned()).collect();
        let is_header = |row: u32| {
            shapes.iter().any(|shape| shape.header.is_some_and(|(first, last)| (first..=last).contains(&row)))
        };
        let mut wrong = Vec::new();
        for (row, class) in (0u32..).zip(&classes) {
            let said = is_header(row) && class != "empty";
            let is = class == "header";
            right += usize::from(said && is);
            found += usize::from(said);
            there += usize::from(is);
            if said != is {
                wrong.push(row);
            }
        }
        if verbose && !wrong.is_empty() {
            println!("{} wrong {:?}", table["id"], wrong);
            for (row, line) in (0u32..).zip(csv.lines()) {
                let near = wrong.iter().any(|wrong| wrong.abs_diff(row) <= 3);
                if near {
                    let line: String = line.replace("\"\"", "").replace('"', "").chars().take(150).collect();
                    let class = classes.get(row as usize).map_or("", String::as_str);
                    println!("   {row:3} {}{class:9} {line}", if is_header(row) { "H " } else { "  " });
                }
            }
        }
    }
    let percent = |part: usize, whole: usize| part * 1000 / whole.max(1);
    let (precision, recall) = (percent(right, found), percent(right, there));
    println!(
        "header lines: precision {precision}, recall {recall}, F1 {} per thousand ({right} of {found} found, {there} there)",
        2 * precision * recall / (precision + recall).max(1)
    );
}
