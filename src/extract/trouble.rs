//! What is odd about a cell, in words.

use super::{Context, codes, value::Cell};
use crate::{
    model::{
        finding::{Code, Finding, Hypothesis, Place, Worded},
        reading::describe,
    },
    values::{
        language::{Language, say},
        number::{self, Convention, Decimal},
    },
};

/// What is odd about a cell.
pub(super) enum Trouble {
    Words,
    Ditto,
    OutOfReach,
    Error,
    NoResult,
    Ambiguous,
    /// "0.0" where others write a dash.
    ZeroAmongDashes,
    /// Letters that look like digits, and what the text would be with digits.
    LookAlike(String),
    Fraction {
        with_plan: bool,
    },
    Typed(Decimal),
    Unit(Decimal),
    /// The formula gives another result for the cells as they stand.
    Stale(Decimal),
    /// The number format draws another unit than the table states.
    UnitOfFormat {
        value: Decimal,
        drawn: String,
        stated: String,
    },
    /// The number format divides, and the unit is none of thousands.
    Divided {
        value: Decimal,
        unit: String,
    },
}

fn base(cx: &Context<'_>, cell: &Cell<'_>, code: &'static Code, raw: &str, message: String, action: String) -> Finding {
    let indicator = cx.catalogue.indicator(cell.key.indicator);
    let measure = cx.catalogue.measure(cell.key.measure);
    Finding::new(code, Worded(message, action))
        .at(Place { raw: Some(raw.into()), ..super::place(cell.workbook, cell.sheet, cell.at, "") })
        .about(&indicator.id)
        .stated_at(cell.line.clone())
        .fingerprinted(&[&indicator.id, &measure.id, cell.key.member.as_deref().unwrap_or("")])
}

pub(super) fn report(cx: &mut Context<'_>, cell: &Cell<'_>, code: &'static Code, raw: &str, trouble: &Trouble) {
    let finding = describe_trouble(cx, cell, code, raw, trouble);
    cx.findings.push(finding);
}

