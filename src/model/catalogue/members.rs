//! `[members]`: who the members of a whole are, such as the villages of a commune, and in which other
//! groupings the same whole is reported.
//!
//! What breaks if this is changed: a figure belongs to a grouping by the name of its member alone, and
//! a whole is held against each grouping by itself. A name in two groupings would be added twice.

use std::{collections::HashMap, sync::Arc};

use crate::{
    model::{
        document::{At, Fields, Problems, both, fields_of, text_of},
        finding::FileLine,
    },
    values::text,
};

/// One member of a grouping.
#[derive(Clone, Debug)]
pub struct ListedMember {
    /// As reports show it.
    pub name: Arc<str>,
    /// Members of another grouping that it is the sum of.
    pub parts: Vec<Arc<str>>,
}

/// Members that add up to the whole.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Id in the catalogue; empty for the first one.
    pub id: String,
    /// The members that are named.
    pub members: Vec<ListedMember>,
    /// How many there are, named or not.
    pub count: usize,
    /// Where it is stated.
    pub line: FileLine,
}

impl Grouping {
    /// Whether every member is named, so that any other name is an unknown one.
    pub fn is_complete(&self) -> bool {
        self.members.len() >= self.count
    }
}

/// Who the members are.
#[derive(Clone, Debug)]
pub struct MemberList {
    /// The members themselves, then the other groupings.
    pub groupings: Vec<Grouping>,
    /// The name and the grouping of every spelling, folded.
    known: HashMap<String, (Arc<str>, usize)>,
}

impl MemberList {
    /// The name under which the list knows a member, and its grouping.
    pub fn find(&self, written: &str) -> Option<(&Arc<str>, usize)> {
        let known = self.known.get(&text::fold(written)).or_else(|| self.known.get(&text::fold_label(written)));
        known.map(|(name, grouping)| (name, *grouping))
    }

    /// The grouping of a member; one that nobody listed is taken for one of the first.
    pub fn grouping_of(&self, member: &str) -> usize {
        self.find(member).map_or(0, |(_, grouping)| grouping)
    }

    /// The members that one of another grouping is the sum of.
    pub fn parts_of(&self, member: &str) -> &[Arc<str>] {
        let own = self
            .find(member)
            .and_then(|(name, grouping)| self.groupings[grouping].members.iter().find(|listed| listed.name == *name));
        own.map_or(&[], |listed| &listed.parts)
    }

    fn add(&mut self, written: &At<String>, name: &Arc<str>, grouping: usize, problems: &mut Problems) {
        let folded = text::fold(&written.value);
        if folded.is_empty() {
            problems.add(written.span.clone(), both!("tên phân tổ để trống", "the name of a member is blank"));
        } else if let Some((known, _)) = self.known.get(&folded) {
            problems.add(
                written.span.clone(),
                both!(
                    "\"{known}\" đã khai báo: một tên chỉ thuộc một nhóm, nếu không số sẽ bị cộng hai lần",
                    "\"{known}\" is declared before: a name belongs to one grouping, or its figures would be added twice"
                ),
            );
        } else {
            self.known.insert(folded, (name.clone(), grouping));
        }
    }
}

/// Reads `[members]`.
pub(super) fn decode_members(table: Option<Fields<'_, '_>>, problems: &mut Problems) -> Option<MemberList> {
    let mut table = table?;
    let mut list = MemberList { groupings: Vec::new(), known: HashMap::new() };
    grouping(&mut table, "", &mut list, problems);
    let groupings = table.table("groupings", problems);
    let synonyms = table.table("synonyms", problems);
    let span = table.span.clone();
    table.finish(problems);
    // Parts may be named before the grouping that they are of.
    let mut parts = Vec::new();
    for (id, item) in groupings.iter().flat_map(Fields::entries) {
        let Some(mut table) = fields_of(id.value, item, problems) else { continue };
        grouping(&mut table, id.value, &mut list, problems);
        parts.extend(table.table("parts", problems).map(|parts| (list.groupings.len() - 1, parts)));
        table.finish(problems);
    }
    for (own, parts) in parts {
        for (member, item) in parts.entries() {
            let parts = texts_of(member.value, item, problems);
            add_parts(&mut list, own, &member, &parts, problems);
        }
    }
    for (member, item) in synonyms.iter().flat_map(Fields::entries) {
        let Some((name, grouping)) = list.find(member.value).map(|(name, grouping)| (name.clone(), grouping)) else {
            unknown(&member, problems);
            continue;
        };
        for synonym in texts_of(member.value, item, problems) {
            list.add(&synonym, &name, grouping, problems);
        }
    }
    if list.groupings[0].count == 0 && problems.is_empty() {
        problems.add(span, both!("`[members]` cần `names` hoặc `count`", "`[members]` needs `names` or `count`"));
    }
    Some(list)
}

