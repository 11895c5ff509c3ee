//! `bieu draft`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use crate::{
    draft::{self, Request, choices::Choice, exceptions, summary, update},
    driver::{
        Job, LibraryError, Overwrite, Settings, catalogue_beside, catalogue_of, read_file, reason, shown,
        worker::{Orders, Task},
        write_file,
    },
    extract::Texts,
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        report::{FileStatus, ReportEntry},
        workbook::Workbook,
    },
    read::{self, Step},
    values::{
        language::{Language, say},
        period::Period,
    },
    write::{inspect, printable, text},
};

use serde_json::{Value, json};

use super::{
    Exit, Failure, Run,
    args::{Draft, DraftFormat, Effort},
    find_inputs, library_failure, note, note_passed_over, print, spool_failure,
};

/// The names of the files that are written.
const MAPPING: &str = "mapping.toml";
const CATALOGUE: &str = "danh-muc.toml";
/// Findings that are shown; the rest is counted.
const MOST_FINDINGS: usize = 12;

pub(super) fn run(args: &Draft, language: Language) -> Result<Exit, Failure> {
    let period = args.period.as_deref().map(|written| period_of(written, language)).transpose()?;
    let gathered = find_inputs(&args.inputs, &[], language)?;
    let folder = folder_of(args);
    let is_written = args.output.is_some() || args.format == DraftFormat::Text;
    let existing = if args.update {
        Some(catalogue_beside(&folder.join(MAPPING)).map_err(|error| library_failure(error, language))?)
    } else {
        None
    };
    if is_written && !args.update && !args.force {
        refuse_existing(&folder, args.catalogue.is_none(), language)?;
    }
    let known = match &existing {
        Some((catalogue, name, _)) => Some((catalogue.clone(), name.clone(), None)),
        None => args.catalogue.as_deref().map(|path| given(path, &folder, period.as_ref(), language)).transpose()?,
    };
    let files: Vec<PathBuf> = gathered.groups.iter().flat_map(|group| group.files.iter().cloned()).collect();
    let (workbooks, mut unread) = readable(&files, &args.effort, language)?;
    let texts = Texts::default();
    let work = Work {
        catalogue: known.as_ref().map(|(catalogue, name, _)| (catalogue.clone(), name.clone())),
        period,
        name: name_of(args),
        choices: args.choices.as_deref().map(|path| choices_of(path, language)).transpose()?.unwrap_or_default(),
        language,
    };
    let (workbooks, drafted) = drafted(&Arc::new(work), workbooks, &args.effort, &mut unread)?;
    let Drafted { mut draft, formulas } = drafted;
    let workbooks: Vec<&Workbook> = workbooks.iter().map(|workbook| &**workbook).collect();
    if let Some(problem) = draft.problems.first() {
        note(&super::problems::render(problem, language));
        return Err(Failure::usage(say!(
            language,
            "bản nháp lập ra không hợp lệ; đây là lỗi của chương trình, chưa ghi tệp nào",
            "the draft is not valid, which is a fault of this program; nothing was written"
        )));
    }
    let mut changes = None;
    if let (Some((catalogue, _, document)), Some(_)) = (&existing, &draft.mapping) {
        let updated = update::update(document, catalogue, &draft, &workbooks, &texts, language);
        draft.mapping = Some(updated.text.clone());
        draft.catalogue = None;
        changes = Some(updated);
    }
    let files = draft::Files { workbooks: &workbooks, period: draft.period.clone() };
    let exceptions = exceptions::exceptions(&draft.tables, &files);
    let mut findings: Vec<ReportEntry> =
        exceptions.into_iter().map(|finding| ReportEntry::new(finding, language)).collect();
    findings.extend(formulas);
    let mut written = Vec::new();
    if is_written && let Some(mapping) = &draft.mapping {
        let overwrite = if args.force || args.update { Overwrite::Yes } else { Overwrite::No };
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error, language))?;
        }
        let copy = known.as_ref().and_then(|(_, _, copy)| copy.as_ref());
        let catalogue = draft.catalogue.as_ref().or(copy);
        for (name, text) in [(CATALOGUE, catalogue), (MAPPING, Some(mapping))] {
            let Some(text) = text else { continue };
            let path = folder.join(name);
            write_file(&path, text.as_bytes(), overwrite).map_err(|error| cannot_write(&path, &error, language))?;
            written.push(path);
        }
    }
    for finding in &unread {
        let mut bytes = Vec::new();
        text::finding_text(finding, language, &mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
        note(&String::from_utf8_lossy(&bytes));
    }
    match args.format {
        DraftFormat::Json => {
            let mut value = draft::json::json(&draft, &workbooks, &findings);
            if args.choices.is_some() {
                let copy = known.as_ref().and_then(|(_, _, copy)| copy.as_ref());
                if let Some(copy) = copy.filter(|_| draft.catalogue.is_none()) {
                    value["catalogue"] = json!(copy);
                }
                value["page"] = for_page(&draft, known.as_ref().map(|(catalogue, ..)| catalogue));
            }
            let mut text = serde_json::to_string_pretty(&value).map_err(|error| Failure::usage(error.to_string()))?;
            text.push('\n');
            print(text.as_bytes())?;
        }
        DraftFormat::Text => {
            note_passed_over(&gathered, language);
            show(args, &draft, &workbooks, &findings, &written, language)?;
            if let Some(changes) = &changes {
                let (added, gone) = (changes.added, changes.gone);
                print(
                    say!(
                        language,
                        "thêm {added} dòng, để {gone} dòng thành nhận xét\n",
                        "{added} lines added, {gone} commented out\n"
                    )
                    .as_bytes(),
                )?;
            }
        }
    }
    Ok(if unread.is_empty() && gathered.failed.is_empty() { Exit::Ok } else { Exit::Unreadable })
}

