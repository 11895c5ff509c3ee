//! Commands. Findings and reports go to standard output, everything else to standard error.

mod against;
mod annotate;
#[cfg(feature = "app")]
mod app;
mod args;
mod colour;
mod consolidate;
mod convert;
mod draft;
mod explain;
mod help;
mod inspect;
mod interrupt;
mod man;
mod mapping;
mod outputs;
#[cfg(feature = "app")]
mod page;
mod picture;
mod previous;
mod problems;
mod progress;
mod reports;
mod table;
mod terminal;
mod validate;

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::Ordering,
};

use crate::{
    driver::{
        Discovered, Group, Held, Job, JudgedRun, Judgements, LibraryError, Shard, State, WorkerPool, discover, plan,
        reason, shown, suppressions,
        worker::{self, Answer, Orders, Task},
    },
    model::{
        finding::Severity,
        report::{Overview, Status},
    },
    values::language::{Language, counted, say},
    write::printable,
};
use clap::Parser;

use args::{Args, Command, Effort, FailOn};
use progress::Progress;

/// Why a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing at or above `--fail-on`.
    Ok = 0,
    /// Findings.
    Findings = 1,
    /// Wrong usage, mapping or catalogue.
    Usage = 2,
    /// An input could not be read.
    Unreadable = 3,
    /// Stopped by Ctrl-C, as shells count it.
    Interrupted = 130,
}

/// An error that ends a command, already in the words of the user.
#[derive(Debug)]
struct Failure {
    message: String,
    exit: Exit,
}

impl Failure {
    fn usage(message: String) -> Self {
        Self { message, exit: Exit::Usage }
    }

    fn unreadable(message: String) -> Self {
        Self { message, exit: Exit::Unreadable }
    }
}

/// Arguments of the program without a console: no command, or a folder, is for the page.
pub fn with_app(arguments: Vec<OsString>) -> Vec<OsString> {
    help::with_app(arguments)
}

/// Parses the arguments and runs the command. `limit` is given the most bytes that a worker may
/// allocate.
pub fn run(arguments: Vec<OsString>, limit: fn(usize)) -> ExitCode {
    let arguments = help::with_command(arguments);
    let language = help::language_of(&arguments);
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(error) => {
            // Texts in the language of the run are made only where they are shown.
            let error = help::command(language).try_get_matches_from(&arguments).err().unwrap_or(error);
            #[cfg(feature = "app")]
            app::refused(&error, &arguments, language);
            return refused(&error, language);
        }
    };
    if !matches!(args.command, Command::Worker) {
        own_up_when_broken(language);
    }
    let outcome = match args.command {
        Command::Convert(args) => convert::run(&args, language),
        Command::Validate(args) => validate::run(&args, language),
        Command::Consolidate(args) => consolidate::run(&args, language),
        Command::Draft(args) => draft::run(&args, language),
        Command::Inspect(args) => inspect::run(&args, language),
        Command::Mapping(args) => mapping::run(&args, language),
        Command::Explain { code } => explain::run(code.as_deref(), language),
        #[cfg(feature = "app")]
        Command::App(args) => app::run(&args, &arguments, language),
        #[cfg(feature = "app")]
        Command::Page(args) => page::run(&args.command, language),
        Command::Worker => worker::serve(io::stdin(), io::stdout(), limit)
            .map(|()| Exit::Ok)
            .map_err(|error| Failure::usage(error.to_string())),
        Command::Man => print(man::page(language).as_bytes()).map(|()| Exit::Ok),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut help::command(language), "bieu", &mut script);
            print(&script).map(|()| Exit::Ok)
        }
    };
    let exit = outcome.unwrap_or_else(|failure| {
        let head = say!(language, "lỗi", "error");
        note(&format!("{head}: {}", failure.message));
        failure.exit
    });
    ExitCode::from(exit as u8)
}

/// Prints the help that was asked for, or what is wrong with the arguments.
fn refused(error: &clap::Error, language: Language) -> ExitCode {
    let is_bare = std::env::args_os().skip(1).all(|word| word.to_string_lossy().starts_with("--lang"));
    if is_bare {
        note(&help::start(language));
        return ExitCode::from(Exit::Usage as u8);
    }
    match help::mistake(error).filter(|_| language == Language::Vi) {
        Some(words) => note(&format!("lỗi: {words}\nxem hướng dẫn: bieu --help")),
        // A closed pipe is no reason to complain.
        None => error.print().unwrap_or_default(),
    }
    let code = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
    ExitCode::from(code as u8)
}

