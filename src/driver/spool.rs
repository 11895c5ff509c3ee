//! What thousands of submissions leave behind is kept in a temporary file and not in memory.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
};

use super::Lines;
use crate::model::report::{Excerpt, Overview, Report, Submission, Submissions};

/// Pieces of bytes in a file without a name, that is gone with the program, by the place of their
/// task. Pieces may come in any order.
#[derive(Debug)]
pub struct Spool {
    file: File,
    end: u64,
    index: Vec<Option<Piece>>,
}

#[derive(Debug)]
enum Piece {
    /// Where it begins in the file of all, and its length.
    Here(u64, u64),
    /// In a file of its own.
    Own(File),
}

/// So many bytes in a file of their own stay in it: there are never many such files.
const LARGE: u64 = 64 << 20;

impl Spool {
    /// An empty one, in the folder for temporary files.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new() -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, end: 0, index: Vec::new() })
    }

    /// Keeps a piece.
    ///
    /// # Errors
    /// Those of the disk; the piece is not there then.
    pub fn put(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(bytes)?;
        self.put_here(at, bytes.len() as u64);
        Ok(())
    }

    /// Keeps what a worker made.
    ///
    /// # Errors
    /// Those of the disk, also those on the way here; the piece is not there then.
    pub fn put_lines(&mut self, at: usize, lines: Lines) -> io::Result<()> {
        let length = lines.length();
        match lines.into_file()? {
            Err(bytes) => self.put(at, &bytes)?,
            Ok(file) if length >= LARGE => *self.place(at) = Some(Piece::Own(file)),
            Ok(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                self.file.seek(SeekFrom::Start(self.end))?;
                let copied = io::copy(&mut file, &mut self.file)?;
                self.put_here(at, copied);
            }
        }
        Ok(())
    }

    fn put_here(&mut self, at: usize, length: u64) {
        *self.place(at) = Some(Piece::Here(self.end, length));
        self.end += length;
    }

    fn place(&mut self, at: usize) -> &mut Option<Piece> {
        if self.index.len() <= at {
            self.index.resize_with(at + 1, || None);
        }
        &mut self.index[at]
    }

    /// The piece of a place, if there is one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn get(&self, at: usize) -> io::Result<Option<Vec<u8>>> {
        if self.index.get(at).is_none_or(Option::is_none) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.copy(at, &mut bytes)?;
        Ok(Some(bytes))
    }

    /// Writes the piece of a place, if there is one, and holds no more than a part of it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn copy(&self, at: usize, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let Some(Some(piece)) = self.index.get(at) else { return Ok(()) };
        let (mut file, start, length) = match piece {
            Piece::Here(start, length) => (&self.file, *start, *length),
            Piece::Own(file) => (file, 0, file.metadata()?.len()),
        };
        file.seek(SeekFrom::Start(start))?;
        let part = usize::try_from(length).unwrap_or(usize::MAX).clamp(1, 256 << 10);
        let mut rest = BufReader::with_capacity(part, file.take(length));
        let copied = loop {
            let bytes = rest.fill_buf()?;
            if bytes.is_empty() {
                break length - rest.get_ref().limit();
            }
            out.write_all(bytes)?;
            let taken = bytes.len();
            rest.consume(taken);
        };
        if copied == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// One more than the last place that has a piece.
    pub fn places(&self) -> usize {
        self.index.len()
    }

    /// Places without a piece are left out; the order stays. Gives back where each was before.
    fn close_gaps(&mut self) -> Vec<usize> {
        let before = (0..self.index.len()).filter(|at| self.index[*at].is_some()).collect();
        self.index.retain(Option::is_some);
        before
    }
}

/// Submissions as they are judged.
#[derive(Debug)]
pub struct Judgements {
    spool: Spool,
    /// By the places of the tasks.
    excerpts: Spool,
    overview: Overview,
}

impl Judgements {
    /// None yet.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new() -> io::Result<Self> {
        Ok(Self { spool: Spool::new()?, excerpts: Spool::new()?, overview: Overview::default() })
    }

    /// Keeps a submission under the place of its task.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put(&mut self, at: usize, submission: &Submission, excerpts: &[Excerpt]) -> io::Result<()> {
        self.spool.put(at, &serde_json::to_vec(submission)?)?;
        if !excerpts.is_empty() {
            self.excerpts.put(at, &serde_json::to_vec(excerpts)?)?;
        }
        self.overview.add(at, submission);
        Ok(())
    }

    /// The end of judging: what was judged, in the order of the tasks, of which there were `planned`.
    #[must_use]
    pub fn finish(mut self, planned: usize) -> JudgedRun {
        let places = self.spool.close_gaps();
        self.overview.renumber();
        let summary = &mut self.overview.summary;
        summary.not_judged = u64::try_from(planned).unwrap_or(u64::MAX).saturating_sub(summary.submissions);
        summary.partial = summary.not_judged > 0;
        JudgedRun { kept: self, places }
    }
}

/// All submissions of a run, judged.
#[derive(Debug)]
pub struct JudgedRun {
    kept: Judgements,
    places: Vec<usize>,
}

impl JudgedRun {
    /// As writers take it.
    pub fn report(&self) -> Report<'_> {
        Report { overview: &self.kept.overview, submissions: self }
    }

    /// Numbers over all of it.
    pub fn overview(&self) -> &Overview {
        &self.kept.overview
    }

    /// The place of the task that became a submission; another one where the run was stopped.
    pub fn task(&self, at: usize) -> Option<usize> {
        self.places.get(at).copied()
    }
}

impl Submissions for JudgedRun {
    fn count(&self) -> usize {
        self.kept.spool.index.len()
    }

    fn get(&self, at: usize) -> io::Result<Cow<'_, Submission>> {
        let bytes = self.kept.spool.get(at)?.ok_or(io::ErrorKind::NotFound)?;
        Ok(Cow::Owned(serde_json::from_slice(&bytes)?))
    }

    fn excerpts(&self, at: usize) -> io::Result<Vec<Excerpt>> {
        let Some(task) = self.task(at) else { return Ok(Vec::new()) };
        let bytes = self.kept.excerpts.get(task)?;
        bytes.map_or_else(|| Ok(Vec::new()), |bytes| Ok(serde_json::from_slice(&bytes)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_by_place() -> io::Result<()> {
        let mut spool = Spool::new()?;
        spool.put(3, b"three")?;
        spool.put(0, b"")?;
        spool.put(1, b"one")?;
        assert_eq!(spool.get(3)?.as_deref(), Some(&b"three"[..]));
        assert_eq!(spool.get(0)?.as_deref(), Some(&b""[..]));
        assert_eq!((spool.get(2)?, spool.get(9)?), (None, None));
        assert_eq!(spool.close_gaps(), [0, 1, 3]);
        assert_eq!(spool.get(1)?.as_deref(), Some(&b"one"[..]));
        assert_eq!(spool.get(2)?.as_deref(), Some(&b"three"[..]));
        Ok(())
    }
}