pub(super) fn describe_trouble(
    cx: &Context<'_>,
    cell: &Cell<'_>,
    code: &'static Code,
    raw: &str,
    trouble: &Trouble,
) -> Finding {
    let what = describe(cx.catalogue, &cell.key);
    let measure = &cx.catalogue.measure(cell.key.measure).label;
    let shown = crate::values::text::trim(raw);
    let (message, action, found) = match trouble {
        Trouble::Words => (
            say!(
                cx.language,
                "{what}, {measure}: \"{shown}\" không phải là số",
                "{what}, {measure}: \"{shown}\" is not a number"
            ),
            say!(
                cx.language,
                "ghi một con số; lời giải thích để ở cột ghi chú",
                "write a number; words belong in the note column"
            ),
            None,
        ),
        Trouble::Ditto => (
            say!(
                cx.language,
                "{what}, {measure}: ô ghi dấu \"như trên\" ({shown}), không có con số",
                "{what}, {measure}: the cell holds a ditto mark ({shown}), no number"
            ),
            say!(cx.language, "ghi lại con số vào ô này", "write the number into this cell"),
            None,
        ),
        Trouble::OutOfReach => (
            say!(
                cx.language,
                "{what}, {measure}: số \"{shown}\" quá lớn hoặc quá nhỏ để đọc chính xác",
                "{what}, {measure}: the number \"{shown}\" is too large or too small to be read exactly"
            ),
            say!(
                cx.language,
                "ghi lại số, bớt chữ số hoặc đổi đơn vị lớn hơn",
                "write the number again with fewer digits or in a larger unit"
            ),
            None,
        ),
        Trouble::Error => (
            say!(
                cx.language,
                "{what}, {measure}: công thức cho lỗi {shown}",
                "{what}, {measure}: the formula gives the error {shown}"
            ),
            say!(
                cx.language,
                "sửa công thức trong ô rồi lưu lại tệp",
                "correct the formula in the cell and save the file"
            ),
            None,
        ),
        Trouble::NoResult => (
            say!(
                cx.language,
                "{what}, {measure}: ô có công thức nhưng tệp không lưu kết quả",
                "{what}, {measure}: the cell has a formula but the file does not hold its result"
            ),
            say!(
                cx.language,
                "mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi chạy lại",
                "open the file in Excel or LibreOffice, save it and run again"
            ),
            None,
        ),
        Trouble::Ambiguous => {
            let amount = number::parse(raw, Convention::Unknown);
            let figure = amount.figures().find(|f| f.alternative.is_some());
            // Without grouping: "1.250" for 1250 would be the doubt itself.
            let plain = |value: Decimal| match cx.language {
                Language::Vi => number::plain(value).replace('.', ","),
                Language::En => number::plain(value),
            };
            let found = figure.map(|f| number::plain(f.value)).unwrap_or_default();
            let one = figure.map(|f| plain(f.value)).unwrap_or_default();
            let other = figure.and_then(|f| f.alternative).map(plain).unwrap_or_default();
            (
                say!(
                    cx.language,
                    "{what}, {measure}: \"{shown}\" có thể là {one} hoặc {other}; tạm đọc là {one}",
                    "{what}, {measure}: \"{shown}\" can be {one} or {other}; read as {one} for now"
                ),
                say!(
                    cx.language,
                    "nhập lại dưới dạng số; nếu cả tệp gõ như vậy, người quản lý bảng ánh xạ khai báo `numbers = \"vietnamese\"` hay `\"english\"`",
                    "type it as a number; if the whole file is typed so, whoever keeps the mapping declares `numbers = \"vietnamese\"` or `\"english\"`"
                ),
                Some(found),
            )
        }
        Trouble::ZeroAmongDashes => (
            say!(
                cx.language,
                "{what}, {measure}: \"{shown}\" đứng cạnh các ô ghi \"-\": có thể là 0, số rất nhỏ đã làm tròn, hoặc không có số liệu; tạm đọc là 0",
                "{what}, {measure}: \"{shown}\" stands among cells that hold \"-\": it can be 0, a very small number rounded, or no data; read as 0 for now"
            ),
            say!(
                cx.language,
                "nếu không phát sinh, ghi \"-\"; nếu chưa có số liệu, ghi \"...\"; nếu đúng là 0, ghi 0",
                "write \"-\" if there was none, \"...\" if there is no data, 0 if it is 0"
            ),
            Some("0".to_owned()),
        ),
        Trouble::LookAlike(number) => (
            say!(
                cx.language,
                "{what}, {measure}: \"{shown}\" có chữ cái gõ nhầm thay chữ số (O thay 0, l hoặc I thay 1, S thay 5, B thay 8): trông như {number}; chưa lấy số nào",
                "{what}, {measure}: \"{shown}\" has letters typed for digits (O for 0, l or I for 1, S for 5, B for 8): it looks like {number}; no number was taken"
            ),
            say!(
                cx.language,
                "nếu đúng là {number}, nhập lại ô bằng chữ số",
                "if it is {number}, type the cell again in digits"
            ),
            None,
        ),
        Trouble::Fraction { with_plan: true } => (
            say!(
                cx.language,
                "{what}, {measure}: ô ghi nhiều số \"{shown}\"; số đầu là kết quả, các số sau là kế hoạch và tỷ lệ nếu các cột không ghi khác",
                "{what}, {measure}: the cell holds several numbers \"{shown}\"; the first is the result, the others are plan and ratio unless the columns say otherwise"
            ),
            say!(cx.language, "ghi kế hoạch và thực hiện ở hai ô riêng", "write plan and actual in two cells"),
            None,
        ),
        Trouble::Fraction { with_plan: false } => (
            say!(
                cx.language,
                "{what}, {measure}: ô ghi dạng phân số \"{shown}\"; lấy số đứng trước dấu \"/\"",
                "{what}, {measure}: the cell holds the fraction \"{shown}\"; the number before the slash is taken"
            ),
            say!(cx.language, "ghi kế hoạch và thực hiện ở hai ô riêng", "write plan and actual in two cells"),
            None,
        ),
        Trouble::Typed(value) => {
            let number = cx.language.number(*value);
            (
                say!(
                    cx.language,
                    "{what}, {measure}: số được lưu dưới dạng chữ \"{shown}\"; đọc là {number}",
                    "{what}, {measure}: the number is stored as the text \"{shown}\"; read as {number}"
                ),
                say!(cx.language, "nhập lại ô dưới dạng số", "type the cell again as a number"),
                Some(number::plain(*value)),
            )
        }
        Trouble::Stale(value) => {
            let (number, formula) = (cx.language.number(*value), cell.formula.map_or("", |formula| formula));
            (
                say!(
                    cx.language,
                    "{what}, {measure}: ô lưu {shown}, nhưng công thức {formula} với các ô hiện có cho {number}; công thức chưa được tính lại",
                    "{what}, {measure}: the cell holds {shown}, but with the cells as they are now the formula {formula} gives {number}; it was not recalculated"
                ),
                say!(
                    cx.language,
                    "mở tệp bằng Excel, bấm Ctrl+Alt+F9 để tính lại, kiểm tra rồi lưu",
                    "open the file in Excel, press Ctrl+Alt+F9 to recalculate, check and save it"
                ),
                None,
            )
        }
        Trouble::UnitOfFormat { value, drawn, stated } => {
            let number = cx.language.number(*value);
            (
                say!(
                    cx.language,
                    "{what}, {measure}: ô hiện \"{number} {drawn}\" (đơn vị do định dạng số của ô), bảng ghi đơn vị \"{stated}\"; đọc theo đơn vị trong ô",
                    "{what}, {measure}: the cell shows \"{number} {drawn}\" (a unit of its number format), the table states \"{stated}\"; the unit in the cell is taken"
                ),
                say!(
                    cx.language,
                    "kiểm tra con số; bỏ đơn vị khỏi định dạng số của ô (Format Cells, Number)",
                    "check the figure; take the unit out of the number format of the cell (Format Cells, Number)"
                ),
                Some(number::plain(*value)),
            )
        }
        Trouble::Divided { value, unit } => {
            let number = cx.language.number(*value);
            (
                say!(
                    cx.language,
                    "{what}, {measure}: ô lưu {shown} nhưng hiện {number} vì định dạng số bớt hàng nghìn, còn đơn vị là \"{unit}\"; đọc là {number}",
                    "{what}, {measure}: the cell stores {shown} but shows {number}, as its number format leaves out thousands, and the unit is \"{unit}\"; read as {number}"
                ),
                say!(
                    cx.language,
                    "ghi đơn vị đúng với số đang hiện, hoặc bỏ dấu phẩy ở cuối định dạng số của ô",
                    "state the unit of the number that is shown, or take the commas at the end out of the number format"
                ),
                Some(number::plain(*value)),
            )
        }
        Trouble::Unit(value) => {
            let number = cx.language.number(*value);
            (
                say!(
                    cx.language,
                    "{what}, {measure}: đơn vị gõ liền số trong ô \"{shown}\"; đọc là {number}",
                    "{what}, {measure}: the unit is typed into the cell \"{shown}\"; read as {number}"
                ),
                say!(
                    cx.language,
                    "chỉ để con số trong ô; đơn vị để ở cột đơn vị",
                    "leave only the number in the cell; the unit belongs in the unit column"
                ),
                Some(number::plain(*value)),
            )
        }
    };
    let mut finding = base(cx, cell, code, raw, message, action);
    if let (Trouble::Stale(value), Some(target)) = (trouble, finding.target.clone()) {
        finding.expected = Some(number::plain(*value));
        finding.hypotheses.push(Hypothesis {
            kind: crate::model::finding::SlipKind::Recalculated,
            target,
            to: number::plain(*value),
            resolves: 1,
            together: Vec::new(),
        });
    }
    finding.found = found.or_else(|| Some(raw.to_string()));
    if let (Trouble::LookAlike(number), Some(target)) = (trouble, finding.target.clone())
        && let Some(to) =
            number::parse(number, cell.numbers.convention()).figures().next().map(|f| number::plain(f.value))
    {
        finding.hypotheses.push(Hypothesis {
            kind: crate::model::finding::SlipKind::LetterForDigit,
            target,
            to,
            resolves: 1,
            together: Vec::new(),
        });
    }
    finding
}

