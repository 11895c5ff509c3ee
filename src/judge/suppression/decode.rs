//! Reads `bieu.toml`; all mistakes at once.

use toml::de::DeValue;

use super::{Suppression, Suppressions, Target};
use crate::{
    model::{
        document::{At, Document, Fields, Problem, Problems, both, parse, text_of},
        finding::Severity,
    },
    values::text,
};

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

/// Reads the suppressions; `codes` are the names of all finding codes.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn decode(document: &Document, codes: &[&str]) -> Result<Suppressions, Vec<Problem>> {
    let mut problems = Problems::new(document.clone());
    let table = parse(document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let severities = root.table("severity", &mut problems).map_or_else(Vec::new, |table| {
        let of_code = |(key, item): (At<&str>, _)| {
            let written = text_of(key.value, item, &mut problems)?;
            check_code(key.value, key.span.clone(), codes, &mut problems);
            let found = SEVERITIES.iter().find(|(name, _)| *name == written.value);
            if found.is_none() {
                let word = &written.value;
                problems.add_with_help(
                    written.span,
                    both!("không có mức \"{word}\"", "there is no severity \"{word}\""),
                    both!(
                        "chọn \"error\", \"warning\" hoặc \"info\"; muốn bỏ qua thì dùng `[[suppress]]`",
                        "choose \"error\", \"warning\" or \"info\"; to leave a finding out use `[[suppress]]`"
                    ),
                );
            }
            found.map(|(_, severity)| (key.value.to_owned(), *severity))
        };
        table.entries().filter_map(of_code).collect()
    });
    let tables = root.tables("suppress", &mut problems);
    let entries = tables.into_iter().filter_map(|table| entry(table, codes, &mut problems)).collect();
    root.finish(&mut problems);
    if problems.is_empty() {
        Ok(Suppressions { file: document.file.clone(), severities, entries })
    } else {
        Err(problems.into_sorted())
    }
}

fn check_code(code: &str, span: std::ops::Range<usize>, codes: &[&str], problems: &mut Problems) {
    if codes.contains(&code) {
        return;
    }
    let message = both!("không có mã \"{code}\"", "there is no code \"{code}\"");
    match codes.iter().min_by_key(|known| (text::distance(known, code), **known)) {
        Some(near) if text::similar(near, code) => {
            problems.add_with_help(span, message, both!("có phải là `{near}`?", "did you mean `{near}`?"));
        }
        Some(_) | None => {
            problems.add_with_help(span, message, both!("xem `bieu explain`", "see `bieu explain`"));
        }
    }
}

fn entry(mut table: Fields<'_, '_>, codes: &[&str], problems: &mut Problems) -> Option<Suppression> {
    let line = problems.document.line(table.span.start);
    let fingerprint = table.text("fingerprint", problems);
    let code = table.text("code", problems);
    let indicator = table.text("indicator", problems);
    if let Some(code) = &code {
        check_code(&code.value, code.span.clone(), codes, problems);
    }
    let target = match (fingerprint, code, indicator) {
        (Some(fingerprint), _, None) => Some(Target::Fingerprint(fingerprint.value)),
        (None, Some(code), Some(indicator)) => Some(Target::Indicator { code: code.value, indicator: indicator.value }),
        (None | Some(_), _, _) => {
            problems.add(
                table.span.clone(),
                both!(
                    "cần `fingerprint`, hoặc `code` cùng với `indicator`",
                    "`fingerprint` is needed, or `code` together with `indicator`"
                ),
            );
            None
        }
    };
    let files = table.text("file", problems).map(|pattern| pattern.value);
    let value = plain_value(&mut table, problems);
    let reason = filled(&mut table, "reason", problems);
    let by = filled(&mut table, "by", problems);
    let on = date(&mut table, problems);
    table.finish(problems);
    Some(Suppression { target: target?, files, value: value?, reason: reason?, by: by?, on: on?, line })
}