/// A panic of the main process is told as what it is: a fault of the program, which changed nothing.
fn own_up_when_broken(language: Language) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let version = env!("CARGO_PKG_VERSION");
        note(&say!(
            language,
            "lỗi: chương trình (bieu {version}) gặp lỗi của chính mình; các tệp nguồn không bị thay đổi. Hãy gửi những dòng dưới đây cho người phụ trách chương trình:",
            "error: the program (bieu {version}) itself failed; the source files are unchanged. Please send the lines below to whoever maintains the program:"
        ));
        usual(info);
    }));
}

fn library_failure(error: LibraryError, language: Language) -> Failure {
    match error {
        LibraryError::Io(path, error) => {
            let (path, error) = (shown(&path), reason(&error, language));
            Failure::usage(say!(language, "không đọc được {path}: {error}", "cannot read {path}: {error}"))
        }
        LibraryError::Unknown(name, known) => {
            let list = known.join(", ");
            Failure::usage(say!(
                language,
                "không có tệp hay bảng ánh xạ có sẵn tên \"{name}\"; có sẵn: {list}",
                "there is no file and no bundled mapping \"{name}\"; bundled: {list}"
            ))
        }
        LibraryError::Problems(problems) => {
            let count = problems.len();
            let mistakes = counted(count, "mistake");
            for problem in &problems {
                note(&format!("{}\n", problems::render(problem, language)));
            }
            Failure::usage(say!(
                language,
                "{count} lỗi trong bảng ánh xạ hoặc danh mục; chưa đọc tệp nào",
                "{mistakes} in mapping or catalogue; no file was read"
            ))
        }
    }
}

/// Walks the inputs and says what is wrong with them. `own` are files below them that this run
/// replaces, having written them before: they are no inputs.
fn find_inputs(inputs: &[PathBuf], own: &[PathBuf], language: Language) -> Result<Discovered, Failure> {
    let mut gathered = discover(inputs);
    gathered.pass_over(own);
    note_outside(&gathered, language);
    if gathered.groups.is_empty() {
        if let Some((path, error)) = gathered.failed.first() {
            let (path, error) = (shown(path), reason(error, language));
            return Err(Failure::unreadable(say!(
                language,
                "không mở được {path}: {error}",
                "cannot open {path}: {error}"
            )));
        }
        let list = inputs.iter().map(|p| shown(p)).collect::<Vec<_>>().join(", ");
        return Err(Failure::unreadable(say!(
            language,
            "không có bảng tính nào trong {list} (.xlsx .xlsm .xlsb .xls .ods .csv .tsv .html .xml)",
            "no spreadsheet in {list} (.xlsx .xlsm .xlsb .xls .ods .csv .tsv .html .xml)"
        )));
    }
    for (path, error) in &gathered.failed {
        let (path, error) = (shown(path), reason(error, language));
        note(&say!(language, "không mở được {path}: {error}", "cannot open {path}: {error}"));
    }
    Ok(gathered)
}

/// Most links that are named.
const MOST_LINKS: usize = 5;

/// Says which links were not followed: an officer who sees the file in the folder believes it judged.
fn note_outside(gathered: &Discovered, language: Language) {
    let count = gathered.outside.len();
    if count == 0 {
        return;
    }
    let mut list: Vec<String> = gathered.outside.iter().take(MOST_LINKS).map(|path| shown(path)).collect();
    if let Some(more) = count.checked_sub(MOST_LINKS).filter(|more| *more > 0) {
        list.push(say!(language, "và {more} liên kết nữa", "and {more} more"));
    }
    let (list, links) = (list.join(", "), counted(count, "link"));
    note(&say!(
        language,
        "không đọc {count} liên kết dẫn ra ngoài thư mục đầu vào: {list}; muốn đọc thì nêu rõ tên khi chạy",
        "did not follow {links} out of the inputs: {list}; to have them read, name them as inputs"
    ));
}

/// A `mapping.toml` or `bieu.toml` beside the files that is a link to somewhere else: its lines would
/// be shown with their mistakes, whatever it leads to.
fn refuse_foreign(gathered: &Discovered, folder: &Path, name: &str, language: Language) -> Result<(), Failure> {
    let path = folder.join(name);
    let is_link = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
    let home = std::fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let is_own = |target: &Path| gathered.holds(target) || home.as_ref().is_ok_and(|home| target.starts_with(home));
    if !is_link || !std::fs::canonicalize(&path).is_ok_and(|target| !is_own(&target)) {
        return Ok(());
    }
    let path = shown(&path);
    Err(Failure::usage(say!(
        language,
        "{path} là liên kết dẫn ra ngoài thư mục đầu vào; hãy chép tệp đó vào thư mục, hoặc xóa liên kết",
        "{path} is a link out of the inputs; copy the file into the folder, or remove the link"
    )))
}

