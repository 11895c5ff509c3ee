//! Arguments.

use std::path::PathBuf;

use crate::driver::Shard;
use clap::{Parser, Subcommand, ValueEnum};

/// Reads the office's spreadsheets through mapping files, checks and recomputes them, and writes
/// the appendix "Biểu kết quả các chỉ tiêu chủ yếu".
#[derive(Debug, Parser)]
#[command(name = "bieu", bin_name = "bieu", version, about, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    /// Language of messages: vi (default) or en.
    #[arg(long, global = true, value_enum, env = "BIEU_LANG", hide_env_values = true)]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Vi,
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the appendix workbook from the office's files.
    Convert(Convert),
    /// Check submissions and write nothing but reports.
    Validate(Validate),
    /// Put many submissions of one catalogue into one workbook.
    Consolidate(Consolidate),
    /// Draft a mapping, and without one a catalogue, from files that nobody has described yet.
    Draft(Draft),
    /// Show what the reader sees: sheets, areas, encodings, cells.
    Inspect(Inspect),
    /// Open the page for those who use no terminal, in the browser of this machine.
    #[cfg(feature = "app")]
    App(App),
    /// Work with mapping and catalogue files.
    Mapping(Mapping),
    /// Say what a finding code means and how to mend it.
    Explain {
        /// Code such as ratio-mismatch; without it all codes are listed.
        code: Option<String>,
    },
    /// Answer what the page asks; not for people.
    #[cfg(feature = "app")]
    #[command(hide = true)]
    Page(Page),
    /// Read and judge what the main process orders; not for people.
    #[command(hide = true)]
    Worker,
    /// Print the manual page; a form for `man`, not a command of officers.
    #[command(hide = true)]
    Man,
    /// Print shell completions.
    Completions {
        /// bash, elvish, fish, powershell or zsh.
        shell: clap_complete::Shell,
    },
}

