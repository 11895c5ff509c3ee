//! Changes the files beside the workbooks that people write too: a few lines, and every other byte stays.
//!
//! What was changed is read again before it is written: it has to say what it said, and the change.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::{fault::Fault, folders::Folder, home, watch::Stamp};
use crate::driver::{Overwrite, shown, write_file};

/// Changes a file. `change` is given its text, if it is there. Where somebody changed it after the page last
/// saw it, nothing is written unless `force`.
pub(super) fn change(
    path: &Path,
    folder: &Folder,
    force: bool,
    change: impl FnOnce(Option<&str>) -> Result<String, Fault>,
) -> Result<(), Fault> {
    // A link would have something else changed than what is shown.
    if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(Fault::Outside);
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Fault::disk(path, &error)),
    };
    let known = folder.state().stamps.get(path).and_then(Stamp::digest);
    let there = text.as_ref().map(|text| *blake3::hash(text.as_bytes()).as_bytes());
    if known != there && !force {
        return Err(Fault::Edited(shown(path)));
    }
    let new = change(text.as_deref())?;
    let overwrite = if text.is_some() { Overwrite::Yes } else { Overwrite::No };
    write_file(path, new.as_bytes(), overwrite).map_err(|error| Fault::disk(path, &error))
}

fn not_simple() -> Fault {
    Fault::Malformed("TOML".to_owned())
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A mapping that changes another.
pub(super) fn extending(name: &str) -> String {
    format!("[mapping]\nextends = {}\n", quoted(name))
}

fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The header of a table, where a line is one.
fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    if !line.starts_with('[') {
        return None;
    }
    let bare = line.split('#').next().unwrap_or_default().trim();
    bare.ends_with(']').then_some(bare)
}

/// The rest of a line behind `key = "…"`: its remark.
fn remark(line: &str, key: &str) -> Option<String> {
    let rest = line.trim_start();
    let rest = rest.strip_prefix(key).or_else(|| rest.strip_prefix(&quoted(key)))?.trim_start().strip_prefix('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if rest.starts_with("\"\"\"") || rest.starts_with("'''") {
        return None;
    }
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find_map(|(at, c)| {
        let is_end = c == quote && !is_escaped;
        is_escaped = quote == '"' && c == '\\' && !is_escaped;
        is_end.then_some(at + 1)
    })?;
    Some(rest[end..].trim_end().to_owned())
}

/// What a text says, without its looks.
type Table = Map<String, Value>;

fn table_of(text: &str) -> Result<Table, Fault> {
    let table = DeTable::parse(text).map_err(|_| not_simple())?;
    Ok(table_said(table.get_ref()))
}

fn table_said(table: &DeTable<'_>) -> Table {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), said(value.get_ref()))).collect()
}

