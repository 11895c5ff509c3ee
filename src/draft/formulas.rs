//! `formula-pattern`: formulas and typed figures that fall out of the pattern of their row or column. No
//! mapping is needed: only what the neighbours compute.

mod grid;
mod judge;
mod relative;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::{
    model::{
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        reading,
        workbook::{Position, Sheet, Value},
    },
    values::{
        language::{Language, Words, say},
        number::{self, Decimal},
    },
};

/// A formula or typed figure unlike its neighbours.
pub static FORMULA_PATTERN: Code = Code {
    name: "formula-pattern",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một ô không theo công thức chung của hàng hoặc cột: công thức khác, vùng cộng thiếu ô, hoặc số gõ tay giữa các ô công thức.",
            en: "A cell does not follow the formula of its row or column: another formula, a range that is short, or a typed number among formulas.",
        },
        why: Words {
            vi: "Thường là dấu vết của sửa tay hoặc chèn dòng; số ấy không còn đổi theo số liệu nguồn.",
            en: "It is often what a change by hand or an inserted row left behind; that figure no longer follows its sources.",
        },
        fix: Words {
            vi: "So với ô bên cạnh; nếu không phải cố ý, chép công thức của ô bên cạnh sang.",
            en: "Compare it with the cell beside it; unless it is meant so, copy the formula of that cell.",
        },
        example: Words {
            vi: "Cột E đều là D chia C nhân 100, riêng E9 là số 101,2 gõ tay.",
            en: "All of column E is D divided by C times 100, but E9 is a typed 101.2.",
        },
    },
};

/// What only drafting reports.
pub static CODES: &[&Code] = &[&FORMULA_PATTERN];

/// Cells that recalculation may look at in one sheet.
const STEPS: u32 = 2_000_000;

/// What is wrong with the formula of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaFault {
    /// Its formula is not the pattern.
    Differs {
        /// The formula that stands there.
        written: String,
    },
    /// Its formula leaves out cells that the pattern takes.
    Short {
        /// The formula that stands there.
        written: String,
        /// The cells it misses.
        missed: Vec<Position>,
    },
    /// A number is typed where the neighbours compute.
    Typed {
        /// The number.
        value: Decimal,
    },
    /// The stored result is not what the formula gives.
    Stale {
        /// What is stored.
        stored: Decimal,
        /// What the formula gives for the cells as they stand.
        result: Decimal,
    },
}

/// A cell that falls out of its pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The cell.
    pub cell: Position,
    /// What is wrong with it.
    pub fault: FormulaFault,
    /// The formula that the pattern has there, without `=`.
    pub expected: Option<String>,
    /// How many cells follow the pattern.
    pub followers: usize,
    /// Some of them.
    pub examples: Vec<Position>,
}

/// The cells of a sheet that fall out of the pattern of their formulas, by place. `sheets` are those of its
/// workbook: formulas refer to them.
pub fn faults(sheets: &[Arc<Sheet>], sheet: &Sheet) -> Vec<Fault> {
    let grid = grid::Grid::of(sheet);
    let mut faults = judge::odd_cells(&grid);
    let mut steps = STEPS;
    let mut stale: Vec<(Fault, Vec<relative::Reference>)> = Vec::new();
    for row in sheet.rows().filter(|_| !sheet.uncalculated) {
        for cell in row.cells() {
            let at = Position::new(row.row, cell.column);
            let (Some(formula), Value::Number(stored)) = (cell.formula(), cell.value) else { continue };
            let Ok(stored) = stored.exact() else { continue };
            let Some(found) =
                reading::recalculate((sheets, sheet), formula, stored, &mut steps).filter(|found| found.is_stale)
            else {
                continue;
            };
            let fault = FormulaFault::Stale { stored, result: found.result };
            let fault = Fault { cell: at, fault, expected: None, followers: 0, examples: Vec::new() };
            stale.push((fault, relative::RelativeFormula::of(formula, at).references(at)));
        }
    }
    // One finding a cause: what is computed from a cell that is odd is only as odd as that cell.
    let odd: Vec<Position> =
        faults.iter().chain(stale.iter().map(|(fault, _)| fault)).map(|fault| fault.cell).collect();
    faults.extend(
        stale
            .into_iter()
            .filter(|(fault, from)| {
                odd.iter().filter(|cell| **cell == fault.cell).count() == 1
                    && !odd.iter().any(|cell| *cell != fault.cell && from.iter().any(|area| area.contains(*cell)))
            })
            .map(|(fault, _)| fault),
    );
    faults.sort_by_key(|fault| fault.cell);
    faults
}

