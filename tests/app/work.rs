//! The five steps, held against the commands.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::page::{Events, Server, command, copy, sample, text};

/// What a command prints.
fn printed(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("bieu runs");
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The report without the ids that the page asks by.
fn without_ids(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_ids),
        Value::Object(object) => {
            object.remove("fileId");
            if object.contains_key("fingerprint") || object.contains_key("readings") || object.contains_key("error") {
                object.remove("id");
            }
            object.values_mut().for_each(without_ids);
        }
        _ => {}
    }
}

#[test]
fn the_page_shows_what_the_commands_say() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("luc-binh-2023", home.path());
    let server = Server::start(home.path(), &[text(&folder)]);
    let shown = server.folder();
    assert_eq!(
        (&shown["kind"], &shown["mapping"]["bundled"], &shown["period"]),
        (&json!("one"), &json!(true), &json!("2023"))
    );
    let files = shown["files"].as_array().cloned().unwrap_or_default();
    assert!(
        files.len() == 10
            && files.iter().all(|file| file["sheets"].as_array().is_some_and(|sheets| !sheets.is_empty())),
        "{shown}"
    );

    // The report.
    let id = shown["id"].clone();
    let mut report = server.ask("report", &json!({ "folder": id }))["report"].clone();
    without_ids(&mut report);
    let by_command = printed(command(home.path()).args(["validate", "luc-binh-2023", "--format", "json"]));
    let by_command: Value = serde_json::from_slice(&by_command).expect("JSON");
    assert_eq!(report, by_command);

    // A sheet, cell by cell.
    let file = files.iter().find(|file| file["name"] == "trong-trot-2023.xlsx").expect("the file");
    let sheet = server.ask("sheet", &json!({ "file": file["id"], "sheet": "Cả năm", "from": 0, "count": 500 }));
    assert_eq!(
        (&sheet["name"], &sheet["cells"][19][5]["t"], &sheet["cells"][19][5]["k"]),
        (&json!("Cả năm"), &json!("101,1"), &json!("number")),
        "{sheet}"
    );
    assert_eq!(
        sheet["cells"].as_array().map(Vec::len),
        sheet["rows"].as_u64().and_then(|rows| usize::try_from(rows).ok())
    );
    let part = server.ask("sheet", &json!({ "file": file["id"], "sheet": "Cả năm", "from": 19, "count": 1 }));
    assert_eq!(part["cells"], json!([sheet["cells"][19]]));

    // The form, each figure with its cells.
    let form = server.ask("form", &json!({ "folder": id }));
    let counts = &report["submissions"][0]["verdicts"];
    for verdict in ["exceeded", "met", "missed"] {
        assert_eq!(form["counts"][verdict], counts[verdict], "{verdict}");
    }
    let cells =
        form["rows"].as_array().into_iter().flatten().flat_map(|row| row["cells"].as_array().into_iter().flatten());
    let with_origin = cells.filter(|cell| cell["origins"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(with_origin.count() > 80);
    let origin =
        form["rows"].as_array().into_iter().flatten().find_map(|row| {
            row["cells"].as_array()?.iter().find_map(|cell| cell["origins"].as_array()?.first().cloned())
        });
    assert!(origin.is_some_and(|origin| origin["fileId"].is_string() && origin["cell"].is_string()));
    let field = form["fields"].as_array().into_iter().flatten().find(|field| field["key"] == "report");
    assert!(
        field.is_some_and(|field| field["value"] == "282-BC/ĐU" && field["label"] == "Số báo cáo"),
        "{}",
        form["fields"]
    );

    // The workbook, byte for byte.
    let made = server.ask(
        "convert",
        &json!({ "folder": id, "kinds": ["form", "annotated", "report-html", "report-xlsx", "table"] }),
    );
    let made = made["downloads"].as_array().cloned().unwrap_or_default();
    let bytes = |kind: &str| {
        let own = made.iter().find(|own| own["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {made:?}"));
        let answer = server.get(own["url"].as_str().unwrap_or_default());
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-disposition").is_some_and(|value| value.starts_with("attachment")), "{kind}");
        answer.body
    };
    printed(command(home.path()).args(["convert", "luc-binh-2023", "-o", "bieu.xlsx"]));
    assert!(bytes("form") == fs::read(home.path().join("bieu.xlsx")).expect("the workbook"), "another workbook");
    printed(command(home.path()).args([
        "validate",
        "luc-binh-2023",
        "--table",
        "a.csv",
        "--report",
        "a.html",
        "--report",
        "a.xlsx",
    ]));
    for (kind, name) in [("table", "a.csv"), ("report-html", "a.html"), ("report-xlsx", "a.xlsx")] {
        assert!(bytes(kind) == fs::read(home.path().join(name)).expect("a report"), "another {kind}");
    }
    assert!(!bytes("annotated").is_empty());

    // Written where the officer says, and never over something else.
    let to = home.path().join("ra");
    fs::create_dir(&to).expect("a folder");
    let save = |to: &str, force: bool| json!({ "folder": id, "kinds": ["form"], "to": to, "force": force });
    server.ask("save", &save(text(&to), false));
    assert_eq!(server.refused("save", &save(text(&to), false)), (409, "exists".to_owned()));
    server.ask("save", &save(text(&to), true));
    assert_eq!(server.refused("save", &save(text(&folder), true)), (409, "over-input".to_owned()));
    printed(command(home.path()).args(["convert", "luc-binh-2023", "-o", "ra/lai.xlsx"]));
    let written = fs::read(to.join("bieu-ket-qua.xlsx")).expect("the workbook");
    assert!(written == fs::read(to.join("lai.xlsx")).expect("the workbook"), "another workbook");

    // What was described can be taken along.
    fs::write(folder.join("bieu.toml"), "[severity]\n").expect("written");
    server.ask("save", &json!({ "folder": id, "kinds": ["mapping"], "to": text(&to), "force": false }));
    assert_eq!(fs::read(to.join("bieu.toml")).expect("the copy"), b"[severity]\n");
    fs::remove_file(folder.join("bieu.toml")).expect("removed");

    let explained = server.ask("explain", &json!({ "code": "total-mismatch" }));
    assert!(explained["title"].as_str().is_some_and(|title| title.contains("total-mismatch")), "{explained}");
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 10, "nothing is written into the folder");
}

