//! Blocks of columns, each of which stands for a part of an indicator's id: of "Vụ xuân > Diện tích" in the
//! row "Lúa" the row says `lua`, the block `xuan` and the column `dien-tich`.

use super::{Decoder, WrittenColumn};
use crate::model::{
    document::{At, Fields, Item, both, text_of},
    mapping::{BlockId, Column, ColumnPlace, ColumnRole, LabelPath, RowRole, RowRule},
};

/// What stands for the rest of an id: what the row says, or the block around.
const REST: char = '*';

/// A part of an id as the mapping writes it, with a place for the rest of it.
#[derive(Clone, Debug)]
struct IdPart {
    with_rest: String,
    written: At<String>,
}

impl IdPart {
    fn new(written: At<String>) -> Self {
        let own = &written.value;
        let with_rest = if own.contains(REST) { own.clone() } else { format!("{REST}.{own}") };
        Self { with_rest, written }
    }
}

/// A block that a source declares.
pub(super) struct Block {
    place: LabelPath,
    part: IdPart,
}

/// The ids that the rows of a source are put together to: one for each different block.
#[derive(Default)]
pub(super) struct Blocks {
    ids: Vec<BlockOfColumns>,
}

struct BlockOfColumns {
    with_rest: String,
    /// The texts that it comes from, to show where the mistake is if no row has such an indicator.
    from: Vec<At<String>>,
}

impl Blocks {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    fn id(&mut self, with_rest: String, from: Vec<At<String>>) -> Option<BlockId> {
        let at = self.ids.iter().position(|known| known.with_rest == with_rest).unwrap_or_else(|| {
            self.ids.push(BlockOfColumns { with_rest, from: Vec::new() });
            self.ids.len() - 1
        });
        for from in from {
            let known = &mut self.ids[at].from;
            if known.iter().all(|known| known.span != from.span) {
                known.push(from);
            }
        }
        u16::try_from(at).ok().map(BlockId)
    }
}

/// Without a row that names an indicator, the rest of an id is nothing.
fn without_rest(with_rest: &str) -> String {
    with_rest.replace("*.", "").replace(".*", "").replace(REST, "")
}

/// Whether any row of a table names an indicator, or a part of one.
pub(super) fn names_indicators(rows: &Fields<'_, '_>) -> bool {
    let word = |item: &Item<'_>| {
        let own = item.get_ref();
        let named = own.as_table().and_then(|table| table.get("as"));
        own.as_str().or_else(|| named?.get_ref().as_str()).map(str::to_owned)
    };
    rows.entries()
        .filter_map(|(_, item)| word(item))
        .any(|word| !["total", "member", "ignore"].contains(&word.as_str()))
}

