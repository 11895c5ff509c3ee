//! Every format of the report on a small invented one, compared with `tests/reports/`, which is read
//! by eye. `BIEU_BLESS=1 cargo test --test reports` writes the files anew.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use bieu::internals::{
    line::codes,
    model::{
        finding::{Certainty, Code, Facts, FileLine, Finding, Hypothesis, Place, Remark, Severity, SlipKind},
        report::{
            CheckCount, FileReport, FileStatus, NotEvaluated, Overview, Report, ReportEntry, Status, Submission,
            VerdictCount,
        },
        workbook::Position,
    },
    values::language::Language,
    write::{ReportFormat, ReportInput, report},
};
use calamine::{Data, Reader, Xlsx};

/// What a stranger may call a folder, a sheet or a cell.
const HOSTILE: &str = "<script>alert(1)</script> \"a\" & 'b'\n=cmd|' /C calc'!A0";

fn code(name: &str) -> &'static Code {
    codes::find(name).expect("a code")
}

fn place(file: &str, sheet: &str, cell: (u32, u32), raw: &str) -> Place {
    Place {
        file: file.into(),
        sheet: Some(sheet.into()),
        cell: Some(Position::new(cell.0, cell.1)),
        raw: Some(raw.into()),
    }
}

fn not_evaluated() -> NotEvaluated {
    NotEvaluated {
        cause: "blank".to_owned(),
        message: "ô Thực hiện <&> để trống".to_owned(),
        file: None,
        indicators: 2,
        checks: 1,
        names: (1..=30).map(|at| format!("\"Đàn vật nuôi {at}\"")).collect(),
    }
}

fn submission(path: &str, status: Status, findings: Vec<Finding>) -> Submission {
    let judged = status != Status::Unreadable && status != Status::Unmapped;
    let file = FileReport {
        path: format!("{path}/lua.xlsx").into(),
        status: if status == Status::Unreadable { FileStatus::Unreadable } else { FileStatus::Read },
        second_reader: None,
        error: (status == Status::Unreadable).then(|| "tệp bị hỏng".to_owned()),
    };
    Submission {
        path: path.into(),
        mapping: judged.then(|| "mau".into()),
        catalogue: judged.then(|| "mau-2030".into()),
        period: judged.then(|| "2030".to_owned()),
        status,
        files: vec![file],
        readings: if judged { 12 } else { 0 },
        checks: CheckCount { passed: if judged { 9 } else { 0 }, failed: findings.len() as u64, not_evaluated: 1 },
        not_evaluated: if judged { vec![not_evaluated()] } else { Vec::new() },
        verdicts: if judged {
            VerdictCount { exceeded: 4, met: 2, missed: 1, met_or_exceeded: 6 }
        } else {
            VerdictCount::default()
        },
        form_rules: Vec::new(),
        findings: findings.into_iter().map(|finding| ReportEntry::new(finding, Language::Vi)).collect(),
    }
}

/// Sentences as facts.
#[derive(Debug)]
struct Said(String, String);

impl Facts for Said {
    fn message(&self, _: Language) -> String {
        self.0.clone()
    }

    fn action(&self, _: Language) -> String {
        self.1.clone()
    }
}

impl Remark for Said {
    fn words(&self, _: Language) -> String {
        self.0.clone()
    }
}

fn said(code: &'static Code, message: String, action: String) -> Finding {
    Finding::new(code, Said(message, action))
}

