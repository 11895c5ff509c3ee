//! Sets of paper rules.

use std::borrow::Cow;

use toml::de::DeValue;

use crate::{
    model::document::{Fields, Problems, both, fields_of, plain_decimal},
    values::number::{Decimal, to_f64_for_display},
};

/// Size of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 210 by 297 mm.
    A4,
    /// 297 by 420 mm, for forms with many columns.
    A3,
}

/// Where the number of the page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageNumber {
    /// Above the text, in the middle.
    TopCentre,
    /// Below the text, in the middle.
    BottomCentre,
    /// Below the text, on the right.
    BottomRight,
    /// Nowhere.
    Absent,
}

/// Which way the paper lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its side.
    Landscape,
}

/// A set of paper rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Size of the paper.
    pub paper: Paper,
    /// Margins in millimetres: top, bottom, left, right.
    pub margins: (f64, f64, f64, f64),
    /// Font of everything.
    pub font: Cow<'static, str>,
    /// Size of the table text in points.
    pub table_size: f64,
    /// Size of the title in points.
    pub title_size: f64,
    /// Where the number of the page stands.
    pub page_number: PageNumber,
    /// Whether the first page bears its number too.
    pub first_page_numbered: bool,
    /// What closes the title: `-----`.
    pub closing_line: Option<Cow<'static, str>>,
}

impl Profile {
    /// State documents: Decree 30/2020/NĐ-CP, appendix I.
    pub const ND30: Self = Self {
        paper: Paper::A4,
        margins: (20.0, 20.0, 30.0, 15.0),
        font: Cow::Borrowed("Times New Roman"),
        table_size: 12.0,
        title_size: 14.0,
        page_number: PageNumber::TopCentre,
        first_page_numbered: false,
        closing_line: None,
    };

    /// Party documents: Guidance 36-HD/VPTW of 2018; Guidance 05-HD/VPTW of 2026 has the same.
    pub fn hd36() -> Self {
        Self { closing_line: Some(Cow::Borrowed("-----")), ..Self::ND30 }
    }
}

const PAPERS: &[(&str, Paper)] = &[("A4", Paper::A4), ("A3", Paper::A3)];
const PAGE_NUMBERS: &[(&str, PageNumber)] = &[
    ("top-centre", PageNumber::TopCentre),
    ("bottom-centre", PageNumber::BottomCentre),
    ("bottom-right", PageNumber::BottomRight),
    ("none", PageNumber::Absent),
];

#[derive(Clone, Copy)]
enum Named {
    State,
    Party,
}

const NAMED: &[(&str, Named)] = &[("nd30", Named::State), ("hd36", Named::Party), ("hd05", Named::Party)];

fn named(name: Named) -> Profile {
    match name {
        Named::State => Profile::ND30,
        Named::Party => Profile::hd36(),
    }
}

/// Reads `profile = "nd30"`, or a table that changes one of the named sets.
pub(super) fn decode_profile(form: &mut Fields<'_, '_>, problems: &mut Problems) -> Profile {
    let Some(item) = form.item("profile") else { return Profile::ND30 };
    if item.get_ref().is_str() {
        return form.choice("profile", NAMED, problems).map_or(Profile::ND30, named);
    }
    let Some(mut table) = fields_of("profile", item, problems) else { return Profile::ND30 };
    let mut profile = table.choice("base", NAMED, problems).map_or(Profile::ND30, named);
    profile.paper = table.choice("paper", PAPERS, problems).unwrap_or(profile.paper);
    if let Some(margins) = decode_margins(&mut table, problems) {
        profile.margins = margins;
    }
    if let Some(font) = table.text("font", problems) {
        profile.font = Cow::Owned(font.value);
    }
    for (key, size) in [("table-size", &mut profile.table_size), ("title-size", &mut profile.title_size)] {
        let Some(wanted) = table.decimal(key, problems) else { continue };
        if (Decimal::from(6)..=Decimal::from(36)).contains(&wanted.value) {
            *size = to_f64_for_display(wanted.value);
        } else {
            problems.add(wanted.span, both!("cỡ chữ phải từ 6 đến 36", "letters are 6 to 36 points"));
        }
    }
    profile.page_number = table.choice("page-number", PAGE_NUMBERS, problems).unwrap_or(profile.page_number);
    profile.first_page_numbered = table.flag("first-page-number", problems).unwrap_or(profile.first_page_numbered);
    if let Some(line) = table.text("closing-line", problems) {
        profile.closing_line = (!line.value.is_empty()).then_some(Cow::Owned(line.value));
    }
    table.finish(problems);
    profile
}

/// Reads `margins = [20, 20, 30, 15]`: top, bottom, left, right.
fn decode_margins(table: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<(f64, f64, f64, f64)> {
    let item = table.item("margins")?;
    let number = |value: &DeValue<'_>| {
        let written = match value {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                ""
            }
        };
        let on_paper = |length: &Decimal| (Decimal::ZERO..=Decimal::from(80)).contains(length);
        plain_decimal(written).filter(on_paper).map(to_f64_for_display)
    };
    let lengths: Option<Vec<f64>> =
        item.get_ref().as_array().and_then(|list| list.iter().map(|length| number(length.get_ref())).collect());
    let margins = match lengths.as_deref() {
        Some([top, bottom, left, right]) => Some((*top, *bottom, *left, *right)),
        Some(_) | None => None,
    };
    if margins.is_none() {
        problems.add(
            item.span(),
            both!(
                "`margins` phải là bốn số từ 0 đến 80 mm: trên, dưới, trái, phải",
                "`margins` must be four numbers from 0 to 80 mm: top, bottom, left, right"
            ),
        );
    }
    margins
}