/// A date that was typed as text.
pub(super) fn report_date_text(cx: &mut Context<'_>, cell: &Cell<'_>, written: &str) {
    let what = describe(cx.catalogue, &cell.key);
    let measure = &cx.catalogue.measure(cell.key.measure).label;
    let shown = crate::values::text::trim(written);
    let message = say!(
        cx.language,
        "{what}, {measure}: \"{shown}\" là ngày tháng, không phải số",
        "{what}, {measure}: \"{shown}\" is a date, not a number"
    );
    let action = say!(
        cx.language,
        "ghi một con số; ngày tháng để ở cột ghi chú. Nếu là \"số này trên số kia\", ghi kế hoạch và thực hiện ở hai ô riêng",
        "write a number; dates belong in the note column. If one number of another is meant, write plan and actual in two cells"
    );
    let mut finding = base(cx, cell, &codes::DATE_FOR_NUMBER, written, message, action);
    finding.found = Some(written.to_owned());
    // "18 Aug" is what a spreadsheet makes of a typed 18.8.
    if let Some((day, month)) = number::named_month(shown) {
        finding.diagnose(guess(cx, day, month));
        propose(&mut finding, day, month);
    }
    cx.findings.push(finding);
}

pub(super) fn report_date(cx: &mut Context<'_>, cell: &Cell<'_>, iso: &str) {
    let what = describe(cx.catalogue, &cell.key);
    let measure = &cx.catalogue.measure(cell.key.measure).label;
    let typed = day_and_month(iso);
    let date = shown_date(cx.language, iso);
    let message = say!(
        cx.language,
        "{what}, {measure}: ô chứa ngày {date}, không phải số",
        "{what}, {measure}: the cell holds the date {date}, not a number"
    );
    let action = say!(
        cx.language,
        "định dạng ô là số rồi nhập lại con số; kế hoạch ghi ở cột kế hoạch",
        "format the cell as a number and type the number again; the plan belongs in its own column"
    );
    let mut finding = base(cx, cell, &codes::DATE_FOR_NUMBER, iso, message, action);
    finding.found = Some(iso.to_string());
    if let Some((day, month)) = typed {
        finding.diagnose(guess(cx, day, month));
        propose(&mut finding, day, month);
    }
    cx.findings.push(finding);
}

/// What may have been typed before the spreadsheet made a date of it.
fn guess(cx: &Context<'_>, day: u32, month: u32) -> String {
    say!(
        cx.language,
        "có lẽ đã gõ {day},{month} hoặc {month},{day}, hoặc \"{day:02}/{month:02}\" (đạt {day}, kế hoạch {month})",
        "perhaps {day}.{month} or {month}.{day} was typed, or \"{day:02}/{month:02}\" (meaning {day} of {month})"
    )
}

/// Each of them as a proposal; what stands beside the cell says which fits.
fn propose(finding: &mut Finding, day: u32, month: u32) {
    let Some(target) = finding.target.clone() else { return };
    let mut typed = vec![format!("{day}.{month}"), format!("{month}.{day}"), day.to_string()];
    typed.dedup();
    finding.hypotheses.extend(typed.into_iter().map(|to| Hypothesis {
        kind: crate::model::finding::SlipKind::Date,
        target: target.clone(),
        to,
        resolves: 0,
        together: Vec::new(),
    }));
}

/// A date as the reader of the message writes it; Excel keeps no time zone, and the time of day says nothing.
fn shown_date(language: Language, iso: &str) -> String {
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