/// A text that must say something.
fn filled(table: &mut Fields<'_, '_>, key: &'static str, problems: &mut Problems) -> Option<String> {
    let text = table.required_text(key, problems)?;
    if text.value.trim().is_empty() {
        problems.add(text.span, both!("`{key}` không được để trống", "`{key}` must not be empty"));
        return None;
    }
    Some(text.value.trim().to_owned())
}

/// The value that was accepted, as a text or a number.
fn plain_value(table: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<String> {
    let Some(item) = table.item("value") else {
        problems.add_with_help(
            table.span.clone(),
            both!("thiếu mục `value`", "missing key `value`"),
            both!(
                "ghi số mà ô đang ghi (\"found\" trong báo cáo JSON); số đổi thì mục này hết hiệu lực",
                "write what the cell says now (\"found\" in the JSON report); the entry lapses when it changes"
            ),
        );
        return None;
    };
    match item.get_ref() {
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
            text_of("value", item, problems).map(|text| text.value)
        }
    }
}

/// A date of TOML, or a text.
fn date(table: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<String> {
    if let Some(DeValue::Datetime(date)) = table.item("on").map(toml::Spanned::get_ref) {
        return Some(date.to_string());
    }
    filled(table, "on", problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Suppressions, Vec<String>> {
        let document = Document::new("bieu.toml", text);
        decode(&document, &["ratio-mismatch", "total-mismatch"]).map_err(|problems| {
            let at = |offset| document.line_column(offset);
            problems.into_iter().map(|p| format!("{:?} {}", at(p.span.start), p.message.1)).collect()
        })
    }

    #[test]
    fn a_full_file() {
        let read = read(
            "[severity]\nratio-mismatch = \"warning\"\n[[suppress]]\ncode = \"total-mismatch\"\nindicator = \"a.b\"\n\
             value = 12.50\nreason = \"vì\"\nby = \"Văn phòng\"\non = 2024-01-05\n[[suppress]]\nfingerprint = \"0f\"\n\
             value = \">90\"\nfile = \"a*.xlsx\"\nreason = \"r\"\nby = \"b\"\non = \"5/1/2024\"\n",
        );
        let read = read.expect("no mistakes");
        assert_eq!(read.severities, [("ratio-mismatch".to_owned(), Severity::Warning)]);
        let [first, second] = read.entries.as_slice() else { panic!("two entries") };
        assert_eq!(first.target, Target::Indicator { code: "total-mismatch".into(), indicator: "a.b".into() });
        assert_eq!((&*first.value, &*first.on, first.line.line), ("12.50", "2024-01-05", 3));
        assert_eq!(second.target, Target::Fingerprint("0f".into()));
        assert_eq!(second.files.as_deref(), Some("a*.xlsx"));
    }

    #[test]
    fn every_mistake_is_told() {
        let mistakes = read(
            "[severity]\nratio-mismatc = \"off\"\n[[suppress]]\ncode = \"total-mismatch\"\nvalue = true\nreason = \" \"\n\
             who = \"x\"\n",
        );
        let mistakes = mistakes.expect_err("mistakes");
        for wanted in [
            "(2, 1) there is no code \"ratio-mismatc\"",
            "(2, 17) there is no severity \"off\"",
            "(3, 1) `fingerprint` is needed, or `code` together with `indicator`",
            "(5, 9) `value` must be a quoted string, not boolean",
            "(6, 10) `reason` must not be empty",
            "(3, 1) missing key `by`",
            "(3, 1) missing key `on`",
            "(7, 1) no key `who` here",
        ] {
            assert!(mistakes.iter().any(|found| found == wanted), "{wanted}: {mistakes:#?}");
        }
    }

    #[test]
    fn the_keys_that_may_be_written_are_told_once() {
        let problems = decode(&Document::new("bieu.toml", "[[suppress]]\ndate = \"x\"\n"), &[]).expect_err("mistakes");
        let help = problems.into_iter().find(|p| p.message.1.contains("`date`")).and_then(|p| p.help);
        let (_, help) = help.expect("the keys");
        assert_eq!(help.matches("`on`").count(), 1, "{help}");
        assert_eq!(help.matches("`by`").count(), 1, "{help}");
    }
}
