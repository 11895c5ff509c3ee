//! A part as text, piece by piece, so that it never lies in memory as a whole.

use std::borrow::Cow;

use encoding_rs::UTF_8;

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
    /// What is unpacked and not yet read, up to `filled`; behind it is room.
    bytes: Vec<u8>,
    filled: usize,
    started: bool,
    more: bool,
}

impl<'z, 'a> Pieces<'z, 'a> {
    /// The pieces of a part, unpacked into some room, whatever that holds.
    pub(super) fn new(stream: Stream<'z, 'a>, room: Vec<u8>) -> Self {
        Self { stream, bytes: room, filled: 0, started: false, more: true }
    }

    /// The room, to be used again: no more of it than pieces of a usual part take.
    pub(super) fn into_room(mut self) -> Vec<u8> {
        self.bytes.truncate(2 * PIECE);
        self.bytes.shrink_to(2 * PIECE);
        self.bytes
    }

    /// Goes on from `read` of the piece before to what is unpacked next; false when there is no more.
    pub(super) fn advance(&mut self, read: usize, cx: &ReadContext<'_>) -> Result<bool, PartError> {
        if !self.more {
            return Ok(false);
        }
        self.bytes.copy_within(read..self.filled, 0);
        self.filled -= read;
        // As much again as is left: what is larger than a piece is still gone through few times.
        self.unpack(PIECE.max(self.filled), cx)?;
        if !std::mem::replace(&mut self.started, true) {
            if !xml::is_utf8(&self.bytes[..self.filled]) {
                while self.more {
                    self.unpack(PIECE, cx)?;
                }
                self.bytes.truncate(self.filled);
                self.bytes = xml::text(std::mem::take(&mut self.bytes)).into_bytes();
                self.filled = self.bytes.len();
            }
            if self.bytes[..self.filled].starts_with(b"\xEF\xBB\xBF") {
                self.bytes.drain(..3);
                self.filled -= 3;
            }
        }
        Ok(true)
    }

    fn unpack(&mut self, most: usize, cx: &ReadContext<'_>) -> Result<(), PartError> {
        let end = self.filled + most;
        if self.bytes.len() < end {
            // With room for what is left of a piece, so that it grows once.
            self.bytes.resize(end.max(2 * PIECE), 0);
        }
        let read = self.stream.fill(&mut self.bytes[self.filled..end], cx)?;
        self.filled += read;
        self.more = read == most;
        Ok(())
    }

    /// The text of a piece: all but a last character whose bytes are not all here; `None` where bytes are
    /// no UTF-8, until it is [mended](Self::mend).
    pub(super) fn text(&self) -> Option<&str> {
        let bytes = &self.bytes[..self.end()];
        // Several times as fast as the standard library where it lends the bytes as they are.
        match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(Cow::Borrowed(text)) => Some(text),
            Some(Cow::Owned(_)) | None => std::str::from_utf8(bytes).ok(),
        }
    }

    /// Puts the mark for damaged characters where bytes are no UTF-8.
    pub(super) fn mend(&mut self) {
        let end = self.end();
        let mended = String::from_utf8_lossy(&self.bytes[..end]).into_owned();
        self.bytes.truncate(self.filled);
        self.bytes.splice(..end, mended.into_bytes());
        self.filled = self.bytes.len();
    }

    fn end(&self) -> usize {
        let bytes = &self.bytes[..self.filled];
        bytes.len() - if self.more { torn(bytes) } else { 0 }
    }

    /// Unpacks the rest, so that damage in it is seen.
    pub(super) fn finish(&mut self, cx: &ReadContext<'_>) -> Result<(), PartError> {
        while self.more {
            self.filled = 0;
            self.unpack(PIECE, cx)?;
        }
        Ok(())
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
