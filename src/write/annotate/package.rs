//! The zip package: parts, their relations and content types.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use quick_xml::escape::escape;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    Refusal,
    tag::{Edits, TagKind, split_mark, tags},
};
use crate::write::{escape::printed, packed::forget_system};

/// Largest part that is taken into memory.
const LARGEST: u64 = 256 << 20;
const TYPES: &str = "[Content_Types].xml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// Beginning of the kinds of relations in a transitional package; strict ones have no comments that
/// could be drawn.
const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A relation of a part to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub id: String,
    /// Last step of its type.
    pub kind: String,
    /// Path of the part that it leads to.
    pub path: String,
}

impl Relation {
    /// The relation of a kind, if there is one.
    pub(super) fn only<'a>(relations: &'a [Self], kind: &str) -> Option<&'a Self> {
        relations.iter().find(|relation| relation.kind == kind)
    }
}

/// A package with the parts that are to be other or new.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    changed: BTreeMap<String, String>,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            // Names in a compound file are UTF-16.
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let encrypted = bytes.windows(name.len()).any(|window| window == name);
            return Err(if encrypted { Refusal::Encrypted } else { Refusal::NotXlsx });
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::NotXlsx)?;
        let mut package = Self { archive, names: Vec::new(), changed: BTreeMap::new() };
        for at in 0..package.archive.len() {
            let part = package.archive.by_index_raw(at).map_err(|_| Refusal::Unclear("zip"))?;
            if part.encrypted() {
                return Err(Refusal::Encrypted);
            }
            package.names.push(part.name().map_err(|_| Refusal::Unclear("zip"))?.into_owned());
        }
        if !package.has(TYPES) {
            return Err(Refusal::NotXlsx);
        }
        if package.names.iter().any(|name| name.to_ascii_lowercase().starts_with("_xmlsignatures/")) {
            return Err(Refusal::Signed);
        }
        Ok(package)
    }

    fn has(&self, path: &str) -> bool {
        self.changed.contains_key(path) || self.names.iter().any(|name| name == path)
    }

    /// Parts with an ending.
    pub(super) fn count(&self, ending: &str) -> usize {
        let new = self.changed.keys().filter(|name| !self.names.contains(name));
        self.names.iter().chain(new).filter(|name| name.to_ascii_lowercase().ends_with(ending)).count()
    }

    /// A name for a new part. Names of parts differ by more than upper and lower case.
    pub(super) fn unused(&self, start: &str, end: &str) -> String {
        let is_free =
            |name: &String| !self.names.iter().chain(self.changed.keys()).any(|other| other.eq_ignore_ascii_case(name));
        (1..=u32::MAX).map(|number| format!("{start}{number}{end}")).find(is_free).unwrap_or_default()
    }

    /// A part as it will be; `None` where there is none.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<String>, Refusal> {
        if let Some(text) = self.changed.get(path) {
            return Ok(Some(text.clone()));
        }
        let Some(at) = self.names.iter().position(|name| name == path) else { return Ok(None) };
        let part = self.archive.by_index(at).map_err(|_| Refusal::Unclear("zip"))?;
        let mut bytes = Vec::new();
        part.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Unclear("zip"))?;
        if bytes.len() as u64 > LARGEST {
            return Err(Refusal::TooLarge);
        }
        String::from_utf8(bytes).map(Some).map_err(|_| Refusal::Unclear("UTF-8"))
    }

    /// Sets what a part will be.
    pub(super) fn put(&mut self, path: &str, text: String) {
        self.changed.insert(path.to_owned(), text);
    }

    /// The path of the workbook part.
    pub(super) fn workbook(&mut self) -> Result<String, Refusal> {
        let relations = self.relations("")?;
        if relations.iter().any(|relation| relation.path.starts_with("_xmlsignatures/")) {
            return Err(Refusal::Signed);
        }
        let book = Relation::only(&relations, "officeDocument").ok_or(Refusal::NotXlsx)?;
        if book.path.to_ascii_lowercase().ends_with(".xml") { Ok(book.path.clone()) } else { Err(Refusal::NotXlsx) }
    }

    /// Names and part paths of the sheets.
    pub(super) fn sheets(&mut self, book: &str, relations: &[Relation]) -> Result<Vec<(String, String)>, Refusal> {
        let text = self.text(book)?.ok_or(Refusal::NotXlsx)?;
        let mut sheets = Vec::new();
        for tag in tags(split_mark(&text).1, "workbook") {
            let tag = tag?;
            if tag.depth == 0 && tag.kind == TagKind::Open && tag.name() != "workbook" {
                return Err(Refusal::NotXlsx);
            }
            if tag.depth == 2 && tag.name() == "sheet" && tag.kind != TagKind::Close {
                let (Some(name), Some(id)) = (tag.get("name"), tag.get("id")) else {
                    return Err(Refusal::Unclear("sheets"));
                };
                if let Some(relation) = relations.iter().find(|relation| relation.id == id) {
                    sheets.push((name, relation.path.clone()));
                }
            }
        }
        Ok(sheets)
    }

    /// The relations of a part; of the package for the empty path.
    pub(super) fn relations(&mut self, path: &str) -> Result<Vec<Relation>, Refusal> {
        let Some(text) = self.text(&relations_of(path))? else { return Ok(Vec::new()) };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut relations = Vec::new();
        for tag in tags(split_mark(&text).1, "rels") {
            let tag = tag?;
            if tag.name() != "Relationship" || tag.kind == TagKind::Close {
                continue;
            }
            let (id, kind) = (tag.get("Id").unwrap_or_default(), tag.get("Type").unwrap_or_default());
            let kind = kind.strip_prefix(KIND).map(str::to_owned).unwrap_or(kind);
            let outside = tag.get("TargetMode").is_some_and(|mode| mode == "External");
            let target = tag.get("Target").unwrap_or_default();
            let path = if outside { String::new() } else { resolved(folder, &target) };
            relations.push(Relation { id, kind, path });
        }
        Ok(relations)
    }

    /// Adds a relation and gives its id.
    pub(super) fn relate(&mut self, from: &str, kind: &str, to: &str) -> Result<String, Refusal> {
        let path = relations_of(from);
        let text = self.text(&path)?.unwrap_or_else(|| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{RELATIONS}\"></Relationships>"
            )
        });
        let known = self.relations(from)?;
        let id = (1..=u32::MAX)
            .map(|number| format!("rIdBieu{number}"))
            .find(|id| known.iter().all(|relation| relation.id != *id))
            .unwrap_or_default();
        let new = |prefix: &str| {
            let to = escape(printed(to));
            format!("<{prefix}Relationship Id=\"{id}\" Type=\"{KIND}{kind}\" Target=\"/{to}\"/>")
        };
        let text = appended(&text, "rels", new)?;
        self.put(&path, text);
        Ok(id)
    }

    /// Declares the content type of a new part.
    pub(super) fn declare_part(&mut self, path: &str, content: &str) -> Result<(), Refusal> {
        self.declare(|prefix| format!("<{prefix}Override PartName=\"/{path}\" ContentType=\"{content}\"/>"))
    }

    /// Declares the content type of an ending, unless that is done.
    pub(super) fn declare_ending(&mut self, ending: &str, content: &str) -> Result<(), Refusal> {
        let text = self.text(TYPES)?.ok_or(Refusal::NotXlsx)?;
        for tag in tags(split_mark(&text).1, TYPES) {
            let tag = tag?;
            if tag.name() == "Default" && tag.get("Extension").is_some_and(|known| known.eq_ignore_ascii_case(ending)) {
                return Ok(());
            }
        }
        self.declare(|prefix| format!("<{prefix}Default Extension=\"{ending}\" ContentType=\"{content}\"/>"))
    }

    fn declare(&mut self, new: impl Fn(&str) -> String) -> Result<(), Refusal> {
        let text = self.text(TYPES)?.ok_or(Refusal::NotXlsx)?;
        let text = appended(&text, TYPES, new)?;
        self.put(TYPES, text);
        Ok(())
    }

    /// The package: parts that do not change keep their compressed bytes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        let failed = |_| Refusal::Unclear("zip");
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.set_raw_comment(self.archive.comment().into()).map_err(failed)?;
        for (at, name) in self.names.iter().enumerate() {
            let part = self.archive.by_index_raw(at).map_err(failed)?;
            let Some(text) = self.changed.remove(name) else {
                out.raw_copy_file(part).map_err(failed)?;
                continue;
            };
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(part.last_modified().unwrap_or_default());
            out.start_file(name.as_str(), options).map_err(failed)?;
            out.write_all(text.as_bytes()).map_err(|_| Refusal::Unclear("zip"))?;
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for (name, text) in &self.changed {
            out.start_file(name.as_str(), options).map_err(failed)?;
            out.write_all(text.as_bytes()).map_err(|_| Refusal::Unclear("zip"))?;
        }
        let mut bytes = out.finish().map_err(failed)?.into_inner();
        forget_system(&mut bytes);
        Ok(bytes)
    }
}

/// A part with an element added at the end of its root. `new` is given the prefix of the root.
fn appended(text: &str, part: &'static str, new: impl Fn(&str) -> String) -> Result<String, Refusal> {
    let (mark, body) = split_mark(text);
    let mut edits = Edits::default();
    for tag in tags(body, part) {
        let tag = tag?;
        match tag.kind {
            TagKind::Empty if tag.depth == 0 => {
                let open = tag.raw.trim_end_matches("/>").trim_end();
                let name = format!("{}{}", tag.prefix(), tag.name());
                let whole = format!("{open}>{}</{name}>", new(tag.prefix()));
                edits.replace(tag.range, whole);
            }
            TagKind::Close if tag.depth == 0 => edits.insert(tag.range.start, new(tag.prefix())),
            TagKind::Open | TagKind::Empty | TagKind::Close => {}
        }
    }
    Ok(format!("{mark}{}", edits.apply(body)))
}

fn relations_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{path}.rels"),
    }
}

/// A target as seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let start = if target.starts_with('/') { "" } else { folder };
    for step in start.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}
