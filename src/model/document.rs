//! A TOML file with places: every value knows where it stands, and reading goes on after a
//! mistake, so that a person sees all of them at once.

mod merge;
mod stack;

use std::{ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

pub use stack::{Bases, DocumentKind, Stacked, stack};

use crate::{
    model::finding::FileLine,
    values::{language::Words, number::Decimal},
};

/// The text of a TOML file and its name, with the files that it extends.
#[derive(Clone, Debug)]
pub struct Document {
    /// As the user named it, or the bundled name.
    pub file: Arc<str>,
    /// The whole text; those of the files that it extends follow its own, so that one offset says in
    /// which file and where something stands.
    pub text: Arc<str>,
    /// Where each line begins.
    line_starts: Arc<[usize]>,
    /// Itself, then what it extends, the outermost base last.
    layers: Arc<[Layer]>,
    /// Several that extend one base: nothing that one of them has is taken away.
    is_joined: bool,
}

/// One file of a document.
#[derive(Debug)]
struct Layer {
    file: Arc<str>,
    /// Where its text begins in the text of the document.
    start: usize,
    /// Its text behind blank lines, so that the places that the parser tells are those in the document.
    padded: Arc<str>,
    /// A mapping that changes its catalogue: only what it says of that counts.
    of_mapping: bool,
}

impl Layer {
    fn text(&self) -> &str {
        &self.padded[self.start..]
    }

    fn parts(&self) -> (&Arc<str>, &str, bool) {
        (&self.file, self.text(), self.of_mapping)
    }
}

impl Document {
    /// A document from memory.
    pub fn new(file: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let (file, text) = (file.into(), text.into());
        let layer = Layer { file: file.clone(), start: 0, padded: text.clone(), of_mapping: false };
        Self { file, line_starts: line_starts(&text), text, layers: Arc::new([layer]), is_joined: false }
    }

    /// This document on top of the one that it extends.
    #[must_use]
    pub fn extending(&self, base: &Self) -> Self {
        self.on(base, false)
    }

    /// This catalogue as a mapping changes it: with the period of the mapping, and what that declares.
    #[must_use]
    pub fn changed_by(&self, mapping: &Self) -> Self {
        Self { file: self.file.clone(), ..mapping.on(self, true) }
    }

    fn on(&self, base: &Self, of_mapping: bool) -> Self {
        let own = self.layers.iter().map(|layer| (&layer.file, layer.text(), of_mapping || layer.of_mapping));
        Self::stacked(self.file.clone(), own.chain(base.layers.iter().map(Layer::parts)))
    }

    /// Several documents that extend one base, as one: what each adds stands beside what the others
    /// add, and nothing is taken away. The first wins where two change the same.
    pub fn joined<'a>(documents: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut documents = documents.into_iter();
        let first = documents.next()?;
        let mut layers: Vec<_> = first.layers.iter().map(Layer::parts).collect();
        for document in documents {
            let own: Vec<_> = document.layers.iter().map(Layer::parts).collect();
            let common = own.iter().rev().zip(layers.iter().rev()).take_while(|(a, b)| a == b).count();
            let place = layers.len() - common;
            layers.splice(place..place, own[..own.len() - common].iter().copied());
        }
        Some(Self { is_joined: true, ..Self::stacked(first.file.clone(), layers.into_iter()) })
    }

    fn stacked<'a>(file: Arc<str>, texts: impl Iterator<Item = (&'a Arc<str>, &'a str, bool)>) -> Self {
        let mut text = String::new();
        let mut layers = Vec::new();
        for (file, own, of_mapping) in texts {
            if !layers.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            let padded = "\n".repeat(start) + own;
            layers.push(Layer { file: file.clone(), start, padded: padded.into(), of_mapping });
            text.push_str(own);
        }
        Self { file, line_starts: line_starts(&text), text: text.into(), layers: layers.into(), is_joined: false }
    }

    /// The place among the files of the document, from its own at 0 to the outermost base, of a byte.
    pub fn layer_at(&self, offset: usize) -> usize {
        self.layers.partition_point(|layer| layer.start <= offset).saturating_sub(1)
    }

    /// How many files it is made of.
    pub fn layer_count(&self) -> usize {
        self.layers.len()
    }

    /// The file, and its text, that a byte stands in, and where in the document it begins.
    pub fn part_at(&self, offset: usize) -> (&Arc<str>, &str, usize) {
        let layer = &self.layers[self.layer_at(offset)];
        (&layer.file, layer.text(), layer.start)
    }

    /// The text of the document's own file, without its bases.
    pub fn own(&self) -> &str {
        self.part_at(0).1
    }

    /// This document with another text in its own file, on the same bases.
    #[must_use]
    pub fn with_own(&self, text: &str) -> Self {
        let bases = self.layers.iter().skip(1).map(Layer::parts);
        Self::stacked(self.file.clone(), std::iter::once((&self.file, text, false)).chain(bases))
    }

    /// The lines of the file that a line stands in.
    pub fn lines_of<'d>(&'d self, line: &FileLine) -> impl Iterator<Item = &'d str> + Clone {
        let file = line.file.clone();
        self.layers.iter().find(|layer| layer.file == file).into_iter().flat_map(|layer| layer.text().lines())
    }

    /// A text of a table of the outermost base, as it is written there; `None` without a base.
    pub fn base_text(&self, table: &str, key: &str) -> Option<String> {
        let [_, .., outermost] = &self.layers[..] else { return None };
        let (parsed, _) = DeTable::parse_recoverable(&outermost.padded);
        let text = parsed.get_ref().get(table)?.get_ref().as_table()?.get(key)?.get_ref().as_str()?;
        Some(text.to_owned())
    }

    /// A text of a table of the document's own file, with its place; mistakes are not told.
    pub fn own_text(&self, table: &str, key: &str) -> Option<At<String>> {
        let own = &self.layers.first()?.padded;
        // Every file is asked what it extends, and nearly none says so. A key may be written with
        // escapes, between quotes.
        if !own.contains(key) && !own.contains('\\') {
            return None;
        }
        let (parsed, _) = DeTable::parse_recoverable(own);
        let item = parsed.get_ref().get(table)?.get_ref().as_table()?.get(key)?;
        Some(At { value: item.get_ref().as_str()?.to_owned(), span: item.span() })
    }

    /// Whether a mapping says something of its catalogue.
    pub fn changes_catalogue(&self) -> bool {
        self.layers.iter().filter(|layer| merge::may_be_of_catalogue(&layer.padded)).any(|layer| {
            let (parsed, _) = DeTable::parse_recoverable(&layer.padded);
            !merge::of_catalogue(parsed).get_ref().is_empty()
        })
    }

    /// Line and column, both from one, of a byte offset in the file that it stands in. Columns count
    /// characters.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line.saturating_sub(1)];
        let column = self.text[start..offset].chars().count() + 1;
        let before = self.line_starts.partition_point(|start| *start < self.part_at(offset).2);
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (number(line - before), number(column))
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
        FileLine { file: self.part_at(offset).0.clone(), line: self.line_column(offset).0 }
    }
}

