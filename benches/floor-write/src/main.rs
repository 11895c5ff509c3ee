//! Writes the cells and links of a workbook with `rust_xlsxwriter` and does nothing else: the floor
//! that the writing of `bieu` is measured against.
//!
//! ```text
//! floor-write CELLS [OUT.xlsx]
//! ```
//!
//! `CELLS` comes from `benches/peers/cells.py`. Without `OUT.xlsx` it is only read, so that reading can
//! be taken off.

use std::{env, error::Error, fs};

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, FormatUnderline, Formula, Url, Workbook};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [cells, out @ ..] = arguments.as_slice() else { return Err("floor-write CELLS [OUT.xlsx]".into()) };
    let text = fs::read_to_string(cells)?;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let [out] = out else { return Ok(()) };
    let mut workbook = Workbook::new();
    let mut formats: Vec<Format> = Vec::new();
    for line in &lines {
        match line.as_slice() {
            ["format", number, align, bold, link] => {
                let mut format = Format::new()
                    .set_font_name("Times New Roman")
                    .set_font_size(10)
                    .set_border(FormatBorder::Thin)
                    .set_text_wrap()
                    .set_align(FormatAlign::Top)
                    .set_num_format(*number)
                    .set_align(match *align {
                        "right" => FormatAlign::Right,
                        "center" => FormatAlign::Center,
                        _ => FormatAlign::Left,
                    });
                if *bold == "1" {
                    format = format.set_bold();
                }
                if *link == "1" {
                    format = format.set_underline(FormatUnderline::Single);
                }
                formats.push(format);
            }
            ["sheet", name] => {
                workbook.add_worksheet().set_name(*name)?;
            }
            [kind, row, column, format, value, rest @ ..] => {
                let sheet = workbook.worksheets_mut().last_mut().ok_or("a cell before the first sheet")?;
                let (row, column, format) = (row.parse()?, column.parse()?, &formats[format.parse::<usize>()?]);
                match (*kind, rest) {
                    ("n", _) => sheet.write_number_with_format(row, column, value.parse::<f64>()?, format)?,
                    ("f", [result]) => {
                        sheet.write_formula_with_format(row, column, Formula::new(*value).set_result(*result), format)?
                    }
                    ("l", [link, tip]) => {
                        sheet.write_url_with_format(row, column, Url::new(*link).set_text(*value).set_tip(*tip), format)?
                    }
                    _ => sheet.write_string_with_format(row, column, *value, format)?,
                };
            }
            other => return Err(format!("not a line of cells: {other:?}").into()),
        }
    }
    fs::write(out, workbook.save_to_buffer()?)?;
    Ok(())
}
