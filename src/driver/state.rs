//! What has been judged, kept in a file, so that a run that broke off goes on where it was.
//!
//! One line a submission, behind a line that names the format and the release. Each begins with a
//! sum over the rest: a line that was cut off by a sudden end, or damaged since, is told from a
//! whole one, and its submission is merely judged again.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{
    submissions::Job,
    worker::{Answer, Orders, Task},
};

const FORMAT: &str = "bieu.state/1";
/// Hexadecimal digits of the sum before a line.
const SUM: usize = 16;

/// Tells what was judged, and by what, from anything else.
pub type Key = [u8; 32];

/// Why a state file cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum StateError {
    /// The disk refuses.
    Io(io::Error),
    /// Another run has it open.
    InUse,
    /// The file holds something else, which must not be destroyed.
    Foreign,
}

impl From<io::Error> for StateError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a state file held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateContent {
    /// Submissions that may be taken from it.
    pub kept: usize,
    /// Lines that are damaged.
    pub broken: usize,
    /// It was written by another release, and is begun anew.
    pub other_release: bool,
}

/// An open state file; no other run can open it.
#[derive(Debug)]
pub struct State(Mutex<Lines>);

/// Most bytes of a table that is kept.
const MOST_KEPT: u64 = 64 << 20;

#[derive(Debug)]
struct Lines {
    file: File,
    end: u64,
    index: HashMap<Key, (u64, usize)>,
}

#[derive(Serialize, Deserialize)]
struct Entry<A> {
    key: Key,
    answer: A,
    table: Option<String>,
}

impl State {
    /// Whether a file that begins like this is a state file, of whatever release.
    pub fn wrote(head: &[u8]) -> bool {
        head.strip_prefix(FORMAT.as_bytes()).is_some_and(|rest| rest.starts_with(b" "))
    }

    /// Opens a state file, or begins one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub fn open(path: &Path) -> Result<(Self, StateContent), StateError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut lines = Lines { file, end: 0, index: HashMap::new() };
        let found = lines.read_lines()?;
        Ok((Self(Mutex::new(lines)), found))
    }

    /// The answer that a key stands for, if there is one.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn get(&self, key: &Key) -> io::Result<Option<Answer>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((start, length)) = lines.index.get(key).copied() else { return Ok(None) };
        lines.file.seek(SeekFrom::Start(start))?;
        let mut line = vec![0; length];
        lines.file.read_exact(&mut line)?;
        drop(lines);
        let entry: Entry<Answer> = serde_json::from_slice(&line)?;
        Ok(Some(Answer { table: entry.table.map(|table| table.into_bytes().into()), ..entry.answer }))
    }

    /// Keeps an answer.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put(&self, key: &Key, answer: &Answer) -> io::Result<()> {
        let mut table = None;
        if let Some(lines) = &answer.table {
            // An answer is one line, which is held whole: a longer one is judged again.
            if lines.length() > MOST_KEPT {
                return Ok(());
            }
            let mut bytes = Vec::new();
            lines.read()?.read_to_end(&mut bytes)?;
            table = Some(String::from_utf8_lossy(&bytes).into_owned());
        }
        let line = serde_json::to_vec(&Entry { key: *key, answer, table })?;
        let mut whole = Vec::with_capacity(SUM + line.len() + 2);
        whole.extend_from_slice(sum(&line).as_bytes());
        whole.push(b' ');
        whole.extend_from_slice(&line);
        whole.push(b'\n');
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = lines.end;
        lines.file.seek(SeekFrom::Start(start))?;
        // In one piece: a run that is killed leaves whole lines and at most one that is cut off.
        lines.file.write_all(&whole)?;
        lines.end += whole.len() as u64;
        lines.index.insert(*key, (start + SUM as u64 + 1, line.len()));
        Ok(())
    }
}

impl Lines {
    fn read_lines(&mut self) -> Result<StateContent, StateError> {
        let mut found = StateContent::default();
        let header = format!("{FORMAT} {}\n", env!("CARGO_PKG_VERSION"));
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        reader.by_ref().take(256).read_until(b'\n', &mut line)?;
        if line == header.as_bytes() {
            let mut at = line.len() as u64;
            loop {
                line.clear();
                let length = reader.read_until(b'\n', &mut line)? as u64;
                if line.last() != Some(&b'\n') {
                    found.broken += usize::from(length > 0);
                    break;
                }
                match whole(&line) {
                    Some((key, json)) => {
                        self.index.insert(key, (at + SUM as u64 + 1, json));
                    }
                    None => found.broken += 1,
                }
                at += length;
            }
            self.file.set_len(at)?;
            self.end = at;
            found.kept = self.index.len();
            return Ok(found);
        }
        // Cut off while it was begun, or of another release; all else is not ours.
        let begun = header.as_bytes().starts_with(&line);
        found.other_release = line.starts_with(format!("{FORMAT} ").as_bytes()) && !begun;
        if !begun && !found.other_release {
            return Err(StateError::Foreign);
        }
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(header.as_bytes())?;
        self.end = header.len() as u64;
        Ok(found)
    }
}

