//! From stored to readable text: TCVN3, VNI and VIQR to Unicode, everything to NFC.
//!
//! Two passes. The first counts what each font of each sheet is surely written in; the second
//! decodes every text beside the counts of its own font, or of the workbook where those are
//! empty. A text that many cells share is assessed and decoded once.

use std::{collections::HashMap, sync::Arc};

use super::{
    builder::{FontId, SheetBuilder, WorkbookBuilder},
    context::ReadContext,
};
use crate::read::error::OldEncoding;
use crate::{
    model::workbook::{Filler, Packed, Position, Sheet, Value},
    values::text::{self, Assessment, Encoding, Evidence},
};

/// Texts that are remembered while a sheet is decoded: what they say by themselves, and decoded.
const REMEMBERED: usize = 50_000;

type ByText<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// Decodes all texts and sheet names, and says which legacy encodings were met.
pub(super) fn decode(drafts: WorkbookBuilder, cx: &mut ReadContext<'_>) -> Vec<Sheet> {
    let WorkbookBuilder { mut sheets, fonts, shared } = drafts;
    let shared = Arc::new(shared);
    let mut whole = Evidence::default();
    let mut shared_texts = ByText::default();
    let mut neighbourhoods = Vec::with_capacity(sheets.len());
    for draft in &mut sheets {
        draft.finish();
        draft.sheet.store.share(shared.clone());
        let near = observe(draft, &mut shared_texts);
        for &evidence in near.fonts.values() {
            whole.merge(evidence);
        }
        neighbourhoods.push(near);
    }
    let mut counts = [(Encoding::Tcvn3, 0u64), (Encoding::Vni, 0), (Encoding::Viqr, 0)];
    for (draft, near) in sheets.iter_mut().zip(&neighbourhoods) {
        let mut done: ByText<(Packed, FontId), (Packed, Encoding)> = HashMap::default();
        let mut stored = Vec::new();
        draft.sheet.store.replace_texts(|store, row, slot, content| {
            let (text, encoding) = done.get(&(content, slot.font)).copied().unwrap_or_else(|| {
                let raw = store.text(content).unwrap_or_default();
                let known = if content.is_shared() { &shared_texts } else { &near.assessed };
                let assessment = known.get(&content).copied().unwrap_or_else(|| text::assess(raw));
                let near = near.fonts.get(&slot.font).copied().filter(|near| !near.is_empty()).unwrap_or(whole);
                let found = text::decode_assessed(raw, assessment, fonts.name(slot.font), near);
                let (encoding, other) = (found.encoding, (*found.text != *raw).then(|| found.text.into_owned()));
                // The tables have room for more than the limits let in.
                let other = other.and_then(|text| Filler::pack(store, Value::Text(&text)));
                let decoded = (other.unwrap_or(content), encoding);
                if done.len() < REMEMBERED {
                    done.insert((content, slot.font), decoded);
                }
                decoded
            });
            if let Some((_, cells)) = counts.iter_mut().find(|(known, _)| *known == encoding) {
                *cells += 1;
            }
            if encoding != Encoding::Unicode {
                stored.push((Position::new(row, slot.column.into()), content));
            }
            text
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
        report(cx, name(encoding), cells);
    }
    sheets.into_iter().map(|draft| draft.sheet).collect()
}

/// What the first pass finds out about a sheet.
struct Near {
    /// What each font is surely written in.
    fonts: HashMap<FontId, Evidence>,
    /// What its own texts say by themselves, up to [`REMEMBERED`] of them.
    assessed: ByText<Packed, Assessment>,
}

/// `shared_texts` remembers as many of those that cells of all sheets share.
fn observe(draft: &SheetBuilder, shared_texts: &mut ByText<Packed, Assessment>) -> Near {
    let mut fonts: HashMap<FontId, Evidence> = (0..)
        .zip(&draft.unicode)
        .filter(|&(_, &cells)| cells > 0)
        .map(|(font, &unicode)| (font, Evidence { unicode, ..Evidence::default() }))
        .collect();
    let store = &draft.sheet.store;
    let mut assessed: ByText<Packed, Assessment> = HashMap::default();
    for (_, slot, content) in store.open_texts() {
        let assessed = if content.is_shared() { &mut *shared_texts } else { &mut assessed };
        let assessment = assessed.get(&content).copied().unwrap_or_else(|| {
            let assessment = text::assess(store.text(content).unwrap_or_default());
            if assessed.len() < REMEMBERED {
                assessed.insert(content, assessment);
            }
            assessment
        });
        fonts.entry(slot.font).or_default().count(assessment);
    }
    Near { fonts, assessed }
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
pub(super) fn report(cx: &mut ReadContext<'_>, encoding: &str, cells: u64) {
    if cells == 0 {
        return;
    }
    let facts = OldEncoding { encoding: encoding.to_owned(), cells };
    let finding = cx.finding(&super::codes::LEGACY_ENCODING, facts);
    cx.findings.push(finding.fingerprinted(&[encoding]));
}
