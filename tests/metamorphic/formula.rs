//! Moves the references of a formula, as a spreadsheet does when rows and columns are inserted.

use bieu::internals::model::workbook::Position;

/// `to` gives the new place of a cell of a sheet; none is the sheet of the formula.
pub(crate) fn moved(formula: &str, to: &dyn Fn(Option<&str>, Position) -> Position) -> String {
    let mut out = String::new();
    let mut sheet: Option<String> = None;
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if first == '\'' {
            let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            sheet = Some(rest[1..end - 1].to_owned());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if first.is_alphanumeric() || matches!(first, '$' | '_' | '.') {
            let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '$' | '_' | '.')).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if after.starts_with('!') {
                sheet = Some(word.to_owned());
                out.push_str(word);
            } else {
                let called = after.starts_with('(');
                match Position::parse(&word.replace('$', "")).filter(|_| !called) {
                    Some(at) => out.push_str(&to(sheet.as_deref(), at).to_string()),
                    None => out.push_str(word),
                }
                // The second corner of an area is on the sheet of the first.
                if !after.starts_with(':') {
                    sheet = None;
                }
            }
            rest = after;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

#[test]
fn references_move_and_nothing_else_does() {
    let to = |sheet: Option<&str>, at: Position| {
        Position::new(at.row + if sheet == Some("Vụ xuân") { 10 } else { 1 }, at.column)
    };
    for (formula, after) in [
        ("SUM(A1:B2)", "SUM(A2:B3)"),
        ("ROUND($D$9/C9*100,2)", "ROUND(D10/C10*100,2)"),
        ("'Vụ xuân'!E9+E9", "'Vụ xuân'!E19+E10"),
        ("IF(A1>1,\"A1\",LOG10(2))", "IF(A2>1,\"A1\",LOG10(2))"),
    ] {
        assert_eq!(moved(formula, &to), after);
    }
}
