use super::*;
use crate::model::{
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

/// A mapping over crops and seasons, with its rows and what stands before them.
fn in_blocks(more: &str, rows: &str) -> Result<Mapping, Vec<Problem>> {
    let ids = ["lua.xuan.dt", "lua.mua.dt", "lua.dt", "ngo.xuan.dt", "xuan.dt", "mua.dt"];
    let rows_of_catalogue = ids.map(|id| format!("[[indicator]]\nid = \"{id}\"\n")).concat();
    let text = format!("[catalogue]\nid = \"k\"\nperiod = \"2030\"\n{rows_of_catalogue}");
    let catalogue = catalogue::decode(&Document::new("k.toml", text)).expect("a right catalogue");
    let head = "[mapping]\nid = \"m\"\ncatalogue = \"k\"\n[[source]]\nfile = \"x\"\nlabel = \"L\"\n";
    decode(&Document::new("m.toml", format!("{head}{more}\n[source.rows]\n{rows}")), &catalogue)
}

const SEASONS: &str = "[source.blocks]\n\"Vụ xuân {year}\" = \"xuan\"\n\"Vụ mùa\" = \"mua\"\n\"Cả năm\" = \"*\"\n\
                       [source.columns]\n\"* > Diện tích\" = { measure = \"actual\", block = \"dt\" }";

#[test]
fn row_block_and_column_make_an_indicator() {
    let mapping = in_blocks(SEASONS, "\"Lúa\" = \"lua\"\n\"Ngô\" = \"ngo\"").expect("a right mapping");
    let source = &mapping.sources[0];
    let written: Vec<&str> = source
        .columns
        .iter()
        .map(|column| match &column.place {
            ColumnPlace::Header(path) => path.written.as_str(),
            ColumnPlace::Letters(_) => "",
        })
        .collect();
    assert_eq!(written, ["Vụ xuân 2030 > Diện tích", "Vụ mùa > Diện tích", "Cả năm > Diện tích"]);
    let found = |row: usize| source.columns.iter().map(move |column| source.rows[row].role.indicator(column.block));
    assert!(found(0).all(|id| id.is_some()));
    // The catalogue has no maize of the second season, and none of the year.
    assert_eq!(found(1).map(|id| id.is_some()).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(source.indicators().count(), 4);
    let over_members = in_blocks(&SEASONS.replace("\"Cả năm\" = \"*\"\n", ""), "\"*\" = \"member\"");
    assert_eq!(over_members.expect("a right mapping").sources[0].indicators().count(), 2);
    // Without blocks, a column may say the rest of the ids itself.
    let plain = "[source.columns]\n\"Vụ xuân > Diện tích\" = { measure = \"actual\", block = \"xuan.dt\" }";
    assert_eq!(in_blocks(plain, "\"Lúa\" = \"lua\"").expect("a right mapping").sources[0].indicators().count(), 1);
}

#[test]
fn mistakes_in_blocks_are_told_where_they_stand() {
    let own = "\"Lúa\" = \"lua\"";
    for (more, rows, expected) in [
        (SEASONS.to_owned(), "\"Lúa\" = \"luaa\"", "no indicator `luaa.xuan.dt`"),
        (SEASONS.replace("\"mua\"", "\"muaa\""), own, "put together of a row and `muaa`"),
        (SEASONS.replace("\"dt\"", "\"dtt\""), own, "no indicator `lua.xuan.dtt`"),
        (SEASONS.replace("* > ", ""), own, "needs columns that stand in each block"),
        (SEASONS.replace("block =", "indicator = \"lua.dt\", block ="), own, "not both"),
        (format!("{SEASONS}\n\"X\" = \"plan\""), "\"Ngô\" = \"ngo\"\n\"Lúa\" = \"lua\"", "a row and `X`"),
        (format!("rows-from-catalogue = true\n{SEASONS}"), own, "does not go with columns in blocks"),
        (SEASONS.replace("\"xuan\"", "\"xuann\""), "\"*\" = \"member\"", "no indicator `xuann.dt`"),
    ] {
        let problems = in_blocks(&more, rows).err().unwrap_or_default();
        assert!(problems.iter().any(|problem| problem.message.1.contains(expected)), "{expected}: {problems:?}");
    }
}
