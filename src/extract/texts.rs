//! What texts of sheets mean, remembered: an office writes the same few hundred labels, headers and
//! units in every sheet of every file, and to fold a text costs far more than to look it up.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use crate::values::{
    number,
    text::{self, Ordinal},
    unit::Unit,
};

/// Texts remembered of each kind; with more than these a file is no table of an office.
const MOST: usize = 8192;
/// Longer texts are not remembered: they are notes, which do not recur.
const LONGEST: usize = 256;

/// A label as matching sees it.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// Folded by [`text::fold_label`].
    pub key: Arc<str>,
    /// The numbering before it.
    pub ordinal: Option<Ordinal>,
}

/// Memory for the texts of one submission after another. It changes how long a text takes to be
/// understood, never how.
#[derive(Debug)]
pub struct Texts {
    labels: Memory<Label>,
    units: Memory<Option<Arc<Unit>>>,
    bracketed_units: Memory<Option<Arc<Unit>>>,
    unit_lines: Memory<Option<Arc<Unit>>>,
    dittos: Memory<bool>,
    forecasts: Memory<bool>,
    totals: Memory<bool>,
    comparisons: Memory<bool>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            labels: Memory::new(|text| Label {
                key: text::fold_label(text).into(),
                ordinal: text::leading_ordinal(text),
            }),
            units: Memory::new(|text| Unit::parse(text).map(Arc::new)),
            bracketed_units: Memory::new(|text| bracketed_unit(text).map(Arc::new)),
            unit_lines: Memory::new(|text| unit_line(text).map(Arc::new)),
            dittos: Memory::new(|text| number::is_ditto(text::trim(text))),
            forecasts: Memory::new(speaks_of_a_forecast),
            totals: Memory::new(text::begins_as_total),
            comparisons: Memory::new(text::compares),
        }
    }
}

impl Texts {
    pub(super) fn label(&self, text: &str) -> Label {
        self.labels.of(text)
    }

    pub(super) fn unit(&self, text: &str) -> Option<Arc<Unit>> {
        self.units.of(text)
    }

    /// The unit in brackets behind a text.
    pub(super) fn bracketed_unit(&self, text: &str) -> Option<Arc<Unit>> {
        // Most texts have no brackets, and need not be remembered for that.
        if text.contains('(') { self.bracketed_units.of(text) } else { None }
    }

    /// The unit that a line above a table states.
    pub(super) fn unit_line(&self, text: &str) -> Option<Arc<Unit>> {
        self.unit_lines.of(text)
    }

    /// Whether a text is a mark that repeats what stands above.
    pub(super) fn is_ditto(&self, text: &str) -> bool {
        self.dittos.of(text)
    }

    /// Whether a label begins as that of a total does.
    pub(super) fn begins_as_total(&self, label: &str) -> bool {
        self.totals.of(label)
    }

    /// Whether a label says that its row compares others.
    pub(super) fn compares(&self, label: &str) -> bool {
        self.comparisons.of(label)
    }

    /// Whether words beside a row mark it as not yet a result.
    pub(super) fn is_forecast(&self, text: &str) -> bool {
        self.forecasts.of(text)
    }
}

/// `Sản lượng (tấn)`, `Số hộ, hộ` have their unit behind; only brackets are sure enough.
fn bracketed_unit(label: &str) -> Option<Unit> {
    let open = label.rfind('(')?;
    let inside = text::trim(&label[open + 1..]).strip_suffix(')')?;
    Unit::parse_bracketed(inside)
}

/// `Đơn vị tính: nghìn đồng`, `ĐVT; Triệu đồng`, `(Đơn vị: ha)`, also at the end of a title:
/// `BIỂU SỐ 2. ĐVT: nghìn đồng`.
fn unit_line(written: &str) -> Option<Unit> {
    const HEADS: [&str; 5] = ["đơn vị tính", "đơn vị", "đvt", "đv tính", "đv"];
    let folded = text::fold(written);
    let (at, length) = folded.char_indices().rev().filter(|(_, c)| matches!(c, ':' | ';')).find_map(|(colon, _)| {
        let before = folded[..colon].trim_end();
        let head = HEADS.iter().find(|head| before.ends_with(**head))?;
        let start = before.len() - head.len();
        let own_word = before[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        own_word.then_some((start, colon + 1 - start))
    })?;
    let unit = text::trim(&folded[at + length..]);
    // The spelling of the sheet is what findings quote.
    let tail = written.rfind([':', ';']).map_or(unit, |colon| text::trim(&written[colon + 1..]));
    let quoted = if text::fold(tail) == unit { tail } else { unit };
    Unit::parse(quoted.trim_end_matches(['.', ')']))
}

fn speaks_of_a_forecast(written: &str) -> bool {
    let folded = text::fold(written);
    folded.split(|c: char| !c.is_alphanumeric() && c != ' ').map(str::trim).any(|part| {
        ["dự kiến", "ước"]
            .iter()
            .any(|word| part.strip_prefix(word).is_some_and(|r| r.is_empty() || r.starts_with(' ')))
    })
}

/// Results of a function of texts.
#[derive(Debug)]
struct Memory<V> {
    known: RefCell<HashMap<Arc<str>, V, foldhash::fast::RandomState>>,
    of: fn(&str) -> V,
}

impl<V: Clone> Memory<V> {
    fn new(of: fn(&str) -> V) -> Self {
        Self { known: RefCell::default(), of }
    }

    fn of(&self, text: &str) -> V {
        if let Some(known) = self.known.borrow().get(text) {
            return known.clone();
        }
        let value = (self.of)(text);
        if text.len() <= LONGEST {
            let mut known = self.known.borrow_mut();
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(Arc::from(text), value.clone());
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::text::tests::{blanks, written};

    #[test]
    fn forecasts_by_their_words() {
        for (text, is) in [
            ("Dự kiến đạt", true),
            ("ƯỚC thực hiện", true),
            ("(ước)", true),
            ("Nước sạch", false),
            ("ước505", false),
            ("Đạt", false),
        ] {
            assert_eq!(Texts::default().is_forecast(text), is, "{text}");
        }
    }

    #[test]
    fn memory_is_bounded_and_does_not_change_what_it_remembers() {
        let texts = Texts::default();
        for round in 0..2 {
            for at in 0..MOST + 10 {
                let text = format!("{}. Cây số {at}", at % 7);
                assert_eq!(*texts.label(&text).key, text::fold_label(&text), "round {round}");
            }
        }
        assert!(texts.labels.known.borrow().len() <= MOST);
    }

    proptest! {
        #[test]
        fn blanks_at_the_ends_change_no_unit(text in written(), before in blanks(), behind in blanks()) {
            let text = text::trim(&text);
            let padded = format!("{before}{text}{behind}");
            let known = Texts::default();
            prop_assert_eq!(Unit::parse(&padded), Unit::parse(text));
            prop_assert_eq!(bracketed_unit(&padded), bracketed_unit(text));
            prop_assert_eq!(unit_line(&padded), unit_line(text));
            prop_assert_eq!(known.is_forecast(&padded), known.is_forecast(text));
        }
    }
}
