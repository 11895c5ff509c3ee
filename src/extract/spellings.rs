//! The members of a submission, however each file spells them.
//!
//! What breaks if this is changed: figures of one village from two sheets are held against each other
//! by its name. "Thôn  A" with two blanks, in capitals, or with a mark of no width must not become a
//! village of its own, with figures that nothing else has.

use std::{collections::HashMap, sync::Arc};

use crate::{model::catalogue::MemberList, values::text};

/// Names of members by their folded texts; each is shown as it was first spelled.
#[derive(Debug, Default)]
pub(super) struct Spellings<'a> {
    first: HashMap<String, Arc<str>, foldhash::fast::RandomState>,
    list: Option<&'a MemberList>,
}

impl<'a> Spellings<'a> {
    /// Members of a list go by the names that it gives them.
    pub(super) fn of(list: Option<&'a MemberList>) -> Self {
        Self { list, ..Self::default() }
    }

    /// The name under which a member is known.
    pub(super) fn member(&mut self, written: &str) -> Arc<str> {
        let written = text::trim(written);
        if let Some((name, _)) = self.list.and_then(|list| list.find(written)) {
            return name.clone();
        }
        self.first.entry(text::fold(written)).or_insert_with(|| tidy(written).into()).clone()
    }
}

/// A name without what nobody sees.
fn tidy(written: &str) -> String {
    let visible: String = written.chars().filter(|c| !text::is_ignorable(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name is shown as it is written.
pub(super) fn is_tidy(written: &str) -> bool {
    let mut before = ' ';
    text::trim(written).chars().all(|c| {
        let odd = text::is_ignorable(c) || (c.is_whitespace() && (c != ' ' || before == ' '));
        before = c;
        !odd
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_whatever_its_spelling() {
        let mut spellings = Spellings::default();
        for written in ["Thôn  A", " Thôn A", "THÔN A", "Tho\u{302}n A", "Thôn\u{A0}A\u{200B}", "Thôn\nA"] {
            assert_eq!(&*spellings.member(written), "Thôn A", "{written:?}");
        }
        assert_eq!(&*spellings.member("THÔN B"), "THÔN B");
        assert_eq!(&*spellings.member("Thôn b"), "THÔN B");
        assert_eq!(&*spellings.member("Thôn Hoà"), "Thôn Hoà");
        assert_eq!(&*spellings.member("Thôn Hòa"), "Thôn Hoà");
        for (written, tidy) in
            [("Thôn A ", true), ("Thôn  A", false), ("Thôn\u{A0}A", false), ("Thôn\u{200B} A", false)]
        {
            assert_eq!(is_tidy(written), tidy, "{written:?}");
        }
    }
}