/// The files that can be read, and what is wrong with the others. Each is read in a worker process first,
/// with its tables as the drafter sees them: what hangs or breaks a worker is left out, and nothing else is.
fn readable(
    files: &[PathBuf],
    effort: &Effort,
    language: Language,
) -> Result<(Vec<Arc<Workbook>>, Vec<ReportEntry>), Failure> {
    let tasks: Vec<Task> =
        files.iter().map(|file| Task { inspect: Some(inspect::Format::Text), ..Task::new(Job::alone(file)) }).collect();
    let orders = Orders::to_read(language, effort.max_memory, effort.timeout);
    let judgement = Run { orders: &orders, effort, state: None, language }.judge(&tasks, |_, _| Ok(()))?;
    let mut is_read = vec![false; files.len()];
    let mut unread = Vec::new();
    for (at, submission) in judgement.judged.report().iter().enumerate() {
        let submission = submission.map_err(|error| spool_failure(&error, language))?;
        let place = judgement.judged.task(at).unwrap_or(at);
        if submission.files.iter().all(|file| file.status != FileStatus::Unreadable) {
            is_read[place] = true;
        } else {
            unread.extend(submission.findings.iter().cloned());
        }
    }
    let settings = Settings { language, ..Settings::default() };
    let mut workbooks = Vec::new();
    for (file, _) in files.iter().zip(&is_read).filter(|(_, is_read)| **is_read) {
        let file = read_file(file, &settings);
        match file.workbook {
            Some(workbook) => workbooks.push(Arc::new(workbook)),
            None => unread.extend(file.findings.into_iter().map(|finding| ReportEntry::new(finding, language))),
        }
    }
    Ok((workbooks, unread))
}

/// What a draft is made from beside the files.
struct Work {
    catalogue: Option<(Catalogue, String)>,
    period: Option<Period>,
    name: String,
    choices: Vec<Choice>,
    language: Language,
}

/// A draft, and the formulas that are odd.
struct Drafted {
    draft: draft::Draft,
    formulas: Vec<ReportEntry>,
}

impl Work {
    /// Drafts in a thread of its own; none where it breaks down or takes too long.
    fn run(self: &Arc<Self>, workbooks: &[Arc<Workbook>], limit: Duration) -> Option<Drafted> {
        let (sender, answer) = mpsc::channel();
        let (work, workbooks) = (Arc::clone(self), workbooks.to_vec());
        thread::spawn(move || {
            let workbooks: Vec<&Workbook> = workbooks.iter().map(|workbook| &**workbook).collect();
            let request = Request {
                workbooks: &workbooks,
                catalogue: work.catalogue.as_ref().map(|(catalogue, name)| (catalogue, name.as_str())),
                period: work.period.as_ref(),
                name: &work.name,
                choices: &work.choices,
                language: work.language,
            };
            let draft = draft::draft(request, &Texts::default());
            let formulas = exceptions::formulas(&workbooks);
            // Where nobody waits any more, nobody needs it.
            let _ = sender.send(Drafted {
                draft,
                formulas: formulas.into_iter().map(|finding| ReportEntry::new(finding, work.language)).collect(),
            });
        });
        answer.recv_timeout(limit).ok()
    }
}

