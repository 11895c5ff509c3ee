//! The first part of a workbook stream: sheets, fonts, formats and shared strings.

use std::collections::HashMap;

use super::{
    codepage::CodePage,
    kind,
    records::{Cursor, Record, Records},
};
use crate::{
    read::{
        builder::{FontId, Fonts, Strings, Style},
        bytes::{byte, long, word},
        colour::{self, Colour},
        fonts::ListedFont,
        format,
        formula::{Layout, Scope, quoted},
        rich::Run,
    },
    values::text::font_hint,
};

/// Which generation of BIFF a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Two,
    Three,
    Four,
    /// Excel 5 and 95.
    Five,
    /// Excel 97 to 2003.
    Eight,
}

/// One line of the list of sheets.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) at: usize,
}

/// The body of the record that says how a stream is encrypted, where it is.
pub(super) fn password(stream: &[u8]) -> Option<&[u8]> {
    Records::new(stream, 0)
        .take_while(|record| record.kind != kind::EOF)
        .find(|record| record.kind == kind::FILE_PASS)
        .map(|pass| pass.data)
}

/// What the sheets of a workbook share.
pub(super) struct Globals {
    pub(super) version: Version,
    pub(super) epoch_1904: bool,
    pub(super) listed: Vec<Listed>,
    pub(super) strings: Strings,
    pub(super) fonts: Fonts,
    styles: Vec<Style>,
    /// Fonts in the order of their numbers.
    font_list: Vec<ListedFont>,
    /// Of BIFF2, whose cells name their number format themselves.
    old_styles: Vec<Style>,
    /// Names of all sheets, charts too, which references count.
    pub(super) sheets: Vec<String>,
    /// The sheet behind each number that references to sheets use, as formulas write it.
    references: Vec<Option<String>>,
    names: Vec<String>,
    codepage: CodePage,
}

impl Globals {
    /// Reads the records up to the end of the first part, or of a stream of one sheet alone.
    pub(super) fn read(stream: &[u8]) -> Self {
        let mut globals = Self {
            version: Version::Eight,
            epoch_1904: false,
            listed: Vec::new(),
            strings: Strings::default(),
            fonts: Fonts::default(),
            styles: Vec::new(),
            font_list: Vec::new(),
            old_styles: Vec::new(),
            sheets: Vec::new(),
            references: Vec::new(),
            names: Vec::new(),
            codepage: CodePage::numbered(1252),
        };
        let mut font_ids: Vec<ListedFont> = Vec::new();
        let mut formats: Vec<CellFormat> = Vec::new();
        let mut codes: HashMap<u16, String> = HashMap::new();
        let (mut depth, mut books, mut own_book) = (0u32, 0u16, None);
        let mut references: Vec<(u16, u16)> = Vec::new();
        for record in Records::new(stream, 0) {
            let data = record.data;
            match record.kind {
                kind::BOF_2 | kind::BOF_3 | kind::BOF_4 | kind::BOF => {
                    if depth == 0 {
                        globals.version = version(record.kind, data);
                    }
                    depth += 1;
                }
                kind::EOF => break,
                kind::CODE_PAGE => globals.codepage = CodePage::numbered(word(data, 0).unwrap_or(0)),
                kind::DATE_1904 => globals.epoch_1904 = word(data, 0) == Some(1),
                kind::FONT | kind::FONT_3 => {
                    let name = globals.font_name(&record).unwrap_or_default();
                    font_ids.push(listed_font(globals.fonts.id(&name), data, globals.version));
                }
                kind::FORMAT_2 | kind::FORMAT => {
                    if let Some((id, code)) = globals.number_format(&record, codes.len()) {
                        codes.insert(id, code);
                    }
                }
                kind::XF => formats.push(CellFormat {
                    font: word(data, 0).unwrap_or(0),
                    code: word(data, 2).unwrap_or(0),
                    ground: ground(data, globals.version),
                }),
                kind::XF_3 | kind::XF_4 => formats.push(CellFormat {
                    font: byte(data, 0).unwrap_or(0).into(),
                    code: byte(data, 1).unwrap_or(0).into(),
                    ground: None,
                }),
                kind::BOUND_SHEET => {
                    if let Some(sheet) = globals.sheet(&record) {
                        globals.listed.push(sheet);
                    }
                }
                // The books that references go to; this one says that it is itself.
                kind::SUP_BOOK => {
                    if word(data, 2) == Some(OWN_BOOK) {
                        own_book = Some(books);
                    }
                    books = books.saturating_add(1);
                }
                kind::EXTERN_SHEET if globals.version == Version::Eight => {
                    let entries = data.get(2..).unwrap_or_default().as_chunks::<6>().0;
                    references.extend(entries.iter().filter_map(|entry| Some((word(entry, 0)?, word(entry, 2)?))));
                }
                kind::LBL => {
                    let name = globals.defined_name(&record).unwrap_or_default();
                    globals.names.push(name);
                }
                kind::SST => globals.strings = strings(&record, &font_ids, &globals.fonts),
                _ => {}
            }
        }
        globals.styles = formats.into_iter().map(|format| style(&format, &font_ids, &codes)).collect();
        if globals.version == Version::Two {
            globals.old_styles =
                (0..64).map(|code| style(&CellFormat { code, ..CellFormat::default() }, &font_ids, &codes)).collect();
        }
        globals.font_list = font_ids;
        globals.references = references
            .into_iter()
            .map(|(book, sheet)| {
                globals.sheets.get(usize::from(sheet)).filter(|_| Some(book) == own_book).map(|name| quoted(name))
            })
            .collect();
        globals
    }

