//! What a run writes, held against what it reads: nothing of the inputs is ever replaced.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::{
    driver::{Claim, Discovered, Held, State, shown},
    values::language::{Language, say},
    write::ReportFormat,
};

use super::{Failure, find_inputs};

/// Something that a run writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Output<'a> {
    /// A report, in the format of its ending.
    Report(&'a Path),
    /// A file of results, which is added to.
    State(&'a Path),
    /// A table or a workbook: what an office hands in may look the same.
    Other(&'a Path),
}

impl<'a> Output<'a> {
    const fn path(self) -> &'a Path {
        match self {
            Self::Report(path) | Self::State(path) | Self::Other(path) => path,
        }
    }

    /// Whether the file that is there can only be what a run before has written in this place.
    fn is_own(self) -> bool {
        let path = self.path();
        if !fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file()) {
            return false;
        }
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
        let format = path.extension().and_then(|ending| ReportFormat::of_ending(&ending.to_string_lossy()));
        read.is_ok()
            && match self {
                Self::Report(_) => format.is_some_and(|format| format.wrote(&head)),
                Self::State(_) => State::wrote(&head),
                Self::Other(_) => false,
            }
    }
}

/// All that a command names for writing.
pub(super) fn named<'a>(
    reports: &'a [PathBuf],
    others: [Option<&'a PathBuf>; 2],
    state: Option<&'a PathBuf>,
) -> Vec<Output<'a>> {
    let reports = reports.iter().map(|path| Output::Report(path));
    let others = others.into_iter().flatten().filter(|path| !path.is_dir()).map(|path| Output::Other(path));
    reports.chain(others).chain(state.map(|path| Output::State(path))).collect()
}

/// What a run reads, held against what it is told to write.
pub(super) struct Reads<'a> {
    pub(super) held: Held,
    outputs: Vec<Output<'a>>,
    /// Outputs that replace what the program wrote there before.
    own: Vec<PathBuf>,
}

impl<'a> Reads<'a> {
    /// As far as the arguments tell; before anything is read.
    pub(super) fn new(
        inputs: &[PathBuf],
        previous: Option<&PathBuf>,
        mappings: &[PathBuf],
        outputs: Vec<Output<'a>>,
        language: Language,
    ) -> Result<Self, Failure> {
        let mut held = Held::inputs(inputs.iter().chain(previous).map(PathBuf::as_path));
        for mapping in mappings {
            held.add_mapping(mapping);
        }
        let own = keep_inputs(&held, &outputs, language)?;
        Ok(Self { held, outputs, own })
    }

    /// Walks inputs.
    pub(super) fn find(&self, inputs: &[PathBuf], language: Language) -> Result<Discovered, Failure> {
        let gathered = find_inputs(inputs, &self.own, language)?;
        keep_linked(&gathered, &self.outputs, language)?;
        Ok(gathered)
    }

    /// Once more, when the files of mappings and catalogues are known.
    pub(super) fn keep(&self, language: Language) -> Result<(), Failure> {
        keep_inputs(&self.held, &self.outputs, language).map(drop)
    }

    /// Another output, of which the name was not known before.
    pub(super) fn keep_from(&self, gathered: &Discovered, path: &Path, language: Language) -> Result<(), Failure> {
        let outputs = [Output::Other(path)];
        keep_inputs(&self.held, &outputs, language)?;
        keep_linked(gathered, &outputs, language)
    }
}

/// Says which output would replace a file of the inputs, `--force` or not. Gives those back that
/// replace what the program wrote there before.
fn keep_inputs(held: &Held, outputs: &[Output<'_>], language: Language) -> Result<Vec<PathBuf>, Failure> {
    let mut own = Vec::new();
    for output in outputs {
        let path = shown(output.path());
        match held.claim(output.path()) {
            Claim::Free => {}
            Claim::File(input) => return Err(is_input(&path, &input, language)),
            Claim::Inside(_) if output.is_own() => own.push(output.path().to_path_buf()),
            Claim::Inside(folder) => {
                let folder = shown(&folder);
                return Err(Failure::usage(say!(
                    language,
                    "{path} đã có trong thư mục đầu vào {folder} và có thể là tệp nguồn, không ghi đè (kể cả với --force); hãy chọn tên khác",
                    "{path} is there already, in the input {folder}; it may be a source and is not replaced, not even with --force; choose another name"
                )));
            }
        }
    }
    Ok(own)
}

/// The same for names that only the files themselves tell to be those of inputs.
fn keep_linked(gathered: &Discovered, outputs: &[Output<'_>], language: Language) -> Result<(), Failure> {
    let linked = outputs.iter().find_map(|output| Some((output.path(), Held::linked(gathered, output.path())?)));
    linked.map_or(Ok(()), |(output, input)| Err(is_input(&shown(output), input, language)))
}

fn is_input(path: &str, input: &Path, language: Language) -> Failure {
    let input = shown(input);
    let other = if input == *path { String::new() } else { format!(" ({input})") };
    Failure::usage(say!(
        language,
        "{path} là tệp đầu vào, không ghi đè{other}; hãy chọn tên khác",
        "{path} is an input and is not replaced{other}; choose another name"
    ))
}
