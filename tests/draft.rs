//! `bieu draft`: what it finds in the samples, held against the mappings by hand; golden drafts; and
//! what must not be drafted.
//!
//! `BIEU_BLESS=1 cargo test --test draft` writes the golden drafts anew; they are then to be read.

#![expect(clippy::panic, reason = "a test says what went wrong")]

mod program;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use program::bieu;

use bieu::internals::{
    draft::{self, Draft, Request, model::Certainty},
    extract::{Extract, Texts, extract},
    line::pipeline::read_file,
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        mapping::{self, Mapping},
        reading::Value,
        workbook::Workbook,
    },
    read::Limits,
    values::{language::Language, number::Nothing, period::Period},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str, bytes: &[u8]) -> Workbook {
    let file = read_file(&name.into(), bytes, &Limits::default());
    file.workbook.unwrap_or_else(|| panic!("{name} is read"))
}

/// The spreadsheets of a sample, by name.
fn office(name: &str) -> Vec<Workbook> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("samples").join(name))
        .expect("the sample is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "toml"))
        .collect();
    files.sort();
    let name_of = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    files.iter().map(|path| read(&name_of(path), &fs::read(path).expect("a file"))).collect()
}

fn document(path: &str) -> Document {
    Document::new(path, fs::read_to_string(root().join(path)).expect("the file is there"))
}

fn catalogue_named(name: &str) -> Catalogue {
    catalogue::decode(&document(&format!("mappings/{name}.toml"))).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn drafted(workbooks: &[Workbook], catalogue: Option<(&Catalogue, &str)>, name: &str) -> Draft {
    let workbooks: Vec<&Workbook> = workbooks.iter().collect();
    let request =
        Request { workbooks: &workbooks, catalogue, period: None, name, choices: &[], language: Language::Vi };
    draft::draft(request, &Texts::default())
}

type Taken = BTreeMap<String, String>;

/// What is read from each cell that holds something.
fn taken(extract: &Extract, catalogue: &Catalogue) -> Taken {
    let mut taken = Taken::new();
    extract.dataset.each(|reading| {
        if !reading.origin.addends.is_empty() || reading.value == Value::Nothing(Nothing::Blank) {
            return;
        }
        let (key, place) = (&reading.key, &reading.origin);
        let (indicator, measure) = (&catalogue.indicator(key.indicator).id, &catalogue.measure(key.measure).id);
        let member = key.member.as_deref().unwrap_or("");
        taken.insert(
            format!("{} {} {}", place.file, place.sheet, place.cell),
            format!("{indicator} {measure} {member} {:?}", reading.value),
        );
    });
    taken
}

fn read_with(workbooks: &[Workbook], mapping: &Mapping, catalogue: &Catalogue) -> Taken {
    let workbooks: Vec<&Workbook> = workbooks.iter().collect();
    taken(&extract(&workbooks, &[], mapping, catalogue, None, &Texts::default()), catalogue)
}

/// The five sample offices: name, catalogue, mapping by hand.
const OFFICES: [(&str, &str, &str); 5] = [
    ("luc-binh-2023", "chi-tieu", "mappings/luc-binh-2023.toml"),
    ("bieu-3-nam-2024", "bieu-3-nam", "samples/bieu-3-nam-2024/mapping.toml"),
    ("bieu-5-nam-2025", "bieu-5-nam", "samples/bieu-5-nam-2025/mapping.toml"),
    ("bieu-6-thang-2024", "bieu-6-thang", "samples/bieu-6-thang-2024/mapping.toml"),
    ("bieu-thon-2024", "bieu-thon", "samples/bieu-thon-2024/mapping.toml"),
];

#[test]
fn with_the_catalogue_a_draft_reads_what_the_mapping_by_hand_reads() {
    let (mut right, mut all) = (0, 0);
    for (office_name, catalogue_name, by_hand) in OFFICES {
        let workbooks = office(office_name);
        let catalogue = catalogue_named(catalogue_name);
        let draft = drafted(&workbooks, Some((&catalogue, catalogue_name)), office_name);
        assert!(draft.problems.is_empty(), "{office_name}: {:?}", draft.problems);
        assert_eq!(draft.left, 0, "{office_name}: every number is taken or left out with a reason");
        let by_hand = mapping::decode(&document(by_hand), &catalogue).unwrap_or_else(|problems| panic!("{problems:?}"));
        let by_hand = read_with(&workbooks, &by_hand, &catalogue);
        let drafted = taken(draft.extract.as_ref().expect("the draft was read"), &catalogue);
        let sure: Vec<(String, u32)> = draft
            .tables
            .iter()
            .flat_map(|table| {
                let sheet = &workbooks[table.file].sheets[table.sheet];
                let rows = table.rows.iter().filter(|row| row.certainty == Certainty::Certain);
                let file = &workbooks[table.file].file;
                rows.map(|row| (format!("{file} {}", sheet.name), row.line.row)).collect::<Vec<_>>()
            })
            .collect();
        for (cell, what) in &by_hand {
            all += 1;
            match drafted.get(cell) {
                Some(own) if own == what => right += 1,
                None => {}
                // One figure is the ratio to the plan and the share of the whole at once.
                Some(own) if own.replace(" ratio ", " share ") == *what => {}
                Some(own) => {
                    let is_sure = sure
                        .iter()
                        .any(|(place, row)| cell.starts_with(place) && cell.ends_with(&format!("{}", row + 1)));
                    assert!(!is_sure, "{cell}: said to be certain: {own}, by hand: {what}");
                    panic!("{cell}: {own}, by hand: {what}");
                }
            }
        }
        let more: Vec<_> = drafted.keys().filter(|cell| !by_hand.contains_key(*cell)).collect();
        assert!(more.is_empty(), "{office_name}: {more:?}");
    }
    assert!(right * 100 >= all * 97, "{right} of {all}");
}

fn is_blessing() -> bool {
    std::env::var_os("BIEU_BLESS").is_some()
}

fn golden(name: &str, text: &str) {
    let path = root().join("tests/drafts").join(name);
    if is_blessing() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} differs; BIEU_BLESS=1 writes it anew\n{text}");
}