    /// What formulas may refer to; `None` where formulas are written in a way of their own.
    pub(super) fn scope(&self) -> Option<Scope<'_>> {
        let layout = match self.version {
            Version::Two | Version::Three | Version::Four => return None,
            Version::Five => Layout::Biff5,
            Version::Eight => Layout::Biff8,
        };
        Some(Scope { layout, sheets: &self.references, names: &self.names })
    }

    /// The style that the attributes of a BIFF2 cell stand for, as a number for [`Self::style`].
    pub(super) fn old_style(attributes: u8) -> u16 {
        OLD_STYLES | u16::from(attributes & OLD_FORMAT)
    }

    pub(super) fn style(&self, number: u16) -> Style {
        if number >= OLD_STYLES && !self.old_styles.is_empty() {
            return self.old_styles.get(usize::from(number - OLD_STYLES)).cloned().unwrap_or_default();
        }
        self.styles.get(usize::from(number)).cloned().unwrap_or_default()
    }

    /// Bytes of a string from before Unicode, as the code page has them; as windows-1252 where
    /// the font says that they are TCVN3 or VNI, which every code page would spoil.
    pub(super) fn bytes(&self, bytes: &[u8], font: FontId) -> String {
        let legacy = self.fonts.name(font).is_some_and(|name| font_hint(name).is_some());
        let encoding = if legacy { CodePage::numbered(1252) } else { self.codepage };
        encoding.decode(bytes).into_owned()
    }

    /// The parts of a text of this length in a cell of this style, from where each begins and the number
    /// of its font; none where it has none of its own.
    pub(super) fn parts(&self, starts: &[(u16, u16)], length: usize, style: u16) -> Vec<Run> {
        let Some(first) = starts.first() else { return Vec::new() };
        let first = Run { font: self.style(style).font, length: length.min(first.0.into()), raised: false };
        let parts = std::iter::once(first).chain(parts(starts, length, &self.font_list));
        parts.filter(|part| part.length > 0).collect()
    }

    /// A string whose length stands before it, in one byte or two.
    fn string(&self, record: &Record<'_>, at: usize, wide_length: bool) -> Option<String> {
        let (length, start) = if wide_length {
            (usize::from(word(record.data, at)?), at + 2)
        } else {
            (usize::from(byte(record.data, at)?), at + 1)
        };
        if self.version == Version::Eight {
            return Cursor::new(record, start).unicode(length);
        }
        let bytes = record.data.get(start..)?;
        Some(self.bytes(&bytes[..length.min(bytes.len())], 0))
    }

    fn font_name(&self, record: &Record<'_>) -> Option<String> {
        let at = if self.version >= Version::Five { 14 } else { 6 };
        self.string(record, at, false)
    }

    fn number_format(&self, record: &Record<'_>, count: usize) -> Option<(u16, String)> {
        match self.version {
            Version::Eight => Some((word(record.data, 0)?, self.string(record, 2, true)?)),
            Version::Five => Some((word(record.data, 0)?, self.string(record, 2, false)?)),
            Version::Four => Some((u16::try_from(count).ok()?, self.string(record, 2, false)?)),
            Version::Two | Version::Three => Some((u16::try_from(count).ok()?, self.string(record, 0, false)?)),
        }
    }

    /// A defined name; those that Excel defines itself have numbers for names.
    fn defined_name(&self, record: &Record<'_>) -> Option<String> {
        let length = usize::from(byte(record.data, 3)?);
        if self.version == Version::Eight {
            return Cursor::new(record, 14).unicode(length);
        }
        let bytes = record.data.get(14..)?;
        Some(self.bytes(&bytes[..length.min(bytes.len())], 0))
    }

    /// A worksheet of the list; charts, macros and modules are none.
    fn sheet(&mut self, record: &Record<'_>) -> Option<Listed> {
        // A chart alone has no name.
        let name = self.string(record, 6, false).unwrap_or_default().replace('\0', "");
        self.sheets.push(name.clone());
        let at = usize::try_from(long(record.data, 0)?).ok()?;
        if byte(record.data, 5)? != 0 {
            return None;
        }
        Some(Listed { name, hidden: byte(record.data, 4)? & 3 != 0, at })
    }
}

