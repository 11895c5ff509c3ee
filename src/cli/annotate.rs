//! `bieu convert --annotate`: copies of the sources with their flagged cells marked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{
    driver::{reason, shown, worker::Task},
    model::{
        finding::{Place, Severity},
        report::{FileStatus, ReportEntry, Submission},
    },
    values::language::{Language, counted, say, sentence},
    write::annotate::{Mark, Tone, annotate},
};

use super::{
    Failure, note,
    reports::{check_output, named_twice, save},
};

/// Where the copy of each source goes.
pub(super) struct Copies {
    places: BTreeMap<String, (PathBuf, PathBuf)>,
}

impl Copies {
    /// Names all copies, and says before anything is read that one cannot be written. `others` are
    /// the other outputs of the run.
    pub(super) fn plan(
        folder: &Path,
        inputs: &[PathBuf],
        tasks: &[Task],
        others: &[PathBuf],
        keep: &dyn Fn(&Path) -> Result<(), Failure>,
        force: bool,
        language: Language,
    ) -> Result<Self, Failure> {
        let sources: BTreeSet<&PathBuf> = tasks.iter().flat_map(|task| &task.job.files).collect();
        let originals: BTreeSet<PathBuf> = sources.iter().filter_map(|source| fs::canonicalize(source).ok()).collect();
        let folders = inputs.iter().filter(|input| input.is_dir()).count();
        let mut places = BTreeMap::new();
        let mut taken: BTreeSet<PathBuf> = others.iter().filter_map(|other| std::path::absolute(other).ok()).collect();
        for source in sources {
            let copy = folder.join(relative(source, inputs, folders > 1));
            if fs::canonicalize(&copy).is_ok_and(|there| originals.contains(&there)) {
                let copy = shown(&copy);
                return Err(Failure::usage(say!(
                    language,
                    "`--annotate` sẽ ghi đè tệp nguồn {copy}; hãy chọn thư mục khác",
                    "`--annotate` would replace the original {copy}; choose another folder"
                )));
            }
            let is_known =
                source.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx") || e.eq_ignore_ascii_case("xlsm"));
            if is_known {
                if !taken.insert(std::path::absolute(&copy).unwrap_or_else(|_| copy.clone())) {
                    return Err(named_twice(&copy, language));
                }
                keep(&copy)?;
                if fs::symlink_metadata(&copy).is_ok() {
                    check_output(&copy, force, language)?;
                }
            }
            places.insert(shown(source), (source.clone(), copy));
        }
        Ok(Self { places })
    }

    /// Writes the copies of a submission. A file that cannot be marked is named with the reason, and
    /// the others are done.
    pub(super) fn write(&self, submission: &Submission, force: bool, language: Language) -> Result<(), Failure> {
        for file in &submission.files {
            let marks: Vec<Mark> =
                submission.findings.iter().flat_map(|finding| marks(finding, &file.path, language)).collect();
            let path = &file.path;
            let refused = |reason: String| {
                note(&say!(language, "không đánh dấu được {path}: {reason}", "no annotated copy of {path}: {reason}"));
            };
            if file.status == FileStatus::Unreadable {
                refused(file.error.clone().unwrap_or_default());
                continue;
            }
            let Some((source, copy)) = self.places.get(&*file.path).filter(|_| !marks.is_empty()) else { continue };
            let bytes = match fs::read(source) {
                Ok(bytes) => bytes,
                Err(error) => {
                    refused(error.to_string());
                    continue;
                }
            };
            match annotate(&bytes, &marks) {
                Ok(bytes) => {
                    if let Some(folder) = copy.parent() {
                        fs::create_dir_all(folder).map_err(|error| {
                            let (folder, error) = (shown(folder), reason(&error, language));
                            Failure::usage(say!(
                                language,
                                "không tạo được thư mục {folder}: {error}",
                                "cannot create the folder {folder}: {error}"
                            ))
                        })?;
                    }
                    save(copy, &bytes, force, language)?;
                    let cells: BTreeSet<_> = marks.iter().map(|mark| (&mark.sheet, mark.cell)).collect();
                    let (copy, cells) = (shown(copy), cells.len());
                    let cells_en = counted(cells, "cell");
                    note(&say!(language, "đã ghi {copy}: đánh dấu {cells} ô", "wrote {copy}: {cells_en} marked"));
                }
                Err(refusal) => refused(refusal.reason(language)),
            }
        }
        Ok(())
    }
}

/// The name of a copy inside the folder: as below the input. Where several folders are given, each
/// keeps its own name.
fn relative(source: &Path, inputs: &[PathBuf], several: bool) -> PathBuf {
    let below = inputs.iter().filter(|input| input.is_dir()).find_map(|input| {
        let below = source.strip_prefix(input).ok()?;
        let name = fs::canonicalize(input).ok().filter(|_| several);
        let name = name.as_deref().and_then(Path::file_name).map(PathBuf::from).unwrap_or_default();
        Some(name.join(below))
    });
    below.or_else(|| source.file_name().map(PathBuf::from)).unwrap_or_default()
}

/// What a finding says on its cells: where it shows, and on the cells that are wrong where it is sure
/// which. Notes for information would hide what has to be mended.
fn marks(finding: &ReportEntry, file: &str, language: Language) -> Vec<Mark> {
    if finding.suppressed.is_some() || finding.severity <= Severity::Info {
        return Vec::new();
    }
    let mut marks = Vec::new();
    let suspects: Vec<&Place> = finding.suspects().collect();
    let is_suspect =
        |place: &Place| suspects.iter().any(|s| (&s.file, &s.sheet, s.cell) == (&place.file, &place.sheet, place.cell));
    let mut add = |place: &Place, tone: Tone, text: String| {
        if let (true, Some(sheet), Some(cell)) = (&*place.file == file, &place.sheet, place.cell) {
            marks.push(Mark { sheet: sheet.to_string(), cell, tone, text });
        }
    };
    for told in finding.with_consequences().filter(|told| told.severity > Severity::Info) {
        let Some(target) = &told.target else { continue };
        let (severity, code) = (told.severity.words().get(language), &told.code);
        let mut text = format!("{severity}[{code}]: {}", sentence(&told.message));
        if std::ptr::eq(told, finding) {
            if let Some(diagnosis) = finding.diagnosis.as_deref().map(sentence) {
                text.push_str(&say!(language, "\nNguyên nhân có thể: {diagnosis}", "\nLikely cause: {diagnosis}"));
            }
            let action = sentence(&finding.action);
            text.push_str(&say!(language, "\nCách sửa: {action}", "\nTo do: {action}"));
        } else if let Some(cause) = finding.target.as_ref().and_then(|cause| cause.cell) {
            text.push_str(&say!(language, "\nXem ghi chú ở {cause}", "\nSee the note on {cause}"));
        }
        let is_elsewhere = !suspects.is_empty() && !is_suspect(target);
        let tone = if is_elsewhere { Tone::Symptom } else { Tone::Flagged(told.severity) };
        add(target, tone, text);
    }
    for suspect in &suspects {
        let is_told = finding
            .with_consequences()
            .filter_map(|told| told.target.as_ref())
            .any(|target| (&target.file, &target.sheet, target.cell) == (&suspect.file, &suspect.sheet, suspect.cell));
        if !is_told {
            let action = sentence(&finding.action);
            let text = say!(language, "Ô nghi sai\nCách sửa: {action}", "Suspected cell\nTo do: {action}");
            add(suspect, Tone::Flagged(finding.severity), text);
        }
    }
    marks
}