/// A clean one, one with findings of all severities, a hostile one, one that cannot be read.
fn submissions() -> Vec<Submission> {
    let file = "xã Một/lúa.xlsx";
    let about: Arc<str> = "lua.dien-tich".into();
    let mut ratio = said(
        code("ratio-mismatch"),
        "\"Diện tích lúa\" (Tỷ lệ %) ghi 101,1; 874 / 803 = 108,84".to_owned(),
        "sửa F20 thành 108,84".to_owned(),
    )
    .at(place(file, "Cả năm", (19, 5), "101,1"))
    .stated_at(FileLine { file: "mau.toml".into(), line: 7 })
    .about(&about)
    .fingerprinted(&["lua.dien-tich", "ratio"]);
    ratio.sources = vec![place(file, "Cả năm", (19, 4), "874"), place(file, "Cả năm", (19, 3), "803")];
    (ratio.found, ratio.expected) = (Some("101.1".to_owned()), Some("108.84".to_owned()));
    ratio.diagnose(Said("chép từ F18".to_owned(), String::new()));
    ratio.certainty = Some(Certainty::Likely);
    ratio.hypotheses.push(Hypothesis {
        kind: SlipKind::Typo,
        target: place(file, "Cả năm", (19, 4), "874"),
        to: "812".to_owned(),
        resolves: 2,
        together: Vec::new(),
    });
    let verdict = said(
        code("verdict-mismatch"),
        "\"Diện tích lúa\" (Ghi chú) ghi \"Vượt\"".to_owned(),
        "sửa thành \"Không đạt\"".to_owned(),
    )
    .at(place(file, "Cả năm", (19, 6), "Vượt"))
    .about(&about)
    .fingerprinted(&["lua.dien-tich", "verdict"]);
    ratio.consequences.push(verdict);
    let mut cut = said(code("ratio-truncated"), "tỷ lệ bị cắt đuôi".to_owned(), "làm tròn".to_owned())
        .at(place(file, "Cả năm", (21, 5), "99,66"))
        .about(&about)
        .fingerprinted(&["lua.dien-tich", "cut"]);
    cut.suppressed = Some(Arc::new(Said("đã đối chiếu (VP, 2030-01-05)".to_owned(), String::new())));
    let text = said(code("text-number"), "số lưu dạng chữ".to_owned(), "không bắt buộc".to_owned())
        .at(place(file, "Cả năm", (21, 3), "1.006,3"))
        .fingerprinted(&["text"]);
    let hostile = said(code("missing-label"), format!("không có dòng {HOSTILE}"), HOSTILE.to_owned())
        .at(place(HOSTILE, HOSTILE, (0, 0), HOSTILE))
        .fingerprinted(&["x"]);
    let broken = said(code("unreadable-file"), "tệp bị hỏng\u{1b}".to_owned(), "xin lại tệp".to_owned())
        .at(Place::file(&"xã Ba/lua.xlsx".into()))
        .fingerprinted(&["y"]);
    vec![
        submission("xã Một", Status::Findings, vec![ratio, text, cut]),
        submission("xã Hai", Status::Clean, Vec::new()),
        submission(HOSTILE, Status::Findings, vec![hostile]),
        submission("xã Ba", Status::Unreadable, vec![broken]),
    ]
}

fn written(format: ReportFormat, submissions: &[Submission], language: Language) -> Vec<u8> {
    let overview = Overview::of(submissions);
    let codes: Vec<&'static Code> =
        ["missing-label", "ratio-mismatch", "ratio-truncated", "text-number", "unreadable-file"].map(code).into();
    let checks = [code("ratio-mismatch"), code("ratio-truncated")];
    let input = ReportInput {
        report: Report { overview: &overview, submissions: &submissions },
        language,
        codes: &codes,
        checks: &checks,
        base: "../",
    };
    let mut out = Vec::new();
    report(format, input, &mut out).expect("a report");
    out
}

fn text(format: ReportFormat, language: Language) -> String {
    String::from_utf8(written(format, &submissions(), language)).expect("UTF-8")
}

fn workbook_as_text(bytes: Vec<u8>) -> String {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let mut shown = String::new();
    for (name, range) in workbook.worksheets() {
        shown += &format!("[{name}]\n");
        for row in range.rows() {
            let cells: Vec<String> = row.iter().map(Data::to_string).collect();
            shown += &format!("{}\n", cells.join(" | ").replace('\n', "\\n"));
        }
    }
    shown
}