/// Generations as the record that begins a stream names them (`BOF.vers`, [MS-XLS] 2.4.21, which knows the last alone).
const BIFF_2: u16 = 0x0200;
const BIFF_3: u16 = 0x0300;
const BIFF_4: u16 = 0x0400;
const BIFF_5: u16 = 0x0500;

fn version(record: u16, data: &[u8]) -> Version {
    match (record, word(data, 0)) {
        (kind::BOF_2, _) | (kind::BOF, Some(BIFF_2)) => Version::Two,
        (kind::BOF_3, _) | (kind::BOF, Some(BIFF_3)) => Version::Three,
        (kind::BOF_4, _) | (kind::BOF, Some(BIFF_4)) => Version::Four,
        // One that says nothing and has no room for the build of Excel is of a sheet alone; its cells may
        // be of any version up to this.
        (_, Some(0)) if data.len() < 8 => Version::Four,
        (_, Some(BIFF_5)) => Version::Five,
        _ => Version::Eight,
    }
}

/// What stands for this workbook where others are named ([MS-XLS] 2.4.271).
const OWN_BOOK: u16 = 0x0401;
/// Numbers of styles from here on are those of BIFF2.
const OLD_STYLES: u16 = 0xFF00;

/// A font is struck through ([MS-XLS] 2.4.122).
const STRUCK: u16 = 0x0008;
/// Bits of the pattern behind a text before BIFF8, and of the number of its colour.
const PATTERN: u16 = 0x003F;
const COLOUR: u16 = 0x007F;
/// Bits of a BIFF2 cell that number its format.
const OLD_FORMAT: u8 = 0x3F;

/// A font as its record tells it.
fn listed_font(id: FontId, data: &[u8], version: Version) -> ListedFont {
    let struck = word(data, 2).is_some_and(|flags| flags & STRUCK != 0);
    let colour = word(data, 4).filter(|_| version > Version::Two).and_then(|number| Colour::indexed(number.into()));
    let raised = version >= Version::Five && word(data, 8) == Some(1);
    ListedFont { id, struck, raised, colour }
}

/// A format of cells as it stands in the file.
#[derive(Clone, Copy, Default)]
struct CellFormat {
    font: u16,
    code: u16,
    /// The colour behind the text, where it is known.
    ground: Option<Colour>,
}

/// The colour behind the text of a cell with such a format.
fn ground(data: &[u8], version: Version) -> Option<Colour> {
    let (pattern, colours) = if version == Version::Eight {
        (long(data, 14)? >> 26, word(data, 18)?)
    } else {
        (u32::from(word(data, 10)? & PATTERN), word(data, 8)?)
    };
    match pattern {
        0 => Some(Colour::WHITE),
        1 => Colour::indexed(u32::from(colours & COLOUR)),
        _ => None,
    }
}

/// A font by the number that formats use. There is no number 4, so the fifth font is number 5.
fn font(number: u16, fonts: &[ListedFont]) -> ListedFont {
    fonts.get(usize::from(if number > 4 { number - 1 } else { number })).copied().unwrap_or_default()
}

fn style(found: &CellFormat, fonts: &[ListedFont], codes: &HashMap<u16, String>) -> Style {
    let code = codes.get(&found.code).map(|code| &**code).or_else(|| format::builtin(found.code.into()));
    let font = font(found.font, fonts);
    Style { mark: colour::mark(font.struck, font.colour, found.ground), ..Style::with_code(code, font.id) }
}

/// The shared strings: as many as there are, whatever the record claims.
fn strings(record: &Record<'_>, fonts: &[ListedFont], names: &Fonts) -> Strings {
    let mut strings = Strings::default();
    let mut cursor = Cursor::new(record, 8);
    while let Some((text, runs)) = cursor.word().and_then(|length| cursor.rich(usize::from(length))) {
        let lengths = parts(&runs, text.chars().count(), fonts);
        if !strings.push_rich(&text, &lengths, names) {
            break;
        }
    }
    strings
}

/// The parts of a text of this length, from where each begins and the number of its font.
fn parts(starts: &[(u16, u16)], length: usize, fonts: &[ListedFont]) -> Vec<Run> {
    let ends = starts.iter().skip(1).map(|start| usize::from(start.0)).chain([usize::MAX]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let font = font(start.1, fonts);
            Run { font: font.id, length: end.min(length).saturating_sub(start.0.into()), raised: font.raised }
        })
        .collect()
}
