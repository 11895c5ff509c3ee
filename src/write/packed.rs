//! Packages (ZIP) say on which system they were made; the same input gives the same bytes on all of them.

/// Takes the system that parts were packed on, and what it says of them, out of the directory of a
/// package: Windows would leave other bytes there.
pub(crate) fn forget_system(bytes: &mut [u8]) {
    const END: [u8; 4] = *b"PK\x05\x06";
    const ENTRY: [u8; 4] = *b"PK\x01\x02";
    let number = |bytes: &[u8], at: usize, length: usize| -> Option<usize> {
        let digits = bytes.get(at..at + length)?;
        Some(digits.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let Some(end) = bytes.len().checked_sub(22).filter(|end| bytes[*end..].starts_with(&END)) else { return };
    let Some(mut at) = number(bytes, end + 16, 4) else { return };
    while bytes.get(at..at + 46).is_some_and(|entry| entry.starts_with(&ENTRY)) {
        // The upper half of "version made by", and the external attributes.
        bytes[at + 5] = 0;
        bytes[at + 38..at + 42].fill(0);
        let length: Option<usize> = [28, 30, 32].into_iter().map(|field| number(bytes, at + field, 2)).sum();
        let Some(length) = length else { return };
        at += 46 + length;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::{System, ZipWriter, write::SimpleFileOptions};

    use super::*;

    #[test]
    fn a_package_of_windows_is_that_of_any_other_system() {
        let packed = |system: System, mode: u32| {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            for name in ["a.xml", "xl/b.xml"] {
                let options = SimpleFileOptions::default().system(system).unix_permissions(mode);
                zip.start_file(name, options).expect("a part");
                zip.write_all(name.as_bytes()).expect("its bytes");
            }
            let mut bytes = zip.finish().expect("a package").into_inner();
            forget_system(&mut bytes);
            bytes
        };
        assert_eq!(packed(System::Unix, 0o600), packed(System::Dos, 0o644));
        // What is no package is left alone.
        let mut other = b"PK\x05\x06 and no more".to_vec();
        forget_system(&mut other);
        assert_eq!(other, b"PK\x05\x06 and no more");
    }
}
