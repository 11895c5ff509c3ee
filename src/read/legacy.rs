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
    finding::Finding,
    say,
    text::{self, Encoding, Evidence},
    workbook::{Cell, Sheet, Value},
};

/// Decodes all texts and sheet names, and says which legacy encodings were met.
pub(super) fn decode(mut drafts: Drafts, intake: &mut Intake<'_>) -> Vec<Sheet> {
    for draft in &mut drafts.sheets {
        draft.finish();
    }
    let Drafts { mut sheets, fonts } = drafts;
    let font = |id: FontId| fonts.get(usize::from(id)).map(|name| &**name).filter(|name| !name.is_empty());
    let mut whole = Evidence::default();
    let mut by_font: Vec<HashMap<FontId, Evidence>> = Vec::with_capacity(sheets.len());
    for draft in &mut sheets {
        let mut seen = HashMap::new();
        let mut last: Option<(FontId, Arc<str>)> = None;
        for_each_text(draft, |raw, id| {
            if !is_plain(raw) && last.as_ref().is_none_or(|(font, text)| *font != id || !Arc::ptr_eq(text, raw)) {
                seen.entry(id).or_insert_with(Evidence::default).observe(raw);
                last = Some((id, raw.clone()));
            }
        });
        for &evidence in seen.values() {
            whole.merge(evidence);
        }
        by_font.push(seen);
    }
    let mut counts: [(Encoding, u64); 3] = [(Encoding::Tcvn3, 0), (Encoding::Vni, 0), (Encoding::Viqr, 0)];
    let mut count = |encoding| {
        if let Some((_, cells)) = counts.iter_mut().find(|(known, _)| *known == encoding) {
            *cells += 1;
        }
    };
    for (draft, seen) in sheets.iter_mut().zip(&by_font) {
        let mut done: HashMap<(usize, FontId), (Arc<str>, Encoding)> = HashMap::new();
        for_each_text(draft, |raw, id| {
            let name = font(id);
            if is_plain(raw) && !name.is_some_and(text::font_draws_capitals) {
                return;
            }
            let key = (raw.as_ptr().addr(), id);
            let (decoded, encoding) = done.entry(key).or_insert_with(|| {
                let near = seen.get(&id).copied().filter(|near| !near.is_empty()).unwrap_or(whole);
                let found = text::decode(raw, name, near);
                let same = *found.text == **raw;
                (if same { raw.clone() } else { Arc::from(found.text) }, found.encoding)
            });
            count(*encoding);
            *raw = decoded.clone();
        });
        let found = text::decode(&draft.sheet.name, None, whole);
        if *found.text != *draft.sheet.name {
            draft.sheet.name = Arc::from(found.text);
        }
    }
    for (encoding, cells) in counts {
        if cells > 0 {
            let finding = finding(intake, encoding, cells);
            intake.findings.push(finding);
        }
    }
    sheets.into_iter().map(|draft| draft.sheet).collect()
}

fn for_each_text(draft: &mut Draft, mut act: impl FnMut(&mut Arc<str>, FontId)) {
    let mut texts = draft.texts.iter();
    for row in &mut draft.sheet.rows {
        for Cell { value, .. } in &mut row.cells {
            if let Value::Text(raw) = value {
                let Some(at) = texts.next() else { return };
                act(raw, at.font);
            }
        }
    }
}

/// Whether no reader of this text can come to anything but the text itself: ASCII without the
/// marks that VIQR puts after letters, or Vietnamese letters that only Unicode has with nothing
/// from Latin-1 but what Vietnamese uses.
fn is_plain(raw: &str) -> bool {
    let mut beyond = false;
    let mut latin = false;
    for c in raw.chars() {
        match c {
            '^' | '`' | '~' | '\'' | '?' | '.' | '+' | '*' | '(' | '\\' => {
                // Marks of VIQR; harmless once a letter beyond Latin-1 is seen.
                latin = true;
            }
            '\0'..='\u{7F}' => {}
            'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}' => {
                beyond = true
            }
            'à' | 'á' | 'â' | 'ã' | 'è' | 'é' | 'ê' | 'ì' | 'í' | 'ò' | 'ó' | 'ô' | 'õ' | 'ù' | 'ú' | 'ý' | 'À'
            | 'Á' | 'Â' | 'Ã' | 'È' | 'É' | 'Ê' | 'Ì' | 'Í' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ù' | 'Ú' | 'Ý' => {
                latin = true
            }
            _ => return false,
        }
    }
    beyond || !latin
}

fn finding(intake: &Intake<'_>, encoding: Encoding, cells: u64) -> Finding {
    let name = match encoding {
        Encoding::Tcvn3 => "TCVN3 (ABC, .VnTime)",
        Encoding::Vni => "VNI (VNI-Times)",
        Encoding::Viqr => "VIQR",
        Encoding::Unicode => "Unicode",
    };
    let message = say!(
        intake.language,
        "{cells} ô chữ gõ bằng bảng mã cũ {name}; đã đổi sang Unicode để đọc",
        "{cells} text cells were typed in the old encoding {name}; they were read as Unicode"
    );
    let action = say!(
        intake.language,
        "không bắt buộc; nếu chữ trong kết quả bị sai, chuyển tệp sang Unicode (Unikey: Công cụ chuyển mã) rồi đọc lại",
        "nothing is required; where text came out wrong, convert the file to Unicode and read it again"
    );
    intake.finding(&super::codes::LEGACY_ENCODING, message, action).fingerprinted(&[&encoding.to_string()])
}
