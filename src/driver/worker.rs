//! The side of a worker process, which reads and judges one submission after another.
//!
//! It says which file it reads next, so that the other side (`pool`) knows what took it down.

use std::{
    error::Error as _,
    io::{self, BufReader, BufWriter, Read, Write},
    path::PathBuf,
    sync::{
        atomic::{AtomicU8, Ordering},
        mpsc,
    },
    thread,
};

use serde::{Deserialize, Serialize};

use super::{
    Lines,
    library::{Library, LibraryError},
    path,
    second_reader::FirstReading,
    submissions::{Job, Settings, judge_job, read_files},
    wire::{MessageKind, Pieces, receive, send, write},
};
use crate::{
    compose::{appendix, consolidation::SubmissionPart, prefill},
    draft,
    extract::Texts,
    face::{self, Form},
    line::{
        pipeline::{self, Judged},
        submission::Outcome,
    },
    model::{
        bundle::Bundle,
        reading::Dataset,
        report::{Excerpt, Submission},
    },
    read::{Limits, Step},
    values::language::{Language, say},
    write::{WriteError, excerpts, inspect, page, tidy, workbook},
};

/// What a worker is told once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "orders are switches")]
pub struct Orders {
    /// Language of the findings.
    pub language: Language,
    /// Mappings that the user named; none for the bundled ones.
    #[serde(with = "path::list")]
    pub mappings: Vec<PathBuf>,
    /// The workbook that is wanted.
    pub workbook: Option<WorkbookKind>,
    /// Whether rows of the tidy table are wanted.
    pub table: bool,
    /// Whether figures for a consolidated table are wanted.
    pub part: bool,
    /// Whether the sheets are to be shown beside their findings.
    pub excerpts: bool,
    /// Whether a second reader is asked after the answer.
    pub second_reader: bool,
    /// Most memory of a worker in MiB.
    pub memory: u64,
    /// Most seconds for one file.
    pub timeout: u64,
}

impl Orders {
    /// To read files, and nothing more: no mapping is named and nothing is written.
    pub const fn to_read(language: Language, memory: u64, timeout: u64) -> Self {
        Self {
            language,
            mappings: Vec::new(),
            workbook: None,
            table: false,
            part: false,
            excerpts: false,
            second_reader: false,
            memory,
            timeout,
        }
    }
}

/// What a workbook is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkbookKind {
    /// The appendix, with what was found and where everything came from.
    Appendix,
    /// The form of the next period, still to be filled in.
    NextForm,
    /// The appendix as the page in the browser shows it, in JSON.
    Page,
}

/// A job with the mapping file of its own folder, if it has one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The submission.
    pub job: Job,
    /// `mapping.toml` in its folder.
    #[serde(with = "path::option")]
    pub own_mapping: Option<PathBuf>,
    /// `mapping.toml` in the folder of the period before.
    #[serde(with = "path::option")]
    pub previous_mapping: Option<PathBuf>,
    /// Its folder as seen from that of the workbook to write, for links.
    pub sources: String,
    /// Not a new submission: the second reader's opinion on that which was answered last.
    #[serde(default)]
    pub read_again: bool,
    /// Only to be shown, not judged: one file, and how.
    pub inspect: Option<inspect::Format>,
    /// Digest of the mappings and catalogues it is judged by.
    #[serde(skip)]
    pub basis: [u8; 32],
    /// Its path as seen from its input, parts joined by `/`: what shards go by.
    #[serde(skip)]
    pub below: String,
}

impl Task {
    /// A job with nothing else to it.
    pub fn new(job: Job) -> Self {
        Self {
            job,
            own_mapping: None,
            previous_mapping: None,
            sources: String::new(),
            read_again: false,
            inspect: None,
            basis: [0; 32],
            below: String::new(),
        }
    }
}

/// What came of a job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The submission, judged.
    pub submission: Submission,
    /// Mappings that were considered where none could be chosen.
    pub unmapped: Option<Vec<String>>,
    /// The appendix, where it was wanted and could be made.
    #[serde(skip)]
    pub workbook: Option<Vec<u8>>,
    /// Lines of the tidy table, without a header.
    #[serde(skip)]
    pub table: Option<Lines>,
    /// Figures for a consolidated table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<SubmissionPart>,
    /// What of the sheets is shown beside their findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excerpts: Vec<Excerpt>,
    /// Why the appendix or the table could not be made.
    pub failure: Option<String>,
}

impl Answer {
    /// A submission and nothing else.
    pub fn bare(submission: Submission) -> Self {
        Self {
            submission,
            unmapped: None,
            workbook: None,
            table: None,
            part: None,
            excerpts: Vec::new(),
            failure: None,
        }
    }
}

