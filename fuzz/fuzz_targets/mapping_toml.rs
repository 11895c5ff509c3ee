//! Any text as a catalogue, and as a mapping for a small catalogue.

#![no_main]

use std::sync::LazyLock;

use bieu::internals::model::{catalogue::{self, Catalogue}, document::{Document, Problem}, mapping};
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let document = Document::new("catalogue.toml", include_str!("catalogue.toml"));
    catalogue::decode(&document).expect("the catalogue beside this file has no mistakes")
});

/// Nothing is refused without a reason, and every reason stands in the text.
fn check<T>(outcome: Result<T, Vec<Problem>>, document: &Document) -> Option<T> {
    let problems = match outcome {
        Ok(value) => return Some(value),
        Err(problems) => problems,
    };
    assert!(!problems.is_empty(), "refused without a reason");
    for problem in problems {
        let span = problem.span.clone();
        assert!(document.text.get(span.clone()).is_some(), "{span:?} is not in the text: {problem:?}");
        assert!(!problem.message.0.is_empty() && !problem.message.1.is_empty(), "{problem:?}");
        let _ = (document.line_column(span.start), document.line_column(span.end));
    }
    None
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let document = Document::new("a.toml", &*text);
    check(mapping::catalogue_reference(&document), &document);
    check(mapping::decode(&document, &CATALOGUE), &document);
    if let Some(own) = check(catalogue::decode(&document), &document) {
        for (id, indicator) in own.iter() {
            assert_eq!(own.find(&indicator.id), Some(id));
        }
        for (id, measure) in own.iter_measures() {
            assert_eq!(own.find_measure(&measure.id), Some(id));
        }
        check(mapping::decode(&document, &own), &document);
    }
});
