//! What the program says of a folder, so that two of them can be compared: addresses are those of the
//! cells before they were moved, and texts are compared by their letters.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use bieu::internals::{
    driver::{Job, Settings, discover, judge_job, plan, shown},
    extract::Texts,
    line::submission::Outcome,
    model::{
        bundle::Bundle,
        catalogue::MeasureKind,
        finding::{Place, Severity},
        mapping::{ColumnPlace, MemberName, RowPlace},
        reading::{Reading, Value},
        report::ReportEntry,
        workbook::Position,
    },
    values::text::fold,
};

use crate::model::{Folder, Sheet, bytes};

/// An input that is judged by mappings.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) input: PathBuf,
    /// One that lies beside the mapping in a case folder.
    pub(crate) previous: Option<(PathBuf, Vec<Bundle>)>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) named: bool,
}

impl Subject {
    /// Whether its mapping says where something stands by rows and columns of the sheet.
    pub(crate) fn is_by_address(&self) -> bool {
        self.bundles.iter().flat_map(|bundle| &bundle.mapping.sources).any(|source| {
            let letters = |place: &ColumnPlace| matches!(place, ColumnPlace::Letters(_));
            source
                .columns
                .iter()
                .map(|column| &column.place)
                .chain(&source.label)
                .chain(&source.unit_column)
                .any(letters)
                || source.rows.iter().any(|row| matches!(row.place, RowPlace::Number(_)))
                || source.first_row.is_some()
                || matches!(source.member, Some(MemberName::Cell { .. }))
                || !source.cells.is_empty()
        })
    }
}

/// A figure and where it stood.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Below the input folder, as it was called at first.
    pub(crate) file: PathBuf,
    pub(crate) sheet: String,
    pub(crate) cell: Position,
    pub(crate) indicator: String,
    pub(crate) member: String,
    pub(crate) measure: String,
    /// The measures that it is made of.
    pub(crate) ratio: Option<(String, String)>,
    pub(crate) has_number: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Each with how often.
    pub(crate) readings: BTreeMap<String, usize>,
    pub(crate) findings: BTreeMap<String, usize>,
    /// Findings that are more than information.
    pub(crate) loud: BTreeMap<String, usize>,
    pub(crate) checks: Vec<String>,
    pub(crate) filled: u64,
}

pub(crate) struct Judgement {
    pub(crate) seen: Seen,
    pub(crate) figures: Vec<Figure>,
}