/// Answers jobs until the stream ends; then this process ends, even amid a file that hangs it.
///
/// `limit` is given the most bytes that this process may allocate.
///
/// # Errors
/// Those of the streams; the other side is gone then.
pub fn serve(input: impl Read + Send + 'static, output: impl Write, limit: impl Fn(usize)) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    let (sender, messages) = mpsc::channel();
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        while let Ok((_, bytes)) = receive(&mut input) {
            if sender.send(bytes).is_err() {
                return;
            }
        }
        // The main process is gone, by whatever means: nobody waits for an answer.
        std::process::exit(0);
    });
    let Ok(bytes) = messages.recv() else { return Ok(()) };
    let orders: Orders = serde_json::from_slice(&bytes)?;
    let memory = orders.memory.saturating_mul(1 << 20);
    limit(usize::try_from(memory).unwrap_or(usize::MAX));
    say_step_when_broken();
    let settings = Settings { language: orders.language, limits: Limits::within(memory) };
    let texts = Texts::default();
    let mut libraries: Vec<(Option<PathBuf>, Vec<Bundle>)> = Vec::new();
    let mut kept: Option<FirstReading> = None;
    loop {
        let Ok(bytes) = messages.recv() else { return Ok(()) };
        let task: Task = serde_json::from_slice(&bytes)?;
        at_step(Step::Reading);
        let first_reading = kept.take();
        if task.read_again {
            let opinion = match first_reading {
                Some(first_reading) => first_reading.read_again(memory),
                None => FirstReading::unread(&task.job),
            };
            send(&mut output, MessageKind::Answer, &serde_json::to_vec(&opinion)?)?;
            continue;
        }
        if let Some(format) = task.inspect {
            let mut broken = None;
            let (answer, rows) = show(&task, format, &settings, |place| {
                let place = u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes();
                broken = send(&mut output, MessageKind::Reading, &place).err();
            });
            if let Some(error) = broken {
                return Err(error);
            }
            reply(&mut output, &answer, |out| out.write_all(&rows))?;
            continue;
        }
        let mut at = |own: &Option<PathBuf>| {
            libraries.iter().position(|(known, _)| known == own).unwrap_or_else(|| {
                // The program has loaded them before without a mistake.
                let library = load(&orders.mappings, own.as_ref()).unwrap_or_default();
                libraries.push((own.clone(), library.bundles));
                libraries.len() - 1
            })
        };
        let own = at(&task.own_mapping);
        let before = task.job.previous.is_some().then(|| at(&task.previous_mapping));
        let mut broken = None;
        let bundles = &libraries[own].1;
        let before = before.map_or(&[][..], |before| &libraries[before].1);
        let is_wanted = is_wanted(&task.job);
        let outcome = judge_job(&task.job, bundles, before, &settings, &texts, |file| {
            at_step(if file < task.job.reads() { Step::Reading } else { Step::Judging });
            if !is_wanted {
                return;
            }
            let place = u32::try_from(file).unwrap_or(u32::MAX).to_le_bytes();
            if let Err(error) = send(&mut output, MessageKind::Reading, &place) {
                broken = Some(error);
            }
        });
        if let Some(error) = broken {
            return Err(error);
        }
        at_step(Step::Writing);
        match outcome {
            Outcome::Unmapped(submission, candidates) => {
                reply(&mut output, &Answer { unmapped: Some(candidates), ..Answer::bare(*submission) }, |_| Ok(()))?;
            }
            Outcome::Judged(judged, bundle) => {
                let (answer, dataset, first_reading) = answer(*judged, &bundle, &orders, &task);
                kept = first_reading;
                let path = &answer.submission.path;
                reply(&mut output, &answer, |out| {
                    if orders.table {
                        tidy::tidy(&bundle.catalogue, &dataset, path, orders.language, out)
                    } else {
                        Ok(())
                    }
                })?;
            }
        }
    }
}

/// What stands before the step in a worker's last words.
pub(super) const STEP_MARK: &str = "bieu was at: ";

/// What this worker is at, for its last words.
static STEP: AtomicU8 = AtomicU8::new(0);

const STEPS: [Step; 3] = [Step::Reading, Step::Judging, Step::Writing];

fn at_step(step: Step) {
    let place = STEPS.iter().position(|own| *own == step).and_then(|place| u8::try_from(place).ok());
    STEP.store(place.unwrap_or(0), Ordering::Relaxed);
}

/// A panic ends the worker; what it was at is told behind the usual words.
fn say_step_when_broken() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        usual(info);
        let step = STEPS.get(usize::from(STEP.load(Ordering::Relaxed))).copied().unwrap_or(Step::Judging);
        eprintln!("{STEP_MARK}{}", step.words().en);
    }));
}

/// Files up to this many bytes are read in no time.
const SMALL: u64 = 1 << 20;

/// Whether the other side is told which file is being read, and when all are: a single small file is
/// the only one that can be to blame, and each message costs as much as reading ten rows of it.
fn is_wanted(job: &Job) -> bool {
    let is_small = |file: &PathBuf| std::fs::metadata(file).is_ok_and(|meta| meta.len() <= SMALL);
    !(job.reads() == 1 && job.files.iter().all(is_small))
}

/// Sends an answer, and the lines of its table while they are made.
fn reply(
    output: &mut impl Write,
    answer: &Answer,
    table: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write(output, MessageKind::Answer, &serde_json::to_vec(answer)?)?;
    if let Some(bytes) = &answer.workbook {
        write(output, MessageKind::Workbook, bytes)?;
    }
    let mut pieces = Pieces::new(&mut *output, MessageKind::Table);
    table(&mut pieces)?;
    pieces.flush()?;
    send(output, MessageKind::Done, &[])
}

