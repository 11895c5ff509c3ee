//! Columns that stand once for the whole and once for each village or commune.

use std::sync::Arc;

use super::Column;
use crate::{
    catalogue::{Form, FormCell},
    reading::Dataset,
    text,
};

/// The members that have a block, in its order: those the catalogue names, then the others that
/// were read, so that none is left out in silence.
pub(super) fn members(form: &Form, dataset: &Dataset) -> Vec<Arc<str>> {
    if !form.columns.iter().any(|column| column.each_member) {
        return Vec::new();
    }
    let shown =
        |measure| form.columns.iter().any(|column| column.each_member && column.cell == FormCell::Measure(measure));
    let mut read: Vec<Arc<str>> = Vec::new();
    for reading in dataset.readings.iter().filter(|reading| shown(reading.key.measure)) {
        if let Some(member) = reading.key.member.as_ref().filter(|member| !read.contains(member)) {
            read.push(member.clone());
        }
    }
    // As it was read, since that is what its readings are found by.
    let mut members: Vec<Arc<str>> = form
        .members
        .names
        .iter()
        .map(|name| {
            let same = read.iter().find(|member| text::fold(member) == text::fold(name));
            same.cloned().unwrap_or_else(|| name.as_str().into())
        })
        .collect();
    members.extend(read.into_iter().filter(|member| !members.contains(member)).collect::<Vec<_>>());
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
                });
                headers.push(column.header.iter().map(|text| text.replace("{member}", name)).collect());
            }
        }
    }
    (columns, headers)
}