/// A tag with its attributes, the end of one, or a text.
#[derive(Debug, PartialEq)]
enum Node {
    Start(String, BTreeMap<String, String>),
    End(String),
    Text(String),
    Other(String),
}

/// Adds a text, in which it does not matter how white space is written; between tags it is none.
fn add_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

fn folded(nodes: Vec<Node>) -> Vec<Node> {
    let fold = |node: Node| match node {
        Node::Text(text) if text.trim().is_empty() => None,
        Node::Text(text) => {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let blank = |is: bool| if is { " " } else { "" };
            let (before, after) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
            Some(Node::Text(format!("{}{words}{}", blank(before), blank(after))))
        }
        other => Some(other),
    };
    nodes.into_iter().filter_map(fold).collect()
}

/// A page as it is parsed.
fn tree_of_page(page: &str) -> Vec<Node> {
    use html5gum::{DefaultEmitter, Token, Tokenizer};
    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut nodes = Vec::new();
    let mut emitter = DefaultEmitter::default();
    // What stands in a script is no tag.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let token = token.expect("a token");
        assert!(!matches!(token, Token::Error(_)), "{token:?}");
        match token {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| (string(name), string(value))).collect();
                nodes.push(Node::Start(string(&tag.name), attributes));
            }
            Token::EndTag(tag) => nodes.push(Node::End(string(&tag.name))),
            Token::String(text) => add_text(&mut nodes, &string(&text)),
            other => nodes.push(Node::Other(format!("{other:?}"))),
        }
    }
    folded(nodes)
}

/// The elements of an XML file.
fn tree_of_xml(xml: &str) -> Vec<Node> {
    use quick_xml::{
        Reader,
        events::{BytesStart, Event},
    };
    let start = |tag: &BytesStart<'_>| {
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = quick_xml::escape::unescape(&attribute.value).expect("escaped").into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        Node::Start(tag.name().as_ref().to_owned(), attributes.collect())
    };
    let mut nodes = Vec::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(tag) => nodes.push(start(&tag)),
            Event::Empty(tag) => {
                nodes.push(start(&tag));
                nodes.push(Node::End(tag.name().as_ref().to_owned()));
            }
            Event::End(tag) => nodes.push(Node::End(tag.name().as_ref().to_owned())),
            Event::Text(text) => add_text(&mut nodes, &text),
            Event::GeneralRef(name) => {
                let letter = format!("&{};", &*name);
                add_text(&mut nodes, &quick_xml::escape::unescape(&letter).expect("a character"));
            }
            Event::Eof => return folded(nodes),
            other => nodes.push(Node::Other(format!("{other:?}"))),
        }
    }
}

