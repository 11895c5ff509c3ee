//! What is wrong with a cell, or odd about it.

use std::sync::Arc;

use super::{Context, SourceCell, codes, describe};
use crate::{
    model::finding::{Code, Facts, Finding, Hypothesis, Place, Remark, STALE_FORMULA, SlipKind},
    values::{
        language::{Language, say},
        number::{self, Decimal},
        text,
    },
};

/// What is wrong with a cell.
#[derive(Clone, Debug)]
pub(super) enum CellError {
    Words,
    Ditto,
    OutOfReach,
    /// The formula gives an error.
    Formula,
    NoResult,
    /// The text can be two numbers; the first is taken.
    Ambiguous(Decimal, Decimal),
    /// "0.0" where others write a dash.
    ZeroAmongDashes,
    /// Letters that look like digits, and what the text would be with digits.
    LookAlike(String),
    Fraction {
        with_plan: bool,
    },
    /// A number that is stored as text.
    Typed(Decimal),
    /// A number with its unit.
    Unit(Decimal),
    /// The formula gives another result for the cells as they stand.
    Stale {
        result: Decimal,
        formula: Arc<str>,
    },
    /// The number format draws another unit than the table states.
    UnitOfFormat {
        value: Decimal,
        drawn: String,
        stated: String,
    },
    /// The number format divides, and the unit is none of thousands.
    Divided {
        stored: Decimal,
        value: Decimal,
        unit: String,
    },
    Date,
    DateText,
}

impl CellError {
    fn code(&self) -> &'static Code {
        match self {
            Self::Words | Self::Ditto | Self::LookAlike(_) => &codes::NOT_A_NUMBER,
            Self::OutOfReach => &codes::UNREADABLE_NUMBER,
            Self::Formula => &codes::ERROR_CELL,
            Self::NoResult => &codes::MISSING_CACHED_VALUE,
            Self::Ambiguous(..) | Self::ZeroAmongDashes => &codes::AMBIGUOUS_NUMBER,
            Self::Fraction { .. } | Self::Typed(_) => &codes::TEXT_NUMBER,
            Self::Unit(_) => &codes::UNIT_IN_CELL,
            Self::Stale { .. } => &STALE_FORMULA,
            Self::UnitOfFormat { .. } | Self::Divided { .. } => &codes::UNIT_MISMATCH,
            Self::Date | Self::DateText => &codes::DATE_FOR_NUMBER,
        }
    }

    /// The number that is taken all the same.
    fn taken(&self) -> Option<Decimal> {
        match self {
            Self::ZeroAmongDashes => Some(Decimal::ZERO),
            Self::Ambiguous(value, _)
            | Self::Typed(value)
            | Self::Unit(value)
            | Self::UnitOfFormat { value, .. }
            | Self::Divided { value, .. } => Some(*value),
            Self::Words
            | Self::Ditto
            | Self::OutOfReach
            | Self::Formula
            | Self::NoResult
            | Self::LookAlike(_)
            | Self::Fraction { .. }
            | Self::Stale { .. }
            | Self::Date
            | Self::DateText => None,
        }
    }

    /// Day and month, where the cell may have been made a date of.
    fn day_and_month(&self, raw: &str) -> Option<(u32, u32)> {
        if matches!(self, Self::Date) {
            return day_and_month(raw);
        }
        // "18 Aug" is what a spreadsheet makes of a typed 18.8.
        if matches!(self, Self::DateText) { number::named_month(text::trim(raw)) } else { None }
    }

    /// What may stand in the cell instead: the kind of the slip, and the number.
    fn proposal(&self, cell: &SourceCell<'_>) -> Option<(SlipKind, Decimal)> {
        if let Self::Stale { result, .. } = self {
            return Some((SlipKind::Recalculated, *result));
        }
        let Self::LookAlike(number) = self else { return None };
        let amount = number::parse(number, cell.numbers.convention());
        Some((SlipKind::LetterForDigit, amount.figures().next()?.value))
    }
}

/// A cell with its error.
#[derive(Debug)]
struct WrongCell {
    /// Indicator and member.
    what: String,
    measure: String,
    /// What stands in it.
    shown: String,
    error: CellError,
}

