//! What several machines write, loaded into a database as docs/scale.md says. `DuckDB` is taken from
//! the command `duckdb` or from Python (both are on `PyPI`), `PostgreSQL` from `BIEU_POSTGRES`, a
//! connection string of `psql`. Skipped, and said so, where they are not.
#![cfg(unix)]

mod program;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

const SHARDS: usize = 3;
/// `BIEU` stands for what the readings and findings add up to, by either database.
const SUMS: &str = "select concat('BIEU ', (select count(*) from reading), ' ', (select count(distinct submission) from reading), \
     ' ', (select round(sum(value), 1) from reading where measure = 'actual' and indicator = 'dan'), ' ', \
     (select count(*) from reading where value is null), ' ', \
     (select count(*) from finding where code = 'total-mismatch'), ' ', (select count(*) from finding)) as sums;\n";
/// 30 tables of three figures, of which one is words; every third total is 31.5 and wrong, the others
/// are 30.5.
const EXPECTED: &str = "BIEU 90 30 925.0 1 10 11";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Every part of a run, and the commands that load them.
fn parts(script: &str) -> tempfile::TempDir {
    let here = tempfile::tempdir().expect("a folder");
    write(
        &here.path().join("dan.toml"),
        "[catalogue]\nid = \"dan\"\nperiod = \"2023\"\n\
         [[indicator]]\nid = \"dan\"\nlabel = \"Tổng\"\nunit = \"tấn\"\ndecimals = 1\nparts = [\"trau\", \"bo\"]\n\
         [[indicator]]\nid = \"trau\"\nlabel = \"Trâu\"\nunit = \"tấn\"\ndecimals = 1\n\
         [[indicator]]\nid = \"bo\"\nlabel = \"Bò\"\nunit = \"tấn\"\ndecimals = 1\n",
    );
    write(
        &here.path().join("ax.toml"),
        "[mapping]\nid = \"ax\"\ncatalogue = \"dan.toml\"\n[[source]]\nfile = \"*\"\nlabel = \"Chỉ tiêu\"\n\
         columns = { \"Thực hiện\" = \"actual\" }\nrows = { \"Tổng\" = \"dan\", \"Trâu\" = \"trau\", \"Bò\" = \"bo\" }\n",
    );
    for at in 0..30 {
        let total = if at % 3 == 0 { "31,5" } else { "30,5" };
        // Words with all that a table has to quote.
        let cow = if at == 1 { "\"chưa, \"\"có\"\"\n=số\"" } else { "20" };
        let text = format!("Chỉ tiêu;Thực hiện\nTổng;{total}\nTrâu;10,5\nBò;{cow}\n");
        write(&here.path().join(format!("nop-ve/huyen-{}/xa, {at:02}.csv", at % 4)), &text);
    }
    for at in 1..=SHARDS {
        let ran = Command::new(program::path())
            .args(["validate", "nop-ve", "-m", "ax.toml", "--quiet", "--shard", &format!("{at}/{SHARDS}")])
            .args(["--table", &format!("bang-{at}.csv"), "--report", &format!("phat-hien-{at}.csv")])
            .current_dir(here.path())
            .env_remove("BIEU_LANG")
            .output()
            .expect("bieu runs");
        assert!(ran.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/scale").join(script), here.path().join(script))
        .expect("the commands");
    here
}

/// Standard output of a command that is given a text.
fn fed(command: &mut Command, text: &str) -> String {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the database runs");
    child.stdin.take().expect("a stream").write_all(text.as_bytes()).expect("commands are taken");
    let ran = child.wait_with_output().expect("the database ends");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

fn works(program: &str, arguments: &[&str]) -> bool {
    let ran = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    ran.is_ok_and(|ran| ran.status.success())
}

#[test]
fn duckdb_loads_the_parts() {
    const PYTHON: &str =
        "import duckdb, sys; print(duckdb.connect('toan-quoc.duckdb').execute(sys.stdin.read()).fetchall())";
    let mut command = if works("duckdb", &["-version"]) {
        let mut command = Command::new("duckdb");
        command.arg("toan-quoc.duckdb");
        command
    } else if works("python3", &["-c", "import duckdb"]) {
        let mut command = Command::new("python3");
        command.args(["-c", PYTHON]);
        command
    } else {
        eprintln!("skipped: no DuckDB here; `pip install duckdb` has it");
        return;
    };
    let here = parts("load.sql");
    let script = fs::read_to_string(here.path().join("load.sql")).expect("the commands");
    let said = fed(command.current_dir(here.path()), &(script + SUMS));
    assert!(said.contains(EXPECTED), "{said}");
}

#[test]
fn postgresql_loads_the_parts() {
    let Ok(database) = std::env::var("BIEU_POSTGRES") else {
        eprintln!("skipped: BIEU_POSTGRES names no PostgreSQL to load into");
        return;
    };
    let here = parts("load-postgres.sql");
    let script = fs::read_to_string(here.path().join("load-postgres.sql")).expect("the commands");
    let mut psql = Command::new("psql");
    psql.args(["-v", "ON_ERROR_STOP=1", "-q", &database]).current_dir(here.path());
    let said = fed(&mut psql, &(script + SUMS));
    assert!(said.contains(EXPECTED), "{said}");
}
