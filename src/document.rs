//! A TOML file with places: every value knows where it stands, and reading goes on after a
//! mistake, so that a person sees all of them at once.

use std::{ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{finding::FileLine, language::Words, number::Decimal};

/// The text of a TOML file and its name.
#[derive(Clone, Debug)]
pub struct Document {
    /// As the user named it, or the bundled name.
    pub file: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    /// Where each line begins.
    line_starts: Arc<[usize]>,
}

impl Document {
    /// A document from memory.
    pub fn new(file: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        Self { file: file.into(), text, line_starts }
    }

    /// Line and column, both from one, of a byte offset. Columns count characters.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line.saturating_sub(1)];
        let column = self.text[start..offset].chars().count() + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Where bytes of a text value stand in the file: quotes, escapes and the ends of lines make the
    /// two differ. At least one byte long, so that a caret has something to point at.
    pub fn within(&self, text: &At<String>, inner: &Range<usize>) -> Range<usize> {
        let written = self.text.get(text.span.clone()).unwrap_or_default();
        let start = Self::place(written, &text.value, inner.start);
        let end = Self::place(written, &text.value, inner.end).max(start);
        let first = text.span.start + start;
        let next = written[start..].chars().next().map_or(0, char::len_utf8);
        first..(text.span.start + end).max(first + next)
    }

    /// The offset in a string as written, quotes and all, of an offset in its value.
    fn place(written: &str, value: &str, offset: usize) -> usize {
        let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let escapes = written.starts_with('"');
        let mut at = quotes.min(written.len());
        if quotes == 3 {
            // A line break right behind the quotes is no part of the value.
            let rest = &written[at..];
            at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        }
        // A backslash at the end of a line swallows the white space behind it.
        let joined = |at: usize| {
            let mut rest = written.get(at..).unwrap_or_default();
            while let Some(after) = rest.strip_prefix('\\').filter(|after| escapes && is_line_end(after)) {
                rest = after.trim_start();
            }
            (written.len() - rest.len(), rest)
        };
        for (_, c) in value.char_indices().take_while(|(place, _)| *place < offset) {
            let (start, rest) = joined(at);
            let length = match rest.strip_prefix('\\').filter(|_| escapes) {
                Some(after) => match after.chars().next() {
                    Some('x') => 4,
                    Some('u') => 6,
                    Some('U') => 10,
                    Some(_) | None => 2,
                },
                None if c == '\n' && rest.starts_with("\r\n") => 2,
                None => c.len_utf8(),
            };
            at = start + length;
        }
        at = joined(at).0;
        written.floor_char_boundary(at.min(written.len()))
    }

    /// The line of a byte offset, as findings quote it.
    pub fn line(&self, offset: usize) -> FileLine {
        FileLine { file: self.file.clone(), line: self.line_column(offset).0 }
    }
}

/// One mistake in a TOML file.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The file.
    pub document: Document,
    /// Bytes it concerns.
    pub span: Range<usize>,
    /// What is wrong, in both languages.
    pub message: (String, String),
    /// A proposal, in both languages.
    pub help: Option<(String, String)>,
}

/// Collects the mistakes of one document.
#[derive(Debug)]
pub struct Problems {
    /// The file they are in.
    pub document: Document,
    found: Vec<Problem>,
}

/// A sentence in Vietnamese and English, for [`Problems::add`].
#[macro_export]
macro_rules! both {
    ($vi:literal, $en:literal $(,)?) => {
        (format!($vi), format!($en))
    };
}

impl Problems {
    /// None yet.
    pub fn new(document: Document) -> Self {
        Self { document, found: Vec::new() }
    }

    /// Adds a mistake.
    pub fn add(&mut self, span: Range<usize>, message: (String, String)) {
        self.found.push(Problem { document: self.document.clone(), span, message, help: None });
    }

    /// Adds a mistake with a proposal.
    pub fn add_with_help(&mut self, span: Range<usize>, message: (String, String), help: (String, String)) {
        self.found.push(Problem { document: self.document.clone(), span, message, help: Some(help) });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them, in the order of the file.
    pub fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|p| (p.span.start, p.span.end));
        self.found
    }
}

/// A value with its place.
pub type Item<'d> = Spanned<DeValue<'d>>;