impl Facts for WrongCell {
    fn message(&self, language: Language) -> String {
        let Self { what, measure, shown, error } = self;
        let number = |value: &Decimal| language.number(*value);
        match error {
            CellError::Words => say!(
                language,
                "{what}, {measure}: \"{shown}\" không phải là số",
                "{what}, {measure}: \"{shown}\" is not a number"
            ),
            CellError::Ditto => say!(
                language,
                "{what}, {measure}: ô ghi dấu \"như trên\" ({shown}), không có con số",
                "{what}, {measure}: the cell holds a ditto mark ({shown}), no number"
            ),
            CellError::OutOfReach => say!(
                language,
                "{what}, {measure}: số \"{shown}\" quá lớn hoặc quá nhỏ để đọc chính xác",
                "{what}, {measure}: the number \"{shown}\" is too large or too small to be read exactly"
            ),
            CellError::Formula => say!(
                language,
                "{what}, {measure}: công thức cho lỗi {shown}",
                "{what}, {measure}: the formula gives the error {shown}"
            ),
            CellError::NoResult => say!(
                language,
                "{what}, {measure}: ô có công thức nhưng tệp không lưu kết quả",
                "{what}, {measure}: the cell has a formula but the file does not hold its result"
            ),
            CellError::Ambiguous(one, other) => {
                // Without grouping: "1.250" for 1250 would be the doubt itself.
                let [one, other] = [one, other].map(|value| match language {
                    Language::Vi => number::plain(*value).replace('.', ","),
                    Language::En => number::plain(*value),
                });
                say!(
                    language,
                    "{what}, {measure}: \"{shown}\" có thể là {one} hoặc {other}; tạm đọc là {one}",
                    "{what}, {measure}: \"{shown}\" can be {one} or {other}; read as {one} for now"
                )
            }
            CellError::ZeroAmongDashes => say!(
                language,
                "{what}, {measure}: \"{shown}\" đứng cạnh các ô ghi \"-\": có thể là 0, số rất nhỏ đã làm tròn, hoặc không có số liệu; tạm đọc là 0",
                "{what}, {measure}: \"{shown}\" stands among cells that hold \"-\": it can be 0, a very small number rounded, or no data; read as 0 for now"
            ),
            CellError::LookAlike(number) => say!(
                language,
                "{what}, {measure}: \"{shown}\" có chữ cái gõ nhầm thay chữ số (O thay 0, l hoặc I thay 1, S thay 5, B thay 8): trông như {number}; chưa lấy số nào",
                "{what}, {measure}: \"{shown}\" has letters typed for digits (O for 0, l or I for 1, S for 5, B for 8): it looks like {number}; no number was taken"
            ),
            CellError::Fraction { with_plan: true } => say!(
                language,
                "{what}, {measure}: ô ghi nhiều số \"{shown}\"; số đầu là kết quả, các số sau là kế hoạch và tỷ lệ nếu các cột không ghi khác",
                "{what}, {measure}: the cell holds several numbers \"{shown}\"; the first is the result, the others are plan and ratio unless the columns say otherwise"
            ),
            CellError::Fraction { with_plan: false } => say!(
                language,
                "{what}, {measure}: ô ghi dạng phân số \"{shown}\"; lấy số đứng trước dấu \"/\"",
                "{what}, {measure}: the cell holds the fraction \"{shown}\"; the number before the slash is taken"
            ),
            CellError::Typed(value) => {
                let number = number(value);
                say!(
                    language,
                    "{what}, {measure}: số được lưu dưới dạng chữ \"{shown}\"; đọc là {number}",
                    "{what}, {measure}: the number is stored as the text \"{shown}\"; read as {number}"
                )
            }
            CellError::Unit(value) => {
                let number = number(value);
                say!(
                    language,
                    "{what}, {measure}: đơn vị gõ liền số trong ô \"{shown}\"; đọc là {number}",
                    "{what}, {measure}: the unit is typed into the cell \"{shown}\"; read as {number}"
                )
            }
            CellError::Stale { result, formula } => {
                let number = number(result);
                say!(
                    language,
                    "{what}, {measure}: ô lưu {shown}, nhưng công thức {formula} với các ô hiện có cho {number}; công thức chưa được tính lại",
                    "{what}, {measure}: the cell holds {shown}, but with the cells as they are now the formula {formula} gives {number}; it was not recalculated"
                )
            }
            CellError::UnitOfFormat { value, drawn, stated } => {
                let number = number(value);
                say!(
                    language,
                    "{what}, {measure}: ô hiện \"{number} {drawn}\" (đơn vị do định dạng số của ô), bảng ghi đơn vị \"{stated}\"; đọc theo đơn vị trong ô",
                    "{what}, {measure}: the cell shows \"{number} {drawn}\" (a unit of its number format), the table states \"{stated}\"; the unit in the cell is taken"
                )
            }
            CellError::Divided { stored, value, unit } => {
                let (stored, number) = (number(stored), number(value));
                say!(
                    language,
                    "{what}, {measure}: ô lưu {stored} nhưng hiện {number} vì định dạng số bớt hàng nghìn, còn đơn vị là \"{unit}\"; đọc là {number}",
                    "{what}, {measure}: the cell stores {stored} but shows {number}, as its number format leaves out thousands, and the unit is \"{unit}\"; read as {number}"
                )
            }
            CellError::Date => {
                let date = date(language, shown);
                say!(
                    language,
                    "{what}, {measure}: ô chứa ngày {date}, không phải số",
                    "{what}, {measure}: the cell holds the date {date}, not a number"
                )
            }
            CellError::DateText => say!(
                language,
                "{what}, {measure}: \"{shown}\" là ngày tháng, không phải số",
                "{what}, {measure}: \"{shown}\" is a date, not a number"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        match &self.error {
            CellError::Words => say!(
                language,
                "ghi một con số; lời giải thích để ở cột ghi chú",
                "write a number; words belong in the note column"
            ),
            CellError::Ditto => say!(language, "ghi lại con số vào ô này", "write the number into this cell"),
            CellError::OutOfReach => say!(
                language,
                "ghi lại số, bớt chữ số hoặc đổi đơn vị lớn hơn",
                "write the number again with fewer digits or in a larger unit"
            ),
            CellError::Formula => say!(
                language,
                "sửa công thức trong ô rồi lưu lại tệp",
                "correct the formula in the cell and save the file"
            ),
            CellError::NoResult => say!(
                language,
                "mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi chạy lại",
                "open the file in Excel or LibreOffice, save it and run again"
            ),
            CellError::Ambiguous(..) => say!(
                language,
                "nhập lại dưới dạng số; nếu cả tệp gõ như vậy, người quản lý bảng ánh xạ khai báo `numbers = \"vietnamese\"` hay `\"english\"`",
                "type it as a number; if the whole file is typed so, whoever keeps the mapping declares `numbers = \"vietnamese\"` or `\"english\"`"
            ),
            CellError::ZeroAmongDashes => say!(
                language,
                "nếu không phát sinh, ghi \"-\"; nếu chưa có số liệu, ghi \"...\"; nếu đúng là 0, ghi 0",
                "write \"-\" if there was none, \"...\" if there is no data, 0 if it is 0"
            ),
            CellError::LookAlike(number) => say!(
                language,
                "nếu đúng là {number}, nhập lại ô bằng chữ số",
                "if it is {number}, type the cell again in digits"
            ),
            CellError::Fraction { .. } => {
                say!(language, "ghi kế hoạch và thực hiện ở hai ô riêng", "write plan and actual in two cells")
            }
            CellError::Typed(_) => say!(language, "nhập lại ô dưới dạng số", "type the cell again as a number"),
            CellError::Unit(_) => say!(
                language,
                "chỉ để con số trong ô; đơn vị để ở cột đơn vị",
                "leave only the number in the cell; the unit belongs in the unit column"
            ),
            CellError::Stale { .. } => say!(
                language,
                "mở tệp bằng Excel, bấm Ctrl+Alt+F9 để tính lại, kiểm tra rồi lưu",
                "open the file in Excel, press Ctrl+Alt+F9 to recalculate, check and save it"
            ),
            CellError::UnitOfFormat { .. } => say!(
                language,
                "kiểm tra con số; bỏ đơn vị khỏi định dạng số của ô (Format Cells, Number)",
                "check the figure; take the unit out of the number format of the cell (Format Cells, Number)"
            ),
            CellError::Divided { .. } => say!(
                language,
                "ghi đơn vị đúng với số đang hiện, hoặc bỏ dấu phẩy ở cuối định dạng số của ô",
                "state the unit of the number that is shown, or take the commas at the end out of the number format"
            ),
            CellError::Date => say!(
                language,
                "định dạng ô là số rồi nhập lại con số; kế hoạch ghi ở cột kế hoạch",
                "format the cell as a number and type the number again; the plan belongs in its own column"
            ),
            CellError::DateText => say!(
                language,
                "ghi một con số; ngày tháng để ở cột ghi chú. Nếu là \"số này trên số kia\", ghi kế hoạch và thực hiện ở hai ô riêng",
                "write a number; dates belong in the note column. If one number of another is meant, write plan and actual in two cells"
            ),
        }
    }
}

/// What may have been typed before the spreadsheet made a date of it.
#[derive(Debug)]
struct MadeADate {
    day: u32,
    month: u32,
}

impl Remark for MadeADate {
    fn words(&self, language: Language) -> String {
        let Self { day, month } = self;
        say!(
            language,
            "có lẽ đã gõ {day},{month} hoặc {month},{day}, hoặc \"{day:02}/{month:02}\" (đạt {day}, kế hoạch {month})",
            "perhaps {day}.{month} or {month}.{day} was typed, or \"{day:02}/{month:02}\" (meaning {day} of {month})"
        )
    }
}

pub(super) fn report(cx: &mut Context<'_>, cell: &SourceCell<'_>, raw: &str, error: CellError) {
    let finding = finding(cx, cell, raw, error);
    cx.findings.push(finding);
}

/// The finding for a cell that holds `raw`.
pub(super) fn finding(cx: &Context<'_>, cell: &SourceCell<'_>, raw: &str, error: CellError) -> Finding {
    let indicator = cx.catalogue.indicator(cell.key.indicator);
    let measure = cx.catalogue.measure(cell.key.measure);
    let target = super::super::place(cell.workbook, cell.sheet, cell.at, raw);
    let (code, taken, proposal) = (error.code(), error.taken(), error.proposal(cell));
    let typed = error.day_and_month(raw);
    let facts = WrongCell {
        what: describe(cx.catalogue, &cell.key),
        measure: measure.label.clone(),
        shown: text::trim(raw).to_owned(),
        error,
    };
    let mut finding = Finding::new(code, facts)
        .at(target.clone())
        .about(&indicator.id)
        .stated_at(cell.line.clone())
        .fingerprinted(&[&indicator.id, &measure.id, cell.key.member.as_deref().unwrap_or("")]);
    finding.found = Some(taken.map_or_else(|| raw.to_owned(), number::plain));
    if let Some((kind, value)) = proposal {
        let to = number::plain(value);
        if code == &STALE_FORMULA {
            finding.expected = Some(to.clone());
        }
        finding.hypotheses.push(hypothesis(kind, &target, to, 1));
    }
    if let Some((day, month)) = typed {
        finding.diagnose(MadeADate { day, month });
        // What stands beside the cell says which fits.
        let mut typed = vec![format!("{day}.{month}"), format!("{month}.{day}"), day.to_string()];
        typed.dedup();
        finding.hypotheses.extend(typed.into_iter().map(|to| hypothesis(SlipKind::Date, &target, to, 0)));
    }
    finding
}

fn hypothesis(kind: SlipKind, target: &Place, to: String, resolves: u32) -> Hypothesis {
    Hypothesis { kind, target: target.clone(), to, resolves, together: Vec::new() }
}

/// A date as the reader of the message writes it; Excel keeps no time zone, and the time of day says nothing.
fn date(language: Language, iso: &str) -> String {
    let parts: Vec<&str> = iso.get(..10).unwrap_or(iso).split('-').collect();
    match (language, &parts[..]) {
        (Language::Vi, [year, month, day]) => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

/// Day and month of an ISO date: what was typed before the spreadsheet made a date of it.
fn day_and_month(iso: &str) -> Option<(u32, u32)> {
    let mut parts = iso.get(..10)?.split('-');
    let _year: u32 = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Some((day, month))
}
