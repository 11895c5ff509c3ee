//! The table `[form]`.

use super::{
    Consolidated, Form, Heading, Members, Orientation, Profile, Signature,
    columns::{decode_columns, standard_columns},
    profile::decode_profile,
};
use crate::model::{
    catalogue::{Measure, calendar::Calendar},
    document::{Fields, Problems},
};

const ORIENTATIONS: &[(&str, Orientation)] =
    &[("portrait", Orientation::Portrait), ("landscape", Orientation::Landscape)];

/// Reads the layout; a catalogue without one has that of the usual form.
pub(in crate::model::catalogue) fn decode_form(
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
        open_totals: false,
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
            let name = signature.text("name", problems).map(|t| t.value);
            signature.finish(problems);
            form.signatures.push(Signature { lines, name });
        }
        table.finish(problems);
    }
    if form.columns.is_empty() {
        form.columns = standard_columns(measures);
    }
    form
}

#[cfg(test)]
mod tests {
    use crate::model::{
        catalogue::{self, Catalogue, Orientation, PageNumber, Paper},
        document::{Document, Problem},
    };

    fn decode(period: &str, rest: &str) -> Result<Catalogue, Vec<Problem>> {
        let head = format!("[catalogue]\nid = \"k{{year}}\"\nperiod = \"{period}\"\n");
        let row = "[[section]]\nid = \"s\"\ntitle = \"Năm {year}\"\n[[indicator]]\nid = \"a\"\nsection = \"s\"\n";
        catalogue::decode(&Document::new("k.toml", format!("{head}{row}{rest}")))
    }

    fn messages(rest: &str) -> Vec<String> {
        decode("2030", rest).expect_err("a mistake").into_iter().map(|problem| problem.message.1).collect()
    }

    #[test]
    fn a_profile_of_ones_own_changes_one_of_the_named() {
        let form = "[form]\norientation = \"landscape\"\n[form.profile]\nbase = \"hd05\"\npaper = \"A3\"\nmargins = [10, 12.5, 30, 0]\nfont = \"Arial\"\ntable-size = 11\npage-number = \"none\"\nclosing-line = \"\"\n";
        let form = decode("2030", form).expect("a right catalogue").form;
        let profile = &form.profile;
        assert_eq!((profile.paper, profile.margins), (Paper::A3, (10.0, 12.5, 30.0, 0.0)));
        assert_eq!((&*profile.font, profile.page_number), ("Arial", PageNumber::Absent));
        assert!((profile.table_size - 11.0).abs() < 1e-9 && (profile.title_size - 14.0).abs() < 1e-9);
        assert_eq!((&profile.closing_line, form.orientation), (&None, Some(Orientation::Landscape)));
        let named = decode("2030", "[form]\nprofile = \"hd36\"\n").expect("a right catalogue").form;
        assert_eq!(named.profile.closing_line.as_deref(), Some("-----"));
        assert_eq!((named.profile.page_number, named.orientation), (PageNumber::TopCentre, None));
    }

    #[test]
    fn measures_and_columns_repeat_over_the_years() {
        let rest = "[[measure]]\nid = \"m\"\nrepeat = \"years\"\nlabel = \"TH {each-year}\"\n[[form.column]]\nheader = [\"Kết quả\", \"{each-year}\"]\nshows = \"m\"\nrepeat = \"years\"\n";
        let catalogue = decode("2029-2031", rest).expect("a right catalogue");
        assert_eq!((&*catalogue.id, catalogue.sections[0].title.as_str()), ("k2031", "Năm 2031"));
        let labels: Vec<_> = catalogue.measures.iter().skip(7).map(|m| (&*m.id, m.label.as_str())).collect();
        assert_eq!(labels, [("m.1", "TH 2029"), ("m.2", "TH 2030"), ("m.3", "TH 2031")]);
        let headers: Vec<_> = catalogue.form.columns.iter().map(|column| column.header.join("/")).collect();
        assert_eq!(headers, ["Kết quả/2029", "Kết quả/2030", "Kết quả/2031"]);
    }

    #[test]
    fn a_period_of_a_century_is_a_slip() {
        let problems = decode("1925-2025", "").expect_err("a mistake");
        assert!(problems[0].message.1.contains("longer than 30 years"));
    }

    #[test]
    fn mistakes_are_told() {
        let column = |rest: &str| format!("[[form.column]]\nheader = \"x\"\n{rest}\n");
        for (rest, expected) in [
            ("[form.profile]\nmargins = [1, 2, 3]\n".to_owned(), "`margins` must be four numbers"),
            ("[form.profile]\ntable-size = 2\n".to_owned(), "letters are 6 to 36 points"),
            (column("shows = \"plan\"\nrepeat = \"members\""), "must hold `{member}`"),
            (column("shows = \"label\"\nrepeat = \"members\""), "only columns of measures can repeat"),
            (column("shows = \"plan\"\nrepeat = \"years\""), "a column cannot show \"plan\""),
            ("[[section]]\nid = \"t\"\ntitle = \"{yaer}\"\n".to_owned(), "cannot understand `{yaer}`"),
            ("[[section]]\nid = \"t\"\ntitle = \"T\"\nparent = \"u\"\n".to_owned(), "no section `u`"),
            ("[[indicator]]\nid = \"b\"\nparent = \"c\"\n".to_owned(), "no indicator `c`"),
            ("[[indicator]]\nid = \"b\"\nparent = \"b\"\n".to_owned(), "no indicator `b`"),
            (
                "[[indicator]]\nid = \"b\"\n[[indicator]]\nid = \"c\"\nparent = \"b\"\n".to_owned(),
                "`b` is not in the form",
            ),
        ] {
            let found = messages(&rest);
            assert!(found.iter().any(|message| message.contains(expected)), "{expected} in {found:?}");
        }
    }
}