#[test]
fn golden_drafts() {
    for (office_name, catalogue_name, _) in OFFICES {
        let workbooks = office(office_name);
        let catalogue = catalogue_named(catalogue_name);
        let draft = drafted(&workbooks, Some((&catalogue, catalogue_name)), office_name);
        golden(&format!("{office_name}/mapping.toml"), draft.mapping.as_deref().unwrap_or_default());
        let again = drafted(&workbooks, Some((&catalogue, catalogue_name)), office_name);
        assert_eq!(draft.mapping, again.mapping, "a draft is the same each time");
        let fresh = drafted(&workbooks, None, office_name);
        assert!(fresh.problems.is_empty(), "{:?}", fresh.problems);
        assert_eq!(fresh.left, 0, "{office_name}");
        golden(&format!("{office_name}/new-mapping.toml"), fresh.mapping.as_deref().unwrap_or_default());
        golden(&format!("{office_name}/new-danh-muc.toml"), fresh.catalogue.as_deref().unwrap_or_default());
    }
}

/// A table of villages with a total, as text.
const VILLAGES: &str = "\
SỐ LIỆU CHĂN NUÔI NĂM 2031;;;;\n\
;;;;\n\
TT;Thôn;Đàn trâu (con);Đàn bò (con);Tổng đàn (con)\n\
1;Thôn Thượng;120;35;155\n\
2;Thôn Hạ;98;41;139\n\
3;Thôn Đông;143;27;170\n\
4;Thôn Đoài;87;52;139\n\
5;Thôn Nam;111;38;149\n\
;Tổng cộng;559;193;752\n";

#[test]
fn members_totals_and_parts_without_a_catalogue() {
    let draft = drafted(&[read("chan-nuoi.csv", VILLAGES.as_bytes())], None, "xa-mau");
    let mapping = draft.mapping.unwrap_or_default();
    assert!(mapping.contains("\"Tổng cộng\" = \"total\""), "{mapping}");
    assert!(mapping.contains("= \"member\"  # 5 dòng"), "{mapping}");
    let catalogue = draft.catalogue.unwrap_or_default();
    assert!(catalogue.contains("period = \"2031\""), "{catalogue}");
    assert!(catalogue.contains("parts = [\"dan-trau\", \"dan-bo\"]"), "{catalogue}");
    assert_eq!(draft.left, 0);
}

