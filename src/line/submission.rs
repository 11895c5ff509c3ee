//! A submission: files that are judged as one, by the mapping that fits them best.

use std::sync::Arc;

use super::pipeline::{self, Basis, Fit, Judged, ReadFile};
use crate::{
    extract::{self, Extract, Texts},
    judge::suppression::Suppressions,
    model::{
        bundle::Bundle,
        finding::{Facts, Finding, Place, Severity},
        reading::Previous,
        report::Submission,
    },
    values::language::{Language, say},
};

/// One submission, judged, with what is needed to write it.
#[derive(Debug)]
pub enum Outcome {
    /// A mapping was found.
    Judged(Box<Judged>, Bundle),
    /// None fits, or several fit equally well; the candidates are named.
    Unmapped(Box<Submission>, Vec<String>),
}

impl Outcome {
    /// What reports show.
    pub fn submission(&self) -> &Submission {
        match self {
            Self::Judged(judged, _) => &judged.submission,
            Self::Unmapped(submission, _) => submission,
        }
    }
}

/// What was reported for the period before, as far as it could be read.
#[derive(Debug)]
pub struct Before {
    extract: Extract,
    bundle: Bundle,
}

impl Before {
    /// Its figures.
    pub fn figures(&self) -> Previous<'_> {
        Previous { catalogue: &self.bundle.catalogue, dataset: &self.extract.dataset }
    }
}

/// Takes the figures of the period before from its files, and tells what was wrong with them.
pub fn before(
    path: &Arc<str>,
    files: Vec<ReadFile>,
    candidates: &[&Bundle],
    named: bool,
    texts: &Texts,
) -> (Option<Before>, Vec<Finding>) {
    let chosen = choose(&files, candidates, named, None, texts);
    let mut findings: Vec<Finding> =
        files.into_iter().filter(|file| file.workbook.is_none()).flat_map(|file| file.findings).collect();
    match chosen {
        Ok((extract, bundle)) => (Some(Before { extract, bundle }), findings),
        Err(names) => {
            findings.push(no_mapping(path, &names));
            (None, findings)
        }
    }
}

/// What is known of a submission beside its files.
#[derive(Debug, Default)]
pub struct Given<'a> {
    /// Whether the user named the mappings: a single one is then taken whatever it finds.
    pub named: bool,
    /// What was reported for the period before.
    pub previous: Option<Previous<'a>>,
    /// What somebody answers for.
    pub suppressions: Option<&'a Suppressions>,
    /// What was found already: in the files of the period before, by a second reader.
    pub beside: Vec<Finding>,
}

/// Judges files as one submission, by one of the candidates.
pub fn judge(
    path: &Arc<str>,
    files: Vec<ReadFile>,
    candidates: &[&Bundle],
    given: Given<'_>,
    language: Language,
    texts: &Texts,
) -> Outcome {
    let Given { named, previous, suppressions, mut beside } = given;
    match choose(&files, candidates, named, previous, texts) {
        Ok((mut extract, bundle)) => {
            extract.findings.append(&mut beside);
            let basis = Basis { mapping: &bundle.mapping, catalogue: &bundle.catalogue, previous, suppressions };
            let judged = pipeline::judge(path, files, extract, basis, language);
            Outcome::Judged(Box::new(judged), bundle)
        }
        Err(names) => {
            let findings =
                if files.iter().any(|f| f.workbook.is_some()) { vec![no_mapping(path, &names)] } else { Vec::new() };
            Outcome::Unmapped(Box::new(pipeline::unmapped(path, files, findings, language)), names)
        }
    }
}

/// The mapping that takes most; the candidates when none takes anything or two take the same.
fn choose(
    files: &[ReadFile],
    candidates: &[&Bundle],
    named: bool,
    previous: Option<Previous<'_>>,
    texts: &Texts,
) -> Result<(Extract, Bundle), Vec<String>> {
    let mut tried: Vec<(Fit, Extract, &Bundle)> = candidates
        .iter()
        .map(|bundle| {
            let (mapping, catalogue) = (&bundle.mapping, &bundle.catalogue);
            let (extract, fit) = pipeline::try_mapping(files, mapping, catalogue, previous, texts);
            (fit, extract, *bundle)
        })
        .collect();
    tried.sort_by_key(|(fit, ..)| std::cmp::Reverse(*fit));
    let names = |fits: &[(Fit, Extract, &Bundle)]| fits.iter().map(|(_, _, b)| b.mapping.id.to_string()).collect();
    let readable = files.iter().any(|f| f.workbook.is_some());
    match tried.as_slice() {
        [] => return Err(Vec::new()),
        // With one candidate and nothing readable, what is wrong is the files.
        [_] if named || !readable => {}
        [(fit, ..), ..] if fit.readings == 0 => return Err(names(&tried)),
        [(best, ..), (second, ..), ..] if best == second => {
            let tied = tried.iter().take_while(|(fit, ..)| fit == best).count();
            return Err(names(&tried[..tied]));
        }
        [..] => {}
    }
    tried.into_iter().next().map(|(_, extract, bundle)| (extract, bundle.clone())).ok_or_else(Vec::new)
}

/// No mapping could be chosen among those that were considered.
#[derive(Debug)]
struct NoMapping {
    candidates: Vec<String>,
}

impl Facts for NoMapping {
    fn message(&self, language: Language) -> String {
        let list = if self.candidates.is_empty() { "-".to_owned() } else { self.candidates.join(", ") };
        say!(
            language,
            "chưa có bảng ánh xạ phù hợp với bộ số liệu này (đã thử: {list})",
            "no mapping could be chosen for this submission (considered: {list})"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "tạo bảng ánh xạ cho thư mục bằng lệnh bieu draft; nếu đã có, chỉ rõ bằng -m hoặc đặt mapping.toml vào thư mục",
            "make a mapping for the folder with bieu draft; if there is one, name it with -m or put it into the folder as mapping.toml"
        )
    }
}

fn no_mapping(path: &Arc<str>, candidates: &[String]) -> Finding {
    let mut finding = Finding::new(&extract::UNMAPPED_FILE, NoMapping { candidates: candidates.to_vec() })
        .at(Place::file(path))
        .fingerprinted(&["no-mapping"])
        .formerly(&["no-mapping", path]);
    // Where no mapping even looks at files of this name, the file is merely not of the form.
    if !candidates.is_empty() {
        finding.severity = Severity::Error;
    }
    finding
}
