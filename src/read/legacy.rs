//! From stored to readable text: TCVN3, VNI and VIQR to Unicode, everything to NFC.
//!
//! Two passes. The first counts what each font of each sheet is surely written in; the second
//! decodes every text beside the counts of its own font, or of the workbook where those are
//! empty. Equal texts share their memory, so each distinct text is decoded once.

use std::{collections::HashMap, sync::Arc};

use super::{
    draft::{Draft, Drafts, FontId},
    intake::Intake,
};
use crate::{
    language::counted,
    say,
    text::{self, Encoding, Evidence},
    workbook::{Cell, Position, Sheet, Value},
};

/// Decodes all texts and sheet names, and says which legacy encodings were met.
pub(super) fn decode(drafts: Drafts, intake: &mut Intake<'_>) -> Vec<Sheet> {
    let Drafts { mut sheets, fonts } = drafts;
    let mut whole = Evidence::default();
    let mut neighbourhoods = Vec::with_capacity(sheets.len());
    for draft in &mut sheets {
        draft.finish();
        let near = observe(draft);
        for &evidence in near.values() {
            whole.merge(evidence);
        }
        neighbourhoods.push(near);
    }
    let mut counts = [(Encoding::Tcvn3, 0u64), (Encoding::Vni, 0), (Encoding::Viqr, 0)];
    for (draft, near) in sheets.iter_mut().zip(&neighbourhoods) {
        // By address: a text is freed when its last cell lets go of it, but no text that is still
        // to be decoded can come to stand there.
        let mut done: HashMap<(usize, FontId), (Arc<str>, Encoding), foldhash::fast::RandomState> = HashMap::default();
        let mut stored = Vec::new();
        for_each_text(draft, |at, raw, font| {
            let (text, encoding) = done.entry((raw.as_ptr().addr(), font)).or_insert_with(|| {
                let near = near.get(&font).copied().filter(|near| !near.is_empty()).unwrap_or(whole);
                let found = text::decode(raw, fonts.name(font), near);
                let same = *found.text == **raw;
                (if same { raw.clone() } else { Arc::from(found.text) }, found.encoding)
            });
            if let Some((_, cells)) = counts.iter_mut().find(|(known, _)| known == encoding) {
                *cells += 1;
            }
            if *encoding != Encoding::Unicode {
                stored.push((at, raw.clone()));
            }
            *raw = text.clone();
        });
        draft.sheet.stored_texts = stored;
        if !draft.sheet.name.is_ascii() {
            let found = text::decode(&draft.sheet.name, None, whole).text;
            if *found != *draft.sheet.name {
                draft.sheet.name = Arc::from(found);
            }
        }
    }
    for (encoding, cells) in counts {
        report(intake, name(encoding), cells);
    }
    sheets.into_iter().map(|draft| draft.sheet).collect()
}

/// What each font of a sheet is surely written in.
fn observe(draft: &mut Draft) -> HashMap<FontId, Evidence> {
    let mut near: HashMap<FontId, Evidence> = (0..)
        .zip(&draft.unicode)
        .filter(|&(_, &cells)| cells > 0)
        .map(|(font, &unicode)| (font, Evidence { unicode, ..Evidence::default() }))
        .collect();
    for_each_text(draft, |_, raw, font| near.entry(font).or_default().observe(raw));
    near
}

/// Visits the texts that are to be decoded.
fn for_each_text(draft: &mut Draft, mut act: impl FnMut(Position, &mut Arc<str>, FontId)) {
    let mut texts = draft.texts.iter().peekable();
    for row in &mut draft.sheet.rows {
        if texts.peek().is_none_or(|text| text.at.row > row.row) {
            continue;
        }
        for Cell { column, value, .. } in &mut row.cells {
            let Some(text) = texts.next_if(|text| text.at == Position::new(row.row, *column)) else { continue };
            if let Value::Text(raw) = value {
                act(text.at, raw, text.font);
            }
        }
    }
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Tcvn3 => "TCVN3 (ABC, .VnTime)",
        Encoding::Vni => "VNI (VNI-Times)",
        Encoding::Viqr => "VIQR",
        Encoding::Unicode => "Unicode",
    }
}

/// Says that `cells` cells were in an encoding from before Unicode; nothing where there are none.
pub(super) fn report(intake: &mut Intake<'_>, encoding: &str, cells: u64) {
    if cells == 0 {
        return;
    }
    let text_cells = counted(cells, "text cell");
    let message = say!(
        intake.language,
        "{cells} ô chữ gõ bằng bảng mã cũ {encoding}, đã đọc sang Unicode",
        "{text_cells} in the old encoding {encoding}, read as Unicode"
    );
    let action = say!(
        intake.language,
        "không bắt buộc; nếu chữ trong kết quả bị sai, chuyển tệp sang Unicode (Unikey, Công cụ) rồi đọc lại",
        "nothing is required; where text came out wrong, convert the file to Unicode and read it again"
    );
    let finding = intake.finding(&super::codes::LEGACY_ENCODING, message, action);
    intake.findings.push(finding.fingerprinted(&[encoding]));
}