#[test]
fn an_inserted_row_or_column_changes_nothing_that_has_a_name() {
    let before = drafted(&[read("chan-nuoi.csv", VILLAGES.as_bytes())], None, "xa-mau");
    let rows = VILLAGES.replacen("TT;", ";;;;\nTT;", 1);
    let columns = VILLAGES.lines().map(|line| format!(";{line}")).collect::<Vec<_>>().join("\n");
    for changed in [rows, columns] {
        let after = drafted(&[read("chan-nuoi.csv", changed.as_bytes())], None, "xa-mau");
        assert_eq!(before.mapping, after.mapping);
        assert_eq!(before.catalogue, after.catalogue);
    }
}

#[test]
fn a_form_without_figures_is_said_to_be_one() {
    let blank_line = |line: &str| {
        let is_data = line.starts_with(|c: char| c.is_ascii_digit()) || line.starts_with(";T");
        let labels = || line.split(';').take(2).collect::<Vec<_>>().join(";");
        if is_data { format!("{};;;", labels()) } else { line.to_owned() }
    };
    let blank = VILLAGES.lines().map(blank_line).collect::<Vec<_>>().join("\n");
    let draft = drafted(&[read("bieu-mau.csv", blank.as_bytes())], None, "bieu-mau");
    assert!(draft.mapping.is_none() && draft.catalogue.is_none());
    assert_eq!(draft.blank.len(), 1);
}

