//! The HTML report in a browser: headless Chromium opens the page of a real run, with hostile names
//! and texts in it, and a script that uses it as a person would. Skipped, and said so, where no
//! Chromium is installed; `BIEU_CHROMIUM` names one.
#![cfg(unix)]

mod program;

use std::{fs, path::Path, process::Command};

/// Runs before anything of the page: hears of every error.
const EARS: &str = r#"<script>
window.trouble = [];
window.alert = (text) => trouble.push("alert " + text);
console.error = console.warn = (...texts) => trouble.push("console " + texts.join(" "));
addEventListener("error", (event) => trouble.push("error " + (event.message || event.target.outerHTML)), true);
addEventListener("unhandledrejection", (event) => trouble.push("rejection " + event.reason));
document.addEventListener("securitypolicyviolation", (event) => trouble.push("policy " + event.blockedURI));
</script>"#;

/// Uses the page, and leaves what it saw as JSON where the test finds it.
const HANDS: &str = r##"<script>
addEventListener("load", async () => {
  const seen = {};
  const get = (id) => document.getElementById(id);
  const wait = () => new Promise((done) => setTimeout(done, 300));
  const rows = () => Array.from(get("submissions").tBodies[0].rows).filter((row) => row.offsetParent !== null);
  const type = async (id, text) => {
    get(id).value = text;
    get(id).dispatchEvent(new Event(id === "query" ? "input" : "change", { bubbles: true }));
    await wait();
  };
  try {
    seen.first = rows().length;
    get("more").click();
    seen.all = rows().length;
    seen.more = get("more").hidden;
    await type("query", "XA-0007");
    seen.query = rows().map((row) => row.cells[0].textContent.trim());
    seen.hits = get("hits").value;
    // Without marks, as one types in a hurry.
    await type("query", "dan ngua la");
    seen.marks = Number(get("hits").value);
    await type("query", "");
    await type("status", "clean");
    seen.clean = Number(get("hits").value);
    await type("status", "");
    const box = document.querySelector("#filter input[type=checkbox][value=error]");
    const shown = () => document.querySelectorAll('tr[data-level="error"]:not([data-off])').length;
    seen.errors = shown();
    box.click();
    await wait();
    seen.unchecked = shown();
    const link = get("submissions").querySelector("a");
    link.click();
    await wait();
    seen.opened = get(link.getAttribute("href").slice(1)).open;
    seen.sheet = Array.from(get("s0").querySelector("table.cells").rows, (row) => Array.from(row.cells, (cell) => cell.textContent));
    get("s0").style.width = "12rem";
    get("s0").open = true;
    await wait();
    seen.scrolled = Array.from(get("s0").querySelectorAll(".wide"), (box) => box.tabIndex === 0);
    seen.unnamed = Array.from(document.querySelectorAll("th, button, summary")).filter((it) => !it.textContent.trim()).length;
    seen.unlabelled = Array.from(document.querySelectorAll("input, select")).filter((it) => !it.labels.length).length;
    seen.flags = Array.from(document.querySelectorAll("#s0 td.flag"), (cell) => cell.firstChild.data);
    seen.strangers = document.querySelectorAll("main img, main script, main iframe, main object").length;
    seen.text = document.querySelector("main").textContent;
  } catch (error) {
    trouble.push("hands " + error);
  }
  seen.trouble = trouble;
  const out = document.createElement("pre");
  out.id = "seen";
  out.textContent = JSON.stringify(seen);
  document.body.replaceChildren(out);
});
</script>"##;

const FILE: &str = "<img src=x onerror=alert(1)>\"'&.csv";
const LABEL: &str = "<img src=y onerror=alert(4)>";
const CELL: &str = "Đàn ngựa lạ <script>alert(2)</script><svg onload=alert(3)>";

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
}

fn chromium() -> Option<String> {
    let named = std::env::var("BIEU_CHROMIUM").ok();
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(str::to_owned);
    let works = |name: &String| Command::new(name).arg("--version").output().is_ok_and(|ran| ran.status.success());
    named.into_iter().chain(known).find(works)
}

