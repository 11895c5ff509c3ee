//! The files are those of the case `encrypted-file/clean-mat-khau-mac-dinh`, which other programs
//! encrypted or decrypt alike.

use super::{package_with, workbook, workbook_with, xor};
use crate::read::{Limits, compound::Compound, read};

macro_rules! sample {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!(
                "../../../tests/cases/encrypted-file/clean-mat-khau-mac-dinh/input/chan-nuoi-",
                $name
            )),
        )
    };
}

const PACKAGES: [(&str, &[u8]); 2] = [sample!("agile.xlsx"), sample!("standard.xlsx")];
const STREAMS: [(&str, &[u8]); 4] =
    [sample!("rc4.xls"), sample!("cryptoapi-40.xls"), sample!("cryptoapi-128.xls"), sample!("xor.xls")];

fn stream(bytes: &[u8], name: &str) -> Vec<u8> {
    Compound::open(bytes).ok().and_then(|file| file.stream(name).ok()).expect("it is there")
}

/// The body of the second record, behind that of the beginning.
fn pass(stream: &[u8]) -> &[u8] {
    assert_eq!((stream[2], stream[20]), (16, 0x2F));
    &stream[24..24 + usize::from(stream[22])]
}

/// As other programs compute them.
#[test]
fn xor_known_answers() {
    let mask = [0x87, 0x6B, 0x9A, 0xE2, 0x1E, 0xE3, 0x05, 0x62, 0x1E, 0x69, 0x96, 0x60, 0x98, 0x6E, 0x94, 0x04];
    assert_eq!(
        (xor::key("VelvetSweatshop"), xor::verifier("VelvetSweatshop"), xor::mask("VelvetSweatshop")),
        (0xB359, 0x9A0A, mask)
    );
    let mask = [0x95, 0x99, 0x94, 0x75, 0xDA, 0x57, 0x78, 0x57, 0xDA, 0x74, 0x65, 0xA8, 0x7A, 0x2F, 0x25, 0x77];
    assert_eq!((xor::key("abc"), xor::verifier("abc"), xor::mask("abc")), (0x514A, 0xCC1A, mask));
}

#[test]
fn only_the_right_password_opens() {
    for (name, bytes) in PACKAGES {
        let (info, content) = (stream(bytes, "EncryptionInfo"), stream(bytes, "EncryptedPackage"));
        let open = |password| package_with(&info, content.clone(), password);
        assert!(open("VelvetSweatshop").is_some_and(|zip| zip.starts_with(b"PK\x03\x04")), "{name}");
        assert!(open("velvetsweatshop").is_none() && open("").is_none(), "{name}");
    }
    for (name, bytes) in STREAMS {
        let stream = stream(bytes, "Workbook");
        let open = |password| workbook_with(&stream, pass(&stream), password);
        // Behind the record that says how, the code page stands plain now.
        let at = 24 + pass(&stream).len();
        let codepage = [0x42, 0, 2, 0, 0xB0, 0x04];
        assert!(open("VelvetSweatshop").is_some_and(|plain| plain[at..].starts_with(&codepage)), "{name}");
        assert!(open("velvetsweatshop").is_none() && open("").is_none(), "{name}");
    }
}

#[test]
fn descriptions_that_break_off_or_lie() {
    for (name, bytes) in STREAMS {
        let stream = stream(bytes, "Workbook");
        let pass = pass(&stream);
        for end in 0..pass.len() {
            assert!(workbook(&stream, &pass[..end]).is_none(), "{name} to {end}");
        }
        for end in 0..stream.len() {
            // What comes out is as long as what goes in.
            assert_eq!(workbook(&stream[..end], pass).map(|plain| plain.len()), Some(end), "{name} to {end}");
        }
    }
    let (_, bytes) = PACKAGES[0];
    let (info, content) = (stream(bytes, "EncryptionInfo"), stream(bytes, "EncryptedPackage"));
    let text = String::from_utf8_lossy(&info).into_owned();
    for (from, to) in [
        ("spinCount=\"100000\"", "spinCount=\"4294967295\""),
        ("spinCount=\"100000\"", "spinCount=\"-1\""),
        ("keyBits=\"256\"", "keyBits=\"99999999999\""),
        ("keyBits=\"256\"", "keyBits=\"8\""),
        ("blockSize=\"16\"", "blockSize=\"0\""),
        ("hashAlgorithm=\"SHA512\"", "hashAlgorithm=\"WHIRLPOOL\""),
        ("saltValue=\"", "saltValue=\"*"),
        ("ChainingModeCBC", "ChainingModeCFB"),
    ] {
        let lie = text.replace(from, to);
        assert_ne!(lie, text, "{from}");
        let mut lying = info[..8].to_vec();
        lying.extend_from_slice(
            lie.as_bytes().get(text.find("<?xml").or_else(|| text.find('<')).unwrap_or(8)..).unwrap_or_default(),
        );
        assert!(package_with(&lying, content.clone(), "VelvetSweatshop").is_none(), "{to}");
    }
}

/// Bytes of the file changed here and there: something comes out, and nothing panics.
#[test]
fn damaged_files() {
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).expect("small")
    };
    for (rounds, (name, bytes)) in [12, 12, 400, 400, 400, 400].into_iter().zip(PACKAGES.into_iter().chain(STREAMS)) {
        for round in 0..rounds {
            let mut damaged = bytes.to_vec();
            for _ in 0..=random(8) {
                // Half of it where the file says how it is encrypted.
                let at =
                    if round % 2 == 0 { random(damaged.len()) } else { 1024 + random(600).min(damaged.len() - 1025) };
                damaged[at] = u8::try_from(random(256)).expect("a byte");
            }
            let _ = read(&name.into(), &damaged, &Limits::default());
        }
    }
}