#[test]
fn every_format_is_as_it_was_read() {
    let bless = std::env::var_os("BIEU_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let mut wrong = Vec::new();
    for format in ReportFormat::ALL {
        let path = folder.join(match format {
            ReportFormat::Xlsx => "report.xlsx.txt".to_owned(),
            other => format!("report.{}", other.ending()),
        });
        let now = match format {
            ReportFormat::Xlsx => workbook_as_text(written(format, &submissions(), Language::Vi)),
            ReportFormat::Sarif => {
                let log: serde_json::Value =
                    serde_json::from_str(&text(ReportFormat::Sarif, Language::Vi)).expect("JSON");
                format!("{log:#}\n")
            }
            other => text(other, Language::Vi),
        };
        // A release is no change of the format.
        let now = now.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        let known = fs::read_to_string(&path).unwrap_or_default();
        // How markup is laid out and escaped is its library's affair.
        let is_same = match format {
            ReportFormat::Html => tree_of_page(&known) == tree_of_page(&now),
            ReportFormat::Junit => tree_of_xml(&known) == tree_of_xml(&now),
            _ => known == now,
        };
        if bless {
            fs::write(&path, &now).expect("tests/reports can be written");
        } else if !is_same {
            wrong.push(format!("{} differs; now:\n{now}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hostile_texts_stay_texts() {
    let html = text(ReportFormat::Html, Language::En);
    assert_eq!(html.matches("<script>").count(), 1, "only ours");
    let hostile = HOSTILE.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = tree_of_page(&html);
    assert!(page.iter().any(|node| matches!(node, Node::Text(text) if *text == hostile)), "it is shown as it stands");
    assert!(html.contains("<html lang=\"en\">"));
    assert!(!html.contains("http://") && !html.contains("https://"), "no network");
    let junit = text(ReportFormat::Junit, Language::Vi);
    assert!(!junit.contains("<script") && !junit.contains('\u{1b}'));
    assert!(!text(ReportFormat::Text, Language::Vi).contains('\u{1b}'), "nothing steers the terminal");
    let csv = text(ReportFormat::Csv, Language::Vi);
    assert!(csv.starts_with('\u{feff}'));
    let formula = submission("=cmd", Status::Clean, Vec::new());
    let finding = said(code("text-number"), "=1+1".to_owned(), "@x".to_owned());
    let formula = Submission { findings: vec![ReportEntry::new(finding, Language::Vi)], ..formula };
    let csv = String::from_utf8(written(ReportFormat::Csv, &[formula], Language::Vi)).expect("UTF-8");
    assert!(csv.contains("\n'=cmd,clean,info,text-number,,,,,,'=1+1,'@x,"), "{csv}");
}

/// Control characters may stand in the names of files, and not in XML.
#[test]
fn no_part_of_the_workbook_holds_what_xml_does_not() {
    let steering = "xa\u{1b}[31m\u{9b}2J\u{7}\u{ffff}.xlsx";
    let finding = said(code("text-number"), steering.to_owned(), steering.to_owned()).at(place(
        steering,
        steering,
        (1, 1),
        steering,
    ));
    let bytes = written(ReportFormat::Xlsx, &[submission(steering, Status::Findings, vec![finding])], Language::Vi);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).expect("UTF-8");
        let wrong = |c: char| (c.is_control() && !"\r\n\t".contains(c)) || c == '\u{ffff}';
        assert_eq!(text.find(wrong), None, "{text:?}");
    }
}

/// Every element that opens also closes, in order; attributes are quoted.
#[test]
fn markup_is_balanced() {
    let alone = ["!DOCTYPE", "meta", "?xml", "input"];
    for format in [ReportFormat::Junit, ReportFormat::Html] {
        let markup = text(format, Language::Vi);
        let markup = match (markup.find("<style>"), markup.find("</style>")) {
            (Some(from), Some(to)) => markup[..from].to_owned() + &markup[to + "</style>".len()..],
            (None | Some(_), _) => markup,
        };
        let markup = match markup.find("<script>") {
            Some(from) => markup[..from].to_owned() + "</body></html>",
            None => markup,
        };
        let mut open = Vec::new();
        for piece in markup.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("a tag ends");
            let name = tag.split([' ', '\n']).next().unwrap_or_default();
            if let Some(name) = name.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name.to_owned()), "{format:?}");
            } else if !tag.ends_with('/') && !alone.contains(&name) {
                open.push(name.to_owned());
            }
        }
        assert!(open.is_empty(), "{format:?}: {open:?}");
    }
}

