//! What the report says against what was done.

use std::collections::BTreeSet;

use bieu::internals::{
    model::{
        finding::{Certainty, Hypothesis, Severity},
        report::ReportEntry,
    },
    values::number::parse_plain,
};

use crate::{
    damages::Damage,
    form::{Form, address},
    judge,
};

#[derive(Default)]
pub(crate) struct Score {
    pub damaged: u32,
    breaking: u32,
    detected: u32,
    /// Those with guilty figures.
    figures: u32,
    first: u32,
    value: u32,
    two: u32,
    two_first: u32,
    two_sure: u32,
    certain: u32,
    certain_wrong: u32,
    likely: u32,
    likely_wrong: u32,
    action: u32,
    action_guilty: u32,
    findings: u32,
    causes: u32,
}

/// File and address.
type Cell = (String, String);

fn cells(guess: &Hypothesis) -> Vec<Cell> {
    let places = std::iter::once(&guess.target).chain(guess.together.iter().map(|other| &other.target));
    let cell = |place: &bieu::internals::model::finding::Place| {
        (place.file.to_string(), place.cell.map(|cell| cell.to_string()).unwrap_or_default())
    };
    places.map(cell).collect()
}

/// Cells that a text names, in their order.
fn named(text: &str) -> Vec<String> {
    let is_cell = |word: &&str| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
        !digits.is_empty() && digits.len() < word.len() && digits.chars().all(|c| c.is_ascii_digit())
    };
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_cell).map(str::to_owned).collect()
}

impl Score {
    pub(crate) fn with(self, other: &Self) -> Self {
        Self {
            damaged: self.damaged + other.damaged,
            breaking: self.breaking + other.breaking,
            detected: self.detected + other.detected,
            figures: self.figures + other.figures,
            first: self.first + other.first,
            value: self.value + other.value,
            two: self.two + other.two,
            two_first: self.two_first + other.two_first,
            two_sure: self.two_sure + other.two_sure,
            certain: self.certain + other.certain,
            certain_wrong: self.certain_wrong + other.certain_wrong,
            likely: self.likely + other.likely,
            likely_wrong: self.likely_wrong + other.likely_wrong,
            action: self.action + other.action,
            action_guilty: self.action_guilty + other.action_guilty,
            findings: self.findings + other.findings,
            causes: self.causes + other.causes,
        }
    }

