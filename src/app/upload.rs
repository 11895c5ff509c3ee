//! Files that are dropped on the page: copies in a folder of their own.

use std::fs;

use serde::Deserialize;

use super::{App, auth, fault::Fault, home};
use crate::driver::may_hold_a_table;

/// Most bytes of files that are dropped on the page at once.
pub(super) const MOST_UPLOADED: usize = 48 << 20;

/// Files at a time.
const MOST_FILES: usize = 200;
/// Letters of a name.
const LONGEST_NAME: usize = 150;

#[derive(Deserialize)]
pub(super) struct Sent {
    name: String,
    base64: String,
}

/// The bytes of a text in base64, padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    let text = text.trim_end_matches('=');
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// A name that is a name on every system, and of a kind that is read.
fn check(name: &str) -> Result<(), Fault> {
    let has_sign = name.chars().any(|c| c.is_control() || r#"<>:"/\|?*"#.contains(c));
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    let is_long = name.chars().count() > LONGEST_NAME;
    let is_plain = !name.starts_with(['.', ' ', '~']) && !name.ends_with(['.', ' ']);
    let is_known = may_hold_a_table(name.as_ref()) || name.to_ascii_lowercase().ends_with(".toml");
    if !has_sign && !is_device && !is_long && is_plain && is_known { Ok(()) } else { Err(Fault::Name(name.to_owned())) }
}

/// Keeps what was sent, and gives the folder.
pub(super) fn keep(app: &App, files: &[Sent]) -> Result<std::path::PathBuf, Fault> {
    if files.is_empty() || files.len() > MOST_FILES {
        return Err(Fault::TooLarge);
    }
    let mut total = 0;
    let mut decoded: Vec<(&str, Vec<u8>)> = Vec::new();
    for file in files {
        check(&file.name)?;
        let bytes = decode(&file.base64).ok_or_else(|| Fault::Malformed("base64".to_owned()))?;
        total += bytes.len();
        if total > MOST_UPLOADED {
            return Err(Fault::TooLarge);
        }
        decoded.push((&file.name, bytes));
    }
    let failed = |error: std::io::Error| Fault::Internal(error.to_string());
    let name = format!("{}-{}", home::now(), auth::random(4).map_err(failed)?);
    let folder = app.home.work("copies").map_err(failed)?.join(name);
    fs::create_dir(&folder).map_err(|error| Fault::disk(&folder, &error))?;
    for (name, bytes) in decoded {
        let path = folder.join(name);
        let written = fs::File::create_new(&path).and_then(|mut file| std::io::Write::write_all(&mut file, &bytes));
        written.map_err(|error| Fault::disk(&path, &error))?;
    }
    super::browse::real(&folder).map_err(|error| Fault::disk(&folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(decode("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode("aGVsbG8").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode("").as_deref(), Some(&b""[..]));
        assert!(decode("a b").is_none() && decode("a-b_").is_none());
    }

    #[test]
    fn names_are_names_of_tables() {
        assert!(check("Số liệu 2030.xlsx").is_ok() && check("mapping.toml").is_ok());
        let wrong = [
            "../a.xlsx",
            "a/b.xlsx",
            "a\\b.xlsx",
            "C:a.xlsx",
            "NUL.xlsx",
            "com1.csv",
            "a.exe",
            "a.xlsx ",
            ".a.xlsx",
            "~$a.xlsx",
            "a\0.xlsx",
            "",
        ];
        for name in wrong {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
