//! What the writing crate cannot say: the first page of the form carries no page number
//! (Decree 30/2020, appendix I; not so where a catalogue wants it there). One attribute of the first sheet is added to the finished file;
//! every other part is copied as it is.

use std::io::{Cursor, Read, Write};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    catalogue::Profile,
    write::error::{WriteError, WriteErrorKind},
};

const FORM: &str = "xl/worksheets/sheet1.xml";
const WITHOUT: &str = "<headerFooter>";
const WITH: &str = "<headerFooter differentFirst=\"1\">";

/// Adds the attribute where the paper rules ask for it.
pub(super) fn finish(bytes: &[u8], profile: &Profile) -> Result<Vec<u8>, WriteError> {
    let with = if profile.first_page_numbered { WITHOUT } else { WITH };
    let failed = |error: &dyn std::fmt::Display| WriteError::new(WriteErrorKind::Packaging, error);
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 64)));
    for at in 0..parts.len() {
        let part = parts.by_index_raw(at).map_err(|e| failed(&e))?;
        if !part.name().is_ok_and(|name| name == FORM) {
            out.raw_copy_file(part).map_err(|e| failed(&e))?;
            continue;
        }
        drop(part);
        let mut xml = String::new();
        parts.by_index(at).map_err(|e| failed(&e))?.read_to_string(&mut xml).map_err(|e| failed(&e))?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        out.start_file(FORM, options).map_err(|e| failed(&e))?;
        out.write_all(xml.replacen(WITHOUT, with, 1).as_bytes()).map_err(|e| failed(&e))?;
    }
    Ok(out.finish().map_err(|e| failed(&e))?.into_inner())
}