#[test]
fn fields_and_reasons_are_kept_beside_the_files() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("luc-binh-2023", home.path());
    let server = Server::start(home.path(), &[text(&folder)]);
    let shown = server.folder();
    let id = shown["id"].clone();
    let mut revision = shown["revision"].as_u64().unwrap_or(0);
    let mut events = Events::open(&server);
    events.next("hello");

    server.ask("fields", &json!({ "folder": id, "values": { "report": "9/BC-ĐU", "signer": "Lê Văn Thư" } }));
    let mapping = folder.join("mapping.toml");
    let text_of = || fs::read_to_string(&mapping).expect("the mapping");
    assert_eq!(
        text_of(),
        "[mapping]\nextends = \"luc-binh-2023\"\n\n[fields]\nreport = \"9/BC-ĐU\"\nsigner = \"Lê Văn Thư\"\n"
    );
    revision = server.judged(&id, revision)["revision"].as_u64().unwrap_or(0);
    let form = server.ask("form", &json!({ "folder": id }));
    assert!(form["title"].to_string().contains("9/BC-ĐU"), "{}", form["title"]);

    // Somebody writes there in the moment before the page knows.
    fs::write(&mapping, format!("# của tôi\n{}", text_of())).expect("written");
    let body = |force: bool| json!({ "folder": id, "values": { "report": "10/BC" }, "force": force });
    let refused = server.refused("fields", &body(false));
    if refused.0 == 409 {
        assert_eq!(refused.1, "edited-meanwhile");
    }
    server.ask("fields", &body(true));
    assert!(text_of().starts_with("# của tôi\n") && text_of().contains("\"10/BC\""), "{}", text_of());
    revision = server.judged(&id, revision)["revision"].as_u64().unwrap_or(0);

    let report = |what: &str| {
        let report = server.ask("report", &json!({ "folder": id }));
        report["report"]["submissions"][0][what].clone()
    };
    let open = |findings: &Value| {
        findings.as_array().map_or(0, |all| all.iter().filter(|own| own["suppressed"].is_null()).count())
    };
    let findings = report("findings");
    let finding = findings
        .as_array()
        .into_iter()
        .flatten()
        .find(|own| own["severity"] == "error" && own["found"].is_string())
        .expect("one")
        .clone();
    let body = json!({ "folder": id, "fingerprint": finding["fingerprint"], "reason": "đã \"đối chiếu\"", "by": "Nguyễn Thị Lập" });
    server.ask("suppress", &body);
    revision = server.judged(&id, revision)["revision"].as_u64().unwrap_or(0);
    let after = report("findings");
    assert_eq!(
        open(&after) + 1,
        open(&findings),
        "{}",
        fs::read_to_string(folder.join("bieu.toml")).unwrap_or_default()
    );
    assert_eq!(server.ask("state", &json!({}))["name"], "Nguyễn Thị Lập");
    let compared = server.ask("compare", &json!({ "folder": id }));
    assert_eq!(compared["new"], json!([]), "{compared}");
    server.ask("unsuppress", &json!({ "folder": id, "fingerprint": finding["fingerprint"] }));
    server.judged(&id, revision);
    assert_eq!(open(&report("findings")), open(&findings));
}