/// Judges a folder; none where it cannot be written.
pub(crate) fn judge(subject: &Subject, folder: &Folder, folder_name: &str) -> Option<Judgement> {
    let place = tempfile::tempdir().expect("a folder");
    let input = place.path().join(folder_name);
    fs::create_dir_all(&input).ok()?;
    let mut sheets: HashMap<(String, String), &Sheet> = HashMap::new();
    let mut names: Vec<(String, String)> = Vec::new();
    let mut below: HashMap<String, PathBuf> = HashMap::new();
    for book in &folder.books {
        let path = input.join(&book.path);
        fs::create_dir_all(path.parent()?).ok()?;
        fs::write(&path, bytes(book)?).ok()?;
        let file = shown(&path);
        for sheet in &book.sheets {
            sheets.insert((file.clone(), fold(&sheet.name)), sheet);
        }
        names.push((file_name(&book.path), file_name(&book.was)));
        below.insert(file, book.was.clone());
    }
    for (path, bytes) in &folder.others {
        let path = input.join(path);
        fs::create_dir_all(path.parent()?).ok()?;
        fs::write(path, bytes).ok()?;
    }
    let plain = Plain { root: shown(&input), names };
    let (settings, texts) = (Settings::default(), Texts::default());
    let jobs = |folder: &Path, bundles: &[Bundle], named: bool| -> Vec<Job> {
        discover(&[folder.to_path_buf()]).groups.iter().flat_map(|group| plan(group, bundles, named)).collect()
    };
    let (mut seen, mut figures) = (Seen::default(), Vec::new());
    let before = subject.previous.as_ref().map_or(&subject.bundles, |(_, bundles)| bundles);
    for mut job in jobs(&input, &subject.bundles, subject.named) {
        let previous = subject.previous.as_ref().and_then(|(folder, _)| jobs(folder, before, true).into_iter().next());
        job.previous = previous.map(Box::new);
        let outcome = judge_job(&job, &subject.bundles, before, &settings, &texts, |_| ());
        let was = |file: &str, sheet: &str, cell: Position| match sheets.get(&(file.to_owned(), fold(sheet))) {
            Some(sheet) => sheet.was(cell),
            None => Some(cell),
        };
        let at = |place: &Place| {
            let sheet = place.sheet.as_deref().unwrap_or_default();
            let cell = place.cell.map(|cell| was(&place.file, sheet, cell).map_or("-".to_owned(), |at| at.to_string()));
            format!("{} [{}] {}", plain.of(&place.file), fold(sheet), cell.unwrap_or_default())
        };
        let submission = outcome.submission();
        for finding in &submission.findings {
            let told = told(finding, &plain, &at);
            if finding.severity > Severity::Info && finding.suppressed.is_none() {
                *seen.loud.entry(told.clone()).or_default() += 1;
            }
            *seen.findings.entry(told).or_default() += 1;
        }
        let checks = submission.checks;
        let counts = format!("{} {} {}", checks.passed, checks.failed, checks.not_evaluated);
        seen.checks.push(format!("{:?} {counts} {:?}", submission.status, submission.verdicts));
        seen.filled += submission.readings;
        let Outcome::Judged(judged, bundle) = &outcome else { continue };
        judged.dataset.each(|reading| {
            let catalogue = &bundle.catalogue;
            let measure = catalogue.measure(reading.key.measure);
            let indicator = &catalogue.indicator(reading.key.indicator).id;
            let text = taken(reading, indicator, &measure.id);
            *seen.readings.entry(text).or_default() += 1;
            if let Some(file) = below.get(&*reading.origin.file) {
                figures.push(Figure {
                    file: file.clone(),
                    sheet: reading.origin.sheet.to_string(),
                    cell: reading.origin.cell,
                    indicator: indicator.to_string(),
                    member: reading.key.member.as_deref().unwrap_or_default().to_owned(),
                    measure: measure.id.to_string(),
                    ratio: match measure.kind {
                        MeasureKind::Ratio { of, to, .. } => {
                            Some((catalogue.measure(of).id.to_string(), catalogue.measure(to).id.to_string()))
                        }
                        _ => None,
                    },
                    has_number: reading.number().is_some(),
                });
            }
        });
    }
    seen.checks.sort();
    Some(Judgement { seen, figures })
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn taken(reading: &Reading, indicator: &str, measure: &str) -> String {
    let member = reading.key.member.as_deref().map(fold);
    let value = match &reading.value {
        Value::Text(text) => format!("Text({})", fold(text)),
        value => format!("{value:?}"),
    };
    format!("{indicator} {measure} {member:?} {value} {} {}", reading.decimals, reading.forecast)
}

fn told(finding: &ReportEntry, plain: &Plain, at: &impl Fn(&Place) -> String) -> String {
    let mut text = format!("{} {}", finding.code, finding.severity.name());
    for place in finding.target.iter().chain(&finding.sources) {
        text.push_str(&format!(" {}", at(place)));
    }
    text.push_str(&format!(" | {}", plain.of(&finding.message)));
    if let Some(diagnosis) = &finding.diagnosis {
        text.push_str(&format!(" | {}", plain.of(diagnosis)));
    }
    for guess in &finding.hypotheses {
        text.push_str(&format!(" | {} {} {}", guess.kind, at(&guess.target), fold(&guess.to)));
    }
    if finding.suppressed.is_some() {
        text.push_str(" | suppressed");
    }
    text
}

/// A text without what it says in letters of columns and numbers of rows: `(B = C + D)`.
fn without_formulas(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('(') {
        let end = inside.find([';', ')']).unwrap_or(inside.len());
        let is_part = |c: char| c.is_ascii_alphanumeric() || " =+-*/:%,.×".contains(c);
        let formula = &inside[..end];
        let is_formula = formula.contains('=') && formula.chars().all(is_part);
        out += before;
        out += if is_formula { "(@" } else { "(" };
        rest = if is_formula { &inside[end..] } else { inside };
    }
    out + rest
}

/// Makes texts comparable.
struct Plain {
    root: String,
    names: Vec<(String, String)>,
}

impl Plain {
    /// A text with the first names of its files, without addresses, by its letters.
    fn of(&self, text: &str) -> String {
        let mut text = text.replace(&self.root, "");
        for (now, was) in &self.names {
            if now != was {
                text = text.replace(now, was);
            }
        }
        let folded = fold(&without_formulas(&text));
        let mut out = String::new();
        let mut counting = false;
        for word in folded.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let letters = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let (word, behind) = (letters, &word[letters.len()..]);
            let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
            if word.is_empty() || (counting && is_number) {
                out.push_str(if word.is_empty() { "" } else { "#" });
            } else if Position::parse(word).is_some() {
                out.push('@');
            } else if counting && word.len() == 1 && word.is_ascii() {
                // A column by its letter.
                out.push('@');
            } else {
                out.push_str(word);
                counting = matches!(word, "dòng" | "cột" | "đề");
            }
            out.push_str(behind.trim());
        }
        out
    }
}