/// The page in a browser: its script runs, the search finds, and a hostile name is a text.
#[test]
fn a_browser_filters_the_page() {
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()));
    let Some(browser) = browser else {
        eprintln!("skipped: no chromium on this machine");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("<b> & report.html");
    let type_in = "<script>document.getElementById('query').value = 'XA MOT';\
        document.getElementById('query').dispatchEvent(new Event('input'));</script></body>";
    fs::write(&path, text(ReportFormat::Html, Language::Vi).replace("</body>", type_in)).expect("a page");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=2000"])
        .args(["--dump-dom", &format!("file://{}", path.display().to_string().replace(' ', "%20"))])
        .output()
        .expect("the browser runs");
    let (page, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!log.contains(":CONSOLE"), "{log}");
    assert!(page.contains("<form id=\"filter\" role=\"search\">"), "the script shows the filter: {page}{log}");
    let rows: Vec<&str> = page.split("<tr data-status=").skip(1).collect();
    let shown: Vec<bool> =
        rows.iter().map(|row| !row.split('>').next().unwrap_or_default().contains("data-off")).collect();
    assert_eq!(shown, [false, true, false, false], "only the second is xã Một");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

/// The whole schema, judged by Python's `jsonschema`. `BIEU_SARIF_SCHEMA` is the file; `.ci/run` takes
/// it from npm.
#[test]
fn sarif_validates_against_its_schema() {
    const PYTHON: &str = "import json, sys, jsonschema\n\
        schema = json.load(open(sys.argv[1]))\n\
        validator = jsonschema.validators.validator_for(schema)(schema)\n\
        errors = [f'{list(e.absolute_path)}: {e.message}' for e in validator.iter_errors(json.load(sys.stdin))]\n\
        sys.exit('\\n'.join(errors) if errors else 0)";
    let Ok(schema) = std::env::var("BIEU_SARIF_SCHEMA") else {
        eprintln!("skipped: BIEU_SARIF_SCHEMA names no schema of SARIF 2.1.0");
        return;
    };
    let validate = |log: &str| {
        let mut child = Command::new("python3")
            .args(["-c", PYTHON, &schema])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Python runs");
        child.stdin.take().expect("a stream").write_all(log.as_bytes()).expect("the log is read");
        let ran = child.wait_with_output().expect("Python ends");
        (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let log = text(ReportFormat::Sarif, Language::Vi);
    assert_eq!(validate(&log), (true, String::new()));
    assert!(!validate(&log.replace("\"note\"", "\"info\"")).0, "the schema is looked at");
    let submissions = submissions();
    let mut overview = Overview::of(&submissions);
    (overview.summary.partial, overview.summary.not_judged) = (true, 7);
    let report_of = Report { overview: &overview, submissions: &&*submissions };
    let input = ReportInput { report: report_of, language: Language::En, codes: &[], checks: &[], base: "" };
    let mut stopped = Vec::new();
    report(ReportFormat::Sarif, input, &mut stopped).expect("a report");
    assert_eq!(validate(&String::from_utf8_lossy(&stopped)), (true, String::new()));
}

/// What the schema of SARIF 2.1.0 requires of the parts that are used.
#[test]
fn sarif_has_what_its_schema_requires() {
    let log: serde_json::Value = serde_json::from_str(&text(ReportFormat::Sarif, Language::Vi)).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(run["tool"]["driver"]["name"].is_string() && rules.iter().all(|rule| rule["id"].is_string()));
    let results = run["results"].as_array().expect("results");
    let (open, found): (Vec<_>, Vec<_>) = results.iter().partition(|result| result["kind"] == "open");
    assert!(!open.is_empty() && open.iter().all(|o| o["level"] == "none" && o["message"]["text"].is_string()));
    assert_eq!(found.len(), 5);
    for result in found {
        assert!(result["message"]["text"].is_string());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap_or_default()));
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("an address");
        assert!(uri.is_ascii() && !uri.contains([' ', '<', '"', '\n']), "{uri}");
        assert!(
            result["partialFingerprints"]
                .as_object()
                .is_some_and(|prints| prints.values().all(serde_json::Value::is_string))
        );
        for suppression in result["suppressions"].as_array().expect("suppressions") {
            assert_eq!(suppression["kind"], "external");
            assert!(suppression["justification"].is_string());
        }
    }
}

#[test]
fn a_junit_suite_counts_its_cases() {
    let junit = text(ReportFormat::Junit, Language::Vi);
    let suites: Vec<&str> = junit.split("<testsuite ").skip(1).collect();
    let counts: Vec<(usize, usize)> =
        suites.iter().map(|suite| (suite.matches("<testcase ").count(), suite.matches("<failure ").count())).collect();
    // Two checks and what was not evaluated each; text-number, the verdict that follows from the ratio, and
    // missing-label beside them; what was not read passed nothing.
    assert_eq!(counts, [(5, 2), (3, 0), (4, 1), (1, 1)]);
    for (suite, (tests, failures)) in suites.iter().zip(counts) {
        assert!(suite.contains(&format!("tests=\"{tests}\" failures=\"{failures}\"")), "{suite}");
    }
}

/// Many submissions: the text stays on a few pages, the page of the browser is capped.
#[test]
fn many_submissions_are_told_briefly() {
    let one = submissions().remove(0);
    let many: Vec<Submission> =
        (0..3_000).map(|at| Submission { path: format!("xã {at}").into(), ..one.clone() }).collect();
    let many: Vec<Submission> = many
        .into_iter()
        .map(|submission| {
            let findings = submission.findings.iter().cycle().take(5).cloned().collect();
            Submission { findings, ..submission }
        })
        .collect();
    let text = String::from_utf8(written(ReportFormat::Text, &many, Language::En)).expect("UTF-8");
    assert!(text.lines().count() < 400, "{}", text.lines().count());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("Not clean either: 2990 submissions") && text.contains("--report"), "{text}");
    let html = String::from_utf8(written(ReportFormat::Html, &many, Language::En)).expect("UTF-8");
    assert_eq!(html.matches("\" data-level=").count(), 10_000);
    assert_eq!(html.matches("<tr data-status=").count(), 3_000, "all are listed");
    assert!(html.contains("This page leaves out 5000 findings"));
}

