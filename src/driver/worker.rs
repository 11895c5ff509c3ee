//! Worker processes: each reads and judges one submission after another, so that a file on which
//! the reader aborts, hangs or swells costs a worker and not the run.
//!
//! A worker says which file it reads next. When it dies or takes too long, that file is poisoned:
//! it is reported, and the submission is judged again without it.

use std::{
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    library::{Bundle, Library, LibraryError},
    submissions::{Job, Outcome, Poison, Settings, judge_job, poisoned, read_file},
    wire::{Kind, receive, send},
};
use crate::{
    appendix,
    extract::Texts,
    language::Language,
    pipeline,
    report::Submission,
    write::{inspect, tidy, workbook},
};

/// What a worker is told once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    /// Language of the findings.
    pub language: Language,
    /// Mappings that the user named; none for the bundled ones.
    pub mappings: Vec<PathBuf>,
    /// Whether the appendix is wanted.
    pub workbook: bool,
    /// Whether rows of the tidy table are wanted.
    pub table: bool,
    /// Most memory of a worker in MiB.
    pub memory: u64,
    /// Most seconds for one file.
    pub timeout: u64,
}

/// A job with the mapping file of its own folder, if it has one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The submission.
    pub job: Job,
    /// `mapping.toml` in its folder.
    pub own_mapping: Option<PathBuf>,
    /// `mapping.toml` in the folder of the period before.
    pub previous_mapping: Option<PathBuf>,
    /// Its folder as seen from that of the workbook to write, for links.
    pub sources: String,
    /// Only to be shown, not judged: one file, and how.
    pub inspect: Option<inspect::Format>,
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
    /// Rows of the tidy table, without a header.
    #[serde(skip)]
    pub table: Option<Vec<u8>>,
    /// Why the appendix or the table could not be made.
    pub failure: Option<String>,
}