#[test]
fn what_moved_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    copy("luc-binh-2023", home.path());
    copy("luc-binh-2023-da-sua", home.path());
    let many = home.path().join("nhieu");
    fs::create_dir(&many).expect("a folder");
    for name in ["luc-binh-2023", "luc-binh-2023-da-sua"] {
        fs::rename(home.path().join(name), many.join(name)).expect("moved");
    }
    let server = Server::start(home.path(), &[text(&many)]);
    let shown = server.folder();
    assert_eq!(shown["kind"], "many");
    let by_name = |name: &str| {
        let found = shown["submissions"].as_array().into_iter().flatten().find(|own| own["name"] == name);
        found.cloned().unwrap_or_default()
    };
    let (first, mended) = (by_name("luc-binh-2023"), by_name("luc-binh-2023-da-sua"));
    assert_eq!(shown["submissions"][0]["id"], first["id"], "worst first");
    let with = json!({ "folder": shown["id"], "submission": first["id"] });
    let compared = server.ask("compare", &json!({ "folder": shown["id"], "submission": mended["id"], "with": with }));
    let count = |key: &str| compared[key].as_array().map_or(0, Vec::len);
    assert!(count("mended") > 5 && count("moved") > 3, "{compared}");
    let moved = &compared["moved"][0];
    assert!(
        moved["label"].is_string() && moved["before"] != moved["after"] && moved["place"]["fileId"].is_string(),
        "{moved}"
    );

    // One of them opened, all of them put together, and what to send back.
    let form = server.ask("form", &json!({ "folder": shown["id"], "submission": mended["id"] }));
    assert!(form["rows"].as_array().is_some_and(|rows| rows.len() > 25));
    printed(command(home.path()).args(["consolidate", "nhieu", "-o", "tong-hop.xlsx"]));
    let together = server.ask("consolidate", &json!({ "folder": shown["id"] }));
    let url = together["downloads"][0]["url"].as_str().unwrap_or_default();
    let written = fs::read(home.path().join("tong-hop.xlsx")).expect("the workbook");
    assert!(server.get(url).body == written, "another workbook");
    for question in ["consolidate", "feedback"] {
        let made = server.ask(question, &json!({ "folder": shown["id"] }));
        let url = made["downloads"][0]["url"].as_str().unwrap_or_default().to_owned();
        assert!(server.get(&url).body.starts_with(b"PK"), "{question} {made}");
    }
}

