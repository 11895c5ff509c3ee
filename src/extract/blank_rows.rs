//! Rows of members that nobody has filled in.
//!
//! What breaks if this is changed: a label without figures is a heading to everybody else, so that a
//! village that sent nothing would vanish from its table without a word.

use std::sync::Arc;

use super::outline::Line;

/// A row, as far as it tells members from headings.
#[derive(Clone, Debug)]
struct Seen {
    place: u32,
    number: Option<u32>,
    label: Option<Arc<str>>,
}

impl Seen {
    fn word(&self) -> Option<&str> {
        self.label.as_deref()?.split(' ').next()
    }
}

/// Rows without figures among those of members, until it is known what they are.
#[derive(Debug, Default)]
pub(super) struct BlankRows {
    /// The last two members with figures, the later one last.
    members: Vec<Seen>,
    open: Vec<Seen>,
    found: Vec<u32>,
}

impl BlankRows {
    /// Takes a row that a pattern of members matches; in the order of the sheet.
    pub(super) fn add(&mut self, line: &Line<'_>) {
        let seen = Seen { place: line.place, number: line.number, label: line.path.last().cloned() };
        if !line.has_values {
            self.open.push(seen);
            return;
        }
        self.settle(Some(&seen));
        if self.members.len() > 1 {
            self.members.remove(0);
        }
        self.members.push(seen);
    }

    /// Another row comes, or the table ends: what stands open has no member below it.
    pub(super) fn end_list(&mut self) {
        self.settle(None);
        self.members.clear();
    }

    /// The rows of members without figures, by their places.
    pub(super) fn finish(mut self) -> Vec<u32> {
        self.settle(None);
        self.found
    }

    fn settle(&mut self, next: Option<&Seen>) {
        if self.open.is_empty() {
            return;
        }
        let open = std::mem::take(&mut self.open);
        if is_numbered_on(self.members.last(), &open, next) || self.shares_word(&open, next) {
            self.found.extend(open.iter().map(|row| row.place));
        } else {
            // A heading: members below it are of another list.
            self.members.clear();
        }
    }

    /// Whether they begin as the members around them do, of which one without a number is known at
    /// least on both sides, or two before the end.
    fn shares_word(&self, open: &[Seen], next: Option<&Seen>) -> bool {
        let around: Vec<&Seen> = self.members.iter().chain(next).collect();
        let is_same =
            |row: &Seen| row.number.is_none() && open.iter().all(|o| o.word() == row.word() && o.number.is_none());
        !self.members.is_empty() && around.len() > 1 && around.into_iter().all(is_same)
    }
}

/// Whether rows go on with the numbers before them, or begin a list, and the next one goes on with
/// theirs.
fn is_numbered_on(before: Option<&Seen>, open: &[Seen], next: Option<&Seen>) -> bool {
    let first = match before {
        Some(before) => before.number.map(|number| number + 1),
        // Alone, a row with the number 1 may be a heading.
        None if next.is_some() => Some(1),
        None => None,
    };
    let Some(first) = first else { return false };
    (first..).zip(open.iter().chain(next)).all(|(number, row)| row.number == Some(number))
}
