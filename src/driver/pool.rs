//! Worker processes: a file on which the reader aborts, hangs or swells costs a worker and not the
//! run.
//!
//! When a worker dies or takes too long, the file it was reading is poisoned: it is reported, and
//! the submission is judged again without it. A death is believed only when it happens twice: a
//! worker may also be ended by somebody else.

use std::{
    io::{self, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    path::shown,
    second_reader::{FirstReading, Opinion},
    state::{self, State},
    submissions::{Job, Poison, poisoned},
    wire::{MessageKind, receive, send},
    worker::{Answer, Orders, STEP_MARK, Task},
};
use crate::{
    line::pipeline,
    model::{
        report::{FileStatus, ReportEntry},
        workbook::file_name,
    },
    read::{self, Step},
};

/// How long a worker is waited for before it is asked whether the run is to stop.
const PAUSE: Duration = Duration::from_millis(100);

/// Messages that wait to be taken.
const MOST_WAITING: usize = 8;

/// What a run is done with.
#[derive(Clone, Debug)]
pub struct WorkerPool<'a> {
    /// The program that has the hidden command `worker`.
    pub program: PathBuf,
    /// Workers at a time.
    pub jobs: usize,
    /// What every worker is told.
    pub orders: &'a Orders,
    /// What was judged before, and is not to be judged again.
    pub state: Option<&'a State>,
}