/// The draft of all files. Where it breaks down or hangs, each is tried alone, and those that do so are left
/// out with a finding.
fn drafted(
    work: &Arc<Work>,
    workbooks: Vec<Arc<Workbook>>,
    effort: &Effort,
    unread: &mut Vec<ReportEntry>,
) -> Result<(Vec<Arc<Workbook>>, Drafted), Failure> {
    let language = work.language;
    let each = Duration::from_secs(effort.timeout);
    let all = |count: usize| each.saturating_mul(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    if let Some(drafted) = work.run(&workbooks, all(workbooks.len())) {
        return Ok((workbooks, drafted));
    }
    let mut left = Vec::new();
    for workbook in workbooks {
        if work.run(std::slice::from_ref(&workbook), each).is_some() {
            left.push(workbook);
        } else {
            let reason = say!(language, "không lập được bản nháp", "no draft could be made");
            let broken = read::internal_error(&workbook.file, Step::Judging, &reason);
            unread.push(ReportEntry::new(broken, language));
        }
    }
    match work.run(&left, all(left.len())) {
        Some(drafted) => Ok((left, drafted)),
        None => Err(Failure::usage(say!(
            language,
            "không lập được bản nháp từ các tệp này; đây là lỗi của chương trình, chưa ghi tệp nào",
            "no draft can be made of these files, which is a fault of this program; nothing was written"
        ))),
    }
}

fn show(
    args: &Draft,
    draft: &draft::Draft,
    workbooks: &[&Workbook],
    findings: &[ReportEntry],
    written: &[PathBuf],
    language: Language,
) -> Result<(), Failure> {
    print(printable(&summary::summary(draft, workbooks, language)).as_bytes())?;
    if draft.mapping.is_none() {
        return print(
            say!(
                language,
                "không có bảng số liệu nào để lập bảng ánh xạ; chưa ghi tệp nào\n",
                "there is no table of figures to draft a mapping from; nothing was written\n"
            )
            .as_bytes(),
        );
    }
    if !findings.is_empty() {
        let count = findings.len();
        print(
            say!(
                language,
                "\nchỗ cần xem: {count} (số không khớp quan hệ tìm được, công thức khác các ô bên cạnh)\n",
                "\nto look at: {count} (figures that break the relations found, formulas unlike their neighbours)\n"
            )
            .as_bytes(),
        )?;
        for finding in findings.iter().take(MOST_FINDINGS) {
            let mut bytes = Vec::new();
            text::finding_text(finding, language, &mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
            print(printable(&String::from_utf8_lossy(&bytes)).as_bytes())?;
        }
        if let Some(more) = count.checked_sub(MOST_FINDINGS).filter(|more| *more > 0) {
            print(say!(language, "và {more} chỗ nữa\n", "and {more} more\n").as_bytes())?;
        }
    }
    print(b"\n")?;
    for path in written {
        let path = shown(path);
        print(say!(language, "đã ghi {path}\n", "wrote {path}\n").as_bytes())?;
    }
    let inputs = args.inputs.iter().map(|path| shown(path)).collect::<Vec<_>>().join(" ");
    let mapping = written.last().map(|path| shown(path)).unwrap_or_default();
    print(
        say!(
            language,
            "tiếp theo: xem lại các dòng có \"# đoán\" và \"# chưa rõ\", rồi chạy\n  bieu validate {inputs} -m {mapping}\n",
            "next: look at the lines with \"# likely\" and \"# open\", then run\n  bieu validate {inputs} -m {mapping}\n"
        )
        .as_bytes(),
    )
}

/// What a person said of rows and columns.
fn choices_of(path: &Path, language: Language) -> Result<Vec<Choice>, Failure> {
    let read = fs::read(path).and_then(|bytes| serde_json::from_slice(&bytes).map_err(io::Error::from));
    read.map_err(|error| {
        let (path, error) = (shown(path), reason(&error, language));
        Failure::usage(say!(language, "không đọc được {path}: {error}", "cannot read {path}: {error}"))
    })
}

/// What there is to choose from, and what the mapping reads as it stands.
fn for_page(draft: &draft::Draft, given: Option<&Catalogue>) -> Value {
    let drafted =
        draft.catalogue.as_ref().and_then(|text| catalogue::decode(&Document::new(CATALOGUE, text.clone())).ok());
    let Some(catalogue) = given.or(drafted.as_ref()) else { return Value::Null };
    let indicators: Vec<Value> = catalogue
        .iter()
        .map(|(_, indicator)| {
            let section = indicator.section.and_then(|at| catalogue.sections.get(at)).map(|section| &section.title);
            let unit = indicator.unit.as_ref().map(|unit| &unit.name);
            let path: Vec<&String> = section.into_iter().chain([&indicator.label]).collect();
            json!({ "id": &*indicator.id, "label": indicator.label, "path": path, "unit": unit, "section": section })
        })
        .collect();
    let measures: Vec<Value> =
        catalogue.iter_measures().map(|(_, measure)| json!({ "id": &*measure.id, "label": measure.label })).collect();
    json!({
        "indicators": indicators,
        "measures": measures,
        "readings": draft.extract.as_ref().map_or(0, |extract| extract.dataset.filled()),
        "left": draft.left,
    })
}

fn period_of(written: &str, language: Language) -> Result<Period, Failure> {
    Period::parse(written).ok_or_else(|| {
        Failure::usage(say!(
            language,
            "không hiểu kỳ \"{written}\": viết \"2026\", \"2026-6T\" hoặc \"2021-2025\"",
            "cannot understand the period \"{written}\": write \"2026\", \"2026-6T\" or \"2021-2025\""
        ))
    })
}

/// The folder of the first input.
fn folder_of(args: &Draft) -> PathBuf {
    args.output.clone().unwrap_or_else(|| {
        let first = &args.inputs[0];
        if first.is_dir() { first.clone() } else { first.parent().map(Path::to_path_buf).unwrap_or_default() }
    })
}

/// What the mapping is called after: the folder, or the only file.
fn name_of(args: &Draft) -> String {
    let first = &args.inputs[0];
    let real = fs::canonicalize(first).unwrap_or_else(|_| first.clone());
    let named = if first.is_dir() || args.inputs.len() == 1 { Some(real.as_path()) } else { real.parent() };
    let name = named.and_then(|path| if path.is_dir() { path.file_name() } else { path.file_stem() });
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn refuse_existing(folder: &Path, with_catalogue: bool, language: Language) -> Result<(), Failure> {
    let names = [Some(MAPPING), with_catalogue.then_some(CATALOGUE)];
    let there =
        names.into_iter().flatten().map(|name| folder.join(name)).find(|path| fs::symlink_metadata(path).is_ok());
    let Some(path) = there else { return Ok(()) };
    let path = shown(&path);
    Err(Failure::usage(say!(
        language,
        "{path} đã có; dùng --update để bổ sung, --force để ghi đè, hoặc -o để ghi vào thư mục khác",
        "{path} is there already; use --update to add to it, --force to replace it, or -o for another folder"
    )))
}

/// The catalogue of the user, how the mapping names it, and a copy for another period.
fn given(
    path: &Path,
    folder: &Path,
    period: Option<&Period>,
    language: Language,
) -> Result<(Catalogue, String, Option<String>), Failure> {
    let failed = |error| library_failure(error, language);
    let (own, document) = catalogue_of(path).map_err(failed)?;
    if let Some(period) = period.filter(|period| **period != own.period) {
        // The mapping is read with the catalogue's own period: a copy states the other one.
        let text = with_period(&document, period);
        let catalogue = catalogue::decode(&Document::new(CATALOGUE, text.clone()))
            .map_err(|problems| failed(LibraryError::Problems(problems)))?;
        return Ok((catalogue, CATALOGUE.to_owned(), Some(text)));
    }
    let name = if path.is_file() { reference(path, folder) } else { path.to_string_lossy().into_owned() };
    Ok((own, name, None))
}

/// The path of a catalogue as seen from the folder of the mapping.
fn reference(path: &Path, folder: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let base = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    let relative = base.ok().and_then(|base| pathdiff::diff_paths(&real, base)).unwrap_or(real);
    shown(&relative)
}

fn with_period(document: &Document, period: &Period) -> String {
    let mut done = false;
    let mut out = String::with_capacity(document.text.len());
    for line in document.text.split_inclusive('\n') {
        let is_period = line.split('=').next().is_some_and(|key| key.trim() == "period");
        if is_period && !done {
            done = true;
            out.push_str(&format!("period = \"{period}\"\n"));
        } else {
            out.push_str(line);
        }
    }
    out
}

fn cannot_write(path: &Path, error: &io::Error, language: Language) -> Failure {
    let (path, reason) = (shown(path), reason(error, language));
    Failure::usage(say!(language, "không ghi được {path}: {reason}", "cannot write {path}: {reason}"))
}
