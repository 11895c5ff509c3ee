//! Little-endian fields of binary workbooks. Every read is checked: a field that is not there is
//! `None`, whatever its record claims; in a record that cannot do without it, it is [`RecordError::TooShort`].

use super::context::FileError;

/// Why a record was not taken.
#[derive(Debug)]
pub(super) enum RecordError {
    /// It ends before what it should hold, and says nothing.
    TooShort,
    /// The file is not read on.
    Refused(FileError),
}

impl From<FileError> for RecordError {
    fn from(error: FileError) -> Self {
        Self::Refused(error)
    }
}

/// A record without which the sheet goes on; only a error stops it.
pub(super) fn skip_short(taken: Result<(), RecordError>) -> Result<(), FileError> {
    match taken {
        Ok(()) | Err(RecordError::TooShort) => Ok(()),
        Err(RecordError::Refused(error)) => Err(error),
    }
}

/// The body of a record.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn byte(self, at: usize) -> Result<u8, RecordError> {
        byte(self.0, at).ok_or(RecordError::TooShort)
    }

    pub(super) fn word(self, at: usize) -> Result<u16, RecordError> {
        word(self.0, at).ok_or(RecordError::TooShort)
    }

    pub(super) fn long(self, at: usize) -> Result<u32, RecordError> {
        long(self.0, at).ok_or(RecordError::TooShort)
    }

    pub(super) fn double(self, at: usize) -> Result<f64, RecordError> {
        double(self.0, at).ok_or(RecordError::TooShort)
    }

    /// What stands from a place on.
    pub(super) fn from(self, at: usize) -> Result<Self, RecordError> {
        self.0.get(at..).map(Self).ok_or(RecordError::TooShort)
    }

    /// So many bytes from a place on.
    pub(super) fn part(self, at: usize, length: usize) -> Result<&'a [u8], RecordError> {
        at.checked_add(length).and_then(|end| self.0.get(at..end)).ok_or(RecordError::TooShort)
    }
}

pub(super) fn byte(data: &[u8], at: usize) -> Option<u8> {
    data.get(at).copied()
}

pub(super) fn word(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|&raw| u16::from_le_bytes(raw))
}

pub(super) fn long(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|&raw| u32::from_le_bytes(raw))
}

pub(super) fn double(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..)?.first_chunk().map(|&raw| f64::from_le_bytes(raw))
}

/// UTF-16 as text; half a unit at the end is left out.
pub(super) fn wide(data: &[u8]) -> String {
    let units: Vec<u16> = data.as_chunks::<2>().0.iter().map(|&unit| u16::from_le_bytes(unit)).collect();
    String::from_utf16_lossy(&units)
}

/// The number in an RK field: 30 bits of an integer or of a double, maybe a hundredfold.
#[allow(clippy::float_arithmetic)]
pub(super) fn rk(raw: u32) -> f64 {
    let number =
        if raw & 2 == 0 { f64::from_bits(u64::from(raw & !3) << 32) } else { f64::from(raw.cast_signed() >> 2) };
    if raw & 1 == 0 { number } else { number / 100.0 }
}

/// The text of an error by its number (`BErr`, [MS-XLS] 2.5.10; the same in [MS-XLSB]).
pub(super) fn error(number: u8) -> &'static str {
    match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rk_numbers() {
        assert_eq!(rk(0x3FF0_0000).to_bits(), 1f64.to_bits());
        assert_eq!(rk(0x3FF0_0001).to_bits(), 0.01f64.to_bits());
        assert_eq!(rk((123 << 2) | 2).to_bits(), 123f64.to_bits());
        assert_eq!(rk((12345 << 2) | 3).to_bits(), 123.45f64.to_bits());
        assert_eq!(rk((-5i32 << 2).cast_unsigned() | 2).to_bits(), (-5f64).to_bits());
    }
}