/// Parses the text; syntax errors become problems and what could be parsed is returned.
pub fn parse<'d>(text: &'d str, problems: &mut Problems) -> Spanned<DeTable<'d>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        problems.add(span, both!("TOML không đúng cú pháp: {message}", "not valid TOML: {message}"));
    }
    table
}

/// Reads one table key by key; what is left at [`Fields::finish`] is unknown.
#[derive(Debug)]
pub struct Fields<'t, 'd> {
    table: &'t DeTable<'d>,
    /// Bytes of the table's header or braces.
    pub span: Range<usize>,
    taken: Vec<&'static str>,
}

/// A value with the bytes it stands in.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Bytes of the value.
    pub span: Range<usize>,
}

impl<'t, 'd> Fields<'t, 'd> {
    /// Begins to read a table.
    pub fn new(table: &'t DeTable<'d>, span: Range<usize>) -> Self {
        Self { table, span, taken: Vec::new() }
    }

    /// The raw value of a key.
    pub fn item(&mut self, key: &'static str) -> Option<&'t Item<'d>> {
        self.know(key);
        self.table.get(key)
    }

    fn know(&mut self, key: &'static str) {
        if !self.taken.contains(&key) {
            self.taken.push(key);
        }
    }

    /// A text.
    pub fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
        let item = self.item(key)?;
        text_of(key, item, problems)
    }

    /// A text that must be there.
    pub fn required_text(&mut self, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
        if self.table.get(key).is_none() {
            self.know(key);
            problems.add(self.span.clone(), both!("thiếu khóa `{key}`", "missing key `{key}`"));
            return None;
        }
        self.text(key, problems)
    }

    /// True or false.
    pub fn flag(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        let item = self.item(key)?;
        let value = item.get_ref().as_bool();
        if value.is_none() {
            wrong_type(key, Words { vi: "true hoặc false", en: "true or false" }, item, problems);
        }
        value
    }

    /// A whole number within bounds.
    pub fn whole(&mut self, key: &'static str, bounds: Range<i64>, problems: &mut Problems) -> Option<i64> {
        let item = self.item(key)?;
        let value = item
            .get_ref()
            .as_integer()
            .and_then(|i| i64::from_str_radix(&i.as_str().replace('_', ""), i.radix()).ok())
            .filter(|i| bounds.contains(i));
        if value.is_none() {
            let (low, high) = (bounds.start, bounds.end - 1);
            problems.add(
                item.span(),
                both!(
                    "`{key}` phải là số nguyên từ {low} đến {high}",
                    "`{key}` must be a whole number from {low} to {high}"
                ),
            );
        }
        value
    }

    /// A decimal, written as a TOML number or as a text with a point. Never goes through a float.
    pub fn decimal(&mut self, key: &'static str, problems: &mut Problems) -> Option<At<Decimal>> {
        let item = self.item(key)?;
        let written = match item.get_ref() {
            DeValue::Integer(i) => i.as_str(),
            DeValue::Float(f) => f.as_str(),
            DeValue::String(s) => s,
            DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => "",
        };
        let value = plain_decimal(written);
        if value.is_none() {
            wrong_type(
                key,
                Words { vi: "một số, dấu thập phân là dấu chấm", en: "a number with a decimal point" },
                item,
                problems,
            );
        }
        Some(At { value: value?, span: item.span() })
    }

    /// One text or a list of texts.
    pub fn texts(&mut self, key: &'static str, problems: &mut Problems) -> Vec<At<String>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        match item.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(|item| text_of(key, item, problems)).collect(),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => text_of(key, item, problems).into_iter().collect(),
        }
    }

    /// One of a list of words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let word = self.text(key, problems)?;
        let found = choices.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
        if found.is_none() {
            let list = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let word_text = &word.value;
            problems.add(
                word.span,
                both!(
                    "`{key}` không nhận \"{word_text}\"; chọn một trong {list}",
                    "`{key}` cannot be \"{word_text}\"; choose one of {list}"
                ),
            );
        }
        found
    }

    /// A nested table.
    pub fn table(&mut self, key: &'static str, problems: &mut Problems) -> Option<Fields<'t, 'd>> {
        let item = self.item(key)?;
        fields_of(key, item, problems)
    }

    /// A list of tables (`[[key]]`).
    pub fn tables(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Fields<'t, 'd>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let Some(list) = item.get_ref().as_array() else {
            wrong_type(key, Words { vi: "danh sách bảng `[[...]]`", en: "a list of tables `[[...]]`" }, item, problems);
            return Vec::new();
        };
        list.iter().filter_map(|item| fields_of(key, item, problems)).collect()
    }

    /// All entries of the table, for tables whose keys are free text.
    pub fn entries(&self) -> impl Iterator<Item = (At<&'t str>, &'t Item<'d>)> + use<'t, 'd> {
        self.table.iter().map(|(key, value)| (At { value: key.get_ref().as_ref(), span: key.span() }, value))
    }

    /// Reports every key that was not asked for.
    pub fn finish(self, problems: &mut Problems) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if self.taken.contains(&name) {
                continue;
            }
            let message = both!("không có khóa `{name}` ở đây", "no key `{name}` here");
            if let Some(near) = self
                .taken
                .iter()
                .filter(|known| crate::text::similar(known, name))
                .min_by_key(|known| crate::text::distance(known, name))
            {
                problems.add_with_help(key.span(), message, both!("có phải là `{near}`?", "did you mean `{near}`?"));
            } else {
                let list = self.taken.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
                problems.add_with_help(
                    key.span(),
                    message,
                    both!("các khóa dùng được: {list}", "keys allowed here: {list}"),
                );
            }
        }
    }
}