impl Fault {
    /// The finding of a fault in a sheet of a file.
    pub fn finding(&self, file: &Arc<str>, sheet: &Sheet) -> Finding {
        let place =
            |cell: Position| Place { cell: Some(cell), raw: raw(sheet, cell), ..Place::sheet(file, &sheet.name) };
        let mut finding = Finding::new(&FORMULA_PATTERN, self.clone()).at(place(self.cell));
        for cell in &self.examples {
            finding.judge_from(place(*cell));
        }
        if let FormulaFault::Short { missed, .. } = &self.fault {
            for cell in missed {
                finding.judge_from(place(*cell));
            }
        }
        let (found, expected) = match &self.fault {
            FormulaFault::Differs { written } | FormulaFault::Short { written, .. } => {
                (format!("={written}"), self.expected.as_ref().map(|formula| format!("={formula}")))
            }
            FormulaFault::Typed { value } => {
                (value.to_string(), self.expected.as_ref().map(|formula| format!("={formula}")))
            }
            FormulaFault::Stale { stored, result } => (stored.to_string(), Some(result.to_string())),
        };
        finding.found = Some(found);
        finding.expected = expected;
        finding.fingerprinted(&[&sheet.name, &self.cell.to_string()])
    }
}

impl Facts for Fault {
    fn message(&self, language: Language) -> String {
        let expected = self.expected.as_deref().unwrap_or_default();
        let followers = self.followers;
        let list = |cells: &[Position]| cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match &self.fault {
            FormulaFault::Differs { written } => say!(
                language,
                "công thức ={written}; {followers} ô cùng hàng hoặc cột theo một công thức khác, ở ô này sẽ là ={expected}",
                "the formula is ={written}; {followers} cells of its row or column follow another one, which would be ={expected} here"
            ),
            FormulaFault::Short { written, missed } => {
                let missed = list(missed);
                say!(language, "công thức ={written} bỏ sót {missed}", "the formula ={written} leaves out {missed}")
            }
            FormulaFault::Typed { value } => {
                let shown = match language {
                    Language::Vi => number::vietnamese(*value),
                    Language::En => number::english(*value),
                };
                say!(
                    language,
                    "số {shown} gõ tay; {followers} ô cùng hàng hoặc cột là công thức, ở ô này sẽ là ={expected}",
                    "{shown} is typed; {followers} cells of its row or column are computed, here it would be ={expected}"
                )
            }
            FormulaFault::Stale { stored, result } => {
                let shown = |value: Decimal| match language {
                    Language::Vi => number::vietnamese(value),
                    Language::En => number::english(value),
                };
                let (stored, result) = (shown(*stored), shown(*result));
                say!(
                    language,
                    "ô lưu kết quả {stored}, nhưng công thức tính từ các ô hiện có cho {result}",
                    "the cell holds {stored}, but with the cells as they are now its formula gives {result}"
                )
            }
        }
    }

    fn action(&self, language: Language) -> String {
        let cell = self.cell;
        match &self.fault {
            FormulaFault::Differs { .. } | FormulaFault::Typed { .. } => say!(
                language,
                "so {cell} với ô bên cạnh; nếu không cố ý, chép công thức của ô bên cạnh sang",
                "compare {cell} with the cell beside it; unless it is meant so, copy the formula of that cell"
            ),
            FormulaFault::Short { .. } => say!(
                language,
                "kéo lại vùng trong công thức của {cell} cho đủ, nếu các ô ấy là thành phần",
                "stretch the range in the formula of {cell}, if those cells are parts of it"
            ),
            FormulaFault::Stale { .. } => say!(
                language,
                "mở tệp bằng Excel, bấm Ctrl+Alt+F9 để tính lại, kiểm tra rồi lưu",
                "open the file in Excel, press Ctrl+Alt+F9 to recalculate, check and save it"
            ),
        }
    }
}

/// What stands in a cell, for people.
fn raw(sheet: &Sheet, cell: Position) -> Option<Arc<str>> {
    match sheet.get(cell)?.value {
        Value::Number(number) => number.exact().ok().map(|value| number::vietnamese(value).into()),
        Value::Text(text) | Value::Error(text) => Some(text.into()),
        _ => None,
    }
}