fn grouping(table: &mut Fields<'_, '_>, id: &str, list: &mut MemberList, problems: &mut Problems) {
    let line = problems.document.line(table.span.start);
    let names = table.texts("names", problems);
    let count_span = table.item("count").map(toml::Spanned::span);
    let count = table.whole("count", 1..100_001, problems).and_then(|count| usize::try_from(count).ok());
    let at = list.groupings.len();
    let mut members = Vec::new();
    for written in &names {
        let name: Arc<str> = written.value.split_whitespace().collect::<Vec<_>>().join(" ").into();
        list.add(written, &name, at, problems);
        members.push(ListedMember { name, parts: Vec::new() });
    }
    if let (Some(span), Some(count)) = (count_span, count)
        && count < members.len()
    {
        let named = members.len();
        problems.add(
            span,
            both!("`count` là {count} nhưng `names` có {named} tên", "`count` is {count} but `names` has {named}"),
        );
    }
    let count = count.unwrap_or(members.len());
    list.groupings.push(Grouping { id: id.to_owned(), members, count, line });
}

fn add_parts(list: &mut MemberList, own: usize, member: &At<&str>, parts: &[At<String>], problems: &mut Problems) {
    let found = list.find(member.value).map(|(name, grouping)| (name.clone(), grouping));
    let Some((name, _)) = found.filter(|(_, grouping)| *grouping == own) else { return unknown(member, problems) };
    let mut found: Vec<Arc<str>> = Vec::new();
    let mut of = None;
    for part in parts {
        let Some((part_name, grouping)) = list.find(&part.value).map(|(name, of)| (name.clone(), of)) else {
            unknown(&At { value: part.value.as_str(), span: part.span.clone() }, problems);
            continue;
        };
        // Parts of two groupings, or of its own, would be two groupings in one sum.
        if grouping == own || of.is_some_and(|of| of != grouping) {
            let written = &part.value;
            problems.add(
                part.span.clone(),
                both!(
                    "\"{written}\" thuộc nhóm khác với các thành phần kia: không cộng hai nhóm vào một tổng",
                    "\"{written}\" is of another grouping than the other parts: two groupings do not make one sum"
                ),
            );
        } else if found.contains(&part_name) {
            let written = &part.value;
            problems.add(part.span.clone(), both!("\"{written}\" nêu hai lần", "\"{written}\" stands here twice"));
        } else {
            of = Some(grouping);
            found.push(part_name);
        }
    }
    if let Some(listed) = list.groupings[own].members.iter_mut().find(|listed| listed.name == name) {
        listed.parts = found;
    }
}

fn unknown(member: &At<&str>, problems: &mut Problems) {
    let written = member.value;
    problems.add(
        member.span.clone(),
        both!("không có \"{written}\" trong `names`", "\"{written}\" is not among the `names`"),
    );
}

