//! The steps of describing a folder, each written down before it is answered: what was chosen survives the
//! end of the program, whichever way it ends.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::draft::choices::{Choice, effective};

/// Steps that can be taken back.
const MOST_UNDONE: usize = 100;

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Step {
    /// A row or a column.
    Choose(Choice),
    /// The catalogue to draft by; none for one that is drafted too.
    Catalogue(Option<String>),
    /// The period; none for what titles and headers say.
    Period(Option<String>),
    /// The last step is taken back.
    Undo,
    /// The last one that was taken back holds again.
    Redo,
    /// What was written, by the hash of its bytes; the mapping, and the catalogue where there is one.
    Saved(String, Option<String>),
}

/// What the steps come to.
#[derive(Debug, Default)]
pub(super) struct Journal {
    path: PathBuf,
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether what is chosen was written.
    pub(super) is_saved: bool,
    /// What was written last.
    pub(super) written: Option<(String, Option<String>)>,
}

impl Journal {
    /// The journal of a folder. A line that was not written to its end is as if it had never been begun.
    pub(super) fn open(path: PathBuf) -> Self {
        let text = fs::read(&path).unwrap_or_default();
        let mut journal = Self { path, ..Self::default() };
        for line in text.split(|byte| *byte == b'\n') {
            if let Ok(step) = serde_json::from_slice(line) {
                journal.hold(step);
            }
        }
        journal
    }

    /// The place of the journal of a folder.
    pub(super) fn place(work: &Path, folder: &Path) -> PathBuf {
        let name = blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex();
        work.join(format!("{}.jsonl", &name.as_str()[..32]))
    }

    fn hold(&mut self, step: Step) {
        match step {
            Step::Undo => {
                if self.done.len() > self.floor() {
                    self.undone.extend(self.done.pop());
                    self.is_saved = false;
                }
            }
            Step::Redo => {
                if let Some(step) = self.undone.pop() {
                    self.done.push(step);
                    self.is_saved = false;
                }
            }
            Step::Saved(mapping, catalogue) => {
                self.is_saved = true;
                self.written = Some((mapping, catalogue));
            }
            Step::Choose(_) | Step::Catalogue(_) | Step::Period(_) => {
                self.done.push(step);
                self.undone.clear();
                self.is_saved = false;
            }
        }
    }

    /// Steps before this one stay.
    fn floor(&self) -> usize {
        (self.done.len() + self.undone.len()).saturating_sub(MOST_UNDONE)
    }

    /// Writes a step down and holds it.
    pub(super) fn put(&mut self, step: Step) -> io::Result<()> {
        let mut line = serde_json::to_vec(&step)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        // Behind a line that broke off.
        let is_broken = fs::read(&self.path)?.last().is_some_and(|byte| *byte != b'\n');
        if is_broken {
            line.insert(0, b'\n');
        }
        file.write_all(&line)?;
        file.sync_data()?;
        self.hold(step);
        Ok(())
    }

    /// Steps that can be taken back, and taken again.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.done.len() - self.floor().min(self.done.len()), self.undone.len())
    }

    /// What holds of rows and columns.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let all: Vec<Choice> = self
            .done
            .iter()
            .filter_map(|step| match step {
                Step::Choose(choice) => Some(choice.clone()),
                Step::Catalogue(_) | Step::Period(_) | Step::Undo | Step::Redo | Step::Saved(..) => None,
            })
            .collect();
        effective(&all)
    }

    pub(super) fn catalogue(&self) -> Option<&str> {
        let last = self.done.iter().rev().find_map(|step| match step {
            Step::Catalogue(name) => Some(name.as_deref()),
            Step::Choose(_) | Step::Period(_) | Step::Undo | Step::Redo | Step::Saved(..) => None,
        });
        last.flatten()
    }

    pub(super) fn period(&self) -> Option<&str> {
        let last = self.done.iter().rev().find_map(|step| match step {
            Step::Period(period) => Some(period.as_deref()),
            Step::Choose(_) | Step::Catalogue(_) | Step::Undo | Step::Redo | Step::Saved(..) => None,
        });
        last.flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::choices::Chosen;

    fn choice(row: u32, id: &str) -> Step {
        Step::Choose(Choice {
            file: "a.xlsx".to_owned(),
            sheet: "S".to_owned(),
            table: None,
            row: Some(row),
            column: None,
            is: Chosen::Indicator(id.to_owned()),
        })
    }

    #[test]
    fn steps_survive_and_a_broken_line_is_none() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("j.jsonl");
        let mut journal = Journal::open(path.clone());
        for row in 1..=3 {
            journal.put(choice(row, "lua"))?;
        }
        journal.put(Step::Undo)?;
        fs::write(&path, [fs::read(&path)?, b"{\"choose\":{\"fi".to_vec()].concat())?;
        let mut again = Journal::open(path.clone());
        assert_eq!((again.choices().len(), again.counts()), (2, (2, 1)));
        again.put(Step::Redo)?;
        again.put(Step::Saved("00".to_owned(), None))?;
        let last = Journal::open(path);
        assert_eq!((last.choices().len(), last.counts(), last.is_saved), (3, (3, 0), true));
        Ok(())
    }

    #[test]
    fn a_hundred_steps_are_taken_back_and_no_more() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut journal = Journal::open(folder.path().join("j.jsonl"));
        for row in 1..=130 {
            journal.hold(choice(row, "lua"));
        }
        for _ in 0..130 {
            journal.hold(Step::Undo);
        }
        assert_eq!((journal.choices().len(), journal.counts()), (30, (0, 100)));
        for _ in 0..130 {
            journal.hold(Step::Redo);
        }
        assert_eq!(journal.choices().len(), 130);
        // A new step is the end of what was taken back.
        journal.hold(Step::Undo);
        journal.hold(choice(1, "ngo"));
        assert_eq!(journal.counts(), (100, 0));
        Ok(())
    }
}
