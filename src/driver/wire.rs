//! Messages between the program and its workers: a kind, a length, and that many bytes.

use std::io::{self, Read, Write};

/// Kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageKind {
    /// Orders for the worker, or a job.
    Order,
    /// Which file of the job is read next.
    Reading,
    /// The submission as JSON.
    Answer,
    /// The appendix.
    Workbook,
    /// A piece of the lines of the tidy table.
    Table,
    /// The job is done.
    Done,
}

const KINDS: [MessageKind; 6] = [
    MessageKind::Order,
    MessageKind::Reading,
    MessageKind::Answer,
    MessageKind::Workbook,
    MessageKind::Table,
    MessageKind::Done,
];
/// More than any message can be; a worker that has lost its mind is not listened to.
const MOST_BYTES: u32 = 1 << 30;

/// Sends a message, and what was written before it.
pub(super) fn send(out: &mut impl Write, kind: MessageKind, bytes: &[u8]) -> io::Result<()> {
    write(out, kind, bytes)?;
    out.flush()
}

/// Writes a message that is sent with the next one: each that is sent wakes the other side.
pub(super) fn write(out: &mut impl Write, kind: MessageKind, bytes: &[u8]) -> io::Result<()> {
    let tag = KINDS.iter().position(|k| *k == kind).and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    out.write_all(&[tag])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// Receives a message; an error at the end of the stream.
pub(super) fn receive(input: &mut impl Read) -> io::Result<(MessageKind, Vec<u8>)> {
    let mut head = [0; 5];
    input.read_exact(&mut head)?;
    let kind = KINDS.get(usize::from(head[0])).copied();
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    let (Some(kind), true) = (kind, length <= MOST_BYTES) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a message"));
    };
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    input.read_exact(&mut bytes)?;
    Ok((kind, bytes))
}

/// Bytes of a piece.
const PIECE: usize = 256 << 10;

/// Sends what is written to it in pieces, so that nobody holds all of it.
#[derive(Debug)]
pub(super) struct Pieces<W: Write> {
    out: W,
    kind: MessageKind,
    piece: Vec<u8>,
}

impl<W: Write> Pieces<W> {
    pub(super) fn new(out: W, kind: MessageKind) -> Self {
        Self { out, kind, piece: Vec::new() }
    }
}

impl<W: Write> Write for Pieces<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    /// Makes a piece of what is there.
    fn flush(&mut self) -> io::Result<()> {
        if !self.piece.is_empty() {
            write(&mut self.out, self.kind, &self.piece)?;
            self.piece.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_as_sent() -> io::Result<()> {
        let mut stream = Vec::new();
        send(&mut stream, MessageKind::Answer, b"one")?;
        send(&mut stream, MessageKind::Done, b"")?;
        let mut input = stream.as_slice();
        assert_eq!(receive(&mut input)?, (MessageKind::Answer, b"one".to_vec()));
        assert_eq!(receive(&mut input)?, (MessageKind::Done, Vec::new()));
        assert!(receive(&mut input).is_err());
        assert!(receive(&mut [9, 0, 0, 0, 0].as_slice()).is_err());
        Ok(())
    }
}
