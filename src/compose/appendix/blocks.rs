//! Columns that stand once for the whole and once for each village or commune.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::Column;
use crate::{
    model::{
        catalogue::{Form, FormCell},
        reading::Dataset,
    },
    values::text,
};

/// The members that have a block, in its order: those the catalogue names, then the others that
/// were read, so that none is left out in silence.
pub(super) fn members(form: &Form, dataset: &Dataset) -> Vec<Arc<str>> {
    if !form.columns.iter().any(|column| column.each_member) {
        return Vec::new();
    }
    let shown =
        |measure| form.columns.iter().any(|column| column.each_member && column.cell == FormCell::Measure(measure));
    let mut taken: HashSet<Arc<str>> = HashSet::new();
    let mut read: Vec<Arc<str>> = Vec::new();
    dataset.each(|reading| {
        let member = reading.key.member.as_ref().filter(|_| shown(reading.key.measure));
        if let Some(member) = member.filter(|member| !taken.contains(*member)) {
            taken.insert(member.clone());
            read.push(member.clone());
        }
    });
    let mut by_name: HashMap<String, &Arc<str>> = HashMap::new();
    for member in &read {
        by_name.entry(text::fold(member)).or_insert(member);
    }
    // As it was read, since that is what its readings are found by.
    let mut members: Vec<Arc<str>> = form
        .members
        .names
        .iter()
        .map(|name| {
            let same = by_name.get(&text::fold(name));
            same.map_or_else(|| name.as_str().into(), |same| Arc::clone(same))
        })
        .collect();
    let named: HashSet<Arc<str>> = members.iter().cloned().collect();
    members.extend(read.into_iter().filter(|member| !named.contains(member)));
    members
}

/// All columns with their header texts; neighbours that repeat are repeated together.
pub(super) fn lay_out(form: &Form, members: &[Arc<str>]) -> (Vec<Column>, Vec<Vec<String>>) {
    let mut columns = Vec::new();
    let mut headers = Vec::new();
    for block in form.columns.chunk_by(|a, b| a.each_member == b.each_member) {
        let repeats = block[0].each_member;
        let more = members.iter().filter(|_| repeats).map(Some);
        for member in std::iter::once(None).chain(more) {
            let name = member.map_or(form.members.whole.as_str(), |member| member);
            for column in block {
                columns.push(Column {
                    shows: column.cell,
                    member: member.cloned(),
                    width: column.width,
                    align: column.align,
                    decimals: column.decimals,
                });
                headers.push(column.header.iter().map(|text| text.replace("{member}", name)).collect());
            }
        }
    }
    (columns, headers)
}

#[cfg(test)]
mod tests {
    use crate::{
        compose::appendix::{Appendix, Operand, compose, sample},
        model::{
            catalogue,
            document::Document,
            reading::{Dataset, Reading},
        },
    };

    const CATALOGUE: &str = r#"
[catalogue]
id = "thon"
period = "2030"
[[section]]
id = "s"
title = "S"
[[indicator]]
id = "tong"
label = "Tổng"
section = "s"
parts = ["a", "b"]
[[indicator]]
id = "a"
parent = "tong"
[[indicator]]
id = "b"
parent = "tong"
[form]
title = "T"
[form.members]
whole = "Cả xã"
names = ["Thôn  hai", "Thôn Bốn"]
[[form.column]]
header = "Chỉ tiêu"
shows = "label"
[[form.column]]
header = ["{member}", "KH {year}"]
shows = "plan"
repeat = "members"
[[form.column]]
header = ["{member}", "TH"]
shows = "actual"
repeat = "members"
"#;

    /// Plans of the whole and of the villages, as indicator, village and number.
    fn composed(figures: &[(&str, Option<&str>, &str)]) -> Appendix {
        let catalogue = catalogue::decode(&Document::new("thon.toml", CATALOGUE)).expect("a right catalogue");
        let readings: Vec<_> =
            figures.iter().map(|(id, _, number)| (*id, "plan", sample::number(number), *number)).collect();
        let mut readings: Vec<Reading> = sample::dataset(&catalogue, &readings).into_readings();
        for (reading, (_, member, _)) in readings.iter_mut().zip(figures) {
            reading.key.member = member.map(Into::into);
        }
        compose(&catalogue, &[], &Dataset::new(readings))
    }

    fn sum(appendix: &Appendix, row: usize, column: usize) -> Vec<(usize, usize)> {
        let cell = appendix.cell(Operand { row, column }).expect("a cell");
        cell.sum.iter().map(|at| (at.row, at.column)).collect()
    }

    #[test]
    fn named_members_come_first_and_no_other_is_left_out() {
        let form = composed(&[("a", Some("Thôn Một"), "1"), ("a", Some("Thôn Hai"), "2"), ("a", None, "3")]);
        let text = form.to_text();
        let header: Vec<&str> = text.lines().skip(1).take(2).collect();
        assert_eq!(
            header,
            [
                "Chỉ tiêu\tCả xã\t\tThôn Hai\t\tThôn Bốn\t\tThôn Một",
                "\tKH 2030\tTH\tKH 2030\tTH\tKH 2030\tTH\tKH 2030\tTH"
            ]
        );
        assert!(text.contains("\na\t3\t\t2\t\t\t\t1\n"), "{text}");
    }

    #[test]
    fn a_number_is_a_sum_only_where_it_is_the_exact_one() {
        // Row 1 is the total, 2 and 3 its parts; column 1 the whole, 3, 5 and 7 the villages.
        let parts = composed(&[("tong", None, "0.3"), ("a", None, "0.1"), ("b", None, "0.2")]);
        assert_eq!(sum(&parts, 1, 1), [(2, 1), (3, 1)]);
        let other = composed(&[("tong", None, "0.31"), ("a", None, "0.1"), ("b", None, "0.2")]);
        assert!(sum(&other, 1, 1).is_empty());
        assert!(other.to_text().contains("Tổng\t0,31"), "the stated number stays");
        let missing = composed(&[("tong", None, "0.1"), ("a", None, "0.1")]);
        assert!(sum(&missing, 1, 1).is_empty());
        // Villages of the whole, where the parts are not known.
        let villages = composed(&[("a", None, "3"), ("a", Some("Thôn Hai"), "2"), ("a", Some("Thôn Một"), "1")]);
        assert_eq!(sum(&villages, 2, 1), [(2, 3), (2, 7)]);
        assert!(sum(&villages, 2, 3).is_empty());
    }
}