/// Lowest severity that makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Convert {
    /// Files or folders.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Mapping file, folder of mapping files, or name of a bundled mapping.
    #[arg(short, long, value_name = "MAPPING")]
    pub(crate) mapping: Option<PathBuf>,
    /// What was reported for the period before, to compare with; `mapping.toml` beside it says how it
    /// is to be read.
    #[arg(long, value_name = "FILE-OR-FOLDER")]
    pub(crate) previous: Option<PathBuf>,
    /// Workbook to write; a folder where there are several submissions
    /// [default: bieu-ket-qua.xlsx].
    #[arg(short, long, value_name = "OUT.xlsx")]
    pub(crate) output: Option<PathBuf>,
    /// Write the form of the next period instead, still to be filled in: this period's results stand
    /// as the last one's, next year's plan as the plan, as the catalogue says.
    #[arg(long)]
    pub(crate) prefill: bool,
    /// Also write the tidy table, one row a reading.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) table: Option<PathBuf>,
    /// Also write a report; the ending says the format (.html .xlsx .csv .json .sarif .txt, .xml for
    /// JUnit). Several are allowed.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Vec<PathBuf>,
    /// Also write copies of the .xlsx and .xlsm files with their flagged cells coloured and commented,
    /// under the same names. The files themselves are never changed.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) annotate: Option<PathBuf>,
    /// Replace files that are already there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Write the submissions of one part of N only, for N machines; a submission is in exactly one
    /// part, by its path below the input.
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    /// Write one submission only, by its path as reports name it; what the page asks for.
    #[arg(long, value_name = "PATH", hide = true)]
    pub(crate) only: Option<String>,
    /// Lowest severity that makes the exit code 1.
    #[arg(long, value_enum, default_value = "never", value_name = "LEVEL")]
    pub(crate) fail_on: FailOn,
    /// Read the files once more with another reader, and say where the two disagree.
    #[arg(long, value_enum, default_value = "on", value_name = "ON|OFF", hide_possible_values = true)]
    pub(crate) second_reader: Switch,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Consolidate {
    /// Files or folders.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Mapping file, folder of mapping files, or name of a bundled mapping; several are allowed.
    #[arg(short, long, value_name = "MAPPING")]
    pub(crate) mapping: Vec<PathBuf>,
    /// Workbook to write.
    #[arg(short, long, value_name = "OUT.xlsx")]
    pub(crate) output: PathBuf,
    /// Also write the tidy table of all submissions, one row a reading.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) table: Option<PathBuf>,
    /// Also write a report; the ending says the format (.html .xlsx .csv .json .sarif .txt, .xml for
    /// JUnit). Several are allowed.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Vec<PathBuf>,
    /// Replace files that are already there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Lowest severity that makes the exit code 1.
    #[arg(long, value_enum, default_value = "never", value_name = "LEVEL")]
    pub(crate) fail_on: FailOn,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

/// What a run may cost.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Effort {
    /// Worker processes [default: all cores].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Seconds that one file may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Memory that one worker may use.
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(16..))]
    pub(crate) max_memory: u64,
    /// No progress and no notes; errors are still told.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs, `bieu.report/1`.
    Json,
    /// A row a finding.
    Csv,
    /// A page for a browser.
    Html,
    /// For code hosts and editors, SARIF 2.1.0.
    Sarif,
    /// For build servers, the XML of JUnit.
    Junit,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Validate {
    /// Files or folders.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Mapping file, folder of mapping files, or name of a bundled mapping; several are allowed.
    #[arg(short, long, value_name = "MAPPING")]
    pub(crate) mapping: Vec<PathBuf>,
    /// What was reported for the period before, to compare with; `mapping.toml` beside it says how it
    /// is to be read.
    #[arg(long, value_name = "FILE-OR-FOLDER")]
    pub(crate) previous: Option<PathBuf>,
    /// Format of standard output.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Also write a report; the ending says the format (.html .xlsx .csv .json .sarif .txt, .xml for
    /// JUnit). Several are allowed.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Vec<PathBuf>,
    /// Replace reports that are already there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Also write the tidy table of all submissions, one row a reading.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) table: Option<PathBuf>,
    /// Judge the submissions of one part of N only, for N machines; a submission is in exactly one
    /// part, by its path below the input.
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    /// Judge one submission only, by its path as reports name it; what the page asks for.
    #[arg(long, value_name = "PATH", hide = true)]
    pub(crate) only: Option<String>,
    /// Keep what is judged in this file, and do not judge again what is in it with the same bytes,
    /// mapping, catalogue and release.
    #[arg(long, value_name = "STATE")]
    pub(crate) resume: Option<PathBuf>,
    /// Lowest severity that makes the exit code 1.
    #[arg(long, value_enum, default_value = "error", value_name = "LEVEL")]
    pub(crate) fail_on: FailOn,
    /// Read the files once more with another reader, and say where the two disagree.
    #[arg(long, value_enum, default_value = "off", value_name = "ON|OFF", hide_possible_values = true)]
    pub(crate) second_reader: Switch,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// A survey of the sheets, for people.
    Text,
    /// A line a filled cell.
    Csv,
    /// An object a filled cell.
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// Files or folders.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Format of standard output.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: InspectFormat,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

/// What the page asks its children for beside the commands.
#[cfg(feature = "app")]
#[derive(Debug, clap::Args)]
pub(crate) struct Page {
    #[command(subcommand)]
    pub(crate) command: PageCommand,
}

#[cfg(feature = "app")]
#[derive(Debug, Subcommand)]
pub(crate) enum PageCommand {
    /// The sheets of files, a line each with their names, or with all they show.
    Sheets {
        /// Only names and sizes.
        #[arg(long)]
        names: bool,
        #[arg(required = true)]
        inputs: Vec<PathBuf>,
        #[command(flatten)]
        effort: Effort,
    },
    /// The form of one submission.
    Form {
        /// The path of the submission as reports name it.
        #[arg(long)]
        only: String,
        #[arg(required = true)]
        inputs: Vec<PathBuf>,
        #[command(flatten)]
        effort: Effort,
    },
}

/// The page.
#[cfg(feature = "app")]
#[derive(Debug, clap::Args)]
pub(crate) struct App {
    /// Folder, or file, to begin with.
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 is any that is free.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// Open no browser: print the address, which can be opened once, as the only line.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Seconds after which the program ends by itself when no page is open any more.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, hide = true)]
    pub(crate) idle: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DraftFormat {
    /// What was found, for people.
    Text,
    /// For programs, `bieu.draft/1`.
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Draft {
    /// Files or folders.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Catalogue of the indicators, a file or the name of a bundled one; without it one is drafted too.
    #[arg(short, long, value_name = "CATALOGUE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Period that the files report on, such as 2026, 2026-6T or 2021-2025 [default: what titles and
    /// headers say].
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    /// What a person said of rows and columns, in JSON; what the page asks for.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) choices: Option<PathBuf>,
    /// Folder for mapping.toml and danh-muc.toml [default: that of the first input].
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// Add to the mapping.toml that is there: what fits stays as it is, what is new is added, what is
    /// gone is commented out.
    #[arg(long)]
    pub(crate) update: bool,
    /// Replace files that are already there.
    #[arg(long, conflicts_with = "update")]
    pub(crate) force: bool,
    /// Format of standard output; with json files are written only where --output names a folder.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: DraftFormat,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people, 80 columns wide.
    Text,
    /// For programs, `bieu.entries/1`.
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Mapping {
    #[command(subcommand)]
    pub(crate) command: MappingCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MappingCommand {
    /// Check mapping and catalogue files; shows every mistake with line and column.
    Check {
        /// Files or folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Also read these files or folders, and show what each entry finds in them and what nothing takes.
        #[arg(long, value_name = "INPUT", num_args = 1..)]
        against: Vec<PathBuf>,
        /// Format of what was found.
        #[arg(long, value_enum, default_value = "text", requires = "against")]
        format: CheckFormat,
        #[command(flatten)]
        effort: Effort,
    },
    /// Print the JSON Schema of mappings, catalogues and bieu.toml, for editors.
    Schema,
    /// Write a bundled mapping or catalogue, with all that it needs, as files to read and change.
    Export {
        /// Name of a bundled mapping or catalogue.
        #[arg(value_name = "NAME")]
        name: String,
        /// Folder to write into.
        #[arg(short, long, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
        output: PathBuf,
        /// Replace files that are already there.
        #[arg(long)]
        force: bool,
    },
}