impl WorkerPool<'_> {
    /// Judges all tasks. `done` is called with the place of each task as it is finished, never twice
    /// at the same time; the order differs from run to run, the places do not. Soon after `stop` is
    /// set it ends, with what is done; tasks that are being judged then are not.
    ///
    /// # Errors
    /// When no worker can be started, or the state cannot be kept.
    pub fn run(&self, tasks: &[Task], stop: &AtomicBool, done: impl FnMut(usize, Answer) + Send) -> io::Result<()> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(done);
        thread::scope(|scope| {
            let threads: Vec<_> = (0..self.jobs.clamp(1, tasks.len().max(1)))
                .map(|_| {
                    scope.spawn(|| -> io::Result<()> {
                        let mut worker = None;
                        while !stop.load(Ordering::Relaxed) {
                            let at = next.fetch_add(1, Ordering::Relaxed);
                            let Some(task) = tasks.get(at) else { break };
                            // The others need not go on when this one cannot.
                            let answer = self.once(task, stop, &mut worker).inspect_err(|_| {
                                stop.store(true, Ordering::Relaxed);
                            })?;
                            let Some(answer) = answer else { break };
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

    /// From the state, or judged and put there. `None` when the run is to stop.
    fn once(&self, task: &Task, stop: &AtomicBool, worker: &mut Option<Worker>) -> io::Result<Option<Answer>> {
        let key = self.state.and_then(|_| state::key(task, self.orders));
        if let (Some(state), Some(key)) = (self.state, &key)
            && let Some(answer) = state.get(key)?
        {
            return Ok(Some(answer));
        }
        let Some((answer, whole)) = self.judge_task(task, stop, worker)? else { return Ok(None) };
        // A poisoned file may fare better on a quieter machine; a file that was changed meanwhile
        // has been judged as nobody knows what.
        if let (Some(state), Some(key), true) = (self.state, &key, whole)
            && state::key(task, self.orders).as_ref() == Some(key)
        {
            state.put(key, &answer)?;
        }
        Ok(Some(answer))
    }

    /// Judges one task, with as many workers as it takes down, and says whether no file was
    /// poisoned. `None` when the run is to stop.
    fn judge_task(
        &self,
        task: &Task,
        stop: &AtomicBool,
        worker: &mut Option<Worker>,
    ) -> io::Result<Option<(Answer, bool)>> {
        let mut task = task.clone();
        let mut one_by_one = false;
        // Each round poisons one file at least, so this ends.
        loop {
            let (file, poison) = match self.attempt(&task, stop, worker)? {
                End::Answer(answer) => {
                    let answer = self.second_opinion(&mut task, *answer, stop, worker)?;
                    return Ok(Some((answer, task.job.poisoned.is_empty())));
                }
                End::Stopped => return Ok(None),
                End::Death(file, poison) => (file, poison),
            };
            let own = task.job.files.len();
            // One that is poisoned is not read again, so that whoever says it is cannot keep this going.
            let is_poisoned = |job: &Job, file: usize| job.poisoned.iter().any(|(bad, _)| *bad == file);
            let file = file.filter(|file| match (file.checked_sub(own), &task.job.previous) {
                (Some(file), Some(previous)) => !is_poisoned(previous, file),
                (None | Some(_), _) => !is_poisoned(&task.job, *file),
            });
            if let Some(file) = file {
                match (file.checked_sub(own), &mut task.job.previous) {
                    (Some(file), Some(previous)) => previous.poisoned.push((file, poison)),
                    (None | Some(_), _) => task.job.poisoned.push((file, poison)),
                }
                continue;
            }
            // It broke down on judging, not on reading.
            let left: Vec<usize> = (0..own).filter(|at| task.job.poisoned.iter().all(|(bad, _)| bad != at)).collect();
            if left.is_empty() {
                return Ok(Some((self.given_up(&task.job), false)));
            }
            let mut guilty = Vec::new();
            if left.len() > 1 && !std::mem::replace(&mut one_by_one, true) && !matches!(poison, Poison::TimedOut(_)) {
                for at in &left {
                    let mut alone = task.clone();
                    alone.job.files = vec![task.job.files[*at].clone()];
                    (alone.job.poisoned, alone.job.previous) = (Vec::new(), None);
                    match self.attempt(&alone, stop, worker)? {
                        End::Answer(_) => {}
                        End::Stopped => return Ok(None),
                        End::Death(_, poison) => guilty.push((*at, poison)),
                    }
                }
            }
            if guilty.is_empty() {
                guilty = left.into_iter().map(|at| (at, poison.clone())).collect();
            }
            task.job.poisoned.append(&mut guilty);
        }
    }

    /// An answer with what the second reader says of it. Where it says anything, all is judged and
    /// written again with it, so that it stands in the workbook too. Whatever becomes of the second
    /// reader, the answer stays.
    fn second_opinion(
        &self,
        task: &mut Task,
        mut answer: Answer,
        stop: &AtomicBool,
        worker: &mut Option<Worker>,
    ) -> io::Result<Answer> {
        if !self.orders.second_reader || task.inspect.is_some() || answer.submission.mapping.is_none() {
            return Ok(answer);
        }
        let asked = worker.as_mut().and_then(|worker| worker.read_again(task, self.orders, stop));
        if asked.is_none() {
            *worker = None;
        }
        let opinion = asked.unwrap_or_else(|| FirstReading::unread(&task.job));
        if !opinion.differences.is_empty() {
            task.job.opinion = opinion.differences;
            if let End::Answer(again) = self.attempt(task, stop, worker)? {
                answer = *again;
            } else {
                let told = task.job.opinion.iter().filter_map(read::readers_disagree);
                answer.submission.findings.extend(told.map(|finding| ReportEntry::new(finding, self.orders.language)));
            }
        }
        for file in &mut answer.submission.files {
            let said = opinion.files.iter().find(|(path, _)| *path == file.path);
            let is_read = matches!(file.status, FileStatus::Read | FileStatus::PartlyRead);
            file.second_reader = said.map(|(_, said)| *said).filter(|_| is_read);
        }
        Ok(answer)
    }

    /// What is left of a submission on which every attempt broke down.
    fn given_up(&self, job: &Job) -> Answer {
        let mut poisons: Vec<_> = job.poisoned.iter().collect();
        poisons.sort_by_key(|(at, _)| *at);
        let files = job.files.iter().zip(poisons).map(|(file, (_, poison))| poisoned(&shown(file).into(), poison));
        let submission = pipeline::unmapped(&job.path, files.collect(), Vec::new(), self.orders.language);
        Answer::bare(submission)
    }

    /// Judges once, and once more when the worker crashes. A worker that is still there afterwards
    /// is left for the next task.
    fn attempt(&self, task: &Task, stop: &AtomicBool, worker: &mut Option<Worker>) -> io::Result<End> {
        let mut first = true;
        loop {
            let at_work = match worker {
                Some(worker) => worker,
                None => worker.insert(self.start()?),
            };
            let end = at_work.answer_to(task, self.orders, stop);
            match end {
                End::Answer(_) => return Ok(end),
                End::Death(_, Poison::Crashed(..)) if first && !stop.load(Ordering::Relaxed) => first = false,
                End::Death(..) | End::Stopped => {
                    *worker = None;
                    return Ok(end);
                }
            }
            *worker = None;
        }
    }

    fn start(&self) -> io::Result<Worker> {
        let mut command = Command::new(&self.program);
        // What a broken worker says must fit into the pipe, which nobody empties before its end.
        command.arg("worker").env("RUST_BACKTRACE", "0");
        on_its_own(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a worker has no streams"));
        };
        // A worker that makes pieces faster than they are written waits.
        let (sender, messages) = mpsc::sync_channel(MOST_WAITING);
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
        // One that is gone already is noticed when it is given its first task.
        let _ = send(&mut input, MessageKind::Order, &serde_json::to_vec(self.orders)?);
        Ok(Worker { child, input, messages })
    }
}

/// Ctrl-C in a terminal reaches every process in front: workers are to be ended by the main process.
#[cfg(unix)]
fn on_its_own(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(windows)]
fn on_its_own(command: &mut Command) {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
}

#[cfg(not(any(unix, windows)))]
fn on_its_own(_command: &mut Command) {}

/// How one attempt ended.
enum End {
    Answer(Box<Answer>),
    /// The file that took the worker down, if it was one, and how.
    Death(Option<usize>, Poison),
    Stopped,
}

/// A running worker.
struct Worker {
    child: Child,
    input: ChildStdin,
    messages: Receiver<io::Result<(MessageKind, Vec<u8>)>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be hanging; it has nothing to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Worker {
    fn answer_to(&mut self, task: &Task, orders: &Orders, stop: &AtomicBool) -> End {
        let sent = serde_json::to_vec(task).map_err(io::Error::from);
        if sent.and_then(|order| send(&mut self.input, MessageKind::Order, &order)).is_err() {
            return End::Death(None, self.cause_of_death(orders, false));
        }
        let patience = Duration::from_secs(orders.timeout);
        let mut deadline = Instant::now() + patience;
        let mut reading = None;
        let mut answer: Option<Box<Answer>> = None;
        loop {
            let message = self.messages.recv_timeout(PAUSE.min(deadline.saturating_duration_since(Instant::now())));
            if message.is_ok() {
                deadline = Instant::now() + patience;
            }
            match message {
                Ok(Ok((MessageKind::Reading, bytes))) => {
                    let place = bytes.first_chunk().and_then(|b| usize::try_from(u32::from_le_bytes(*b)).ok());
                    reading = place.filter(|place| *place < task.job.reads());
                }
                Ok(Ok((MessageKind::Answer, bytes))) => match serde_json::from_slice(&bytes) {
                    Ok(given) => answer = Some(given),
                    Err(error) => {
                        let reason = format!("answer not understood: {error}");
                        return End::Death(None, Poison::Crashed(Step::Writing, reason));
                    }
                },
                Ok(Ok((MessageKind::Workbook, bytes))) => {
                    if let Some(answer) = &mut answer {
                        answer.workbook = Some(bytes);
                    }
                }
                Ok(Ok((MessageKind::Table, piece))) => {
                    if let Some(answer) = &mut answer {
                        answer.table.get_or_insert_default().push(&piece);
                    }
                }
                Ok(Ok((MessageKind::Done, _))) => match answer {
                    Some(answer) => return End::Answer(answer),
                    None => return End::Death(None, Poison::Crashed(Step::Writing, "no answer".to_owned())),
                },
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return End::Stopped,
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => return End::Death(reading, Poison::TimedOut(orders.timeout)),
                Ok(Ok((MessageKind::Order, _)) | Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                    return End::Death(reading, self.cause_of_death(orders, reading.is_some()));
                }
            }
        }
    }

    /// The second reader's opinion on what was answered last; `None` where the worker did not survive
    /// it or took too long.
    fn read_again(&mut self, task: &Task, orders: &Orders, stop: &AtomicBool) -> Option<Opinion> {
        let order = serde_json::to_vec(&Task { read_again: true, ..task.clone() }).ok()?;
        send(&mut self.input, MessageKind::Order, &order).ok()?;
        let deadline = Instant::now() + Duration::from_secs(orders.timeout);
        loop {
            match self.messages.recv_timeout(PAUSE.min(deadline.saturating_duration_since(Instant::now()))) {
                Ok(Ok((MessageKind::Answer, bytes))) => return serde_json::from_slice(&bytes).ok(),
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline && !stop.load(Ordering::Relaxed) => {}
                Ok(_) | Err(_) => return None,
            }
        }
    }

    /// A worker that reaches its limit says so before it aborts; one that panics says at which step.
    fn cause_of_death(&mut self, orders: &Orders, reading: bool) -> Poison {
        // Its streams are closed a little before it is gone.
        for _ in 0..50 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        let status = self.child.wait();
        let mut last_words = Vec::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.take(64 << 10).read_to_end(&mut last_words);
        }
        let last_words = String::from_utf8_lossy(&last_words);
        if last_words.contains("memory allocation") || last_words.contains("capacity overflow") {
            Poison::OutOfMemory(orders.memory)
        } else {
            let step = step_of(&last_words).unwrap_or(if reading { Step::Reading } else { Step::Judging });
            Poison::Crashed(step, panic_of(&last_words).unwrap_or_else(|| ended(status.ok())))
        }
    }
}

/// The message of a panic and where it was, without the folders of the machine it was built on.
fn panic_of(words: &str) -> Option<String> {
    let (_, rest) = words.split_once("panicked at ")?;
    let mut lines = rest.lines();
    let place = file_name(lines.next()?).trim_end_matches(':').to_owned();
    Some(format!("{} ({place})", lines.next().unwrap_or_default().trim()))
}

/// What a worker was at, which it says behind its panic.
fn step_of(words: &str) -> Option<Step> {
    let (_, rest) = words.rsplit_once(STEP_MARK)?;
    [Step::Reading, Step::Judging, Step::Writing].into_iter().find(|step| rest.starts_with(step.words().en))
}

fn ended(status: Option<ExitStatus>) -> String {
    status.map_or_else(|| "unknown".to_owned(), |status| status.to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

    use super::*;
    use crate::{
        model::{
            finding::Severity,
            report::{FileReport, SecondReader, Status},
        },
        values::language::Language,
    };

    fn orders() -> Orders {
        Orders::to_read(Language::En, 64, 20)
    }

    fn task(files: &[&str]) -> Task {
        let files = files.iter().map(PathBuf::from).collect();
        Task::new(Job { files, ..Job::alone(Path::new("xa")) })
    }

    /// A worker that does what a script says.
    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("worker.sh");
        fs::write(&path, format!("#!/bin/sh\ncd '{}'\necho >> starts\n{text}\n", shown(folder))).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        path
    }

    fn judge(program: PathBuf, task: &Task) -> Answer {
        let orders = orders();
        let pool = WorkerPool { program, jobs: 1, orders: &orders, state: None };
        let mut found = None;
        pool.run(std::slice::from_ref(task), &AtomicBool::new(false), |_, answer| found = Some(answer)).expect("a run");
        found.expect("an answer")
    }

    fn starts(folder: &Path) -> usize {
        fs::read_to_string(folder.join("starts")).expect("a worker was started").len()
    }

    #[test]
    fn an_answer_that_cannot_be_understood_has_the_files_judged_one_by_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let program =
            script(folder.path(), "printf '\\002\\003\\000\\000\\000abc\\005\\000\\000\\000\\000'; cat > /dev/null");
        let answer = judge(program, &task(&["a.csv", "b.csv"]));
        assert_eq!(answer.submission.status, Status::Unreadable);
        assert_eq!(answer.submission.files.len(), 2);
        for file in &answer.submission.files {
            let error = file.error.as_deref().unwrap_or_default();
            assert!(error.contains("answer not understood: expected value"), "{error}");
        }
        // Everything is tried twice: both files together, each alone, and the submission without them.
        assert_eq!(starts(folder.path()), 2 * 4);
    }

    #[test]
    fn a_panic_is_told_as_a_fault_of_the_program_with_its_step() {
        for (mark, step) in [("", "checking its figures"), ("bieu was at: reading the file", "reading the file")] {
            let folder = tempfile::tempdir().expect("a folder");
            let words = format!("thread 'main' panicked at src/text/label.rs:47:14:\\nend byte index 4\\n{mark}");
            let program = script(folder.path(), &format!("printf \"{words}\" >&2; exit 101"));
            let answer = judge(program, &task(&["a.csv"]));
            assert_eq!(answer.submission.status, Status::Unreadable);
            let error = answer.submission.files[0].error.as_deref().unwrap_or_default();
            let told = format!("internal: the program itself failed while {step}: end byte index 4 (label.rs:47:14)");
            assert!(error.starts_with(&told), "{error}");
            let finding = &answer.submission.findings[0];
            assert_eq!((&*finding.code, finding.severity), ("internal-error", Severity::Error));
            assert!(!finding.message.contains("damaged"), "{}", finding.message);
        }
    }

    #[test]
    fn a_worker_that_somebody_ends_costs_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let answer = Answer::bare(pipeline::unmapped(&"xa".into(), Vec::new(), Vec::new(), Language::Vi));
        let mut stream = Vec::new();
        send(&mut stream, MessageKind::Answer, &serde_json::to_vec(&answer).expect("JSON")).expect("a message");
        send(&mut stream, MessageKind::Done, &[]).expect("a message");
        fs::write(folder.path().join("answer"), stream).expect("a file");
        let text = "[ $(wc -l < starts) = 1 ] && kill -9 $$\ncat answer; cat > /dev/null";
        let found = judge(script(folder.path(), text), &task(&["a.csv"]));
        assert!(found.submission.findings.is_empty() && found.submission.files.is_empty(), "{found:?}");
        assert_eq!(starts(folder.path()), 2);
    }

    #[test]
    fn a_second_reader_that_takes_the_worker_down_costs_its_opinion_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut submission = pipeline::unmapped(&"xa".into(), Vec::new(), Vec::new(), Language::Vi);
        submission.mapping = Some("m".into());
        let path: Arc<str> = "a.csv".into();
        let file = FileReport { path, status: FileStatus::Read, error: None, second_reader: None };
        submission.files.push(file);
        let answer = Answer::bare(submission);
        let mut stream = Vec::new();
        send(&mut stream, MessageKind::Answer, &serde_json::to_vec(&answer).expect("JSON")).expect("a message");
        send(&mut stream, MessageKind::Done, &[]).expect("a message");
        fs::write(folder.path().join("answer"), stream).expect("a file");
        let program = script(folder.path(), "head -c 5 > /dev/null; cat answer; sleep 0.2; exit 101");
        let orders = Orders { second_reader: true, ..orders() };
        let pool = WorkerPool { program, jobs: 1, orders: &orders, state: None };
        let mut found = None;
        let tasks = [task(&["a.csv"])];
        pool.run(&tasks, &AtomicBool::new(false), |_, answer| found = Some(answer)).expect("a run");
        let submission = found.expect("an answer").submission;
        assert_eq!(submission.files[0].second_reader, Some(SecondReader::ReadOnce));
        assert!(submission.findings.is_empty());
        assert_eq!(starts(folder.path()), 1);
    }

    #[test]
    fn a_run_that_is_stopped_does_not_wait_for_a_worker_that_hangs() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = script(folder.path(), "cat > /dev/null");
        let (orders, stop) = (orders(), AtomicBool::new(false));
        let pool = WorkerPool { program, jobs: 2, orders: &orders, state: None };
        let started = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(50));
                stop.store(true, Ordering::Relaxed);
            });
            let tasks = [task(&["a.csv"]), task(&["b.csv"]), task(&["c.csv"])];
            pool.run(&tasks, &stop, |_, answer| panic!("{answer:?}")).expect("a run");
        });
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[test]
    fn a_panic_is_told_without_the_folders_of_a_machine() {
        let words = "\nthread 'main' (123) panicked at /x/y/zip-1.0/src/read.rs:7:9:\nno such entry\nnote: run\n";
        assert_eq!(panic_of(words).as_deref(), Some("no such entry (read.rs:7:9)"));
        assert_eq!(panic_of("Killed"), None);
    }
}
