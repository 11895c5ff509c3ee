//! Totals among the rows of members: a pattern such as `*` takes "Cộng cụm 1" for a village, and
//! every figure of its villages would count twice.

use std::collections::BTreeSet;

use super::{Context, codes, header::Header, outline, rows::is_pattern_of_members, texts::Texts};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::{Facts, Finding, Severity},
        mapping::{ColumnRole, RowRole, Source},
        workbook::{Position, Row, Sheet, Value, Workbook, column_name},
    },
    values::{
        language::{Language, counted, say},
        number::{self, Convention, Decimal, Rational},
        text,
    },
};

/// Parts that make figures the sum of others for sure, and columns in which they must.
const SURE_PARTS: usize = 3;
const SURE_COLUMNS: usize = 2;
/// Most rows of a subtotal.
const MOST_PARTS: usize = 300;
/// In larger tables only rows whose words say so are looked at.
const LARGE: usize = 1_000;

/// How surely the figures of a row are the sum of those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Figures {
    /// They are no sum.
    Own,
    /// They may be one by chance: few parts, or one column.
    Perhaps,
    /// They are one.
    Sum,
}

/// What the words of a row say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// A name.
    Member,
    /// That it is a total.
    Total,
    /// That it compares the others, or is a rate of them.
    Comparison,
}

impl Named {
    fn of(label: &str, texts: &Texts) -> Self {
        if texts.begins_as_total(label) {
            Self::Total
        } else if texts.compares(label) {
            Self::Comparison
        } else {
            Self::Member
        }
    }
}

/// The figures of a row of a member.
struct Member {
    place: u32,
    at: Position,
    label: String,
    /// What its words say that it is.
    named: Named,
    figures: Vec<Option<Rational>>,
    /// Whether other members stand below it, by their numbering.
    is_parent: bool,
    /// Whether a formula adds up cells above or below.
    is_computed: bool,
}

