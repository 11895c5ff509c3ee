//! What is said of members.

use super::{Affected, Context, Figure, Stated, one_name::Files, twins::Twins};
use crate::{
    model::{
        catalogue::{Grouping, MemberList},
        finding::{Code, DUPLICATE_MEMBER, Finding, MISSING_MEMBER, Place, Severity, UNKNOWN_MEMBER, Worded},
        reading::Reading,
        workbook::file_name,
    },
    values::language::{counted, say},
};

/// Figures and members that are named one by one.
const MOST_NAMED: usize = 6;

/// Members that are missing from some figures, all from the same ones.
pub(super) fn missing(
    cx: &Context<'_>,
    stated: &Stated<'_>,
    all: &[Affected<'_>],
    grouping: Option<&Grouping>,
    severity: Severity,
) -> Finding {
    let figures = &all[0].figures;
    let names = listed(cx, all.iter().map(|one| format!("\"{}\"", one.name)));
    let (count, of) = (figures.len(), of_figures(cx, stated, figures));
    let have = counted(count, "figure");
    let mut message = say!(
        cx.language,
        "thiếu {names}: {count} số liệu ({of}) không có số của nơi này",
        "{names} is missing: {have} ({of}) lack it"
    );
    let gap = gap(cx, stated, figures);
    message += &gap;
    let action = match grouping {
        Some(grouping) => {
            let (file, line) = (&grouping.line.file, grouping.line.line);
            say!(
                cx.language,
                "tìm tệp hoặc dòng của {names} và bổ sung; chưa sửa số nào khác; nếu nơi này không còn, báo người quản lý bảng ánh xạ ({file}:{line})",
                "find the file or the row of {names} and add it; change no other figure yet; if it is no member any more, correct [members] ({file}:{line})"
            )
        }
        None if !gap.is_empty() => say!(
            cx.language,
            "xem {names} có số liệu này không; nếu có, bổ sung; nếu không, kiểm tra lại tổng",
            "check whether {names} has such figures; if so, add them; if not, check the total"
        ),
        None => say!(
            cx.language,
            "xem {names} có số liệu này không; nếu có, bổ sung; chưa sửa số nào khác",
            "check whether {names} has such figures; if so, add them; change no other figure yet"
        ),
    };
    let id = grouping.map_or("", |grouping| &grouping.id);
    let name = all.iter().map(|one| one.name).collect::<Vec<_>>().join("\n");
    let mut finding = Finding::new(&MISSING_MEMBER, Worded(message, action)).fingerprinted(&["missing", id, &name]);
    finding.severity = severity;
    finding.mapping = grouping.map(|grouping| grouping.line.clone());
    about(&mut finding, stated, figures);
    finding
}

/// More or fewer members than there should be, where not all are named.
pub(super) fn count(
    cx: &Context<'_>,
    stated: &Stated<'_>,
    (grouping, there): (&Grouping, usize),
    figures: &[Figure],
    severity: Severity,
) -> Finding {
    let (due, of) = (grouping.count, of_figures(cx, stated, figures));
    let names = figures.first().map(|figure| &stated.members[figure]).into_iter().flatten();
    let names: Vec<String> = names.map(|(name, _)| format!("\"{name}\"")).collect();
    let names = listed(cx, names.into_iter());
    let mut message = say!(
        cx.language,
        "có {there} phân tổ, [members] khai {due}: {names} ({of})",
        "there are {there} members, [members] says {due}: {names} ({of})"
    );
    let (code, action): (&'static Code, String) = if there < due {
        message += &gap(cx, stated, figures);
        let action = say!(
            cx.language,
            "tìm tệp hoặc dòng còn thiếu và bổ sung; chưa sửa số nào khác",
            "find the file or the row that is missing and add it; change no other figure yet"
        );
        (&MISSING_MEMBER, action)
    } else {
        let action = say!(
            cx.language,
            "xem dòng hoặc tệp nào thừa hay chép đôi; chưa sửa tổng nào",
            "check which row or file is one too many or a copy; change no total yet"
        );
        (&UNKNOWN_MEMBER, action)
    };
    let mut finding = Finding::new(code, Worded(message, action)).fingerprinted(&["count", &grouping.id]);
    finding.severity = severity;
    finding.mapping = Some(grouping.line.clone());
    finding.found = Some(there.to_string());
    finding.expected = Some(due.to_string());
    about(&mut finding, stated, figures);
    finding
}

/// A member that no list names, and the one that may be meant.
pub(super) fn unknown(
    cx: &Context<'_>,
    stated: &Stated<'_>,
    affected: &Affected<'_>,
    (list, meant): (&MemberList, Option<&str>),
    severity: Severity,
) -> Finding {
    let Affected { name, figures } = affected;
    let all = list.groupings[0].count;
    let (message, action) = match meant {
        Some(meant) => (
            say!(
                cx.language,
                "\"{name}\" không có trong danh sách [members]; danh sách có \"{meant}\" mà chưa thấy số",
                "\"{name}\" is not among the [members]; \"{meant}\" is, and has no figures"
            ),
            say!(
                cx.language,
                "nếu là một nơi, sửa tên trong sheet thành \"{meant}\", hoặc ghi \"{name}\" vào [members.synonyms]",
                "if they are one, write \"{meant}\" in the sheet, or put \"{name}\" into [members.synonyms]"
            ),
        ),
        None => (
            say!(
                cx.language,
                "\"{name}\" không có trong danh sách [members] ({all} tên)",
                "\"{name}\" is not among the {all} [members]"
            ),
            say!(
                cx.language,
                "sửa tên trong sheet, bỏ dòng nếu là dòng cộng hay dòng thừa, hoặc thêm \"{name}\" vào [members]",
                "correct the name in the sheet, leave the row out if it is a total or too many, or add \"{name}\" to [members]"
            ),
        ),
    };
    let first = figures.first().and_then(|figure| stated.members[figure].get(name));
    let mut finding = Finding::new(&UNKNOWN_MEMBER, Worded(message, action))
        .stated_at(list.groupings[0].line.clone())
        .fingerprinted(&["unknown", name]);
    finding.severity = severity;
    finding.target = first.map(|reading| reading.place());
    finding.found = Some((*name).to_owned());
    finding.expected = meant.map(str::to_owned);
    finding
}

/// Two members with the same figures.
pub(super) fn twins(cx: &Context<'_>, twins: &Twins<'_>, severity: Severity) -> Finding {
    let Twins { first, second, figures, places: (one, other), same_files } = twins;
    let count = figures.len();
    let same = counted(count, "figure");
    let files = [one, other].map(|reading| file_name(&reading.origin.file));
    let message = if *same_files {
        let [a, b] = files;
        say!(
            cx.language,
            "\"{first}\" và \"{second}\": hai tệp {a} và {b} giống hệt nhau ({count} số), có lẽ một tệp bị nộp hai lần",
            "\"{first}\" and \"{second}\": the files {a} and {b} are the same in every cell ({same}), one was probably handed in twice"
        )
    } else {
        say!(
            cx.language,
            "\"{first}\" và \"{second}\" ghi {count} số như nhau: có lẽ một nơi bị chép đôi",
            "\"{first}\" and \"{second}\" say the same in {same}: one was probably copied"
        )
    };
    let action = say!(
        cx.language,
        "xin lại số liệu của \"{first}\" hoặc \"{second}\"; chưa sửa tổng nào",
        "ask for the figures of \"{first}\" or \"{second}\" again; change no total yet"
    );
    let mut finding = Finding::new(&DUPLICATE_MEMBER, Worded(message, action))
        .at(if *same_files { Place::file(&other.origin.file) } else { table_of(other) })
        .fingerprinted(&["twins", first, second]);
    finding.severity = severity;
    finding.sources = vec![one.place(), other.place()];
    finding
}

/// Two files of one member.
pub(super) fn one_name(cx: &Context<'_>, files: &Files<'_>, severity: Severity) -> Finding {
    let Files { name, places: (one, other), same, different } = files;
    let [a, b] = [one, other].map(|reading| file_name(&reading.origin.file));
    let (alike, unlike) = (same.len(), different.len());
    let (alike_en, unlike_en) = (counted(alike, "figure"), counted(unlike, "figure"));
    let Some(name) = name else { return same_files(cx, files, &alike_en) };
    let message = if unlike > 0 {
        say!(
            cx.language,
            "hai tệp {a} và {b} cùng là của \"{name}\", {unlike} số khác nhau: chưa rõ tệp nào đúng",
            "the files {a} and {b} are both of \"{name}\", {unlike_en} differ: which one is right cannot be told"
        )
    } else {
        say!(
            cx.language,
            "hai tệp {a} và {b} cùng là của \"{name}\", {alike} số như nhau: chỉ tính một lần",
            "the files {a} and {b} are both of \"{name}\", {alike_en} are the same: they count once"
        )
    };
    let action = say!(
        cx.language,
        "giữ lại tệp đúng của \"{name}\", chuyển tệp kia ra khỏi thư mục",
        "keep the right file of \"{name}\" and move the other one out of the folder"
    );
    let mut finding = Finding::new(&DUPLICATE_MEMBER, Worded(message, action))
        .at(Place::file(&other.origin.file))
        .fingerprinted(&["files", name]);
    finding.severity = severity;
    finding.sources = vec![Place::file(&one.origin.file)];
    finding
}

/// Two files with tables of many members, or of wholes, that are the same.
fn same_files(cx: &Context<'_>, files: &Files<'_>, alike_en: &str) -> Finding {
    let (one, other) = files.places;
    let [a, b] = [one, other].map(|reading| file_name(&reading.origin.file));
    let alike = files.same.len();
    let message = say!(
        cx.language,
        "hai tệp {a} và {b} giống hệt nhau ({alike} số): chỉ tính một lần",
        "the files {a} and {b} are the same in every cell ({alike_en}): they count once"
    );
    let action = say!(
        cx.language,
        "chuyển {b} ra khỏi thư mục; nếu là tệp khác bị nộp nhầm, xin lại tệp đúng",
        "move {b} out of the folder; if it should be another file, ask for the right one"
    );
    let mut finding = Finding::new(&DUPLICATE_MEMBER, Worded(message, action))
        .at(Place::file(&other.origin.file))
        .fingerprinted(&["same files", &one.origin.sheet]);
    finding.sources = vec![Place::file(&one.origin.file)];
    finding
}

/// The sheet that a reading stands in.
fn table_of(reading: &Reading) -> Place {
    Place::sheet(&reading.origin.file, &reading.origin.sheet)
}

/// Where a finding about some figures is looked at: the whole that depends on them, else the table of the
/// other members, where they stand in one.
fn about(finding: &mut Finding, stated: &Stated<'_>, figures: &[Figure]) {
    let wholes = figures.iter().filter(|figure| stated.depends(**figure)).filter_map(|figure| stated.whole(*figure));
    finding.sources = wholes.map(Reading::place).collect();
    let readings = || figures.iter().flat_map(|figure| stated.members[figure].values());
    let Some(first) = readings().next() else { return };
    let is_one = |same: fn(&Reading, &Reading) -> bool| readings().all(|reading| same(reading, first));
    if is_one(|a, b| (&a.origin.file, &a.origin.sheet) == (&b.origin.file, &b.origin.sheet)) {
        finding.target = Some(table_of(first));
    } else if is_one(|a, b| a.origin.file == b.origin.file) {
        finding.target = Some(Place::file(&first.origin.file));
    }
}

/// What the first total lacks.
fn gap(cx: &Context<'_>, stated: &Stated<'_>, figures: &[Figure]) -> String {
    let lacks = |figure: &Figure| {
        let gap = stated.gap(*figure).filter(|gap| !gap.is_negative() && !gap.is_zero())?;
        Some((stated.whole(*figure)?, gap.to_exact_decimal()?))
    };
    let Some((whole, gap)) = figures.iter().find_map(lacks) else { return String::new() };
    let (cell, says) = (whole.origin.cell, whole.number().unwrap_or_default());
    let (says, gap) = (cx.language.number(says), cx.language.number(gap));
    say!(
        cx.language,
        "; tổng {cell} ghi {says}, các nơi kia cộng lại còn thiếu {gap}",
        "; the total {cell} says {says}, the others lack {gap}"
    )
}

fn of_figures(cx: &Context<'_>, stated: &Stated<'_>, figures: &[Figure]) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for (indicator, _) in figures {
        let label = stated.catalogue.indicator(*indicator).label.as_str();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    listed(cx, labels.into_iter().map(|label| format!("\"{label}\"")))
}

fn listed(cx: &Context<'_>, names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let list = names.take(MOST_NAMED).collect::<Vec<_>>().join(", ");
    match more {
        0 => list,
        _ => say!(cx.language, "{list} và {more} mục khác", "{list} and {more} more"),
    }
}