/// The key of a line and the length of its JSON, where it is as it was written.
fn whole(line: &[u8]) -> Option<(Key, usize)> {
    let (said, rest) = line.split_at_checked(SUM)?;
    let json = rest.strip_prefix(b" ")?.strip_suffix(b"\n")?;
    if sum(json).as_bytes() != said {
        return None;
    }
    let entry: Entry<serde::de::IgnoredAny> = serde_json::from_slice(json).ok()?;
    Some((entry.key, json.len()))
}

fn sum(line: &[u8]) -> String {
    blake3::hash(line).to_hex()[..SUM].to_owned()
}

/// The key of a task: the release, what was asked for, mappings and catalogues, and the bytes of
/// every file. `None` where a file cannot be read to the end; it is then judged, whatever that gives.
pub(super) fn key(task: &Task, orders: &Orders) -> Option<Key> {
    let mut hash = blake3::Hasher::new();
    let asked = (env!("CARGO_PKG_VERSION"), orders.language, orders.memory, orders.table, orders.second_reader, task);
    let asked = serde_json::to_vec(&asked).ok()?;
    hash.update(&(asked.len() as u64).to_le_bytes()).update(&asked).update(&task.basis);
    let mut job: Option<&Job> = Some(&task.job);
    while let Some(at) = job {
        for file in at.files.iter().chain(&at.suppressions) {
            // A pipe may never end.
            if !fs::metadata(file).ok()?.is_file() {
                return None;
            }
            let mut bytes = blake3::Hasher::new();
            bytes.update_reader(File::open(file).ok()?).ok()?;
            hash.update(bytes.finalize().as_bytes());
        }
        job = at.previous.as_deref();
    }
    Some(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::pipeline;

    fn answer(path: &str) -> Answer {
        let submission =
            pipeline::unmapped(&path.into(), Vec::new(), Vec::new(), crate::values::language::Language::Vi);
        Answer { table: Some(b"a,b\n".to_vec().into()), ..Answer::bare(submission) }
    }

    fn path_of(state: &State, key: u8) -> Option<String> {
        state.get(&[key; 32]).ok().flatten().map(|answer| answer.submission.path.to_string())
    }

    #[test]
    fn what_is_put_comes_back_after_a_sudden_end() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("trang-thai");
        let open = || State::open(&path).map_err(|error| format!("{error:?}"));
        let (state, found) = open()?;
        assert_eq!(found, StateContent::default());
        for (key, name) in [(1, "a"), (2, "b"), (3, "c")] {
            state.put(&[key; 32], &answer(name))?;
        }
        assert!(matches!(State::open(&path), Err(StateError::InUse)));
        let mut table = String::new();
        if let Some(lines) = state.get(&[2; 32])?.and_then(|answer| answer.table) {
            lines.read()?.read_to_string(&mut table)?;
        }
        assert_eq!(table, "a,b\n");
        drop(state);

        // The last line is cut off in the middle, a letter of the second is another.
        let text = fs::read(&path)?;
        let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        let damaged = lines[2].to_ascii_uppercase();
        lines[2] = &damaged;
        lines[3] = &lines[3][..lines[3].len() / 2];
        fs::write(&path, lines.concat())?;
        let (state, found) = open()?;
        assert_eq!(found, StateContent { kept: 1, broken: 2, other_release: false });
        assert_eq!([1, 2, 3].map(|key| path_of(&state, key)), [Some("a".to_owned()), None, None]);
        state.put(&[3; 32], &answer("c"))?;
        drop(state);
        let (state, found) = open()?;
        assert_eq!((found.kept, found.broken, path_of(&state, 3).as_deref()), (2, 1, Some("c")));
        Ok(())
    }

    #[test]
    fn a_file_of_another_release_is_begun_anew_and_a_foreign_one_kept() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("trang-thai");
        for (text, other_release) in [("bieu.state/1 0.0.1\nxyz\n", true), ("bieu.sta", false), ("", false)] {
            fs::write(&path, text)?;
            let (_, found) = State::open(&path).map_err(|error| format!("{error:?}"))?;
            assert_eq!(found, StateContent { kept: 0, broken: 0, other_release }, "{text:?}");
        }
        for text in ["[mapping]\n", "PK\u{3}\u{4}", "bieu.state/1"] {
            fs::write(&path, text)?;
            let opened = State::open(&path);
            let is_begun = "bieu.state/1 0".starts_with(text);
            assert_eq!(matches!(opened, Err(StateError::Foreign)), !is_begun, "{text:?}");
            drop(opened);
            assert_eq!(fs::read(&path)? == text.as_bytes(), !is_begun, "{text:?}");
        }
        Ok(())
    }
}