/// Rows that are totals and no members, by their places; what was found is reported. Where it cannot be
/// told, the row is kept and no total of the members is made.
pub(super) fn set_apart(
    cx: &mut Context<'_>,
    (workbook, sheet): (&Workbook, &Sheet),
    source: &Source,
    header: &Header<'_>,
    (matched, carried, parents): (&[(u32, u32)], &[u32], &BTreeSet<u32>),
) -> BTreeSet<u32> {
    let columns: Vec<(u32, IndicatorId, MeasureId)> = header
        .columns
        .iter()
        .filter_map(|(at, column)| match column.role {
            ColumnRole::Values { indicator: Some(indicator), measure } => Some((*at, indicator, measure)),
            ColumnRole::Values { indicator: None, .. } | ColumnRole::Ignored => None,
        })
        .filter(|(_, _, measure)| cx.catalogue.measure(*measure).is_base())
        .collect();
    let rows = matched.iter().filter(|(_, rule)| is_pattern_of_members(&source.rows[*rule as usize]));
    let rows: Vec<Row<'_>> = rows.filter_map(|(place, _)| sheet.row_in_place(*place)).collect();
    let mut set_apart = BTreeSet::new();
    if columns.is_empty() {
        return set_apart;
    }
    let says_so = |row: &Row<'_>| {
        let label = outline::label_of(sheet, row, header);
        label.is_some_and(|(_, label)| Named::of(&label, cx.texts) != Named::Member)
    };
    if rows.len() > LARGE && !rows.iter().any(says_so) {
        return set_apart;
    }
    let mut members: Vec<Member> = rows
        .iter()
        .filter_map(|row| member(sheet, row, header, &columns, cx.texts))
        .map(|member| Member { is_parent: parents.contains(&member.place), ..member })
        .collect();
    // Where a row is a year, years are what it is about.
    if members.first().is_some_and(|member| member.named == Named::Comparison) {
        for member in members.iter_mut().filter(|member| member.named == Named::Comparison) {
            member.named = Named::Member;
        }
    }
    for row in carried.iter().filter_map(|place| sheet.row_in_place(*place)) {
        let Some(own) = member(sheet, &row, header, &columns, cx.texts) else { continue };
        let above = members.iter().rev().filter(|other| other.place < own.place && other.named != Named::Total);
        let is_blank = own.figures.iter().flatten().all(Rational::is_zero);
        if !is_blank && run(&own, above, false) == Figures::Own {
            cx.findings.push(finding((workbook, sheet), &own, Verdict::NotCarried));
        }
    }
    let total = matched.iter().find_map(|(place, rule)| {
        let rule = &source.rows[*rule as usize];
        let is_total = rule.role == RowRole::Total && rule.measures.is_empty();
        Some((*place, figures(&sheet.row_in_place(*place).filter(|_| is_total)?, &columns)))
    });
    let grows = !members.iter().flat_map(|member| &member.figures).flatten().any(Rational::is_negative);
    let judged: Vec<Figures> = (0..members.len())
        .map(|at| {
            let looked_at = members[at].named != Named::Member || members[at].is_parent || members.len() <= LARGE;
            if looked_at { judge_row(&members, at, grows) } else { Figures::Own }
        })
        .collect();
    let is_suspect = |at: usize| {
        members[at].named == Named::Comparison
            || (members[at].named == Named::Total || members[at].is_parent) && judged[at] > Figures::Own
    };
    let decided = total.as_ref().map(|(_, total)| {
        let with_all = adds_up(&members, total, &|_| true);
        let is_any_suspect = (0..members.len()).any(is_suspect);
        (if is_any_suspect { adds_up(&members, total, &|at| !is_suspect(at)) } else { with_all }, with_all)
    });
    for (at, member) in members.iter().enumerate() {
        let is_total = match decided {
            Some((true, false)) => is_suspect(at),
            Some((false, true)) => false,
            // Comparisons below the total: their words and their place say so.
            Some(_) | None if member.named == Named::Comparison => {
                total.as_ref().is_some_and(|(place, _)| member.place > *place)
            }
            Some(_) | None => member.named == Named::Total && judged[at] == Figures::Sum,
        };
        if is_total {
            set_apart.insert(member.place);
            cx.findings.push(left_out((workbook, sheet), member));
            continue;
        }
        let is_confirmed = matches!(decided, Some((_, true)));
        let is_named = member.named == Named::Comparison || member.named == Named::Total && !is_mean(&members, at);
        let is_told = is_named || is_suspect(at) || judged[at] == Figures::Sum;
        if is_told && member.figures.iter().any(Option::is_some) {
            cx.findings.push(kept((workbook, sheet), member, (judged[at], is_confirmed)));
        }
        let may_be_total = judged[at] == Figures::Sum || is_suspect(at);
        if may_be_total && !is_confirmed {
            cx.doubtful.extend(columns.iter().map(|(_, indicator, measure)| (*indicator, *measure)));
        }
    }
    set_apart
}

/// Fewest members that a mean lies among.
const FEWEST_OF_A_MEAN: usize = 3;

/// Whether a row with the name of a total is the mean or the rate of the others: in every column it lies
/// among them, where no sum of them would.
fn is_mean(members: &[Member], at: usize) -> bool {
    let others = || members.iter().enumerate().filter(|(other, member)| *other != at && member.named == Named::Member);
    let lies_among = |column: usize, figure: &Rational| {
        let own: Vec<&Rational> = others().filter_map(|(_, member)| member.figures[column].as_ref()).collect();
        own.len() >= FEWEST_OF_A_MEAN
            && own.iter().any(|other| *other <= figure)
            && own.iter().any(|other| *other >= figure)
    };
    let figures = members[at].figures.iter().enumerate();
    let mut stated = figures.filter_map(|(column, figure)| Some((column, figure.as_ref()?))).peekable();
    stated.peek().is_some() && stated.all(|(column, figure)| lies_among(column, figure))
}

fn member(
    sheet: &Sheet,
    row: &Row<'_>,
    header: &Header<'_>,
    columns: &[(u32, IndicatorId, MeasureId)],
    texts: &Texts,
) -> Option<Member> {
    let (at, label) = outline::label_of(sheet, row, header)?;
    let formulas = row.formulas();
    let is_sum = |column: u32| {
        let formula = row.get(column).and_then(|cell| cell.formula_in(formulas));
        formula.is_some_and(|formula| adds_its_column(formula, column))
    };
    Some(Member {
        place: row.place(),
        at,
        named: Named::of(&label, texts),
        is_parent: false,
        label: text::trim(&label).to_owned(),
        figures: figures(row, columns),
        is_computed: row.has_formula() && columns.iter().any(|(column, ..)| is_sum(*column)),
    })
}