fn said(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => Value::String(format!("#{number}")),
        DeValue::Float(number) => Value::String(format!("#{number}")),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(time) => Value::String(format!("#{time}")),
        DeValue::Array(values) => values.iter().map(|value| said(value.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(table_said(table)),
    }
}

/// The text with these fields; one without a value is taken out.
pub(super) fn with_fields(text: &str, values: &BTreeMap<String, String>) -> Result<String, Fault> {
    if values.keys().any(|key| !is_bare(key)) {
        return Err(Fault::Malformed("key".to_owned()));
    }
    let old = table_of(text)?;
    let line_end = ending(text);
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|line| !line.ends_with('\n')) {
        last.push_str(line_end);
    }
    let start = lines.iter().position(|line| header(line) == Some("[fields]"));
    let start = if let Some(start) = start {
        start
    } else {
        // Before the first source with the remarks that belong to it, else at the end.
        let first = lines.iter().position(|line| header(line).is_some_and(|name| name.starts_with("[[")));
        let mut at = first.unwrap_or(lines.len());
        while at > 0 && lines[at - 1].trim_start().starts_with('#') {
            at -= 1;
        }
        let mut new = vec![format!("[fields]{line_end}")];
        if at > 0 && !lines[at - 1].trim().is_empty() {
            new.insert(0, line_end.to_owned());
        }
        if at < lines.len() {
            new.push(line_end.to_owned());
        }
        let place = at + usize::from(new[0].trim().is_empty());
        lines.splice(at..at, new);
        place
    };
    for (key, value) in values {
        let value = value.trim();
        let end =
            lines[start + 1..].iter().position(|line| header(line).is_some()).map_or(lines.len(), |at| start + 1 + at);
        let own = (start + 1..end).find(|at| remark(&lines[*at], key).is_some());
        match own {
            Some(at) if value.is_empty() => {
                lines.remove(at);
            }
            Some(at) => {
                let remark = remark(&lines[at], key).unwrap_or_default();
                lines[at] = format!("{key} = {}{remark}{line_end}", quoted(value));
            }
            None if value.is_empty() => {}
            None => {
                // Behind the last line that says something.
                let at = (start + 1..end)
                    .rev()
                    .find(|at| !lines[*at].trim().is_empty() && !lines[*at].trim_start().starts_with('#'));
                lines.insert(at.map_or(start + 1, |at| at + 1), format!("{key} = {}{line_end}", quoted(value)));
            }
        }
    }
    let new = lines.concat();
    let mut wanted = old;
    let fields = wanted.entry("fields").or_insert_with(|| Value::Object(Table::new()));
    let fields = fields.as_object_mut().ok_or_else(not_simple)?;
    for (key, value) in values {
        let value: String = value.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if value.is_empty() {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), Value::String(value));
        }
    }
    if table_of(&new)? == wanted { Ok(new) } else { Err(not_simple()) }
}

