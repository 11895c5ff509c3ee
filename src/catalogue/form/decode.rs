//! The table `[form]`.

use super::{
    Consolidated, Form, Heading, Members, Orientation, Profile, Signature,
    columns::{decode_columns, standard_columns},
    profile::decode_profile,
};
use crate::{
    catalogue::{Measure, calendar::Calendar},
    document::{Fields, Problems},
};

const ORIENTATIONS: &[(&str, Orientation)] =
    &[("portrait", Orientation::Portrait), ("landscape", Orientation::Landscape)];

/// Reads the layout; a catalogue without one has that of the usual form.
pub(in crate::catalogue) fn decode_form(
    table: Option<Fields<'_, '_>>,
    measures: &[Measure],
    calendar: &Calendar,
    problems: &mut Problems,
) -> Form {
    let mut form = Form {
        sheet: "Biểu".to_owned(),
        heading: Heading::default(),
        title: "BIỂU KẾT QUẢ CÁC CHỈ TIÊU CHỦ YẾU NĂM {year}".to_owned(),
        attachment: None,
        unit_line: None,
        columns: Vec::new(),
        members: Members { whole: "Toàn xã".to_owned(), names: Vec::new(), absent_is_zero: false },
        consolidated: Consolidated { title: None, whole: "Tổng cộng".to_owned() },
        notes: Vec::new(),
        place_and_date: None,
        signatures: Vec::new(),
        profile: Profile::ND30,
        orientation: None,
        protect: false,
    };
    if let Some(mut table) = table {
        let texts = |table: &mut Fields<'_, '_>, key, problems: &mut Problems| -> Vec<String> {
            table.texts(key, problems).into_iter().map(|t| t.value).collect()
        };
        if let Some(sheet) = table.text("sheet", problems) {
            form.sheet = sheet.value;
        }
        if let Some(mut heading) = table.table("heading", problems) {
            form.heading.left = texts(&mut heading, "left", problems);
            form.heading.right = texts(&mut heading, "right", problems);
            heading.finish(problems);
        }
        if let Some(title) = table.text("title", problems) {
            form.title = title.value;
        }
        form.attachment = table.text("attachment", problems).map(|t| t.value);
        form.unit_line = table.text("unit-line", problems).map(|t| t.value);
        form.notes = texts(&mut table, "notes", problems);
        form.place_and_date = table.text("place-and-date", problems).map(|t| t.value);
        form.profile = decode_profile(&mut table, problems);
        form.orientation = table.choice("orientation", ORIENTATIONS, problems);
        form.protect = table.flag("protect", problems).unwrap_or(false);
        if let Some(mut members) = table.table("members", problems) {
            if let Some(whole) = members.text("whole", problems) {
                form.members.whole = whole.value;
            }
            form.members.names = texts(&mut members, "names", problems);
            members.finish(problems);
        }
        if let Some(mut consolidated) = table.table("consolidated", problems) {
            form.consolidated.title = consolidated.text("title", problems).map(|t| t.value);
            if let Some(whole) = consolidated.text("whole", problems) {
                form.consolidated.whole = whole.value;
            }
            consolidated.finish(problems);
        }
        form.columns = decode_columns(table.tables("column", problems), measures, calendar, problems);
        for mut signature in table.tables("signature", problems) {
            let lines = texts(&mut signature, "lines", problems);
            signature.finish(problems);
            form.signatures.push(Signature { lines });
        }
        table.finish(problems);
    }
    if form.columns.is_empty() {
        form.columns = standard_columns(measures);
    }
    form
}
