//! What thousands of submissions leave behind is kept in a temporary file and not in memory.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

use crate::report::{Excerpt, Overview, Report, Submission, Submissions};

/// Pieces of bytes in a file without a name, that is gone with the program, by the place of their
/// task. Pieces may come in any order.
#[derive(Debug)]
pub struct Spool {
    file: File,
    end: u64,
    index: Vec<Option<(u64, usize)>>,
}

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
        if self.index.len() <= at {
            self.index.resize(at + 1, None);
        }
        self.index[at] = Some((self.end, bytes.len()));
        self.end += u64::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(())
    }

    /// The piece of a place, if there is one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn get(&self, at: usize) -> io::Result<Option<Vec<u8>>> {
        let Some((start, length)) = self.index.get(at).copied().flatten() else { return Ok(None) };
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(Some(bytes))
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
    pub fn finish(mut self, planned: usize) -> Judged {
        let places = self.spool.close_gaps();
        self.overview.renumber();
        let summary = &mut self.overview.summary;
        summary.not_judged = u64::try_from(planned).unwrap_or(u64::MAX).saturating_sub(summary.submissions);
        summary.partial = summary.not_judged > 0;
        Judged { kept: self, places }
    }
}

/// All submissions of a run, judged.
#[derive(Debug)]
pub struct Judged {
    kept: Judgements,
    places: Vec<usize>,
}

impl Judged {
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

impl Submissions for Judged {
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