/// Says what was passed over below the inputs.
fn note_passed_over(gathered: &Discovered, language: Language) {
    let Discovered { hidden, others, links, outputs, .. } = gathered;
    if *hidden > 0 {
        let files = counted(*hidden, "file");
        note(&say!(
            language,
            "bỏ qua {hidden} tệp ẩn hoặc tệp khóa (đang mở)",
            "skipped {files} (hidden, or the lock of an open one)"
        ));
    }
    if *others > 0 {
        let files = counted(*others, "file");
        note(&say!(language, "bỏ qua {others} tệp không phải bảng tính", "skipped {files} (not spreadsheets)"));
    }
    if *links > 0 {
        let links_en = counted(*links, "link");
        note(&say!(
            language,
            "bỏ qua {links} liên kết tới tệp đã được kiểm tra dưới tên khác",
            "skipped {links_en} to files that are checked under other names"
        ));
    }
    if *outputs > 0 {
        let files = counted(*outputs, "file");
        note(&say!(
            language,
            "bỏ qua {outputs} tệp do chính lần chạy này ghi ra",
            "skipped {files} that this run writes"
        ));
    }
}

/// Parts the inputs into submissions; what could not be opened is one each, for none may be lost.
/// Mappings are all loaded, and their mistakes shown, before the first workbook is opened.
/// The files that those were read from are held.
fn plan_tasks(
    gathered: &Discovered,
    mappings: &[PathBuf],
    held: &mut Held,
    language: Language,
) -> Result<Vec<Task>, Failure> {
    let load = |own: Option<&PathBuf>| worker::load(mappings, own).map_err(|error| library_failure(error, language));
    let library = load(None)?;
    for file in &library.files {
        held.add_file(file);
    }
    let mut tasks = Vec::new();
    for group in &gathered.groups {
        let own = group.folder.join("mapping.toml");
        let is_there = std::fs::metadata(&own).is_ok_and(|meta| !meta.is_dir());
        let own_mapping = (mappings.is_empty() && is_there).then_some(own);
        for name in own_mapping.iter().map(|_| "mapping.toml").chain(["bieu.toml"]) {
            refuse_foreign(gathered, &group.folder, name, language)?;
        }
        let own_library = own_mapping.as_ref().map(|own| load(Some(own))).transpose()?;
        for file in own_library.iter().flat_map(|library| &library.files) {
            held.add_file(file);
        }
        let library = own_library.as_ref().unwrap_or(&library);
        let bundles = &library.bundles;
        let named = !mappings.is_empty() || own_mapping.is_some();
        let jobs = plan(group, bundles, named);
        if let Some(path) = jobs.first().and_then(|job| job.suppressions.as_ref()) {
            suppressions(path).map_err(|error| library_failure(error, language))?;
        }
        tasks.extend(jobs.into_iter().map(|job| Task {
            own_mapping: own_mapping.clone(),
            basis: library.digest,
            below: below(group, &job),
            ..Task::new(job)
        }));
    }
    tasks.extend(gathered.failed.iter().map(|(path, error)| Task {
        basis: library.digest,
        below: shown(path),
        ..Task::new(Job::refused(path, reason(error, language)))
    }));
    Ok(tasks)
}

/// The path of a submission as seen from its input; that of the input itself is its name.
fn below(group: &Group, job: &Job) -> String {
    let folder = *job.path == *shown(&group.folder);
    let file = job.files.first().filter(|_| !folder).and_then(|file| file.file_name());
    let parts = [group.below.clone().into(), file.map(OsStr::to_string_lossy).unwrap_or_default()];
    let path = parts.iter().filter(|part| !part.is_empty()).map(|part| &**part).collect::<Vec<_>>().join("/");
    if !path.is_empty() {
        return path;
    }
    let real = std::fs::canonicalize(&group.folder).unwrap_or_else(|_| group.folder.clone());
    real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Leaves the tasks of one machine.
fn keep_shard(tasks: &mut Vec<Task>, shard: Option<Shard>, quiet: bool, language: Language) {
    let Some(shard) = shard else { return };
    let all = tasks.len();
    tasks.retain(|task| shard.takes(&task.below));
    if quiet {
        return;
    }
    let (here, submissions) = (tasks.len(), counted(all, "submission"));
    note(&say!(language, "phần này gồm {here} trên {all} bộ số liệu", "this shard takes {here} of {submissions}"));
}

/// What a run leaves behind, on the disk.
struct Judgement {
    judged: JudgedRun,
    /// Mappings that were considered, where none could be chosen for any submission.
    unmapped: Option<BTreeSet<String>>,
}

/// How tasks are judged.
struct Run<'a> {
    orders: &'a Orders,
    effort: &'a Effort,
    state: Option<&'a State>,
    language: Language,
}