    pub(crate) fn count(&mut self, kind: &str, form: &Form, done: &Damage) {
        self.damaged += 1;
        let broken = form.constraints.iter().filter(|constraint| form.is_broken(&done.after, constraint)).count();
        // A blank beside a result that stands.
        let stands = |constraint: &&crate::form::Constraint| {
            let is_result = |at| done.after.figures.contains_key(at) || done.after.words.contains_key(at);
            !matches!(constraint, crate::form::Constraint::Product(..) | crate::form::Constraint::Same(..))
                && is_result(&constraint.result())
        };
        let is_blank = done.guilty.iter().any(|(at, _)| {
            let is_operand =
                form.constraints.iter().filter(stands).any(|constraint| constraint.operands().contains(at));
            !done.after.figures.contains_key(at) && is_operand
        });
        if broken == 0 && !done.word && !is_blank {
            return;
        }
        self.breaking += 1;
        let findings: Vec<ReportEntry> = judge(form, &done.after);
        let loud: Vec<&ReportEntry> = findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
        if loud.is_empty() {
            eprintln!("not detected: {}: {kind} {:?}", form.name, done.guilty.first());
            return;
        }
        self.detected += 1;
        self.findings += u32::try_from(loud.len()).unwrap_or(0);
        self.causes += u32::try_from(done.causes).unwrap_or(1);
        let file = |at: &crate::form::At| form.files[at.0].clone();
        let guilty: BTreeSet<Cell> = done.guilty.iter().map(|(at, _)| (file(at), address(*at))).collect();
        for finding in &loud {
            let Some(first) = finding.hypotheses.first() else { continue };
            let is_wrong = cells(first).iter().any(|cell| !guilty.contains(cell));
            let tell = |what: &str| {
                let (code, action) = (&finding.code, &finding.action);
                eprintln!("{what}: {}: {kind} {guilty:?}: {code} {} | {action}", form.name, finding.message);
            };
            match finding.certainty {
                Some(Certainty::Certain) => {
                    self.certain += 1;
                    self.certain_wrong += u32::from(is_wrong);
                    if is_wrong {
                        tell("certain and wrong");
                    }
                }
                Some(Certainty::Likely) => {
                    self.likely += 1;
                    self.likely_wrong += u32::from(is_wrong);
                    if is_wrong {
                        tell("likely and wrong");
                    }
                }
                Some(Certainty::Open) | None => {}
            }
        }
        if done.nobody {
            // No other cell may be accused.
            self.figures += 1;
            let is_accused = loud.iter().any(|f| f.certainty.is_some_and(|c| c > Certainty::Open));
            self.first += u32::from(!is_accused);
            self.value += u32::from(!is_accused);
            return;
        }
        let truths: Vec<(Cell, _)> = (done.guilty.iter())
            .filter_map(|(at, truth)| Some(((file(at), address(*at)), (*truth)?.value())))
            .collect();
        if truths.is_empty() {
            return;
        }
        self.figures += 1;
        let target = |finding: &ReportEntry| {
            finding
                .target
                .as_ref()
                .map(|place| (place.file.to_string(), place.cell.map(|cell| cell.to_string()).unwrap_or_default()))
        };
        // The cause or the cell: the first suspect of the report, or where nothing is suspected the cell
        // of the first finding.
        let first_guess = loud.iter().find_map(|finding| finding.hypotheses.first());
        let first = match first_guess {
            Some(guess) => cells(guess).iter().any(|cell| guilty.contains(cell)),
            None => loud.first().and_then(|f| target(f)).is_some_and(|cell| guilty.contains(&cell)),
        };
        self.first += u32::from(first);
        if !first {
            let (finding, guess) = (loud[0], first_guess.map(|guess| (cells(guess), guess.to.clone())));
            eprintln!("not first: {}: {kind} {truths:?}: {} {} {guess:?}", form.name, finding.code, finding.message);
        }
        let value = |cell: &Cell, to: &str| {
            truths.iter().any(|(own, truth)| own == cell && parse_plain(to).map(|v| v.normalize()) == Some(*truth))
        };
        let guesses = || loud.iter().flat_map(|finding| &finding.hypotheses);
        let own = guesses().find(|guess| cells(guess).iter().any(|cell| guilty.contains(cell)));
        let is_true = own.is_some_and(|guess| {
            let all = std::iter::once(&guess.to).chain(guess.together.iter().map(|other| &other.to));
            cells(guess).iter().zip(all).any(|(cell, to)| value(cell, to))
        });
        let expected = || {
            loud.iter().any(|f| target(f).is_some_and(|cell| f.expected.as_ref().is_some_and(|to| value(&cell, to))))
        };
        self.value += u32::from(is_true || expected());
        let told = loud.iter().find(|finding| !finding.hypotheses.is_empty()).or(loud.first());
        if let Some(told) = told.filter(|_| first) {
            self.action += 1;
            let names = named(&told.action);
            self.action_guilty += u32::from(names.first().is_some_and(|name| guilty.iter().any(|(_, at)| at == name)));
        }
        // Rules that break: one that does not sees nothing.
        let sees = |constraint: &&crate::form::Constraint| {
            !form.is_formula(constraint.result()) && form.is_broken(&done.after, constraint)
        };
        let seen = form
            .constraints
            .iter()
            .filter(sees)
            .filter(|constraint| done.guilty.iter().any(|(at, _)| constraint.cells().contains(at)))
            .count();
        if done.guilty.len() == 1 && seen >= 2 {
            self.two += 1;
            self.two_first += u32::from(first);
            let is_sure = loud.iter().any(|f| f.certainty.is_some_and(|certainty| certainty > Certainty::Open));
            self.two_sure += u32::from(is_sure);
            if !is_sure {
                let (finding, guess) = (loud[0], first_guess.map(|guess| (cells(guess), guess.to.clone())));
                let all: Vec<&str> = loud.iter().map(|f| &*f.code).collect();
                eprintln!(
                    "not sure: {}: {kind} {truths:?}: {all:?} {} {guess:?} {:?}",
                    form.name, finding.message, finding.diagnosis
                );
            }
        }
    }

    pub(crate) fn print(&self, name: &str) {
        let tenth = |part: u32, whole: u32| match whole {
            0 => "–".to_owned(),
            _ => format!("{}.{:02}", part / whole, part % whole * 100 / whole),
        };
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} of {} | {} of {} | {} | {} |",
            self.damaged,
            self.damaged - self.breaking,
            share(self.detected, self.breaking),
            share(self.first, self.figures),
            share(self.value, self.figures),
            share(self.two_first, self.two),
            share(self.two_sure, self.two),
            self.certain_wrong,
            self.certain,
            self.likely_wrong,
            self.likely,
            tenth(self.findings, self.causes),
            share(self.action_guilty, self.action),
        );
    }
}

pub(crate) fn head(first: &str) {
    println!(
        "| {first} | done | break no rule | detected | cause or cell first | true value | first where two rules see it | sure there | certain and wrong | likely and wrong | findings a cause | action names it first |"
    );
    println!("|{}", " --- |".repeat(12));
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (u64::from(part) * 1000 + u64::from(whole) / 2) / u64::from(whole);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
