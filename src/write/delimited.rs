//! Comma-separated lines; the only writer that names `csv`.

use super::error::{WriteError, WriteErrorKind};

/// Rows of fields as lines, quoted where they have to be.
///
/// # Errors
/// Those of the writer; none that a text can cause.
pub(super) fn lines<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, WriteError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| WriteError::new(WriteErrorKind::Packaging, error))?;
    }
    writer.into_inner().map_err(|error| WriteError::new(WriteErrorKind::Packaging, error))
}