/// A run that was stopped: every format says so.
#[test]
fn a_partial_report_says_so_in_every_format() {
    let submissions = submissions();
    let mut overview = Overview::of(&submissions);
    for partial in [false, true] {
        (overview.summary.partial, overview.summary.not_judged) = (partial, if partial { 7 } else { 0 });
        for format in ReportFormat::ALL {
            let input = ReportInput {
                report: Report { overview: &overview, submissions: &&*submissions },
                language: Language::En,
                codes: &[],
                checks: &[],
                base: "",
            };
            let mut out = Vec::new();
            report(format, input, &mut out).expect("a report");
            let text = match format {
                ReportFormat::Xlsx => workbook_as_text(out),
                _ => String::from_utf8(out).expect("UTF-8"),
            };
            let told = match format {
                ReportFormat::Json => "\"not_judged\": 7",
                _ => "the run was stopped, 7 submissions not judged",
            };
            assert_eq!(text.contains(told), partial, "{format:?}");
        }
    }
}

#[test]
fn the_overview_does_not_depend_on_the_order_of_judging() {
    let submissions = submissions();
    let mut backwards = Overview::default();
    for (at, submission) in submissions.iter().enumerate().rev() {
        // With gaps, as after an interruption.
        backwards.add(at * 3, submission);
    }
    backwards.renumber();
    let forwards = Overview::of(&submissions);
    assert_eq!(backwards.worst_first(), forwards.worst_first());
    assert_eq!(backwards.summary, forwards.summary);
    assert_eq!(forwards.worst_severity(), Some(Severity::Error));
    let order: Vec<usize> = forwards.worst_first().iter().map(|rank| rank.at).collect();
    assert_eq!(order, [3, 0, 2, 1], "what cannot be read, then by findings");
    let counts: BTreeMap<&str, (u64, u64)> =
        forwards.groups().into_iter().map(|(_, code, group)| (code, (group.findings, group.suppressed))).collect();
    assert_eq!(counts["ratio-truncated"], (0, 1));
}
