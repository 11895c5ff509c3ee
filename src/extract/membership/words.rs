//! Members that are missing, too many or unknown: what is said of them.

use super::{Affected, Figure, Stated};
use crate::{
    model::{
        catalogue::{Grouping, MemberList},
        finding::{Code, Facts, FileLine, Finding, MISSING_MEMBER, Place, Severity, UNKNOWN_MEMBER},
        reading::Reading,
        workbook::Position,
    },
    values::{
        language::{Language, counted, say},
        number::Decimal,
    },
};

/// Figures and members that are named one by one.
const MOST_NAMED: usize = 6;

/// The first of some names in quotes, and how many more there are.
#[derive(Debug)]
struct Names {
    first: Vec<String>,
    more: usize,
}

impl Names {
    fn of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let more = names.len().saturating_sub(MOST_NAMED);
        Self { first: names.take(MOST_NAMED).map(|name| format!("\"{name}\"")).collect(), more }
    }

    fn words(&self, language: Language) -> String {
        let (list, more) = (self.first.join(", "), self.more);
        match more {
            0 => list,
            _ => say!(language, "{list} và {more} mục khác", "{list} and {more} more"),
        }
    }
}

/// What the first total lacks.
#[derive(Debug)]
struct Gap {
    /// The cell of the total, and what it says.
    whole: (Position, Decimal),
    lacks: Decimal,
}

impl Gap {
    fn of(stated: &Stated<'_>, figures: &[Figure]) -> Option<Self> {
        let gap = |figure: &Figure| {
            let gap = stated.gap(*figure).filter(|gap| !gap.is_negative() && !gap.is_zero())?;
            let (whole, lacks) = (stated.whole(*figure)?, gap.to_exact_decimal()?);
            Some(Self { whole: (whole.origin.cell, whole.number().unwrap_or_default()), lacks })
        };
        figures.iter().find_map(gap)
    }

    fn words(&self, language: Language) -> String {
        let (cell, says) = self.whole;
        let (says, gap) = (language.number(says), language.number(self.lacks));
        say!(
            language,
            "; tổng {cell} ghi {says}, các nơi kia cộng lại còn thiếu {gap}",
            "; the total {cell} says {says}, the others lack {gap}"
        )
    }
}

/// `missing-member`: members that some figures lack.
#[derive(Debug)]
struct MissingMembers {
    names: Names,
    /// How many figures, and their labels.
    count: usize,
    of: Names,
    gap: Option<Gap>,
    /// Where the list stands that names them.
    list: Option<FileLine>,
}

impl Facts for MissingMembers {
    fn message(&self, language: Language) -> String {
        let Self { count, gap, .. } = self;
        let (names, of, have) = (self.names.words(language), self.of.words(language), counted(*count, "figure"));
        let gap = gap.as_ref().map_or_else(String::new, |gap| gap.words(language));
        say!(
            language,
            "thiếu {names}: {count} số liệu ({of}) không có số của nơi này{gap}",
            "{names} is missing: {have} ({of}) lack it{gap}"
        )
    }

    fn action(&self, language: Language) -> String {
        let names = self.names.words(language);
        match &self.list {
            Some(FileLine { file, line }) => say!(
                language,
                "tìm tệp hoặc dòng của {names} và bổ sung; chưa sửa số nào khác; nếu nơi này không còn, báo người quản lý bảng ánh xạ ({file}:{line})",
                "find the file or the row of {names} and add it; change no other figure yet; if it is no member any more, correct [members] ({file}:{line})"
            ),
            None if self.gap.is_some() => say!(
                language,
                "xem {names} có số liệu này không; nếu có, bổ sung; nếu không, kiểm tra lại tổng",
                "check whether {names} has such figures; if so, add them; if not, check the total"
            ),
            None => say!(
                language,
                "xem {names} có số liệu này không; nếu có, bổ sung; chưa sửa số nào khác",
                "check whether {names} has such figures; if so, add them; change no other figure yet"
            ),
        }
    }
}

