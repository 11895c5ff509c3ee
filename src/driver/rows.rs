//! What a worker makes piece by piece, in memory only as long as it is short.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

/// More bytes than this go to a file.
const MOST_IN_MEMORY: usize = 4 << 20;

/// Lines as they come from a worker: in memory, and from some length on in a file without a name.
#[derive(Debug, Default)]
pub struct Lines {
    memory: Vec<u8>,
    /// With everything that came.
    file: Option<File>,
    length: u64,
    /// What the disk refused; told to whoever wants the lines.
    refused: Option<io::Error>,
}

impl Lines {
    /// Adds a piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        if self.refused.is_none()
            && let Err(error) = self.keep(piece)
        {
            self.refused = Some(error);
        }
    }

    fn keep(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.file.is_none() && self.memory.len() + piece.len() <= MOST_IN_MEMORY {
            self.memory.extend_from_slice(piece);
            return Ok(());
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let begun = std::mem::take(&mut self.memory);
        file.write_all(&begun)?;
        file.write_all(piece)?;
        self.file = Some(file);
        Ok(())
    }

    /// How many bytes there are.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// All of it, from the beginning.
    ///
    /// # Errors
    /// Those of the disk, also those on adding a piece.
    pub(super) fn read(&self) -> io::Result<Box<dyn Read + '_>> {
        if let Some(error) = &self.refused {
            return Err(io::Error::new(error.kind(), error.to_string()));
        }
        let Some(mut file) = self.file.as_ref() else { return Ok(Box::new(self.memory.as_slice())) };
        file.seek(SeekFrom::Start(0))?;
        Ok(Box::new(file))
    }

    /// The file that holds all of it, where it is in one.
    ///
    /// # Errors
    /// Those on adding a piece.
    pub(super) fn into_file(self) -> io::Result<Result<File, Vec<u8>>> {
        match (self.refused, self.file) {
            (Some(error), _) => Err(error),
            (None, Some(file)) => Ok(Ok(file)),
            (None, None) => Ok(Err(self.memory)),
        }
    }
}

impl From<Vec<u8>> for Lines {
    fn from(bytes: Vec<u8>) -> Self {
        Self { length: bytes.len() as u64, memory: bytes, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &Lines) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        lines.read()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn pieces_are_read_as_they_came_whether_few_or_many() -> io::Result<()> {
        let mut lines = Lines::default();
        assert_eq!(all(&lines)?, b"");
        let piece = |at: u8| vec![at; MOST_IN_MEMORY / 3];
        let mut expected = Vec::new();
        for at in 0..7 {
            lines.push(&piece(at));
            expected.extend(piece(at));
            assert_eq!((lines.length(), all(&lines)? == expected), (expected.len() as u64, true), "{at}");
            assert_eq!(lines.file.is_some(), at >= 3);
            // Reading leaves the place where the next piece belongs.
        }
        Ok(())
    }
}
