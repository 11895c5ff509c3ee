//! What the writing crate cannot say or does at length.
//!
//! The first page of the form carries no page number (Decree 30/2020, appendix I; not so where a
//! catalogue wants it there): one attribute of the first sheet is added. The rows of lists are
//! written into their sheets. Every other part is copied as it is, but for the system that it was
//! packed on, so that the bytes are the same everywhere.

use std::io::{Cursor, Read, Write};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::stream::Stream;
use crate::{
    model::catalogue::Profile,
    write::{
        error::{WriteError, WriteErrorKind},
        packed::forget_system,
    },
};

const FORM: &str = "xl/worksheets/sheet1.xml";
const SHEETS: &str = "xl/worksheets/sheet";
const RELATIONS: &str = "xl/worksheets/_rels/sheet";
/// Rows of a list are so much alike that more effort makes them little smaller.
const LEVEL: i64 = 2;
const WITHOUT: &str = "<headerFooter>";
const WITH: &str = "<headerFooter differentFirst=\"1\">";

/// Bytes before the first rows and behind the last: of a package without lists.
const ROOM: usize = 1 << 16;

/// Completes a package. `lists` are those whose rows are still to come, with the numbers of their
/// sheets.
pub(super) fn finish(
    bytes: &[u8],
    profile: &Profile,
    lists: &[(usize, Option<Stream<'_>>)],
) -> Result<Vec<u8>, WriteError> {
    let failed = |error: &dyn std::fmt::Display| WriteError::new(WriteErrorKind::Packaging, error);
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + ROOM)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for at in 0..parts.len() {
        let part = parts.by_index_raw(at).map_err(|e| failed(&e))?;
        let name = part.name().map_err(|e| failed(&e))?.into_owned();
        let number = name.strip_prefix(SHEETS).and_then(|rest| rest.strip_suffix(".xml")?.parse().ok());
        let list = lists.iter().find(|(sheet, list)| Some(*sheet) == number && list.is_some());
        if name != FORM && list.is_none() {
            out.raw_copy_file(part).map_err(|e| failed(&e))?;
            continue;
        }
        drop(part);
        let mut xml = String::new();
        parts.by_index(at).map_err(|e| failed(&e))?.read_to_string(&mut xml).map_err(|e| failed(&e))?;
        if let Some((number, Some(list))) = list {
            out.start_file(&name, options.compression_level(Some(LEVEL))).map_err(|e| failed(&e))?;
            let written =
                list.write(&xml, &mut out).ok_or_else(|| failed(&"a sheet without the rows it was made with"))?;
            if let Some(relations) = written.map_err(|e| failed(&e))? {
                out.start_file(format!("{RELATIONS}{number}.xml.rels"), options).map_err(|e| failed(&e))?;
                out.write_all(relations.as_bytes()).map_err(|e| failed(&e))?;
            }
        } else {
            let with = if profile.first_page_numbered { WITHOUT } else { WITH };
            out.start_file(FORM, options).map_err(|e| failed(&e))?;
            out.write_all(xml.replacen(WITHOUT, with, 1).as_bytes()).map_err(|e| failed(&e))?;
        }
    }
    let mut bytes = out.finish().map_err(|e| failed(&e))?.into_inner();
    forget_system(&mut bytes);
    Ok(bytes)
}