/// Days since 1970 as year, month and day.
pub(super) fn civil(days: u64) -> (u64, u64, u64) {
    // Howard Hinnant's `civil_from_days`, for days after 1970.
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// Today in Vietnam, which is seven hours ahead.
fn today() -> String {
    let (year, month, day) = civil((home::now() + 7 * 3600) / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// An entry of `bieu.toml`.
pub(super) fn suppression(fingerprint: &str, value: &str, file: Option<&str>, reason: &str, by: &str) -> String {
    let mut entry = format!("[[suppress]]\nfingerprint = {}\n", quoted(fingerprint));
    if let Some(file) = file {
        entry.push_str(&format!("file = {}\n", quoted(file)));
    }
    entry.push_str(&format!(
        "value = {}\nreason = {}\nby = {}\non = {}\n",
        quoted(value),
        quoted(reason),
        quoted(by),
        today()
    ));
    entry
}

fn entries(table: &Table) -> Vec<Value> {
    table.get("suppress").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The text with one more entry at its end.
pub(super) fn with_suppression(text: &str, entry: &str) -> Result<String, Fault> {
    let (old, own) = (table_of(text)?, table_of(entry)?);
    let line_end = ending(text);
    let mut new = text.to_owned();
    if !new.is_empty() && !new.ends_with('\n') {
        new.push_str(line_end);
    }
    if !new.trim().is_empty() {
        new.push_str(line_end);
    }
    new.push_str(&entry.replace('\n', line_end));
    let mut wanted = entries(&old);
    wanted.extend(entries(&own));
    let read = table_of(&new)?;
    if entries(&read) == wanted && without_entries(read) == without_entries(old) { Ok(new) } else { Err(not_simple()) }
}

fn without_entries(mut table: Table) -> Table {
    table.remove("suppress");
    table
}

/// The text without the entries for a finding; none where there is none.
pub(super) fn without_suppression(text: &str, fingerprint: &str) -> Option<String> {
    let old = table_of(text).ok()?;
    let is_own = |entry: &Value| entry.get("fingerprint").and_then(Value::as_str) == Some(fingerprint);
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut at = 0;
    while at < lines.len() {
        if header(lines[at]) != Some("[[suppress]]") {
            at += 1;
            continue;
        }
        let next =
            lines[at + 1..].iter().position(|line| header(line).is_some()).map_or(lines.len(), |next| at + 1 + next);
        let mut end = next;
        // Remarks right above the next table belong to that.
        while end > at + 1 && end < lines.len() && lines[end - 1].trim_start().starts_with('#') {
            end -= 1;
        }
        let own = table_of(&lines[at..end].concat()).is_ok_and(|table| entries(&table).iter().any(is_own));
        if own {
            // With the blank line before it.
            let start = if at > 0 && lines[at - 1].trim().is_empty() && end == lines.len() { at - 1 } else { at };
            lines.drain(start..end);
            at = start;
        } else {
            at = next;
        }
    }
    let new = lines.concat();
    let wanted: Vec<Value> = entries(&old).into_iter().filter(|entry| !is_own(entry)).collect();
    let read = table_of(&new).ok()?;
    let is_right = new != text && entries(&read) == wanted && without_entries(read) == without_entries(old);
    is_right.then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn fields_change_and_every_other_byte_stays() {
        let text = "# đầu\r\n[mapping]\r\nid = \"a\"   # giữ\r\n\r\n[fields]\r\nreport = \"1 \\\"x\\\"\" # số\r\nplace='Mẫu'\r\n\r\n# ====\r\n[[source]]\r\nname = \"[fields]\"\r\n";
        let new =
            with_fields(text, &values(&[("report", "2/BC"), ("date", "01/02/2030"), ("place", "")])).expect("new");
        assert_eq!(
            new,
            "# đầu\r\n[mapping]\r\nid = \"a\"   # giữ\r\n\r\n[fields]\r\nreport = \"2/BC\" # số\r\ndate = \"01/02/2030\"\r\n\r\n# ====\r\n[[source]]\r\nname = \"[fields]\"\r\n"
        );
        // Once more changes nothing.
        assert_eq!(with_fields(&new, &values(&[("report", "2/BC")])).expect("new"), new);
    }

    #[test]
    fn fields_are_added_before_the_sources() {
        let text = "[mapping]\nid = \"a\"\n\n# nguồn\n[[source]]\nname = \"b\"\n";
        let new = with_fields(text, &values(&[("office", "A \"B\"")])).expect("new");
        assert_eq!(
            new,
            "[mapping]\nid = \"a\"\n\n[fields]\noffice = \"A \\\"B\\\"\"\n\n# nguồn\n[[source]]\nname = \"b\"\n"
        );
        let new = with_fields(&extending("mau"), &values(&[("office", "A")])).expect("new");
        assert_eq!(new, "[mapping]\nextends = \"mau\"\n\n[fields]\noffice = \"A\"\n");
    }

    #[test]
    fn what_is_not_simple_is_refused() {
        for text in ["[fields]\nreport = \"\"\"a\nb\"\"\"\n", "fields = { report = \"a\" }\n", "x = ["] {
            assert!(with_fields(text, &values(&[("report", "c")])).is_err(), "{text}");
        }
        assert!(with_fields("", &values(&[("a b", "c")])).is_err());
    }

    #[test]
    fn suppressions_come_and_go() {
        let text = "[severity]\nratio-off-policy = \"warning\"\n";
        let entry = suppression("00ff", "90,5", None, "đã \"biết\"", "Lê Văn");
        let with = with_suppression(text, &entry).expect("with");
        assert!(with.starts_with(text) && with.contains("reason = \"đã \\\"biết\\\"\"") && with.contains("\non = 2"));
        let both = with_suppression(&with, &suppression("11ff", "", Some("a.xlsx"), "b", "c")).expect("both");
        assert_eq!(without_suppression(&both, "11ff").as_deref(), Some(with.as_str()));
        assert_eq!(without_suppression(&with, "00ff").as_deref(), Some(text));
        assert!(without_suppression(&with, "22ff").is_none());
    }

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_785), (2026, 11, 28));
    }
}
