//! What the writers of reports are given.

use crate::{
    model::{finding::Code, report::Report},
    values::language::Language,
};

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct ReportInput<'a> {
    /// What was judged.
    pub report: Report<'a>,
    /// Language of headings; messages are in the language of the run already.
    pub language: Language,
    /// Every code there is, for the texts that explain them.
    pub codes: &'a [&'static Code],
    /// Those of the checks, which every judged submission went through.
    pub checks: &'a [&'static Code],
    /// Where relative paths of files begin as seen from the folder of the report, for links: empty,
    /// or ending with `/`.
    pub base: &'a str,
}