impl Decoder<'_> {
    /// `[source.blocks]`.
    pub(super) fn blocks(&mut self, table: &Fields<'_, '_>) -> Vec<Block> {
        let entries = table.entries().filter_map(|(key, item)| {
            let place = self.expand(&At { value: key.value.to_owned(), span: key.span.clone() });
            let written = text_of(key.value, item, self.problems)?;
            Some(Block { place: LabelPath::new(&place), part: IdPart::new(written) })
        });
        entries.collect()
    }

    /// The columns of a source: one that begins with `*` stands in every block. Where the rows name the
    /// rest of an id, what they are put together with; where they are members, the whole id.
    pub(super) fn in_blocks(
        &mut self,
        written: Vec<WrittenColumn>,
        blocks: &[Block],
        by_row: bool,
    ) -> (Vec<Column>, Blocks) {
        let mut placed: Vec<(Column, Option<String>, Vec<At<String>>)> = Vec::new();
        let mut used = false;
        for WrittenColumn { column, key, block } in written {
            let own = block.map(IdPart::new);
            let step = match &column.place {
                ColumnPlace::Header(path) if column.role != ColumnRole::Ignored && !blocks.is_empty() => path
                    .steps
                    .iter()
                    .enumerate()
                    .skip(usize::from(column.each_member))
                    .find(|(at, step)| step.is_any() && at + 1 < path.steps.len())
                    .map(|(at, _)| (path.written.clone(), at)),
                ColumnPlace::Header(_) | ColumnPlace::Letters(_) => None,
            };
            let Some((path, step)) = step else {
                let from = vec![own.as_ref().map_or(key, |part| part.written.clone())];
                placed.push((column, own.map(|part| part.with_rest), from));
                continue;
            };
            used = true;
            for block in blocks {
                let steps: Vec<&str> = path.split(" > ").collect();
                let steps = [&steps[..step], &[&*block.place.written], &steps[step + 1..]].concat();
                let place = ColumnPlace::Header(LabelPath::new(&steps.join(" > ")));
                let with_rest = own.as_ref().map_or_else(
                    || block.part.with_rest.clone(),
                    |own| own.with_rest.replace(REST, &block.part.with_rest),
                );
                let from = own.iter().chain([&block.part]).map(|part| part.written.clone()).collect();
                placed.push((Column { place, ..column.clone() }, Some(with_rest), from));
            }
        }
        if let (false, Some(first)) = (used, blocks.first()) {
            self.problems.add(
                first.part.written.span.clone(),
                both!(
                    "`blocks` cần cột có trong mỗi khối, viết \"* > Tên cột\"",
                    "`blocks` needs columns that stand in each block, written \"* > Header\""
                ),
            );
        }
        if placed.iter().all(|(_, with_rest, _)| with_rest.is_none()) {
            return (placed.into_iter().map(|(column, ..)| column).collect(), Blocks::default());
        }
        if by_row { with_rows(placed) } else { (self.without_rows(placed), Blocks::default()) }
    }

    /// Columns over members, with the indicators that their blocks say. One that the catalogue does not
    /// have is no column of the table: what stands there is told.
    fn without_rows(&mut self, placed: Vec<(Column, Option<String>, Vec<At<String>>)>) -> Vec<Column> {
        let mut columns = Vec::new();
        let mut parts: Vec<(At<String>, String, bool)> = Vec::new();
        for (mut column, with_rest, from) in placed {
            let Some(with_rest) = with_rest else {
                columns.push(column);
                continue;
            };
            let id = without_rest(&with_rest);
            let found = self.catalogue.find(&id);
            for from in from {
                match parts.iter_mut().find(|(known, ..)| known.span == from.span) {
                    Some((_, _, is_found)) => *is_found |= found.is_some(),
                    None => parts.push((from, id.clone(), found.is_some())),
                }
            }
            if let (Some(id), ColumnRole::Values { indicator, .. }) = (found, &mut column.role) {
                *indicator = Some(id);
                columns.push(column);
            }
        }
        for (part, id, _) in parts.into_iter().filter(|(.., is_found)| !is_found) {
            self.indicator(&At { value: id, span: part.span });
        }
        columns
    }

    /// The indicators that the word of a row is put together to, one for each block.
    pub(super) fn row_in_blocks(&mut self, word: &At<String>, blocks: &Blocks) -> Option<RowRole> {
        let id = |block: &BlockOfColumns| block.with_rest.replace(REST, &word.value);
        let found: Vec<_> = blocks.ids.iter().map(|block| self.catalogue.find(&id(block))).collect();
        if found.iter().any(Option::is_some) {
            return Some(RowRole::Blocks(found));
        }
        let first = blocks.ids.first().map(id).unwrap_or_default();
        self.indicator(&At { value: first, span: word.span.clone() });
        None
    }

    /// A block of which no row has an indicator is misspelt. A single one that the catalogue does not have
    /// is a crop that nobody grows in that season: what stands there is told.
    pub(super) fn check_blocks(&mut self, blocks: &Blocks, rows: &[RowRule]) {
        let found = |at: usize| rows.iter().any(|row| matches!(&row.role, RowRole::Blocks(of) if of[at].is_some()));
        let Some(any) = (0..blocks.ids.len()).find(|at| found(*at)) else { return };
        let mut parts: Vec<(&At<String>, bool)> = Vec::new();
        for (at, block) in blocks.ids.iter().enumerate() {
            let is_found = at == any || found(at);
            for from in &block.from {
                match parts.iter_mut().find(|(known, _)| known.span == from.span) {
                    Some((_, known)) => *known |= is_found,
                    None => parts.push((from, is_found)),
                }
            }
        }
        for (part, _) in parts.into_iter().filter(|(_, is_found)| !is_found) {
            let written = &part.value;
            self.problems.add(
                part.span.clone(),
                both!(
                    "danh mục không có chỉ tiêu nào ghép từ một dòng và `{written}`",
                    "the catalogue has no indicator that is put together of a row and `{written}`"
                ),
            );
        }
    }
}

/// Columns whose rows say the rest of an id.
fn with_rows(placed: Vec<(Column, Option<String>, Vec<At<String>>)>) -> (Vec<Column>, Blocks) {
    let mut blocks = Blocks::default();
    let columns = placed.into_iter().map(|(mut column, with_rest, from)| {
        // Beside blocks, a column of a plain measure is of what the row alone names.
        let is_plain = with_rest.is_none() && matches!(column.role, ColumnRole::Values { indicator: None, .. });
        let with_rest = with_rest.or_else(|| is_plain.then(|| REST.to_string()));
        column.block = with_rest.and_then(|with_rest| blocks.id(with_rest, from));
        column
    });
    let columns = columns.collect();
    (columns, blocks)
}
