use super::*;
use crate::{
    catalogue,
    document::{Document, Problem},
};

fn decoded(members: &str, sources: &str) -> Result<Mapping, Vec<Problem>> {
    let rows = "[[indicator]]\nid = \"a\"\n[[indicator]]\nid = \"b\"\n";
    let text = format!("[catalogue]\nid = \"k\"\nperiod = \"2030\"\n{rows}{members}");
    let catalogue = catalogue::decode(&Document::new("k.toml", text)).expect("a right catalogue");
    let head = "[mapping]\nid = \"m\"\ncatalogue = \"k\"\n";
    decode(&Document::new("m.toml", format!("{head}{sources}")), &catalogue)
}

fn source(file: &str, more: &str, indicator: &str) -> String {
    format!(
        "[[source]]\nfile = \"{file}\"\nlabel = \"L\"\n{more}\ncolumns = {{ \"X\" = \"actual\" }}\nrows = {{ \"A\" = \"{indicator}\" }}\n"
    )
}

#[test]
fn a_member_may_be_named_by_a_cell() {
    let mapping = decoded("", &source("x", "member = { cell = \"A1\", strip = [\"Thôn\", \"Bản\"] }", "a"));
    let source = &mapping.expect("a right mapping").sources[0];
    let strip = vec!["thôn".to_owned(), "bản".to_owned()];
    assert_eq!(source.member, Some(MemberName::Cell { at: Position::new(0, 0), strip }));
    for (member, expected) in [
        ("member = { cell = \"1\" }", "`1` is no cell address"),
        ("member = { strip = \"x\" }", "missing key `cell`"),
        ("member = \"row\"", "`member` cannot be \"row\""),
    ] {
        let problems = decoded("", &self::source("x", member, "a")).expect_err("a mistake");
        assert!(problems.iter().any(|problem| problem.message.1.contains(expected)), "{expected}: {problems:?}");
    }
}

#[test]
fn two_groupings_in_one_sum_are_refused() {
    let files = |more: &str, indicator| source("thon*", &format!("member = \"file\"\n{more}"), indicator);
    let sheets = |indicator| source("cum*", "sheet = \"C*\"\nmember = \"sheet\"", indicator);
    let refused = |members: &str, sources: String| {
        let told = decoded(members, &sources).err().unwrap_or_default();
        told.iter().any(|problem| problem.message.1.contains("two groupings into one total"))
    };
    let list = "[members]\nnames = [\"A\"]\n[members.groupings.c]\nnames = [\"C1\"]\n";
    assert!(refused("", files("sum = true", "a") + &sheets("a")));
    assert!(refused("", sheets("a") + &files("sum = true", "a")));
    assert!(!refused(list, files("sum = true", "a") + &sheets("a")), "the list says which is which");
    assert!(!refused("", files("", "a") + &sheets("a")), "no sum is made");
    assert!(!refused("", files("sum = true", "a") + &sheets("b")), "of two indicators");
    assert!(!refused("", files("sum = true", "a") + &files("", "a")), "named in one way");
}