fn figures(row: &Row<'_>, columns: &[(u32, IndicatorId, MeasureId)]) -> Vec<Option<Rational>> {
    let figure = |column: u32| -> Option<Decimal> {
        let cell = row.get(column)?;
        match cell.value {
            Value::Number(_) => cell.number(),
            Value::Text(text) => number::parse(text, Convention::Unknown).number().map(|figure| figure.value),
            Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
        }
    };
    columns.iter().map(|(column, ..)| figure(*column).map(Rational::from)).collect()
}

/// Whether a formula adds up cells of one column: `SUM(C3:C9)`, `C3+C9`.
fn adds_its_column(formula: &str, column: u32) -> bool {
    let name = column_name(column);
    let plain: String = formula.chars().filter(|c| *c != '$').collect::<String>().to_ascii_uppercase();
    let mut cells = 0;
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_cell =
            word.strip_prefix(&*name).is_some_and(|row| !row.is_empty() && row.bytes().all(|b| b.is_ascii_digit()));
        cells += usize::from(is_cell);
        if !is_cell && !matches!(word, "SUM" | "SUBTOTAL" | "9" | "109") {
            return false;
        }
    }
    cells > 1 && (plain.contains("SUM(") || plain.contains("SUBTOTAL(") || plain.contains('+'))
}

/// Judges the figures of a row against the rows above it, those below it, and all others.
///
/// `grows` where no figure of theirs is below 0.
fn judge_row(members: &[Member], at: usize, grows: bool) -> Figures {
    let own = &members[at];
    if own.figures.iter().flatten().all(Rational::is_zero) {
        return Figures::Own;
    }
    if own.is_computed {
        return Figures::Sum;
    }
    let is_part = |member: &&Member| member.named == Named::Member;
    let run = |rows: &mut dyn Iterator<Item = &Member>| run(own, rows.take_while(is_part).take(MOST_PARTS), grows);
    let (above, below) = (run(&mut members[..at].iter().rev()), run(&mut members[at + 1..].iter()));
    let others = members.iter().filter(|other| is_part(other) && other.place != own.place);
    let all = if own.named == Named::Total { whole(own, others) } else { Figures::Own };
    let found = above.max(below).max(all);
    // Without words a village may well be as large as its neighbours together.
    if own.named == Named::Total || own.is_parent || found == Figures::Sum { found } else { Figures::Own }
}

/// The sums so far of a run of rows.
struct Sums {
    sums: Vec<Rational>,
    /// Parts other than zero.
    parts: Vec<usize>,
}

impl Sums {
    fn new(own: &Member) -> Self {
        Self { sums: vec![Rational::ZERO; own.figures.len()], parts: vec![0; own.figures.len()] }
    }

    fn add(&mut self, member: &Member) {
        for ((sum, parts), figure) in self.sums.iter_mut().zip(&mut self.parts).zip(&member.figures) {
            if let Some(figure) = figure.as_ref().filter(|figure| !figure.is_zero()) {
                *sum = &*sum + figure;
                *parts += 1;
            }
        }
    }

    /// Whether any of them is more than the figure of a row.
    fn are_past(&self, own: &Member) -> bool {
        own.figures.iter().zip(&self.sums).any(|(figure, sum)| figure.as_ref().is_some_and(|figure| sum > figure))
    }

    fn figures(&self, own: &Member) -> Figures {
        let fits = |(figure, sum): (&Option<Rational>, &Rational)| figure.as_ref().is_none_or(|figure| figure == sum);
        if self.parts.iter().all(|parts| *parts == 0) || !own.figures.iter().zip(&self.sums).all(fits) {
            return Figures::Own;
        }
        let stated = self.parts.iter().zip(&own.figures).filter(|(_, figure)| figure.is_some());
        let sure = stated.filter(|(parts, _)| **parts >= SURE_PARTS).count();
        if sure >= SURE_COLUMNS { Figures::Sum } else { Figures::Perhaps }
    }
}

