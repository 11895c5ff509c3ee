//! Jobs are command lines of this program.

use std::{
    ffi::OsString,
    io::{self, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Condvar, Mutex, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{App, assets, fault::Fault, lock};

/// Most bytes of an answer.
const MOST_OUTPUT: u64 = 1 << 30;
/// Most bytes of what is said beside it.
const MOST_SAID: usize = 1 << 16;
/// How often a child is looked after.
const PAUSE: Duration = Duration::from_millis(4);

/// How long the end waits for children to end.
const END: Duration = Duration::from_secs(3);

/// Children at a time: more would only wait for each other.
const MOST_CHILDREN: usize = 6;

/// How many children run.
#[derive(Default)]
pub(super) struct Children {
    running: Mutex<usize>,
    ended: Condvar,
}

/// The right to run one.
struct Turn<'a>(&'a Children);

impl Children {
    fn wait(&self, app: &App) -> Result<Turn<'_>, Fault> {
        let mut running = lock(&self.running);
        loop {
            if app.stop.load(Ordering::Relaxed) {
                return Err(Fault::Ending);
            }
            if *running < MOST_CHILDREN {
                break;
            }
            running = match self.ended.wait_timeout(running, Duration::from_millis(200)) {
                Ok((running, _)) => running,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        *running += 1;
        Ok(Turn(self))
    }

    /// Waits, but not for ever, until those that run have been ended: none outlives the program.
    pub(super) fn end(&self) {
        let running = lock(&self.running);
        drop(self.ended.wait_timeout_while(running, END, |running| *running > 0));
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.0.running) -= 1;
        self.0.ended.notify_all();
    }
}

/// What a child is to do.
pub(super) struct Job {
    pub(super) arguments: Vec<OsString>,
    /// Paths in its answer are as seen from here.
    pub(super) folder: PathBuf,
    pub(super) limit: Duration,
    /// Where the officer will keep what it writes, for its links, if that is another folder.
    pub(super) kept_at: Option<PathBuf>,
}

/// What came of it.
pub(super) struct Done {
    pub(super) exit: Option<i32>,
    pub(super) out: Vec<u8>,
    /// What it said on standard error, cut off where it is long.
    pub(super) said: String,
}

impl Job {
    pub(super) fn new(folder: PathBuf, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { arguments, folder, limit: Duration::from_mins(10), kept_at: None }
    }

    pub(super) fn and(mut self, more: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(more.into_iter().map(Into::into));
        self
    }

    /// Runs it to its end. `progress` is told how many files of how many are done.
    pub(super) fn run(&self, app: &App, mut progress: impl FnMut(u64, u64) + Send) -> Result<Done, Fault> {
        let _turn = app.children.wait(app)?;
        let mut command = Command::new(&app.options.program);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env("BIEU_LANG", assets::name(app.language()))
            .env("BIEU_PROGRESS", "lines")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(place) = &self.kept_at {
            command.env("BIEU_LINKED_FROM", place);
        }
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt;
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NO_WINDOW);
        }
        let internal = |error: io::Error| Fault::Internal(error.to_string());
        let mut child = Running(command.spawn().map_err(internal)?);
        let (out, said) = (child.0.stdout.take(), child.0.stderr.take());
        thread::scope(|scope| {
            let out = scope.spawn(move || {
                let mut bytes = Vec::new();
                let read = out.map_or(Ok(0), |out| out.take(MOST_OUTPUT).read_to_end(&mut bytes));
                read.map(|_| bytes)
            });
            let said = scope.spawn(move || said.map_or(String::new(), |said| lines(said, &mut progress)));
            let since = Instant::now();
            let exit = loop {
                if let Some(status) = child.0.try_wait().map_err(internal)? {
                    break status.code();
                }
                if app.stop.load(Ordering::Relaxed) {
                    child.end();
                    return Err(Fault::Ending);
                }
                if since.elapsed() > self.limit {
                    child.end();
                    return Err(Fault::TimedOut);
                }
                thread::sleep(PAUSE);
            };
            let out = out.join().unwrap_or_else(|_| Ok(Vec::new())).map_err(internal)?;
            Ok(Done { exit, out, said: said.join().unwrap_or_default() })
        })
    }
}

/// Lines of progress are taken out of what is said.
fn lines(mut said: impl Read, progress: &mut impl FnMut(u64, u64)) -> String {
    let (mut text, mut line, mut buffer) = (String::new(), Vec::new(), [0; 4096]);
    let mut take = |line: &mut Vec<u8>| {
        let own = String::from_utf8_lossy(line).into_owned();
        line.clear();
        let numbers = own.strip_prefix("bieu-progress ").and_then(|rest| rest.trim().split_once('/'));
        match numbers.and_then(|(done, all)| Some((done.parse().ok()?, all.parse().ok()?))) {
            Some((done, all)) => progress(done, all),
            None if text.len() < MOST_SAID => {
                text.push_str(own.trim_end());
                text.push('\n');
            }
            None => {}
        }
    };
    while let Ok(count @ 1..) = said.read(&mut buffer) {
        for byte in &buffer[..count] {
            if *byte == b'\n' {
                take(&mut line);
            } else if line.len() < MOST_SAID {
                line.push(*byte);
            }
        }
    }
    if !line.is_empty() {
        take(&mut line);
    }
    text.trim_end().to_owned()
}

impl Done {
    /// The answer, where the command was not refused.
    pub(super) fn answer(self) -> Result<Vec<u8>, Fault> {
        // 1 is findings, 3 a file that could not be read: both are answers.
        if matches!(self.exit, Some(0 | 1 | 3)) { Ok(self.out) } else { Err(self.failed()) }
    }

    /// What the child said, as the officer reads it.
    pub(super) fn failed(&self) -> Fault {
        let said = self.said.trim();
        let said = said.strip_prefix("lỗi: ").or_else(|| said.strip_prefix("error: ")).unwrap_or(said);
        if said.is_empty() { Fault::Internal(format!("exit {:?}", self.exit)) } else { Fault::Failed(said.to_owned()) }
    }
}

/// A child that does not outlive whoever waits for it.
struct Running(Child);

impl Running {
    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
