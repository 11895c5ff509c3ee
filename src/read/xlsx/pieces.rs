//! A part as text, piece by piece, so that it never lies in memory as a whole.

use crate::read::{
    archive::{PartError, Stream},
    context::ReadContext,
    xml,
};

/// Bytes that are unpacked at once.
const PIECE: usize = 64 << 10;

/// The pieces of a part. One begins where reading the one before left off, so that nothing that is
/// whole in the part is torn.
pub(super) struct Pieces<'z, 'a> {
    stream: Stream<'z, 'a>,
    /// What is unpacked and not yet read; UTF-8 up to `valid`.
    bytes: Vec<u8>,
    valid: usize,
    started: bool,
    more: bool,
}

impl<'z, 'a> Pieces<'z, 'a> {
    pub(super) fn new(stream: Stream<'z, 'a>) -> Self {
        Self { stream, bytes: Vec::new(), valid: 0, started: false, more: true }
    }

    /// The text from `read` of the piece before on, and more behind it; `None` when there is no more.
    pub(super) fn next(&mut self, read: usize, cx: &ReadContext<'_>) -> Result<Option<&str>, PartError> {
        if !self.more {
            return Ok(None);
        }
        self.bytes.drain(..read);
        // As much again as is left: what is larger than a piece is still gone through few times.
        let most = PIECE.max(self.bytes.len());
        self.bytes.reserve(most);
        self.more = self.stream.read(&mut self.bytes, most, cx)? == most;
        let first = !std::mem::replace(&mut self.started, true);
        if first && !xml::is_utf8(&self.bytes) {
            while self.more {
                self.more = self.stream.read(&mut self.bytes, PIECE, cx)? == PIECE;
            }
            self.bytes = xml::text(std::mem::take(&mut self.bytes)).into_bytes();
        }
        if self.bytes.starts_with(b"\xEF\xBB\xBF") && first {
            self.bytes.drain(..3);
        }
        self.valid = self.mend();
        Ok(Some(std::str::from_utf8(&self.bytes[..self.valid]).unwrap_or_default()))
    }

    /// Unpacks the rest, so that damage in it is seen.
    pub(super) fn finish(&mut self, cx: &ReadContext<'_>) -> Result<(), PartError> {
        while self.more {
            self.bytes.clear();
            self.more = self.stream.read(&mut self.bytes, PIECE, cx)? == PIECE;
        }
        Ok(())
    }

    /// Puts the mark for damaged characters where bytes are no UTF-8, and gives the length of what is
    /// UTF-8 now: all but a last character whose bytes are not all here.
    fn mend(&mut self) -> usize {
        let end = if self.more { self.bytes.len() - torn(&self.bytes) } else { self.bytes.len() };
        if std::str::from_utf8(&self.bytes[..end]).is_ok() {
            return end;
        }
        let mended = String::from_utf8_lossy(&self.bytes[..end]).into_owned();
        let valid = mended.len();
        self.bytes.splice(..end, mended.into_bytes());
        valid
    }
}

/// How many bytes at the end begin a character that goes on.
fn torn(bytes: &[u8]) -> usize {
    let last = &bytes[bytes.len().saturating_sub(3)..];
    let start = last.iter().rposition(|byte| *byte & 0xC0 != 0x80);
    let torn = start.map(|at| &last[at..]).filter(|start| {
        let length = match start[0] {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        start.len() < length
    });
    torn.map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests {
    use super::torn;

    #[test]
    fn characters_that_are_torn() {
        for text in ["a", "ab", "Ă", "ệ", "aệ", "𝄞", ""] {
            let bytes = text.as_bytes();
            assert_eq!(torn(bytes), 0, "{text}");
            let last = text.chars().next_back().map_or(0, char::len_utf8);
            for cut in 1..last {
                assert_eq!(torn(&bytes[..bytes.len() - cut]), last - cut, "{text} without {cut}");
            }
        }
        assert_eq!((torn(b"\x80\x80\x80"), torn(b"\xFF"), torn(b"\xC3\x28")), (0, 0, 0));
    }
}