#[test]
fn what_is_dropped_is_copied() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let bytes = fs::read(sample("bieu-thon-2024").join("so-lieu-thon.xlsx")).expect("the sample");
    let files = json!([{ "name": "số liệu.xlsx", "base64": base64(&bytes) }]);
    let opened = server.ask("upload", &json!({ "files": files }));
    let shown = server.judged(&opened["folder"], 0);
    assert_eq!((&shown["copy"], &shown["files"][0]["name"]), (&json!(true), &json!("số liệu.xlsx")), "{shown}");
    assert_eq!(server.ask("state", &json!({}))["recent"], json!([]));
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let six = bits >> (18 - 6 * at) & 63;
            out.push(if at <= three.len() { char::from(LETTERS[six as usize]) } else { '=' });
        }
    }
    out
}

#[test]
fn a_draft_is_chosen_kept_and_written() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = copy("bieu-6-thang-2024", home.path());
    fs::remove_file(folder.join("mapping.toml")).expect("the mapping");
    let mut server = Server::start(home.path(), &[text(&folder)]);
    let mut id = server.folder()["id"].clone();
    let body = |id: &Value, more: Value| {
        let mut body = json!({ "folder": id });
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        body
    };
    let fresh = server.ask("draft", &body(&id, json!({})));
    assert_eq!(
        (&fresh["undo"], &fresh["saved"], &fresh["edited"], &fresh["catalogue"]),
        (&json!(0), &json!(false), &json!(false), &json!(null))
    );
    let known = fresh["catalogues"].as_array().into_iter().flatten().find(|own| own["name"] == "bieu-6-thang");
    assert!(known.is_some(), "{}", fresh["catalogues"]);
    let first = server.ask("draft", &body(&id, json!({ "catalogue": "bieu-6-thang" })));
    assert_eq!((&first["undo"], &first["catalogue"]), (&json!(1), &json!("bieu-6-thang")));
    let file = &first["draft"]["files"][0];
    let table = file["sheets"].as_array().into_iter().flatten().flat_map(|sheet| {
        sheet["tables"].as_array().into_iter().flatten().map(move |table| (sheet["name"].clone(), table.clone()))
    });
    let (sheet, table) = table.max_by_key(|(_, table)| table["rows"].as_array().map_or(0, Vec::len)).expect("a table");
    let row =
        table["rows"].as_array().into_iter().flatten().find(|row| row["role"] == "indicator").expect("a row").clone();
    let choice = |is: Value| json!({ "file": file["path"], "sheet": sheet, "table": table["area"], "row": row["row"], "as": is });
    let of_row = |answer: &Value| {
        let sheets = answer["draft"]["files"][0]["sheets"].as_array().cloned().unwrap_or_default();
        let own = sheets.iter().find(|own| own["name"] == sheet).cloned().unwrap_or_default();
        let rows = own["tables"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|table| table["rows"].as_array().into_iter().flatten());
        rows.clone().find(|own| own["row"] == row["row"]).cloned().unwrap_or_default()
    };
    let left =
        server.ask("draft/choose", &body(&id, json!({ "choice": choice(json!({ "ignore": "không\nbáo cáo" })) })));
    let chosen = of_row(&left);
    assert_eq!(
        (&chosen["role"], &chosen["chosen"], &chosen["reason"]),
        (&json!("ignore"), &json!(true), &json!("không báo cáo")),
        "{chosen}"
    );
    assert!(left["readings"].as_u64() < first["readings"].as_u64(), "{} {}", left["readings"], first["readings"]);
    assert!(left["draft"]["mapping"].as_str().is_some_and(|text| text.contains("# không báo cáo")));
    // What cannot be meant changes nothing.
    let odd = server.ask("draft/choose", &body(&id, json!({ "choice": choice(json!({ "indicator": "khong.co" })) })));
    assert_eq!(of_row(&odd)["indicator"], row["indicator"]);
    server.ask("draft/undo", &body(&id, json!({})));

    // Killed in the middle of it.
    server.child.kill().expect("a child");
    drop(server);
    server = Server::start(home.path(), &[text(&folder)]);
    id = server.folder()["id"].clone();
    let again = server.ask("draft", &body(&id, json!({})));
    assert_eq!((&again["undo"], &again["redo"]), (&json!(2), &json!(1)));
    assert_eq!(of_row(&again)["reason"], "không báo cáo");
    let back = server.ask("draft/undo", &body(&id, json!({})));
    assert_eq!((&back["readings"], &back["undo"], &back["redo"]), (&first["readings"], &json!(1), &json!(2)));
    let forth = server.ask("draft/redo", &body(&id, json!({})));
    assert_eq!(forth["draft"]["mapping"], again["draft"]["mapping"]);

    // Written as it was shown, in the folder, and read by the page at once.
    let revision = server.folder()["revision"].as_u64().unwrap_or(0);
    server.ask("draft/save", &body(&id, json!({})));
    let path = folder.join("mapping.toml");
    assert_eq!(fs::read_to_string(&path).ok().as_deref(), forth["draft"]["mapping"].as_str());
    let shown = server.judged(&id, revision);
    assert_eq!((&shown["kind"], &shown["mapping"]["bundled"]), (&json!("one"), &json!(false)), "{shown}");
    let report = server.ask("report", &json!({ "folder": id }));
    assert_eq!(report["report"]["submissions"][0]["readings"], forth["readings"]);
    assert_eq!(server.ask("draft", &body(&id, json!({})))["saved"], true);

    // Somebody changed it: it is not written over without asking.
    fs::write(&path, format!("{}# của tôi\n", fs::read_to_string(&path).expect("the mapping"))).expect("written");
    server.ask("draft/undo", &body(&id, json!({})));
    assert_eq!(server.refused("draft/save", &body(&id, json!({}))), (409, "edited-meanwhile".to_owned()));
    assert!(fs::read_to_string(&path).is_ok_and(|text| text.ends_with("# của tôi\n")));
    server.ask("draft/save", &body(&id, json!({ "force": true })));
    assert!(fs::read_to_string(&path).is_ok_and(|text| !text.contains("của tôi")));
}

