//! Mistakes in TOML files, shown with their line and a caret.

use crate::{model::document::Problem, values::language::Language};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One mistake as text.
pub(crate) fn render(problem: &Problem, language: Language) -> String {
    let pick = |both: &(String, String)| match language {
        Language::Vi => both.0.clone(),
        Language::En => both.1.clone(),
    };
    let message = pick(&problem.message);
    let help = problem.help.as_ref().map(pick);
    let (file, text, begin) = problem.document.part_at(problem.span.start);
    let end = problem.span.end.saturating_sub(begin).min(text.len());
    // A whole table is marked by its first line: the rest is not wrong.
    let start = problem.span.start.saturating_sub(begin).min(end);
    let first_line = text[start..end].find('\n').map_or(end, |at| start + at);
    let (title, help_word) = match language {
        Language::Vi => ("lỗi", "gợi ý"),
        Language::En => ("error", "help"),
    };
    let snippet = Snippet::source(text).path(&**file).annotation(AnnotationKind::Primary.span(start..first_line));
    let mut group = Level::ERROR.with_name(title).primary_title(message.as_str()).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.with_name(help_word).message(help.as_str()));
    }
    Renderer::plain().render(&[group]).clone()
}
