//! Damages clean submissions and counts what is found, named and mended.
//!
//! ```text
//! cargo run --release --example damage [-- SEED [DAMAGES OF EACH KIND AND FORM [FORM]]]
//! ```
//!
//! With the variable `SOFFICE` naming `LibreOffice`, workbooks with formulas are written without results
//! and what it computes is read; a stale formula keeps its result.
//!
//! A submission of one of several forms is made in memory. One damage is done, the bytes are read,
//! extracted and judged as `bieu validate` does, and the report is compared with what was done. Whether
//! a damage breaks a rule is computed here, apart from the library.

mod damages;
mod form;
mod forms;
mod recalculate;
mod score;

use std::{env, sync::Arc};

use bieu::internals::{
    extract::Texts,
    line::pipeline::{self, Basis},
    model::{finding::Severity, report::ReportEntry},
    read::Limits,
    values::language::Language,
};
use damages::KINDS;
use form::{Form, Submission};
use score::Score;

/// splitmix64: the same numbers on every machine.
pub(crate) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(crate) fn between(&mut self, low: i128, high: i128) -> i128 {
        low + i128::from(self.next()) % (high - low + 1)
    }
}

/// The findings of the report on a submission.
pub(crate) fn judge(form: &Form, s: &Submission) -> Vec<ReportEntry> {
    let bytes = s.files.clone().unwrap_or_else(|| form.bytes(s));
    let files: Vec<_> = bytes
        .into_iter()
        .map(|(name, bytes)| pipeline::read_file(&Arc::from(name), &bytes, &Limits::default()))
        .collect();
    let extract = pipeline::try_mapping(&files, &form.mapping, &form.catalogue, None, &Texts::default()).0;
    let basis = Basis { mapping: &form.mapping, catalogue: &form.catalogue, previous: None, suppressions: None };
    pipeline::judge(&Arc::from("in"), files, extract, basis, Language::En).submission.findings
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, or: u64| arguments.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(or);
    let (seed, each, only) = (number(0, 1), number(1, 200), arguments.get(2));
    let mut all: Vec<Score> = KINDS.iter().map(|_| Score::default()).collect();
    let mut rows = Vec::new();
    for form in forms::all().iter().filter(|form| only.is_none_or(|only| form.name.contains(only.as_str()))) {
        let (scores, errors, warnings) = run(form, seed, each);
        println!("{}: {each} undamaged submissions: {errors} errors, {warnings} warnings.", form.name);
        rows.push((form.name, scores.iter().fold(Score::default(), Score::with)));
        for (sum, score) in all.iter_mut().zip(&scores) {
            *sum = std::mem::take(sum).with(score);
        }
    }
    println!("\nSeed {seed}, {each} damages of each kind and form.\n");
    score::head("damage");
    for (kind, score) in KINDS.iter().zip(&all).filter(|(_, score)| score.damaged > 0) {
        score.print(kind);
    }
    let total = all.iter().fold(Score::default(), Score::with);
    total.print("all");
    println!();
    score::head("form");
    for (name, score) in rows {
        score.print(name);
    }
}

fn run(form: &Form, seed: u64, each: u64) -> (Vec<Score>, u32, u32) {
    let mut random = Random(seed);
    let mut scores: Vec<Score> = KINDS.iter().map(|_| Score::default()).collect();
    let (mut errors, mut warnings) = (0, 0);
    let mut damages: Vec<(usize, damages::Damage)> = Vec::new();
    for _ in 0..each {
        let s = form.clean(&mut random);
        for finding in judge(form, &s) {
            errors += u32::from(finding.severity == Severity::Error);
            warnings += u32::from(finding.severity == Severity::Warning);
            if finding.severity > Severity::Info {
                eprintln!("undamaged: {}: {} {}", form.name, finding.code, finding.message);
            }
        }
        for kind in 0..KINDS.len() {
            let done = (0..50).find_map(|_| damages::damage(kind, form, &s, &mut random));
            damages.extend(done.map(|done| (kind, done)));
        }
    }
    if let Some(soffice) = env::var_os("SOFFICE").filter(|_| form.formulas) {
        let is_stale = |kind: usize| KINDS[kind].contains("stale");
        let wanted = damages.iter_mut().filter(|(kind, _)| !is_stale(*kind)).map(|(_, done)| &mut done.after);
        recalculate::all(&soffice, form, wanted);
    }
    for (kind, done) in &damages {
        scores[*kind].count(KINDS[*kind], form, done);
    }
    (scores, errors, warnings)
}