/// The best of all runs of rows that begin beside a row. Where sums only grow, one that is past what is
/// stated ends them.
fn run<'m>(own: &Member, rows: impl Iterator<Item = &'m Member>, grows: bool) -> Figures {
    let mut rows = rows.peekable();
    let exceeds = |first: &&Member| {
        let figures = own.figures.iter().zip(&first.figures);
        figures.filter_map(|(own, other)| Some((own.as_ref()?, other.as_ref()?))).any(|(own, other)| other > own)
    };
    if grows && rows.peek().is_none_or(exceeds) {
        return Figures::Own;
    }
    let (mut sums, mut best) = (Sums::new(own), Figures::Own);
    for member in rows {
        sums.add(member);
        best = best.max(sums.figures(own));
        if grows && sums.are_past(own) {
            break;
        }
    }
    best
}

fn whole<'m>(own: &Member, rows: impl Iterator<Item = &'m Member>) -> Figures {
    let mut sums = Sums::new(own);
    rows.for_each(|member| sums.add(member));
    sums.figures(own)
}

/// Whether the stated total is the sum of the members that are kept.
fn adds_up(members: &[Member], total: &[Option<Rational>], keep: &dyn Fn(usize) -> bool) -> bool {
    let mut sums = vec![Rational::ZERO; total.len()];
    for (_, member) in members.iter().enumerate().filter(|(at, _)| keep(*at)) {
        for (sum, figure) in sums.iter_mut().zip(&member.figures) {
            *sum = figure.as_ref().map_or_else(|| sum.clone(), |figure| &*sum + figure);
        }
    }
    let mut stated = total.iter().zip(&sums).filter_map(|(total, sum)| Some((total.as_ref()?, sum))).peekable();
    stated.peek().is_some() && stated.all(|(total, sum)| total == sum)
}

/// `total-as-member`: a row of members that may be no member.
#[derive(Debug)]
struct TotalAsMember {
    label: String,
    verdict: Verdict,
}

/// What became of a row that may be a total.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// It is no member.
    LeftOut { compares: bool },
    /// It is named like one that carries figures from page to page, but carries others.
    NotCarried,
    /// It is taken for a member. Confirmed where the stated total counts it.
    Kept { named: Named, figures: Figures, is_confirmed: bool },
}

impl Facts for TotalAsMember {
    fn message(&self, language: Language) -> String {
        let Self { label, verdict } = self;
        let (named, figures) = match *verdict {
            Verdict::LeftOut { compares: true } => {
                return say!(
                    language,
                    "\"{label}\" là dòng so sánh hoặc tỷ lệ của các dòng khác, không tính là một dòng thành phần",
                    "\"{label}\" compares other rows or is a rate of them, and is not counted as one of them"
                );
            }
            Verdict::LeftOut { compares: false } => {
                return say!(
                    language,
                    "\"{label}\" là tổng của các dòng khác, không tính là một dòng thành phần",
                    "\"{label}\" is the total of other rows and is not counted as one of them"
                );
            }
            Verdict::NotCarried => {
                return say!(
                    language,
                    "\"{label}\" có tên như dòng cộng trang hoặc chuyển trang nên không tính là một dòng thành phần, nhưng số liệu không phải là tổng của các dòng phía trên",
                    "\"{label}\" is named like a row that carries figures from page to page and is not counted as a member, but its figures are no sum of the rows above"
                );
            }
            Verdict::Kept { is_confirmed: true, .. } => {
                return say!(
                    language,
                    "\"{label}\" giống một dòng tổng nhưng tổng ghi trong bảng có cộng cả dòng này; giữ như một dòng thành phần",
                    "\"{label}\" looks like a total, but the stated total counts it as well; kept as a member"
                );
            }
            Verdict::Kept { named, figures, is_confirmed: false } => (named, figures),
        };
        match (named, figures) {
            (Named::Comparison, _) => say!(
                language,
                "\"{label}\" có tên như một dòng so sánh hoặc tỷ lệ, chưa đủ căn cứ; giữ như một dòng thành phần, không cộng tổng chung",
                "\"{label}\" is named like a row that compares others or a rate, which cannot be told for sure; kept as a member, and no whole is summed up"
            ),
            (Named::Total, Figures::Own) => say!(
                language,
                "\"{label}\" có tên như một dòng tổng nhưng số liệu không phải là tổng của các dòng khác; giữ như một dòng thành phần",
                "\"{label}\" is named like a total, but its figures are no sum of other rows; kept as a member"
            ),
            (Named::Total, Figures::Perhaps | Figures::Sum) => say!(
                language,
                "\"{label}\" có thể là dòng tổng của các dòng khác, chưa đủ căn cứ; giữ như một dòng thành phần, không cộng tổng chung",
                "\"{label}\" may be the total of other rows, which cannot be told for sure; kept as a member, and no whole is summed up"
            ),
            (Named::Member, Figures::Own | Figures::Perhaps) => say!(
                language,
                "số liệu của \"{label}\" đúng bằng tổng của các dòng bên dưới; giữ như một dòng thành phần, không cộng tổng chung",
                "the figures of \"{label}\" are the sum of the rows below it; kept as a member, and no whole is summed up"
            ),
            (Named::Member, Figures::Sum) => {
                let count = counted(SURE_PARTS, "row");
                say!(
                    language,
                    "số liệu của \"{label}\" đúng bằng tổng của ít nhất {SURE_PARTS} dòng khác; giữ như một dòng thành phần, không cộng tổng chung",
                    "the figures of \"{label}\" are the sum of at least {count}; kept as a member, and no whole is summed up"
                )
            }
        }
    }