/// A page of 121 submissions, of which one is hostile and a third does not add up.
fn page(folder: &Path) -> String {
    write(
        &folder.join("dan.toml"),
        "[catalogue]\nid = \"dan\"\nperiod = \"2023\"\n\
         [[indicator]]\nid = \"dan\"\nlabel = \"Tổng đàn\"\nunit = \"con\"\nparts = [\"trau\", \"bo\"]\n\
         [[indicator]]\nid = \"trau\"\nlabel = \"Trâu\"\nunit = \"con\"\n\
         [[indicator]]\nid = \"bo\"\nlabel = \"Bò\"\nunit = \"con\"\n",
    );
    write(
        &folder.join("ax.toml"),
        "[mapping]\nid = \"ax\"\ncatalogue = \"dan.toml\"\n[[source]]\nfile = \"*\"\nlabel = \"Chỉ tiêu\"\n\
         columns = { \"Thực hiện\" = \"actual\" }\nrows = { \"Tổng đàn\" = \"dan\", \"Trâu\" = \"trau\", \"Bò\" = \"bo\" }\n",
    );
    let table = |total: u32| format!("Chỉ tiêu;Thực hiện\nTổng đàn;{total}\nTrâu;10\nBò;20\n");
    for at in 0..120 {
        write(&folder.join(format!("xa-{at:04}.csv")), &table(if at % 3 == 0 { 31 } else { 30 }));
    }
    write(&folder.join(FILE), &table(30).replace("Trâu;10", &format!("Trâu;{CELL}\n{LABEL};x")));
    let ran = Command::new(program::path())
        .args(["validate", ".", "-m", "ax.toml", "--format", "html"])
        .current_dir(folder)
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    String::from_utf8(ran.stdout).expect("UTF-8")
}

#[test]
fn the_page_works_in_a_browser_and_runs_nothing_of_a_stranger() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: no Chromium is installed; `.ci/run` installs one where it can");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let page = page(folder.path());
    let (head, rest) = page.split_once("<head>").expect("a head");
    let (body, end) = rest.rsplit_once("</body>").expect("a body");
    let prepared = folder.path().join("trang.html");
    write(&prepared, &format!("{head}<head>{EARS}{body}{HANDS}</body>{end}"));
    let ran = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .arg(format!("--user-data-dir={}", folder.path().join("ho-so").display()))
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", prepared.display()))
        .output()
        .expect("Chromium runs");
    let dom = String::from_utf8_lossy(&ran.stdout);
    let seen =
        dom.split_once("<pre id=\"seen\">").and_then(|(_, rest)| rest.split_once("</pre>")).map(|(seen, _)| seen);
    assert!(seen.is_some(), "{dom}\n{}", String::from_utf8_lossy(&ran.stderr));
    // As the browser writes text.
    let seen =
        seen.unwrap_or_default().replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
    let seen: serde_json::Value = serde_json::from_str(&seen).expect("JSON");
    assert_eq!(seen["trouble"], serde_json::json!([]), "no error, no script of a stranger");
    assert_eq!((&seen["first"], &seen["all"], &seen["more"]), (&100.into(), &121.into(), &true.into()));
    assert_eq!(seen["query"].as_array().map(Vec::len), Some(1), "{seen:#}");
    assert!(seen["query"][0].as_str().is_some_and(|path| path.ends_with("xa-0007.csv")), "{}", seen["query"]);
    assert_eq!(seen["hits"], "1");
    assert_eq!(seen["marks"], 1, "the search does without marks");
    assert_eq!(seen["clean"], 80);
    assert_eq!((&seen["errors"], &seen["unchecked"]), (&40.into(), &0.into()));
    assert_eq!((&seen["opened"], &seen["strangers"]), (&true.into(), &0.into()));
    let text = seen["text"].as_str().unwrap_or_default();
    for hostile in [FILE, CELL, LABEL] {
        assert!(text.contains(hostile), "hostile texts are shown as they are: {hostile}");
    }
    // The first one by name is the hostile one; its sheet is shown with all that it holds.
    let sheet = serde_json::json!([
        ["", "A", "B"],
        ["1", "Chỉ tiêu", "Thực hiện"],
        ["2", "Tổng đàn", "30"],
        ["3", "Trâu", format!("{CELL}cảnh báo")],
        ["4", LABEL, "x"],
        ["5", "Bò", "20"],
    ]);
    assert_eq!(seen["sheet"], sheet);
    assert_eq!(seen["scrolled"], serde_json::json!([true, true]), "the keyboard reaches what is cut off");
    assert_eq!((&seen["unnamed"], &seen["unlabelled"]), (&0.into(), &0.into()));
    assert_eq!(seen["flags"], serde_json::json!([CELL]));
}