/// The rows of one file, as its table. One that took a worker down before is not read again.
fn show(
    task: &Task,
    format: inspect::Format,
    settings: &Settings,
    mut progress: impl FnMut(usize),
) -> (Answer, Vec<u8>) {
    let files = read_files(&task.job, settings, &mut progress);
    at_step(Step::Writing);
    let workbook = files.first().and_then(|file| file.workbook.as_ref());
    let language = settings.language;
    let shown = workbook.map(|workbook| {
        let tables = || draft::outline::tables(workbook, &Texts::default(), language);
        let headers = || draft::outline::headers(workbook);
        inspect::inspect(workbook, format, tables, headers, language)
    });
    let (rows, failure) = match shown {
        None => (Vec::new(), None),
        Some(Ok(rows)) => (rows, None),
        Some(Err(error)) => (Vec::new(), Some(error.to_string())),
    };
    let submission = pipeline::unmapped(&task.job.path, files, Vec::new(), language);
    (Answer { failure, ..Answer::bare(submission) }, rows)
}

/// The mappings that a task chooses from.
///
/// # Errors
/// Those of the library.
pub fn load(mappings: &[PathBuf], own: Option<&PathBuf>) -> Result<Library, LibraryError> {
    match own {
        Some(own) => Library::given(std::slice::from_ref(own)),
        None if mappings.is_empty() => Library::bundled(),
        None => Library::given(mappings),
    }
}

/// All that is wanted of a submission but its table, and its readings for that.
fn answer(
    mut judged: Judged,
    bundle: &Bundle,
    orders: &Orders,
    task: &Task,
) -> (Answer, Dataset, Option<FirstReading>) {
    let sources = task.sources.as_str();
    // What is written next takes room of its own.
    let workbooks = std::mem::take(&mut judged.workbooks);
    let excerpts = if orders.excerpts { excerpts(&workbooks, &judged.submission.findings) } else { Vec::new() };
    // A second opinion was given already where this is judged with it.
    let is_asked = orders.second_reader && task.job.opinion.is_empty();
    let first_reading = is_asked.then(|| FirstReading::new(&task.job, &judged.dataset, workbooks));
    let mut failure = None;
    let workbook = orders.workbook.map(|kind| match kind {
        WorkbookKind::NextForm if !prefill::is_possible(&bundle.catalogue) => {
            let id = &bundle.catalogue.id;
            Err(say!(
                orders.language,
                "danh mục {id} không nói số liệu nào chuyển sang kỳ sau (`carried` của `[[measure]]`)",
                "the catalogue {id} does not say what is carried to the next period (`carried` of `[[measure]]`)"
            ))
        }
        WorkbookKind::NextForm => {
            next_form(&judged, bundle, sources, orders.language).map_err(|error| error.to_string())
        }
        WorkbookKind::Page => {
            let form = Form::of(&judged, bundle, orders.language);
            let (catalogue, fields) = (&bundle.catalogue, &bundle.mapping.fields);
            let shown = page::form(&form.appendix, catalogue, fields, &judged.dataset, orders.language);
            serde_json::to_vec(&shown).map_err(|error| error.to_string())
        }
        WorkbookKind::Appendix => {
            face::write(&Form::of(&judged, bundle, orders.language), sources).map_err(|error| cause(&error))
        }
    });
    let workbook = workbook.and_then(|made| made.map_err(|error| failure = Some(error)).ok());
    let part = orders.part.then(|| SubmissionPart::of(&bundle.catalogue, &judged.dataset).of_form(bundle.form()));
    let answer = Answer { workbook, part, excerpts, failure, ..Answer::bare(judged.submission) };
    (answer, judged.dataset, first_reading)
}

/// What stood in the way, without the sentence around it: the command says which submission it was.
fn cause(error: &face::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// The form of the next period, as far as it is known.
fn next_form(judged: &Judged, bundle: &Bundle, sources: &str, language: Language) -> Result<Vec<u8>, WriteError> {
    // The program has read it before without a mistake.
    let next = bundle.next_catalogue().unwrap_or_else(|_| (*bundle.catalogue).clone());
    let (catalogue, dataset) = prefill::prefill(&bundle.catalogue, next, &judged.dataset);
    // Numbers and dates of this period's report are not those of the next.
    let has_digit = |(_, text): &&(String, String)| text.contains(|c: char| c.is_ascii_digit());
    let fields: Vec<_> = bundle.mapping.fields.iter().filter(|field| !has_digit(field)).cloned().collect();
    let form = appendix::compose(&catalogue, &fields, &dataset);
    let submission = Submission { findings: Vec::new(), ..judged.submission.clone() };
    workbook::prefilled(&workbook::WorkbookInput {
        appendix: &form,
        catalogue: &catalogue,
        fields: &fields,
        dataset: &dataset,
        before: &[],
        submission: &submission,
        sources,
        language,
    })
}