    fn action(&self, language: Language) -> String {
        let label = &self.label;
        match self.verdict {
            Verdict::LeftOut { .. } => say!(
                language,
                "không cần sửa; người quản lý bảng ánh xạ có thể ghi rõ: \"{label}\" = \"ignore\" trong `rows`",
                "nothing to do; whoever keeps the mapping can make it plain: \"{label}\" = \"ignore\" in `rows`"
            ),
            Verdict::NotCarried => say!(
                language,
                "kiểm tra lại dòng này; nếu là một thôn, người quản lý bảng ánh xạ ghi \"{label}\" = \"member\" vào `rows`",
                "check this row; if it is a village, whoever keeps the mapping writes \"{label}\" = \"member\" into `rows`"
            ),
            Verdict::Kept { .. } => say!(
                language,
                "xem dòng này là dòng tổng hay một thôn; người quản lý bảng ánh xạ ghi vào `rows`: \"{label}\" = \"ignore\" hoặc \"total\" nếu là dòng tổng, \"member\" nếu là một thôn",
                "see whether this row is a total or a village; whoever keeps the mapping writes into `rows`: \"{label}\" = \"ignore\" or \"total\" for a total, \"member\" for a village"
            ),
        }
    }
}

fn left_out(place: (&Workbook, &Sheet), member: &Member) -> Finding {
    let compares = member.named == Named::Comparison;
    Finding { severity: Severity::Info, ..finding(place, member, Verdict::LeftOut { compares }) }
}

fn kept(place: (&Workbook, &Sheet), member: &Member, (figures, is_confirmed): (Figures, bool)) -> Finding {
    let mut finding = finding(place, member, Verdict::Kept { named: member.named, figures, is_confirmed });
    if is_confirmed {
        finding.severity = Severity::Info;
    }
    finding
}

fn finding((workbook, sheet): (&Workbook, &Sheet), member: &Member, verdict: Verdict) -> Finding {
    Finding::new(&codes::TOTAL_AS_MEMBER, TotalAsMember { label: member.label.clone(), verdict })
        .at(super::place(workbook, sheet, member.at, &*member.label))
        .fingerprinted(&["total", &sheet.name, &member.label])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(figures: &[Option<i64>]) -> Member {
        Member {
            place: 0,
            at: Position::new(0, 0),
            label: String::new(),
            named: Named::Member,
            figures: figures.iter().map(|figure| figure.map(Rational::from)).collect(),
            is_parent: false,
            is_computed: false,
        }
    }

    fn row() -> impl Strategy<Value = Vec<Option<i64>>> {
        proptest::collection::vec(proptest::option::weighted(0.9, 0i64..4), 3)
    }

    proptest! {
        /// A run that is ended early finds what all of it would.
        #[test]
        fn sums_that_only_grow_may_end(parts in proptest::collection::vec(row(), 0..8), count in 0usize..8, odd in row()) {
            let rows: Vec<Member> = parts.iter().map(|part| member(part)).collect();
            let sum = |at: usize| parts.iter().take(count).filter_map(|part| part[at]).sum::<i64>();
            let sums: Vec<Option<i64>> = (0..3).map(|at| Some(sum(at)).filter(|_| odd[at].is_some())).collect();
            for own in [member(&sums), member(&odd)] {
                prop_assert_eq!(run(&own, rows.iter(), true), run(&own, rows.iter(), false));
            }
        }
    }
}
