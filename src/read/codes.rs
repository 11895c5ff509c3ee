//! What reading can find fault with.

use crate::{
    finding::{Code, Explain, Severity},
    language::Words,
};

/// Every code of this stage.
pub static CODES: &[&Code] =
    &[&UNREADABLE_FILE, &ENCRYPTED_FILE, &WRONG_EXTENSION, &LIMIT_EXCEEDED, &UNREADABLE_CELL, &LEGACY_ENCODING];

const TODO: Words = Words { vi: "", en: "" };
const EMPTY: Explain = Explain { what: TODO, why: TODO, fix: TODO, example: TODO };
pub(super) static UNREADABLE_FILE: Code = Code { name: "unreadable-file", severity: Severity::Error, explain: EMPTY };
pub(super) static ENCRYPTED_FILE: Code = Code { name: "encrypted-file", severity: Severity::Error, explain: EMPTY };
pub(super) static WRONG_EXTENSION: Code = Code { name: "wrong-extension", severity: Severity::Warning, explain: EMPTY };
pub(super) static LIMIT_EXCEEDED: Code = Code { name: "limit-exceeded", severity: Severity::Error, explain: EMPTY };
pub(super) static UNREADABLE_CELL: Code = Code { name: "unreadable-cell", severity: Severity::Warning, explain: EMPTY };
pub(super) static LEGACY_ENCODING: Code = Code { name: "legacy-encoding", severity: Severity::Info, explain: EMPTY };
