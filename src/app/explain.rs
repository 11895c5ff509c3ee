//! What a finding means, as `bieu explain` says it.

use serde_json::{Value, json};

use super::{App, child::Job, fault::Fault};

/// A code with its title, and the lines as the terminal has them.
pub(super) fn explain(app: &App, code: &str) -> Result<Value, Fault> {
    if !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') || code.starts_with('-') {
        return Err(Fault::NoSuchThing);
    }
    let done = Job::new(app.home.path.clone(), ["explain", code]).run(app, |_, _| {})?;
    let text = String::from_utf8(done.answer()?).map_err(|error| Fault::Internal(error.to_string()))?;
    let mut lines = text.lines();
    let title = lines.next().unwrap_or_default().trim();
    let lines: Vec<&str> = lines.collect();
    Ok(json!({ "code": code, "title": title, "lines": lines }))
}