fn line_starts(text: &str) -> Arc<[usize]> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).collect()
}

/// The form of mapping and catalogue files that is written today.
pub const FORMAT: i64 = 1;

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
macro_rules! both {
    ($vi:literal, $en:literal $(,)?) => {
        (format!($vi), format!($en))
    };
}
pub(crate) use both;

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

/// Parses the text; syntax errors become problems and what could be parsed is returned. What a file
/// extends is taken from its base where the file itself does not say it.
pub fn parse<'d>(document: &'d Document, problems: &mut Problems) -> Spanned<DeTable<'d>> {
    let mut layers = document.layers.iter().rev();
    let mut merged = layers.next().map_or_else(|| Spanned::new(0..0, DeTable::new()), |layer| read(layer, problems));
    for layer in layers {
        let own = read(layer, problems);
        merged = Spanned::new(own.span(), merge::merge(merged.into_inner(), own.into_inner(), problems));
    }
    merged
}

fn read<'d>(layer: &'d Layer, problems: &mut Problems) -> Spanned<DeTable<'d>> {
    let (table, errors) = DeTable::parse_recoverable(&layer.padded);
    for error in errors {
        let span = error.span().unwrap_or(layer.start..layer.start);
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        problems.add(span, both!("TOML không đúng cú pháp: {message}", "not valid TOML: {message}"));
    }
    if layer.of_mapping { merge::of_catalogue(table) } else { table }
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
            problems.add(self.span.clone(), both!("thiếu mục `{key}`", "missing key `{key}`"));
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

    /// Whether a key has just this text.
    pub fn is_text(&mut self, key: &'static str, text: &str) -> bool {
        self.item(key).is_some_and(|item| item.get_ref().as_str() == Some(text))
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

    /// `format`: the form that the file is written in. A file without one is of the first; one of a later
    /// release is refused, as what it adds would be passed over in silence.
    pub fn format(&mut self, problems: &mut Problems) {
        let Some(item) = self.item("format") else { return };
        let written = item.get_ref().as_integer().and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        if written == Some(FORMAT) {
            return;
        }
        let (message, help) = if written.is_some_and(|written| written > FORMAT) {
            (
                both!("tệp này viết cho bản chương trình mới hơn", "this file is written for a later release"),
                both!(
                    "cập nhật chương trình; bản này đọc được `format = {FORMAT}`",
                    "update the program; this release reads `format = {FORMAT}`"
                ),
            )
        } else {
            (
                both!("`format` không phải một dạng tệp đã có", "`format` is none that there has been"),
                both!("ghi `format = {FORMAT}`, hoặc bỏ dòng này", "write `format = {FORMAT}`, or leave it out"),
            )
        };
        problems.add_with_help(item.span(), message, help);
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
    pub fn choice<T: Clone>(&mut self, key: &'static str, choices: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let word = self.text(key, problems)?;
        let found = choices.iter().find(|(name, _)| *name == word.value).map(|(_, value)| value.clone());
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
            let message = both!("không có mục `{name}` ở đây", "no key `{name}` here");
            if let Some(near) = self
                .taken
                .iter()
                .filter(|known| crate::values::text::similar(known, name))
                .min_by_key(|known| crate::values::text::distance(known, name))
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
        wrong_type(key, Words { vi: "chữ đặt trong dấu nháy kép", en: "a quoted string" }, item, problems);
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
mod tests;