/// The worker's side: answers jobs until the stream ends.
///
/// `limit` is given the most bytes that this process may allocate.
///
/// # Errors
/// Those of the streams; the other side is gone then.
pub fn serve(input: impl Read, output: impl Write, limit: impl Fn(usize)) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut output = BufWriter::new(output);
    let (_, bytes) = receive(&mut input)?;
    let orders: Orders = serde_json::from_slice(&bytes)?;
    limit(usize::try_from(orders.memory.saturating_mul(1 << 20)).unwrap_or(usize::MAX));
    let settings = Settings { language: orders.language, ..Settings::default() };
    let texts = Texts::default();
    let mut libraries: Vec<(Option<PathBuf>, Vec<Bundle>)> = Vec::new();
    loop {
        let task: Task = match receive(&mut input) {
            Ok((_, bytes)) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        if let Some(format) = task.inspect {
            send(&mut output, Kind::Reading, &0u32.to_le_bytes())?;
            let answer = show(&task, format, &settings);
            reply(&mut output, &answer)?;
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
        let outcome = judge_job(&task.job, bundles, before, &settings, &texts, |file| {
            let place = u32::try_from(file).unwrap_or(u32::MAX).to_le_bytes();
            if let Err(error) = send(&mut output, Kind::Reading, &place) {
                broken = Some(error);
            }
        });
        if let Some(error) = broken {
            return Err(error);
        }
        reply(&mut output, &answer(outcome, &orders, &task.sources))?;
    }
}

fn reply(output: &mut impl Write, answer: &Answer) -> io::Result<()> {
    send(output, Kind::Answer, &serde_json::to_vec(answer)?)?;
    if let Some(bytes) = &answer.workbook {
        send(output, Kind::Workbook, bytes)?;
    }
    if let Some(bytes) = &answer.table {
        send(output, Kind::Table, bytes)?;
    }
    send(output, Kind::Done, &[])
}

/// The rows of one file, as its table.
fn show(task: &Task, format: inspect::Format, settings: &Settings) -> Answer {
    let file = read_file(task.job.files.first().map_or(Path::new(""), PathBuf::as_path), settings);
    let shown = file.workbook.as_ref().map(|workbook| inspect::inspect(workbook, format, settings.language));
    let (table, failure) = match shown {
        None => (None, None),
        Some(Ok(rows)) => (Some(rows), None),
        Some(Err(error)) => (None, Some(error.to_string())),
    };
    let submission = pipeline::unmapped(&task.job.path, vec![file], Vec::new());
    Answer { submission, unmapped: None, workbook: None, table, failure }
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

fn answer(outcome: Outcome, orders: &Orders, sources: &str) -> Answer {
    let (judged, bundle) = match outcome {
        Outcome::Unmapped(submission, candidates) => {
            return Answer { submission, unmapped: Some(candidates), workbook: None, table: None, failure: None };
        }
        Outcome::Judged(judged, bundle) => (judged, bundle),
    };
    let mut failure = None;
    let workbook = orders.workbook.then(|| {
        let form = appendix::compose(&bundle.catalogue, &bundle.mapping.fields, &judged.dataset);
        workbook::workbook(&workbook::WorkbookInput {
            appendix: &form,
            catalogue: &bundle.catalogue,
            fields: &bundle.mapping.fields,
            dataset: &judged.dataset,
            submission: &judged.submission,
            sources,
            language: orders.language,
        })
    });
    let table = orders.table.then(|| tidy::tidy(&bundle.catalogue, &judged.dataset, &judged.submission.path));
    let mut keep = |made: Option<Result<Vec<u8>, crate::write::WriteError>>| match made? {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            failure = Some(error.to_string());
            None
        }
    };
    let (workbook, table) = (keep(workbook), keep(table));
    Answer { submission: judged.submission, unmapped: None, workbook, table, failure }
}

/// Judges all tasks with `jobs` workers. `done` is called with the place of each task as it is
/// finished, never twice at the same time; the order differs from run to run, the places do not.
/// Ends early, with what is done, when `stop` is set.
///
/// # Errors
/// When no worker can be started.
pub fn run(
    tasks: &[Task],
    orders: &Orders,
    jobs: usize,
    stop: &AtomicBool,
    done: impl FnMut(usize, Answer) + Send,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(done);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs.clamp(1, tasks.len().max(1)))
            .map(|_| {
                scope.spawn(|| -> io::Result<()> {
                    let mut worker = None;
                    while !stop.load(Ordering::Relaxed) {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(task) = tasks.get(at) else { break };
                        let answer = judge_isolated(task, orders, &mut worker)?;
                        if let Ok(mut done) = done.lock() {
                            done(at, answer);
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread of the program broke down")))
        })
    })
}

/// Judges one task, with as many workers as it takes down.
fn judge_isolated(task: &Task, orders: &Orders, worker: &mut Option<Worker>) -> io::Result<Answer> {
    let mut task = task.clone();
    // Each round poisons one file at least, so this ends.
    let before = task.job.previous.as_ref().map_or(0, |previous| previous.files.len());
    for _ in 0..=task.job.files.len() + before {
        let at_work = match worker {
            Some(worker) => worker,
            None => worker.insert(Worker::start(orders)?),
        };
        match at_work.judge(&task, orders) {
            Ok(answer) => return Ok(answer),
            Err((file, poison)) => {
                *worker = None;
                let Some(file) = file else {
                    // It broke down on judging, not on reading: nothing more can be learnt of it.
                    let all = 0..task.job.files.len();
                    task.job.poisoned = all.map(|at| (at, poison.clone())).collect();
                    break;
                };
                match (file.checked_sub(task.job.files.len()), &mut task.job.previous) {
                    (Some(file), Some(previous)) => previous.poisoned.push((file, poison)),
                    (None | Some(_), _) => task.job.poisoned.push((file, poison)),
                }
            }
        }
    }
    let files = task
        .job
        .files
        .iter()
        .zip(&task.job.poisoned)
        .map(|(file, (_, poison))| poisoned(&file.to_string_lossy().as_ref().into(), poison, orders.language));
    let submission = pipeline::unmapped(&task.job.path, files.collect(), Vec::new());
    Ok(Answer { submission, unmapped: None, workbook: None, table: None, failure: None })
}

/// A running worker.
struct Worker {
    child: Child,
    input: ChildStdin,
    messages: Receiver<io::Result<(Kind, Vec<u8>)>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be hanging; it has nothing to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Worker {
    fn start(orders: &Orders) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a worker has no streams"));
        };
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            loop {
                let message = receive(&mut output);
                let end = message.is_err();
                if sender.send(message).is_err() || end {
                    break;
                }
            }
        });
        send(&mut input, Kind::Order, &serde_json::to_vec(orders)?)?;
        Ok(Self { child, input, messages })
    }

    /// The answer, or the file that took the worker down and how.
    fn judge(&mut self, task: &Task, orders: &Orders) -> Result<Answer, (Option<usize>, Poison)> {
        let order = serde_json::to_vec(task).map_err(|_| (None, Poison::Crashed))?;
        if send(&mut self.input, Kind::Order, &order).is_err() {
            return Err((None, self.cause_of_death(orders)));
        }
        let patience = Duration::from_secs(orders.timeout);
        let mut reading = None;
        let mut answer: Option<Answer> = None;
        loop {
            match self.messages.recv_timeout(patience) {
                Ok(Ok((Kind::Reading, bytes))) => {
                    reading = bytes.first_chunk().and_then(|b| usize::try_from(u32::from_le_bytes(*b)).ok());
                }
                Ok(Ok((Kind::Answer, bytes))) => {
                    answer = serde_json::from_slice(&bytes).ok();
                }
                Ok(Ok((kind @ (Kind::Workbook | Kind::Table), bytes))) => {
                    if let Some(answer) = &mut answer {
                        *(if kind == Kind::Table { &mut answer.table } else { &mut answer.workbook }) = Some(bytes);
                    }
                }
                Ok(Ok((Kind::Done, _))) => return answer.ok_or((None, Poison::Crashed)),
                Err(RecvTimeoutError::Timeout) => return Err((reading, Poison::TimedOut(orders.timeout))),
                Ok(Ok((Kind::Order, _)) | Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                    return Err((reading, self.cause_of_death(orders)));
                }
            }
        }
    }

    /// A worker that reaches its limit says so before it aborts.
    fn cause_of_death(&mut self, orders: &Orders) -> Poison {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut last_words = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.take(64 << 10).read_to_string(&mut last_words);
        }
        if last_words.contains("memory allocation") || last_words.contains("capacity overflow") {
            Poison::OutOfMemory(orders.memory)
        } else {
            Poison::Crashed
        }
    }
}