/// Members that are missing from some figures, all from the same ones.
pub(super) fn missing(
    stated: &Stated<'_>,
    all: &[Affected<'_>],
    grouping: Option<&Grouping>,
    severity: Severity,
) -> Finding {
    let figures = &all[0].figures;
    let list = grouping.map(|grouping| grouping.line.clone());
    let facts = MissingMembers {
        names: Names::of(all.iter().map(|one| one.name)),
        count: figures.len(),
        of: labels(stated, figures),
        gap: Gap::of(stated, figures),
        list: list.clone(),
    };
    let id = grouping.map_or("", |grouping| &grouping.id);
    let name = all.iter().map(|one| one.name).collect::<Vec<_>>().join("\n");
    let mut finding = Finding::new(&MISSING_MEMBER, facts).fingerprinted(&["missing", id, &name]);
    finding.severity = severity;
    finding.mapping = list;
    about(&mut finding, stated, figures);
    finding
}

/// More or fewer members than there should be, where not all are named.
#[derive(Debug)]
struct WrongCount {
    there: usize,
    due: usize,
    names: Names,
    of: Names,
    /// Where members are missing.
    gap: Option<Gap>,
}

impl Facts for WrongCount {
    fn message(&self, language: Language) -> String {
        let Self { there, due, names, of, gap } = self;
        let (names, of) = (names.words(language), of.words(language));
        let gap = gap.as_ref().map_or_else(String::new, |gap| gap.words(language));
        say!(
            language,
            "có {there} phân tổ, [members] khai {due}: {names} ({of}){gap}",
            "there are {there} members, [members] says {due}: {names} ({of}){gap}"
        )
    }

    fn action(&self, language: Language) -> String {
        if self.there < self.due {
            say!(
                language,
                "tìm tệp hoặc dòng còn thiếu và bổ sung; chưa sửa số nào khác",
                "find the file or the row that is missing and add it; change no other figure yet"
            )
        } else {
            say!(
                language,
                "xem dòng hoặc tệp nào thừa hay chép đôi; chưa sửa tổng nào",
                "check which row or file is one too many or a copy; change no total yet"
            )
        }
    }
}

/// More or fewer members than there should be, where not all are named.
pub(super) fn count(
    stated: &Stated<'_>,
    (grouping, there): (&Grouping, usize),
    figures: &[Figure],
    severity: Severity,
) -> Finding {
    let due = grouping.count;
    let names: Vec<&str> = figures.first().map(|figure| stated.members[figure].names().collect()).unwrap_or_default();
    let names = Names::of(names.into_iter());
    let (code, gap): (&'static Code, _) =
        if there < due { (&MISSING_MEMBER, Gap::of(stated, figures)) } else { (&UNKNOWN_MEMBER, None) };
    let facts = WrongCount { there, due, names, of: labels(stated, figures), gap };
    let mut finding = Finding::new(code, facts).fingerprinted(&["count", &grouping.id]);
    finding.severity = severity;
    finding.mapping = Some(grouping.line.clone());
    finding.found = Some(there.to_string());
    finding.expected = Some(due.to_string());
    about(&mut finding, stated, figures);
    finding
}

/// `unknown-member`: a member that no list names, and the one that may be meant.
#[derive(Debug)]
struct UnknownMember {
    name: String,
    meant: Option<String>,
    /// How many there should be.
    all: usize,
}

impl Facts for UnknownMember {
    fn message(&self, language: Language) -> String {
        let Self { name, meant, all } = self;
        match meant {
            Some(meant) => say!(
                language,
                "\"{name}\" không có trong danh sách [members]; danh sách có \"{meant}\" mà chưa thấy số",
                "\"{name}\" is not among the [members]; \"{meant}\" is, and has no figures"
            ),
            None => say!(
                language,
                "\"{name}\" không có trong danh sách [members] ({all} tên)",
                "\"{name}\" is not among the {all} [members]"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        let name = &self.name;
        match &self.meant {
            Some(meant) => say!(
                language,
                "nếu là một nơi, sửa tên trong sheet thành \"{meant}\", hoặc ghi \"{name}\" vào [members.synonyms]",
                "if they are one, write \"{meant}\" in the sheet, or put \"{name}\" into [members.synonyms]"
            ),
            None => say!(
                language,
                "sửa tên trong sheet, bỏ dòng nếu là dòng cộng hay dòng thừa, hoặc thêm \"{name}\" vào [members]",
                "correct the name in the sheet, leave the row out if it is a total or too many, or add \"{name}\" to [members]"
            ),
        }
    }
}

/// A member that no list names, and the one that may be meant.
pub(super) fn unknown(
    stated: &Stated<'_>,
    affected: &Affected<'_>,
    (list, meant): (&MemberList, Option<&str>),
    severity: Severity,
) -> Finding {
    let Affected { name, figures } = affected;
    let (own, meant) = ((*name).to_owned(), meant.map(str::to_owned));
    let facts = UnknownMember { name: own.clone(), meant: meant.clone(), all: list.groupings[0].count };
    let first = figures.first().and_then(|figure| stated.members[figure].get(name));
    let mut finding = Finding::new(&UNKNOWN_MEMBER, facts)
        .stated_at(list.groupings[0].line.clone())
        .fingerprinted(&["unknown", name]);
    finding.severity = severity;
    finding.target = first.map(Reading::place);
    finding.found = Some(own);
    finding.expected = meant;
    finding
}

/// Where a finding about some figures is looked at: the whole that depends on them, else the table of the
/// other members, where they stand in one.
fn about(finding: &mut Finding, stated: &Stated<'_>, figures: &[Figure]) {
    let wholes = figures.iter().filter(|figure| stated.depends(**figure)).filter_map(|figure| stated.whole(*figure));
    finding.sources = wholes.map(Reading::place).collect();
    let readings = || figures.iter().flat_map(|figure| stated.members[figure].readings());
    let Some(first) = readings().next() else { return };
    let is_one = |same: fn(&Reading, &Reading) -> bool| readings().all(|reading| same(reading, first));
    if is_one(|a, b| (&a.origin.file, &a.origin.sheet) == (&b.origin.file, &b.origin.sheet)) {
        finding.target = Some(Place::sheet(&first.origin.file, &first.origin.sheet));
    } else if is_one(|a, b| a.origin.file == b.origin.file) {
        finding.target = Some(Place::file(&first.origin.file));
    }
}

fn labels(stated: &Stated<'_>, figures: &[Figure]) -> Names {
    let mut labels: Vec<&str> = Vec::new();
    for (indicator, _) in figures {
        let label = stated.catalogue.indicator(*indicator).label.as_str();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    Names::of(labels.into_iter())
}
