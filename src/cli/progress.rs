//! Progress on a terminal; nothing where standard error is none.

use std::io::{self, Write};

use crate::values::language::{Language, counted, say};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// How many files are done, how many findings there are, how fast it goes and how long it will take.
pub(super) struct Progress {
    bar: ProgressBar,
    findings: u64,
    /// Another program reads along, a line a step.
    lines: Option<(usize, usize)>,
    language: Language,
}

impl Progress {
    pub(super) fn start(files: usize, quiet: bool, language: Language) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(files as u64), target);
        let template = say!(
            language,
            "{{bar:12}} {{pos}}/{{len}} tệp · {{msg}} · {{rate}} tệp/giây · còn {{eta}}",
            "{{bar:12}} {{pos}}/{{len}} files · {{msg}} · {{rate}} files/s · {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // A terminal that cannot show it is no reason to stop.
                let _ = write!(out, "{:.0}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate));
        }
        let lines = std::env::var_os("BIEU_PROGRESS").is_some_and(|kind| kind == "lines");
        let mut progress = Self { bar, findings: 0, lines: lines.then_some((0, files)), language };
        progress.done(0, 0);
        progress
    }

    pub(super) fn done(&mut self, files: usize, findings: usize) {
        self.findings += findings as u64;
        let count = self.findings;
        let findings = counted(count, "finding");
        self.bar.set_message(say!(self.language, "{count} vấn đề", "{findings}"));
        self.bar.inc(files as u64);
        if let Some((done, all)) = &mut self.lines {
            *done += files;
            // Nobody may be there to read it.
            let _ = writeln!(io::stderr(), "bieu-progress {done}/{all}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