#[test]
fn every_sheet_is_shown_and_a_whole_one_can_be_left_out() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("xa");
    fs::create_dir(&folder).expect("a folder");
    fs::copy(sample("bieu-6-thang-2024").join("so-lieu-6-thang.xlsx"), folder.join("a.xlsx")).expect("the sample");
    let other = "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nQuán nước ven đường;cái;7;9\nCầu treo;cái;4;3\n";
    fs::write(folder.join("khac.csv"), other).expect("written");
    let server = Server::start(home.path(), &[text(&folder)]);
    let id = server.folder()["id"].clone();
    let status = |answer: &Value| {
        let files = answer["draft"]["files"].as_array().cloned().unwrap_or_default();
        let file = files.iter().find(|file| file["path"].as_str().is_some_and(|path| path.ends_with("khac.csv")));
        let sheet = file.map(|file| file["sheets"][0].clone()).unwrap_or_default();
        (sheet["status"].clone(), sheet["reason"].clone(), sheet["tables"][0]["rows"].as_array().map_or(0, Vec::len))
    };
    let first = server.ask("draft", &json!({ "folder": id, "catalogue": "bieu-6-thang" }));
    let (open, _, rows) = status(&first);
    assert_eq!((&open, rows), (&json!("open"), 2), "{}", first["draft"]["files"]);
    let file = first["draft"]["files"]
        .as_array()
        .into_iter()
        .flatten()
        .find_map(|file| file["path"].as_str().filter(|path| path.ends_with("khac.csv")).map(str::to_owned));
    let choice = |is: Value| json!({ "folder": id, "choice": { "file": file, "sheet": "CSV", "as": is } });
    let out = server.ask("draft/choose", &choice(json!({ "ignore": "nộp riêng" })));
    assert_eq!(status(&out), (json!("left-out"), json!("nộp riêng"), 2));
    assert!(out["draft"]["mapping"].as_str().is_some_and(|text| text.contains("# nộp riêng")));
    assert_eq!(out["readings"], first["readings"]);
    let back = server.ask("draft/choose", &choice(json!({ "auto": true })));
    assert_eq!(status(&back).0, json!("open"));
    assert_eq!(back["draft"]["mapping"], first["draft"]["mapping"]);
    // A sheet is no indicator.
    assert_eq!(server.refused("draft/choose", &choice(json!({ "indicator": "lua" }))).0, 400);
}