/// A decimal in plain notation, with a point; nothing else passes.
pub fn plain_decimal(written: &str) -> Option<Decimal> {
    let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().filter(u8::is_ascii_digit).count() <= 28;
    plain.then(|| written.strip_prefix('+').unwrap_or(written).parse().ok())?
}

/// Whether nothing but white space stands before the end of the line.
fn is_line_end(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// The text of an item, or a problem.
pub fn text_of(key: &str, item: &Item<'_>, problems: &mut Problems) -> Option<At<String>> {
    let Some(text) = item.get_ref().as_str() else {
        wrong_type(key, Words { vi: "một chuỗi trong dấu nháy", en: "a text in quotes" }, item, problems);
        return None;
    };
    Some(At { value: text.to_owned(), span: item.span() })
}

/// The table in an item, or a problem.
pub fn fields_of<'t, 'd>(key: &str, item: &'t Item<'d>, problems: &mut Problems) -> Option<Fields<'t, 'd>> {
    let Some(table) = item.get_ref().as_table() else {
        wrong_type(key, Words { vi: "một bảng", en: "a table" }, item, problems);
        return None;
    };
    Some(Fields::new(table, item.span()))
}

fn wrong_type(key: &str, expected: Words, item: &Item<'_>, problems: &mut Problems) {
    let (vi, en, found) = (expected.vi, expected.en, item.get_ref().type_str());
    problems.add(item.span(), both!("`{key}` phải là {vi}, không phải {found}", "`{key}` must be {en}, not {found}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_strings() {
        for (file, value, wanted) in [
            ("k = \"a = b\"", "a = b", "b"),
            ("k = 'a = b'", "a = b", "b"),
            ("k = 'đ = b'", "đ = b", "b"),
            ("k = '''\na =\r\n b'''", "a =\n b", "b"),
            ("k = \"\"\"\r\na = b\"\"\"", "a = b", "b"),
            ("k = \"c = \\\"x\\\" and b\"", "c = \"x\" and b", "b"),
            ("k = \"\\u0061\\t= b\"", "a\t= b", "b"),
            ("k = \"\"\"a = \\\n   b\"\"\"", "a = b", "b"),
        ] {
            let document = Document::new("f", file);
            let text = At { value: value.to_owned(), span: 4..file.len() };
            let at = value.find(wanted).expect("it is there");
            assert_eq!(
                document.within(&text, &(at..at + 1)),
                file.rfind(wanted).map_or(0..0, |at| at..at + 1),
                "{file}"
            );
            // Behind the last character there is the quote to point at.
            let end = document.within(&text, &(value.len()..value.len()));
            assert!(!end.is_empty() && end.start > 4, "{file}: {end:?}");
        }
    }
}