/// One text or a list of them.
fn texts_of(key: &str, item: &crate::model::document::Item<'_>, problems: &mut Problems) -> Vec<At<String>> {
    match item.get_ref().as_array() {
        Some(list) => list.iter().filter_map(|item| text_of(key, item, problems)).collect(),
        None => text_of(key, item, problems).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{
        catalogue::{self, Catalogue},
        document::{Document, Problem},
    };

    fn decode(members: &str) -> Result<Catalogue, Vec<Problem>> {
        let head = "[catalogue]\nid = \"k\"\nperiod = \"2030\"\n[[indicator]]\nid = \"a\"\n";
        catalogue::decode(&Document::new("k.toml", format!("{head}{members}")))
    }

    #[test]
    fn members_are_known_by_every_spelling() {
        let text = "[members]\nnames = [\"Thôn Một\", \"Thôn Hai\"]\n\
            [members.synonyms]\n\"Thôn Một\" = [\"T1\", \"Nà Một\"]\n\
            [members.groupings.cum]\nnames = \"Cụm 1\"\n\
            [members.groupings.cum.parts]\n\"Cụm 1\" = [\"Thôn Một\", \"Thôn  HAI\"]\n";
        let list = decode(text).expect("a right catalogue").members.expect("a list");
        let find = |written| list.find(written).map(|(name, grouping)| (name.to_string(), grouping));
        assert_eq!(find("THÔN  MỘT"), Some(("Thôn Một".to_owned(), 0)));
        assert_eq!(find("t1"), Some(("Thôn Một".to_owned(), 0)));
        assert_eq!(find("2. Thôn Hai"), Some(("Thôn Hai".to_owned(), 0)));
        assert_eq!(find("cụm 1"), Some(("Cụm 1".to_owned(), 1)));
        assert_eq!(find("Thôn Ba"), None);
        assert_eq!(list.parts_of("Cụm 1").len(), 2);
        assert_eq!((list.groupings[0].count, list.groupings[0].is_complete()), (2, true));
    }

    #[test]
    fn mistakes_are_told() {
        for (text, expected) in [
            ("[members]\nnames = [\"A\", \"a\"]\n", "declared before"),
            ("[members]\nnames = [\"A\"]\n[members.groupings.x]\nnames = [\"A\"]\n", "added twice"),
            ("[members]\nnames = [\"A\", \"B\"]\ncount = 1\n", "`count` is 1 but `names` has 2"),
            ("[members]\nnames = [\"A\"]\n[members.synonyms]\n\"B\" = \"C\"\n", "not among the `names`"),
            ("[members]\n", "needs `names` or `count`"),
            (
                "[members]\nnames = [\"A\"]\n[members.groupings.x]\nnames = [\"X\", \"Y\"]\n\
                [members.groupings.x.parts]\n\"X\" = [\"A\", \"Y\"]\n",
                "two groupings do not make one sum",
            ),
        ] {
            let problems = decode(text).expect_err("a mistake");
            assert!(problems.iter().any(|problem| problem.message.1.contains(expected)), "{expected}: {problems:?}");
        }
    }

    #[test]
    fn rules_name_members_of_the_list() {
        let list = "[members]\nnames = [\"Thôn Một\"]\n[members.synonyms]\n\"Thôn Một\" = \"T1\"\n";
        let rule = |that: &str| decode(&format!("{list}[[rule]]\nid = \"r\"\nthat = '{that}'\n"));
        let operands = rule("member(plan(a), \"t1\") <= member(a, \"THÔN MỘT\")").expect("a right catalogue").rules[0]
            .that
            .operands();
        let names: Vec<_> = operands.iter().map(|operand| operand.member.as_deref()).collect();
        assert_eq!(names, [Some("Thôn Một"), Some("Thôn Một")]);
        assert!(operands[0].measure.is_some() && operands[1].measure.is_none());
        for (that, expected) in [
            ("member(a, \"Thôn Hai\") > 1", "\"Thôn Hai\" is not among the [members]"),
            ("member(a) > 1", "`member` takes an indicator and a name"),
            ("member(a, b) > 1", "`member` takes an indicator and a name"),
            ("member(member(a, \"T1\"), \"T1\") > 1", "`member` can be used once only"),
            ("sum(members(member(a, \"T1\"))) > 1", "`members` means all members"),
        ] {
            let problems = rule(that).expect_err("a mistake");
            assert!(problems.iter().any(|problem| problem.message.1.contains(expected)), "{expected}: {problems:?}");
        }
    }
}
