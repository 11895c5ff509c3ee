//! What several machines write, loaded into a database as docs/scale.md says, and shards under an
//! engine. `DuckDB` is taken from the command `duckdb` or from Python (both are on `PyPI`), `PostgreSQL`
//! from `BIEU_POSTGRES`, a connection string of `psql`, Dask from Python. Skipped, and said so, where
//! they are not.
#![cfg(unix)]

mod program;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const SHARDS: usize = 3;
/// `BIEU` stands for what the readings and findings add up to, by either database.
const SUMS: &str = "select concat('BIEU ', (select count(*) from reading), ' ', (select count(distinct submission) from reading), \
     ' ', (select round(sum(value), 1) from reading where measure = 'actual' and indicator = 'dan'), ' ', \
     (select count(*) from reading where value is null), ' ', \
     (select count(*) from finding where code = 'total-mismatch'), ' ', \
     (select count(*) from finding where code = 'conflicting-sources'), ' ', (select round(sum(actual), 1) from province_total \
     where indicator = 'trau'), ' ', (select count(distinct province) from province_total), ' ', \
     (select sum(disputed) from province_total)) as sums;\n";
/// 30 tables of four figures in four folders, of which one is words; every third total is 31.5 and
/// wrong, the others are 30.5. Buffaloes are told twice, 10.5 and 10.5, and once 10.5 and 10.
const EXPECTED: &str = "BIEU 120 30 925.0 1 10 1 314.5 4 1";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A table of one commune.
fn submission(at: usize) -> String {
    let total = if at.is_multiple_of(3) { "31,5" } else { "30,5" };
    // Words with all that a table has to quote.
    let cow = if at == 1 { "\"chưa, \"\"có\"\"\n=số\"" } else { "20" };
    let again = if at == 2 { "10" } else { "10,5" };
    format!("Chỉ tiêu;Thực hiện\nTổng;{total}\nTrâu;10,5\nBò;{cow}\nĐếm lại;{again}\n")
}

/// Tables of several provinces, and what they are judged by.
fn country(submissions: usize) -> tempfile::TempDir {
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
         columns = { \"Thực hiện\" = \"actual\" }\nrows = { \"Tổng\" = \"dan\", \"Trâu\" = \"trau\", \"Bò\" = \"bo\", \
         \"Đếm lại\" = \"trau\" }\n",
    );
    for at in 0..submissions {
        write(&here.path().join(format!("nop-ve/huyen-{}/xa, {at:02}.csv", at % 4)), &submission(at));
    }
    here
}

/// All shards, one after another.
fn judged(folder: &Path) {
    for at in 1..=SHARDS {
        let ran = Command::new(program::path())
            .args(["validate", "nop-ve", "-m", "ax.toml", "--quiet", "--shard", &format!("{at}/{SHARDS}")])
            .args(["--table", &format!("bang-{at}.csv"), "--report", &format!("phat-hien-{at}.csv")])
            .current_dir(folder)
            .env_remove("BIEU_LANG")
            .output()
            .expect("bieu runs");
        assert!(ran.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every part of a run, and the commands that load them.
fn parts(script: &str) -> tempfile::TempDir {
    let here = country(30);
    judged(here.path());
    fs::copy(project("benches/scale").join(script), here.path().join(script)).expect("the commands");
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

/// The worker that has a shard is killed in the middle of it; the engine gives the shard to another,
/// which goes on with it, and what all shards write is what they write undisturbed.
#[test]
fn dask_tries_the_shard_of_a_killed_worker_again() {
    if !cfg!(target_os = "linux") || !works("python3", &["-c", "import distributed"]) {
        eprintln!("skipped: no Dask here; `pip install 'dask[distributed]'` has it");
        return;
    }
    let here = country(1500);
    judged(here.path());
    let mut said = String::new();
    // A shard may be done before its worker is killed, on a machine that does much else.
    for _ in 0..4 {
        let ran = Command::new("python3")
            .arg(project("benches/scale/dask_shards.py"))
            .args(["nop-ve", "-m", "ax.toml", "--shards", &SHARDS.to_string(), "--out", "dask", "--kill", "2"])
            .args(["--bieu", env!("CARGO_BIN_EXE_bieu")])
            .current_dir(here.path())
            .env_remove("BIEU_LANG")
            .output()
            .expect("Python runs");
        said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(1), "wrong totals are found: {said}");
        for name in (1..=SHARDS).flat_map(|at| [format!("bang-{at}.csv"), format!("phat-hien-{at}.csv")]) {
            let [ours, theirs] = [name.clone(), format!("dask/{name}")].map(|name| fs::read(here.path().join(name)));
            assert!(ours.expect("a file") == theirs.expect("a file of the engine"), "{name}: {said}");
        }
        if said.contains("shard 2: started 2 times, exit code 1") {
            return;
        }
        fs::remove_dir_all(here.path().join("dask")).expect("the outcome is removed");
    }
    unreachable!("no worker was killed in time: {said}");
}
