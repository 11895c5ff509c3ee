//! Little-endian fields of binary workbooks. Every read is checked: a field that is not there is
//! `None`, whatever its record claims.

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

/// The text of an error by its number.
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