impl Run<'_> {
    /// Judges every task in worker processes, until Ctrl-C. `save` is given each answer with the
    /// place of its task as it comes; what the report needs of it is kept on the disk.
    fn judge(
        &self,
        tasks: &[Task],
        mut save: impl FnMut(usize, Answer) -> io::Result<()> + Send,
    ) -> Result<Judgement, Failure> {
        let language = self.language;
        let failed = |error: &io::Error| spool_failure(error, language);
        let mut judgements = Judgements::new().map_err(|error| failed(&error))?;
        let mut unmapped = Some(BTreeSet::new());
        let mut broken = None;
        let stop = interrupt::listen(language, self.effort.quiet);
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = WorkerPool {
            program: std::env::current_exe().map_err(|error| Failure::usage(error.to_string()))?,
            jobs: self.effort.jobs.map_or(all, usize::from),
            orders: self.orders,
            state: self.state,
        };
        let files = tasks.iter().map(|task| task.job.files.len()).sum();
        let mut progress = Progress::start(files, self.effort.quiet, language);
        pool.run(tasks, stop, |at, answer| {
            match (&answer.unmapped, answer.submission.status, &mut unmapped) {
                (Some(candidates), Status::Unmapped, Some(names)) => names.extend(candidates.iter().cloned()),
                (Some(_) | None, _, _) => unmapped = None,
            }
            progress.done(tasks[at].job.files.len(), answer.submission.findings.len());
            if let Err(error) = judgements.put(at, &answer.submission, &answer.excerpts).and_then(|()| save(at, answer))
            {
                // Without the disk there is no report: more work is of no use.
                stop.store(true, Ordering::Relaxed);
                broken.get_or_insert(error);
            }
        })
        .map_err(|error| Failure::usage(error.to_string()))?;
        drop(progress);
        match broken {
            Some(error) => Err(failed(&error)),
            None => Ok(Judgement { judged: judgements.finish(tasks.len()), unmapped }),
        }
    }
}

fn spool_failure(error: &io::Error, language: Language) -> Failure {
    let folder = std::env::temp_dir();
    let (folder, error) = (shown(&folder), reason(error, language));
    Failure::usage(say!(
        language,
        "không ghi được tệp tạm trong {folder}: {error}",
        "cannot keep results in the folder for temporary files, {folder}: {error}"
    ))
}

/// Exit code 2 where nothing could be judged because no mapping could be chosen.
fn no_mapping(judgement: &Judgement, language: Language) -> Option<Failure> {
    let summary = judgement.judged.overview().summary;
    if summary.submissions == 0 || summary.partial {
        return None;
    }
    let names: Vec<&str> = judgement.unmapped.as_ref()?.iter().map(String::as_str).collect();
    let list = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    Some(Failure::usage(say!(
        language,
        "không chọn được bảng ánh xạ; đã xét: {list}. Chỉ rõ bằng `-m`",
        "no mapping could be chosen; considered: {list}. Name one with `-m`"
    )))
}

/// What could not be opened is a submission of the part that takes it, and costs no other part.
fn exit_code(overview: &Overview, fail_on: FailOn) -> Exit {
    if overview.summary.partial {
        return Exit::Interrupted;
    }
    if overview.has_unreadable_files() {
        return Exit::Unreadable;
    }
    let threshold = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return Exit::Ok,
    };
    if overview.worst_severity() >= Some(threshold) { Exit::Findings } else { Exit::Ok }
}

/// Says something on standard error, where names of files must not steer the terminal.
fn note(text: &str) {
    // A closed terminal is no reason to stop.
    let _ = writeln!(io::stderr(), "{}", printable(text));
}

/// Prints to standard output; a reader that has gone away (`| head`) ends the command quietly.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    print_to(terminal::stdout(), bytes)
}

/// Prints what was tamed already, with codes of ours.
fn print_tame(bytes: &[u8]) -> Result<(), Failure> {
    print_to(io::stdout().lock(), bytes)
}

fn print_to(mut out: impl Write, bytes: &[u8]) -> Result<(), Failure> {
    match out.write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::usage(error.to_string())),
        Ok(()) | Err(_) => Ok(()),
    }
}