#[test]
fn rounds_seasons_and_poor_households_are_never_mixed_up() {
    let catalogue = "\
[catalogue]\nid = \"t\"\nperiod = \"2031\"\n\
[[section]]\nid = \"s\"\ntitle = \"S\"\n\
[[indicator]]\nid = \"ho-ngheo\"\nlabel = \"Hộ nghèo\"\nunit = \"hộ\"\nsection = \"s\"\n\
[[indicator]]\nid = \"tiem-1\"\nlabel = \"Tiêm phòng đợt 1\"\nunit = \"liều\"\nsection = \"s\"\n\
[[indicator]]\nid = \"lua-xuan\"\nlabel = \"Diện tích lúa vụ xuân\"\nunit = \"ha\"\nsection = \"s\"\n\
[[indicator]]\nid = \"lua-mua\"\nlabel = \"Diện tích lúa vụ mùa\"\nunit = \"ha\"\nsection = \"s\"\n";
    let catalogue =
        catalogue::decode(&Document::new("t.toml", catalogue)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let sheet = "\
Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\n\
Hộ cận nghèo;hộ;58;60\n\
Tiêm phòng đợt 2;liều;900;870\n\
Diện tích lúa vụ mùa;ha;120;118\n";
    let draft = drafted(&[read("a.csv", sheet.as_bytes())], Some((&catalogue, "t.toml")), "a");
    let found: Vec<Option<&str>> = draft.tables[0].rows.iter().map(|row| row.indicator.as_deref()).collect();
    let sure: Vec<bool> = draft.tables[0].rows.iter().map(|row| row.certainty == Certainty::Certain).collect();
    assert_eq!(found, [None, None, Some("lua-mua")], "{:?}", draft.mapping);
    assert!(sure[2]);
}

const KNOWN: &str = "\
[catalogue]\nid = \"t\"\nperiod = \"2031\"\n\
[[section]]\nid = \"s\"\ntitle = \"S\"\n\
[[indicator]]\nid = \"trau\"\nlabel = \"Đàn trâu\"\nunit = \"con\"\nsection = \"s\"\n\
[[indicator]]\nid = \"bo\"\nlabel = \"Đàn bò\"\nunit = \"con\"\nsection = \"s\"\n\
[[indicator]]\nid = \"cho-hang-rong\"\nlabel = \"Chợ\"\nunit = \"cái\"\nsection = \"s\"\n\
[[indicator]]\nid = \"truong-hoc\"\nlabel = \"Trường học\"\nunit = \"trường\"\nsection = \"s\"\n";

/// A workbook of several sheets, each a table as text.
fn sheets(name: &str, sheets: &[(&str, &str)]) -> Workbook {
    let cell = |text: &str| {
        let kind = if text.parse::<u32>().is_ok() { "Number" } else { "String" };
        format!("<Cell><Data ss:Type=\"{kind}\">{text}</Data></Cell>")
    };
    let row = |line: &str| format!("<Row>{}</Row>", line.split(';').map(cell).collect::<String>());
    let sheet = |(name, table): &(&str, &str)| {
        let rows: String = table.lines().map(row).collect();
        format!("<Worksheet ss:Name=\"{name}\"><Table>{rows}</Table></Worksheet>")
    };
    let body: String = sheets.iter().map(sheet).collect();
    let head = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
                xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">";
    read(name, format!("{head}{body}</Workbook>").as_bytes())
}

fn chosen(workbook: &Workbook, choices: &str) -> (Draft, serde_json::Value) {
    let catalogue =
        catalogue::decode(&Document::new("t.toml", KNOWN)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let choices: Vec<draft::choices::Choice> = serde_json::from_str(choices).expect("choices");
    let request = Request {
        workbooks: &[workbook],
        catalogue: Some((&catalogue, "t.toml")),
        period: None,
        name: "a",
        choices: &choices,
        language: Language::Vi,
    };
    let draft = draft::draft(request, &Texts::default());
    assert!(draft.problems.is_empty(), "{:?}", draft.problems);
    let json = draft::json::json(&draft, &[workbook], &[]);
    (draft, json)
}

#[test]
fn a_sheet_of_which_the_catalogue_knows_nothing_is_shown_and_can_be_taken() {
    let workbook = sheets(
        "a.xml",
        &[
            ("Chăn nuôi", "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nĐàn trâu;con;120;118\nĐàn bò;con;80;84"),
            ("Hạ tầng", "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nQuán nước ven đường;cái;7;9\nCầu treo;cái;4;3"),
            ("Các thôn", "Thôn;Điểm sửa xe;Quán nước\nThôn Thượng;4;9\nThôn Hạ;6;8\nTổng cộng;10;17"),
            ("Ghi rời", "31\n12\n9\n7\n5"),
            ("Lời nói đầu", "Báo cáo này do thống kê xã lập"),
            ("Trống", ""),
        ],
    );
    let (draft, json) = chosen(&workbook, "[]");
    let status = |json: &serde_json::Value| -> Vec<String> {
        let sheets = json["files"][0]["sheets"].as_array().cloned().unwrap_or_default();
        sheets.iter().map(|sheet| sheet["status"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(status(&json), ["read", "open", "open", "open", "words", "empty"]);
    let sheet = &json["files"][0]["sheets"][1];
    let rows = &sheet["tables"][0]["rows"];
    assert_eq!((&rows[0]["label"], &rows[0]["role"]), (&"Quán nước ven đường".into(), &"open".into()), "{sheet}");
    assert_eq!(sheet["reason"], "danh mục không có chỉ tiêu nào của bảng này");
    assert_eq!(json["files"][0]["sheets"][3]["reason"], "chưa rõ bảng trong sheet này");
    // Left alone it is what it was: named in the mapping with the reason, and nothing of it is read.
    let mapping = draft.mapping.expect("a mapping");
    assert!(mapping.contains("\"Hạ tầng\",  # danh mục không có"), "{mapping}");
    assert_eq!(mapping.matches("[[source]]").count(), 1, "{mapping}");
    assert_eq!(draft.tables.len(), 1);
    let summary = draft::summary::summary(&chosen(&workbook, "[]").0, &[&workbook], Language::Vi);
    assert!(summary.contains("của sheet \"Hạ tầng\", \"Các thôn\", \"Ghi rời\"\n"), "{summary}");

    // A row is said to be an indicator: the sheet is read.
    let (draft, json) =
        chosen(&workbook, r#"[{"file":"a.xml","sheet":"Hạ tầng","row":2,"as":{"indicator":"cho-hang-rong"}}]"#);
    assert_eq!(status(&json), ["read", "read", "open", "open", "words", "empty"]);
    let mapping = draft.mapping.expect("a mapping");
    assert!(mapping.contains("= \"cho-hang-rong\"") && !mapping.contains("\"Hạ tầng\",  #"), "{mapping}");
    assert_eq!(draft.left, 0, "{mapping}");

    // A column is: its rows are members and their total.
    let column =
        r#"[{"file":"a.xml","sheet":"Các thôn","column":"B","as":{"indicator":"cho-hang-rong","measure":"actual"}}]"#;
    let (draft, json) = chosen(&workbook, column);
    assert_eq!(status(&json), ["read", "open", "read", "open", "words", "empty"]);
    let roles: Vec<_> = json["files"][0]["sheets"][2]["tables"][0]["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row["role"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(roles, ["member", "member", "total"]);
    let mapping = draft.mapping.expect("a mapping");
    assert!(mapping.contains("{ indicator = \"cho-hang-rong\", measure = \"actual\" }"), "{mapping}");

    // The whole sheet is left out, with a reason that the mapping keeps; also one that would be read.
    for sheet in ["Hạ tầng", "Ghi rời", "Chăn nuôi"] {
        let choice = format!(r#"[{{"file":"a.xml","sheet":"{sheet}","as":{{"ignore":"nộp ở\nbiểu khác"}}}}]"#)
            .replace('\n', "\\n");
        let (draft, json) = chosen(&workbook, &choice);
        let own = json["files"][0]["sheets"].as_array().into_iter().flatten().find(|own| own["name"] == *sheet);
        let own = own.expect("the sheet");
        assert_eq!(own["status"], "left-out");
        let open = own["tables"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|table| table["rows"].as_array().into_iter().flatten().filter(|row| row["role"] != "ignore"));
        assert_eq!(open.count(), 0, "{own}");
        match draft.mapping {
            Some(mapping) => assert!(mapping.contains(&format!("\"{sheet}\",  # nộp ở biểu khác")), "{mapping}"),
            None => assert_eq!(sheet, "Chăn nuôi", "nothing else is known"),
        }
    }
}

#[test]
fn a_reason_is_that_of_its_own_sheet_and_not_of_one_of_the_same_name() {
    let read_one = sheets("a.xml", &[("S", "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nĐàn trâu;con;120;118\nĐàn bò;con;80;84")]);
    let left_out = sheets("b.xml", &[("T", "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nCầu treo;cái;4;3\nQuán nước;cái;7;9")]);
    let loose = sheets("c.xml", &[("T", "31\n12\n9\n7\n5")]);
    let catalogue =
        catalogue::decode(&Document::new("t.toml", KNOWN)).unwrap_or_else(|problems| panic!("{problems:?}"));
    let choices = serde_json::from_str::<Vec<_>>(r#"[{"file":"b.xml","sheet":"T","as":{"ignore":"nộp riêng"}}]"#);
    let workbooks = [&read_one, &left_out, &loose];
    let request = Request {
        workbooks: &workbooks,
        catalogue: Some((&catalogue, "t.toml")),
        period: None,
        name: "a",
        choices: &choices.expect("choices"),
        language: Language::Vi,
    };
    let draft = draft::draft(request, &Texts::default());
    let reason = |file: usize| draft.sheets[file][0].reason();
    assert_eq!((reason(1), reason(2)), (Some("nộp riêng"), Some("chưa rõ bảng trong sheet này")));
}

#[test]
fn where_the_catalogue_knows_nothing_at_all_every_sheet_is_shown() {
    let workbook =
        sheets("a.xml", &[("Hạ tầng", "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nQuán nước;cái;7;9\nCầu treo;cái;4;3")]);
    let (draft, json) = chosen(&workbook, "[]");
    assert!(draft.mapping.is_none());
    let sheet = &json["files"][0]["sheets"][0];
    assert_eq!((&sheet["status"], sheet["tables"][0]["rows"].as_array().map(Vec::len)), (&"open".into(), Some(2)));
}

#[test]
fn the_period_of_a_draft_is_what_titles_say_or_the_user() {
    let workbook = [read("chan-nuoi.csv", VILLAGES.as_bytes())];
    assert_eq!(drafted(&workbook, None, "a").period.to_string(), "2031");
    let period = Period::parse("2032").expect("a period");
    let workbooks: Vec<&Workbook> = workbook.iter().collect();
    let request = Request {
        workbooks: &workbooks,
        catalogue: None,
        period: Some(&period),
        name: "a",
        choices: &[],
        language: Language::Vi,
    };
    assert_eq!(draft::draft(request, &Texts::default()).period, period);
}

/// Blocks of columns side by side, those of the villages spelt a little differently.
const SIDE_BY_SIDE: &str = "\
CHỈ TIÊU NĂM 2031 CỦA CÁC THÔN;;;;;;;;;\n\
Chỉ tiêu;ĐVT;Toàn xã;;;Thôn Thượng;;;Thôn Hạ;;\n\
;;KH 2031;TH 2031;TH/KH (%);KH2031;TH2031;TH/KH (%);KH2031;TH2031;TH/KH (%)\n\
Đàn trâu;con;225;239;106,2;120;131;109,2;105;108;102,9\n\
Đàn bò;con;107;96;89,7;60;55;91,7;47;41;87,2\n\
Đàn lợn;con;813;902;110,9;401;460;114,7;412;442;107,3\n\
Diện tích lúa;ha;61,5;60,3;98;30,2;29,8;98,7;31,3;30,5;97,4\n\
Năng suất lúa;tạ/ha;53;55;103,8;54;56;103,7;52;54;103,8\n";

#[test]
fn blocks_of_villages_are_written_once() {
    let draft = drafted(&[read("cac-thon.csv", SIDE_BY_SIDE.as_bytes())], None, "xa-mau");
    assert!(draft.problems.is_empty(), "{:?}", draft.problems);
    let mapping = draft.mapping.unwrap_or_default();
    for line in [
        "\"Toàn xã > KH {year}\" = \"plan\"",
        "\"* > KH{year}\" = { measure = \"plan\", each-member = true }",
        "\"* > TH{year}\" = { measure = \"actual\", each-member = true }",
        "\"* > TH/KH (%)\" = { measure = \"ratio\", each-member = true }",
    ] {
        let found =
            mapping.lines().filter(|own| own.split_whitespace().collect::<Vec<_>>().join(" ").starts_with(line));
        assert_eq!(found.count(), 1, "{line}\n{mapping}");
    }
    assert_eq!(draft.left, 0);
    // Five rows of nine figures, and not one wrong sum.
    let extract = draft.extract.expect("the draft was read");
    let mut readings = 0;
    extract.dataset.each(|reading| readings += usize::from(reading.origin.addends.is_empty()));
    assert_eq!(readings, 45);
    assert!(!mapping.contains("sum = true"), "{mapping}");
    let without: String = SIDE_BY_SIDE
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            [&cells[..2], &cells[cells.len().min(5)..]].concat().join(";") + "\n"
        })
        .collect();
    let draft = drafted(&[read("cac-thon.csv", without.as_bytes())], None, "xa-mau");
    let mapping = draft.mapping.unwrap_or_default();
    assert!(mapping.contains("sum = true") && mapping.contains("\"* > KH{year}\""), "{mapping}");
    let catalogue = draft.catalogue.unwrap_or_default();
    assert!(catalogue.contains("unit = \"tạ/ha\"\nsection = \"cac-thon\"\nrequired = false"), "{catalogue}");
    assert_eq!(catalogue.matches("required = false").count(), 1, "the whole of yields is stated nowhere: {catalogue}");
    let whole = draft.extract.expect("the draft was read");
    let mut sums = 0;
    whole
        .dataset
        .each(|reading| sums += usize::from(reading.key.member.is_none() && !reading.origin.addends.is_empty()));
    assert_eq!(sums, 8, "plan and result of four rows that add up");
}

#[test]
fn blocks_of_seasons_are_parts_of_the_ids() {
    let table = "\
TRỒNG TRỌT NĂM 2031;;;;;;\n\
Chỉ tiêu;ĐVT;Vụ xuân;;Vụ mùa;;Ghi chú\n\
;;KH;TH;KH;TH;\n\
Diện tích lúa;ha;30,2;29,8;31,3;30,5;\n\
Năng suất lúa;tạ/ha;54;56;52;54;\n\
Sản lượng lúa;tấn;163,1;166,9;162,8;164,7;\n\
Diện tích ngô;ha;12,5;12;;;giống mới\n";
    let draft = drafted(&[read("trong-trot.csv", table.as_bytes())], None, "xa-mau");
    assert!(draft.problems.is_empty(), "{:?}", draft.problems);
    let (mapping, catalogue) = (draft.mapping.unwrap_or_default(), draft.catalogue.unwrap_or_default());
    for line in ["\"Vụ xuân\" = \"vu-xuan\"", "\"* > KH\" = \"plan\"", "\"Diện tích ngô\" = \"dien-tich-ngo\""] {
        let found = mapping.lines().filter(|own| own.split_whitespace().collect::<Vec<_>>().join(" ") == line);
        assert_eq!(found.count(), 1, "{line}\n{mapping}");
    }
    assert!(catalogue.contains("id = \"dien-tich-lua.vu-mua\"\nlabel = \"Diện tích lúa, Vụ mùa\""), "{catalogue}");
    assert!(!catalogue.contains("dien-tich-ngo.vu-mua"), "{catalogue}");
    assert_eq!(draft.left, 0);
    let mut read = 0;
    draft.extract.expect("the draft was read").dataset.each(|reading| {
        read += usize::from(reading.number().is_some());
    });
    assert_eq!(read, 14);
}

#[test]
fn the_form_of_villages_without_a_total_has_figures() {
    let table = "\
KHÁM BỆNH NĂM 2031;;\n\
Thôn;Lượt khám (lượt);Ngày điều trị BQ\n\
Thôn Thượng;120;6,5\n\
Thôn Hạ;98;5,9\n\
Thôn Đông;143;6,1\n";
    let draft = drafted(&[read("kham-benh.csv", table.as_bytes())], None, "xa-mau");
    let (mapping, catalogue) = (draft.mapping.unwrap_or_default(), draft.catalogue.unwrap_or_default());
    assert!(mapping.contains("sum = true  # đoán"), "{mapping}");
    assert_eq!(catalogue.matches("across = \"none\"").count(), 1, "{catalogue}");
    assert!(catalogue.contains("repeat = \"members\""), "{catalogue}");
    let mut sums = Vec::new();
    draft.extract.expect("the draft was read").dataset.each(|reading| {
        if reading.key.member.is_none() {
            sums.extend(reading.number());
        }
    });
    assert_eq!(sums.len(), 1, "days on average are not added up: {sums:?}");
}

#[test]
fn years_in_rows_are_no_members_of_a_whole_and_say_the_period() {
    let table = "Năm;Trâu (con);Bò (con)\n2028;120;35\n2029;98;41\n2030;143;27\n2031;87;52\n";
    let draft = drafted(&[read("dan-vat-nuoi.csv", table.as_bytes())], None, "xa-mau");
    assert_eq!((draft.period.to_string().as_str(), draft.is_period_known), ("2031", true));
    assert!(!draft.mapping.unwrap_or_default().contains("sum = true"));
    assert!(draft.catalogue.unwrap_or_default().contains("repeat = \"members\""));
    let bare = drafted(&[read("a.csv", table.replace("20", "1").as_bytes())], None, "a");
    assert!(!bare.is_period_known);
    let catalogue = bare.catalogue.unwrap_or_default();
    assert!(catalogue.lines().any(|line| line.starts_with("period =") && line.contains("chưa rõ")), "{catalogue}");
}

#[test]
fn figures_that_are_cut_off_are_said_to_be() {
    // Twelve rows of four parts in tenths of which the second digit was cut, as its total's was.
    let mut table = "Thôn;Tổng số (tấn);Lúa (tấn);Ngô (tấn);Khoai (tấn);Sắn (tấn)\n".to_owned();
    for row in 0..12 {
        let parts = [1298 + 37 * row, 877 + 53 * row, 459 + 71 * row, 388 + 29 * row];
        let tenths = |value: i32| format!("{},{}", value / 100, value / 10 % 10);
        let cells: Vec<String> = std::iter::once(parts.iter().sum()).chain(parts).map(tenths).collect();
        table.push_str(&format!("Thôn số {row};{}\n", cells.join(";")));
    }
    let draft = drafted(&[read("nam-2031.csv", table.as_bytes())], None, "xa-mau");
    let catalogue = draft.catalogue.unwrap_or_default();
    assert!(catalogue.contains("parts = [\"lua\", \"ngo\", \"khoai\", \"san\"]"), "{catalogue}");
    assert_eq!(catalogue.matches("recorded = \"cut\"  # đoán").count(), 5, "{catalogue}");
}

#[test]
fn the_command_writes_files_that_can_be_used_and_replaces_none() {
    let here = tempfile::tempdir().expect("a folder");
    fs::create_dir(here.path().join("so-lieu")).expect("a folder");
    fs::write(here.path().join("so-lieu/chan-nuoi.csv"), VILLAGES).expect("written");
    let ran = bieu(&["draft", "so-lieu"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(
        ran.out.contains("1 bảng") && ran.out.contains("bieu validate so-lieu -m so-lieu/mapping.toml"),
        "{}",
        ran.out
    );
    let checked = bieu(&["mapping", "check", "so-lieu"], here.path());
    assert_eq!(checked.exit, 0, "{}", checked.err);
    let validated = bieu(&["validate", "so-lieu"], here.path());
    assert_eq!(validated.exit, 0, "{}{}", validated.out, validated.err);
    let again = bieu(&["draft", "so-lieu"], here.path());
    assert_eq!(again.exit, 2);
    assert!(again.err.contains("--update"), "{}", again.err);
    let forced = bieu(&["draft", "so-lieu", "--force"], here.path());
    assert_eq!(forced.exit, 0, "{}", forced.err);
    let json = bieu(&["draft", "so-lieu", "--format", "json"], here.path());
    let value: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["schema"], "bieu.draft/1");
    assert_eq!(value["files"][0]["sheets"][0]["tables"][0]["area"], "A3:E9");
    let relations = value["files"][0]["sheets"][0]["relations"].as_array().expect("relations");
    assert!(relations.iter().any(|relation| relation["kind"] == "sum" && relation["written"] == true), "{relations:?}");
}

#[test]
fn an_update_leaves_what_fits_as_it_is() {
    let here = tempfile::tempdir().expect("a folder");
    let path = here.path().join("chan-nuoi.csv");
    let table =
        "Chỉ tiêu;ĐVT;Kế hoạch 2031;Thực hiện 2031\nĐàn trâu;con;120;118\nĐàn bò;con;80;84\nĐàn lợn;con;900;870\n";
    fs::write(&path, table).expect("written");
    assert_eq!(bieu(&["draft", "."], here.path()).exit, 0);
    let mapping = || fs::read_to_string(here.path().join("mapping.toml")).expect("the mapping");
    let before = mapping();
    let ran = bieu(&["draft", ".", "--update"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(before, mapping(), "what fits stays byte for byte");
    // A row is gone and another is new.
    fs::write(&path, table.replace("Đàn bò;con;80;84", "Đàn ngựa;con;8;9")).expect("written");
    let ran = bieu(&["draft", ".", "--update"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let after = mapping();
    let gone = after.lines().find(|line| line.starts_with("# \"Đàn bò\"")).unwrap_or_default();
    assert!(gone.contains("không còn"), "{after}");
    assert!(after.lines().any(|line| line.starts_with("\"Đàn ngựa\"") && line.contains("mới")), "{after}");
    for line in before.lines().filter(|line| !line.starts_with("\"Đàn bò\"")) {
        assert!(after.lines().any(|own| own == line), "{line} is gone from\n{after}");
    }
    assert_eq!(bieu(&["mapping", "check", "mapping.toml"], here.path()).exit, 0);
}

#[test]
fn an_update_of_a_mapping_that_only_extends_changes_its_base() {
    let here = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(here.path().join(name), text).expect("written");
    let table = "Chỉ tiêu;ĐVT;Kế hoạch 2031;Thực hiện 2031\nĐàn trâu;con;120;118\nĐàn bò;con;80;84\n";
    write("chan-nuoi.csv", table);
    assert_eq!(bieu(&["draft", "."], here.path()).exit, 0);
    fs::rename(here.path().join("mapping.toml"), here.path().join("goc.toml")).expect("renamed");
    let own = "[mapping]\nextends = \"goc.toml\"\nperiod = \"2032\"\n";
    write("mapping.toml", own);
    // A row is gone, another and a column are new.
    let next = table.replace("2031", "2032").replace("Đàn bò;con;80;84", "Đàn ngựa;con;8;9");
    write("chan-nuoi.csv", &next);
    let ran = bieu(&["draft", ".", "--update"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    // The nearest indicator is offered in a comment above.
    assert!(ran.out.contains("thêm 2 dòng, để 1 dòng"), "{}", ran.out);
    let after = fs::read_to_string(here.path().join("mapping.toml")).expect("the mapping");
    assert!(after.starts_with(own), "{after}");
    assert!(after.contains("[[source]]\nname = \"chan-nuoi\""), "{after}");
    assert!(after.lines().any(|line| line.starts_with("\"Đàn bò\" = \"remove\"  # không còn")), "{after}");
    assert!(after.lines().any(|line| line.starts_with("\"Đàn ngựa\"") && line.contains("mới")), "{after}");
    let checked = bieu(&["mapping", "check", "mapping.toml"], here.path());
    assert_eq!(checked.exit, 0, "{}{}", checked.out, checked.err);
    let again = bieu(&["draft", ".", "--update"], here.path());
    assert!(again.out.contains("thêm 0 dòng, để 0 dòng"), "{}", again.out);
    // More rows go into the section that is there now.
    write("chan-nuoi.csv", &format!("{next}Đàn dê;con;5;6\n"));
    let more = bieu(&["draft", ".", "--update"], here.path());
    assert!(!more.out.contains("thêm 0 dòng") && more.out.contains("để 0 dòng"), "{}", more.out);
    let later = fs::read_to_string(here.path().join("mapping.toml")).expect("the mapping");
    assert_eq!(later.matches("[[source]]").count(), 1, "{later}");
    assert!(later.contains("Đàn dê"), "{later}");
}
