//! What a run of `validate` said of a folder.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::figures::Figures;

/// A report, and what goes with it.
pub(super) struct Judgement {
    pub(super) revision: u64,
    /// `bieu.report/1` as `validate` prints it, with ids.
    pub(super) report: Value,
    /// Sheets of files by path.
    pub(super) sheets: BTreeMap<String, Value>,
    pub(super) figures: Figures,
}

impl Judgement {
    pub(super) fn submissions(&self) -> &[Value] {
        self.report["submissions"].as_array().map_or(&[], Vec::as_slice)
    }

    pub(super) fn submission(&self, path: &str) -> Option<&Value> {
        self.submissions().iter().find(|one| one["path"] == path)
    }

    pub(super) fn sheets(&self, path: &str) -> Option<&Value> {
        self.sheets.get(path)
    }

    /// The report of one submission alone.
    pub(super) fn only(&self, path: &str) -> Option<Value> {
        let own = self.submission(path)?;
        let [errors, warnings, infos] = counts(own);
        let mut report = Map::new();
        for (key, value) in self.report.as_object()?.iter().filter(|(key, _)| *key != "submissions") {
            report.insert(key.clone(), value.clone());
        }
        if self.submissions().len() > 1 {
            let is = |status: &str| u8::from(own["status"] == status);
            report.insert(
                "summary".to_owned(),
                json!({
                    "submissions": 1, "clean": is("clean"), "with_findings": is("findings"),
                    "unreadable": is("unreadable"), "unmapped": is("unmapped"),
                    "errors": errors, "warnings": warnings, "infos": infos,
                }),
            );
        }
        report.insert("submissions".to_owned(), json!([own]));
        Some(Value::Object(report))
    }
}

/// Errors, warnings and remarks of a submission that nobody answers for.
pub(super) fn counts(submission: &Value) -> [u64; 3] {
    let mut counts = [0; 3];
    for finding in submission["findings"].as_array().into_iter().flatten() {
        if finding["suppressed"].is_null() {
            let at = match finding["severity"].as_str() {
                Some("error") => 0,
                Some("warning") => 1,
                _ => 2,
            };
            counts[at] += 1;
        }
    }
    counts
}
