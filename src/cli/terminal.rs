//! Standard output. What it carries goes unchanged into a file or a pipe; on a terminal no text of a
//! stranger may steer it.

use std::io::{self, IsTerminal, StdoutLock, Write};

use crate::write::printable;

/// Standard output, tamed where it is a terminal.
pub(super) enum Out {
    Plain(StdoutLock<'static>),
    Tame(Tame<StdoutLock<'static>>),
}

pub(super) fn stdout() -> Out {
    let out = io::stdout();
    if out.is_terminal() { Out::Tame(Tame { out: out.lock(), cut: Vec::new() }) } else { Out::Plain(out.lock()) }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Tame(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Tame(out) => out.flush(),
        }
    }
}

/// Lets only letters and line breaks through, and shows marks that turn the direction.
pub(super) struct Tame<W> {
    out: W,
    /// A letter of which the rest is still to come.
    cut: Vec<u8>,
}

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cut.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.cut) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Ok(_) | Err(_) => self.cut.len(),
        };
        let rest = self.cut.split_off(whole);
        let text = std::mem::replace(&mut self.cut, rest);
        self.out.write_all(printable(&String::from_utf8_lossy(&text)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_pass_and_what_steers_does_not_however_it_is_cut() -> io::Result<()> {
        let text = "xã \u{1b}[31mMột\u{9b}2J\u{7}\tĐ\u{202e}\n";
        for size in 1..text.len() {
            let mut tame = Tame { out: Vec::new(), cut: Vec::new() };
            for piece in text.as_bytes().chunks(size) {
                tame.write_all(piece)?;
            }
            assert_eq!(String::from_utf8_lossy(&tame.out), "xã [31mMột2J\tĐ⟨U+202E⟩\n", "{size}");
        }
        Ok(())
    }
}
