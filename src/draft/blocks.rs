//! Blocks of columns that come again side by side, one for each village: "Toàn xã", "Thôn Một", "Thôn Hai", and
//! plan and result below each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    meaning::{self, Meaning},
    model::{DraftColumn, DraftTable, IdPart},
    relations::Figure,
    words,
};
use crate::values::{number::Rational, text};

/// Fewest blocks of members.
const FEWEST: usize = 2;
/// Fewest rows in which a whole must be the sum of the others.
const FEWEST_ROWS: usize = 3;
/// How many steps of a header may stand above the blocks.
const DEEPEST: usize = 3;

/// Columns that stand below one name, in the order of the sheet.
struct Block {
    name: String,
    columns: Vec<usize>,
}

/// What the blocks are.
enum BlocksKind {
    /// Those of villages, one of which may be the whole.
    Members(Option<usize>),
    /// Seasons, rounds or kinds: each a part of what the rows name.
    Parts,
}

/// Tells the blocks of villages from the columns of the whole. Their columns are named by what stands below
/// the name of the village, and each takes its meaning from the first of its kind.
/// Where the catalogue is written too, the rows of other blocks name a part of an id, and the block the rest.
pub(super) fn find(
    table: &mut DraftTable,
    is_fresh: bool,
    written: &dyn Fn(&str) -> String,
    is_found: &dyn Fn(&str, u32) -> bool,
) {
    for depth in 0..DEEPEST {
        let blocks = blocks_at(table, depth);
        if blocks.len() < FEWEST {
            continue;
        }
        let members = whole_of(table, depth, &blocks).map(BlocksKind::Members);
        let parts = || (is_fresh && are_parts(table, depth, &blocks)).then_some(BlocksKind::Parts);
        let Some(kind) = members.or_else(parts) else { continue };
        apply(table, depth, &blocks, &kind, written, is_found);
        return;
    }
}

/// What stands below the name of a block, without spaces and signs: "TH 2029" and "TH2029" are one.
fn rest(column: &DraftColumn, depth: usize) -> String {
    let rest = column.folded.get(depth + 1..).unwrap_or_default();
    rest.iter().map(|step| step.chars().filter(|c| c.is_alphanumeric()).collect::<String>() + ">").collect()
}

/// Runs of columns below one name that have the same columns below them; none where they are no blocks.
fn blocks_at(table: &DraftTable, depth: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut above: Option<&[String]> = None;
    for (at, column) in table.columns.iter().enumerate() {
        if column.folded.len() < depth + 2 {
            continue;
        }
        if above.is_some_and(|above| *above != column.folded[..depth]) {
            return Vec::new();
        }
        above = Some(&column.folded[..depth]);
        let name = &column.folded[depth];
        let known = blocks.iter().position(|known| known.name == *name);
        match known {
            Some(known) if known + 1 == blocks.len() => blocks[known].columns.push(at),
            Some(_) => return Vec::new(),
            None => blocks.push(Block { name: name.clone(), columns: vec![at] }),
        }
    }
    let kinds = |block: &Block| -> BTreeSet<String> {
        block.columns.iter().map(|at| rest(&table.columns[*at], depth)).collect()
    };
    // A block of one column, or one with the same column twice, tells nothing.
    blocks.retain(|block| block.columns.len() > 1);
    if blocks.iter().any(|block| kinds(block).len() < block.columns.len()) {
        return Vec::new();
    }
    let mut counts: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
    for block in &blocks {
        *counts.entry(kinds(block)).or_default() += 1;
    }
    let Some((usual, _)) = counts.iter().max_by_key(|(kinds, count)| (**count, kinds.len())) else {
        return Vec::new();
    };
    // Some may lack columns; the whole may have one of its own.
    let is_alike = |block: &Block| {
        let own = kinds(block);
        let shared = own.intersection(usual).count();
        shared * 2 > usual.len().max(own.len())
    };
    let alike = blocks.iter().filter(|block| is_alike(block)).count();
    if alike < blocks.len() { Vec::new() } else { blocks }
}

/// Whether blocks that are not of villages are parts of what the rows name, each row with a unit of its own: they have
/// names, and below them stand measures. A block of a year says which measure it is.
fn are_parts(table: &DraftTable, depth: usize, blocks: &[Block]) -> bool {
    let rows = || table.rows.iter().filter(|row| row.line.has_values);
    let units = rows().filter(|row| row.line.unit.is_some()).count();
    let is_name = |block: &Block| {
        meaning::meaning(std::slice::from_ref(&block.name)) == Meaning::Name && meaning::years(&block.name).is_empty()
    };
    let is_measure = |at: &usize| {
        let own = &table.columns[*at].folded[depth + 1..];
        matches!(meaning::meaning(own), Meaning::Value(_) | Meaning::Ratio(..))
    };
    // A figure beside the blocks would be of what the row alone names.
    let inside: usize = blocks.iter().map(|block| block.columns.len()).sum();
    let all = table.columns.iter().filter(|column| column.has_figures && column.meaning != Meaning::Code).count();
    units > 0
        && inside >= all
        && units * 2 >= rows().count()
        && blocks.iter().all(|block| is_name(block) && block.columns.iter().all(is_measure))
}

/// The block of the whole among those of villages: its place, none where no whole is stated; nothing where they
/// are no villages.
#[expect(clippy::option_option, reason = "no villages, no whole, and the whole are three things")]
fn whole_of(table: &DraftTable, depth: usize, blocks: &[Block]) -> Option<Option<usize>> {
    let named = blocks.iter().position(|block| text::is_total(&block.name));
    let others = || blocks.iter().enumerate().filter(|(at, _)| Some(*at) != named);
    if others().count() < FEWEST {
        return None;
    }
    let places = others().filter(|(_, block)| words::is_place(&block.name)).count();
    let are_places = places * 10 >= others().count() * 6;
    let adds_up = |whole: usize| {
        let (held, all) = sums(table, depth, blocks, whole);
        held >= FEWEST_ROWS && held * 2 >= all
    };
    match named {
        Some(whole) => (are_places || adds_up(whole)).then_some(Some(whole)),
        None if are_places => {
            let ends = [0, blocks.len() - 1];
            Some(ends.into_iter().find(|end| adds_up(*end)))
        }
        None => None,
    }
}

/// Figures of one block that are the sum of those of all others, and figures that could be.
fn sums(table: &DraftTable, depth: usize, blocks: &[Block], whole: usize) -> (usize, usize) {
    let width = table.figures.columns.len();
    let (mut held, mut all) = (0, 0);
    for at in &blocks[whole].columns {
        let kind = rest(&table.columns[*at], depth);
        let place = |block: &Block| {
            let of_kind = block.columns.iter().find(|at| rest(&table.columns[**at], depth) == kind)?;
            table.columns[*of_kind].place
        };
        let Some(own) = table.columns[*at].place else { continue };
        let parts: Vec<usize> =
            blocks.iter().enumerate().filter(|(at, _)| *at != whole).filter_map(|(_, block)| place(block)).collect();
        if parts.len() < FEWEST {
            continue;
        }
        for row in table.figures.cells.chunks_exact(width.max(1)) {
            let Some(total) = row[own] else { continue };
            let figures: Vec<Figure> = parts.iter().filter_map(|part| row[*part]).collect();
            if figures.iter().filter(|figure| !figure.value.is_zero()).count() < 2 {
                continue;
            }
            all += 1;
            held += usize::from(is_sum(total, &figures));
        }
    }
    (held, all)
}

fn is_sum(total: Figure, parts: &[Figure]) -> bool {
    let sum: Rational = parts.iter().map(|part| Rational::from(part.value)).sum();
    sum.may_print_as(total.value, total.decimals)
}

/// Writes the blocks of villages as one.
fn apply(
    table: &mut DraftTable,
    depth: usize,
    blocks: &[Block],
    kind: &BlocksKind,
    written: &dyn Fn(&str) -> String,
    is_found: &dyn Fn(&str, u32) -> bool,
) {
    let whole = if let BlocksKind::Members(whole) = kind { *whole } else { None };
    let mut parts: Vec<IdPart> = Vec::new();
    if matches!(kind, BlocksKind::Parts) {
        for block in blocks {
            let key = written(&table.columns[block.columns[0]].header[depth]);
            let slug = words::slug_of(&block.name, 4);
            let is_new = parts.iter().all(|part: &IdPart| part.slug != slug);
            if slug.is_empty() || !is_new || !is_found(&format!("* > {key}"), u32::MAX) {
                return;
            }
            parts.push(IdPart { key, slug });
        }
    }
    // By what stands below: how it is spelt, and its columns.
    let mut kinds: BTreeMap<String, (Vec<Vec<String>>, Vec<usize>)> = BTreeMap::new();
    for (_, block) in blocks.iter().enumerate().filter(|(at, _)| Some(*at) != whole) {
        for at in &block.columns {
            let steps: Vec<String> = table.columns[*at].header[depth + 1..].iter().map(|step| written(step)).collect();
            let (spellings, columns) = kinds.entry(rest(&table.columns[*at], depth)).or_default();
            let is_new = |known: &Vec<String>| {
                known.len() != steps.len()
                    || known.iter().zip(&steps).any(|(a, b)| text::fold_label(a) != text::fold_label(b))
            };
            if spellings.iter().all(is_new) {
                spellings.push(steps);
            }
            columns.push(*at);
        }
    }
    let mut keys = BTreeMap::new();
    for (kind, (spellings, columns)) in &kinds {
        let Some(first) = spellings.first() else { return };
        let step = |at: usize| {
            let mut all: Vec<&str> = Vec::new();
            for spelling in spellings {
                let is_new = |known: &&str| text::fold_label(known) != text::fold_label(&spelling[at]);
                if all.iter().all(is_new) {
                    all.push(&spelling[at]);
                }
            }
            all.join(" | ")
        };
        if spellings.iter().any(|other| other.len() != first.len()) {
            return;
        }
        let steps: Vec<String> = (0..first.len()).map(step).collect();
        let key = format!("* > {}", steps.join(" > "));
        // What extraction would not find by it is no block.
        if !columns.iter().all(|at| is_found(&key, table.columns[*at].at)) {
            return;
        }
        keys.insert(kind.clone(), key);
    }
    for (place, block) in blocks.iter().enumerate() {
        for at in &block.columns {
            let kind = rest(&table.columns[*at], depth);
            let own = |column: usize| rest(&table.columns[column], depth) == kind;
            let of_whole = whole.and_then(|whole| blocks[whole].columns.iter().copied().find(|at| own(*at)));
            let first = of_whole.or_else(|| kinds.get(&kind).and_then(|(_, columns)| columns.first().copied()));
            let column = &mut table.columns[*at];
            column.block = Some(column.header[depth].clone());
            if Some(place) != whole {
                column.each_member = parts.is_empty();
                column.part = parts.get(place).map(|part| part.slug.clone());
                column.twin = first.filter(|first| first != at);
                column.key.clone_from(&keys[&kind]);
            }
        }
    }
    // The name of a block says nothing of what its columns hold.
    for column in table.columns.iter_mut().filter(|column| column.block.is_some()) {
        column.header.drain(..=depth);
        column.folded.drain(..=depth);
        column.meaning = meaning::meaning(&column.folded);
    }
    table.blocks = parts.is_empty().then_some(whole.is_some());
    table.parts = parts;
}

/// Gives the columns of further blocks the meaning of the first of their kind.
pub(super) fn follow(table: &mut DraftTable) {
    for at in 0..table.columns.len() {
        let Some(twin) = table.columns[at].twin.map(|twin| table.columns[twin].clone()) else { continue };
        if twin.measure.is_none() {
            continue;
        }
        let column = &mut table.columns[at];
        column.measure.clone_from(&twin.measure);
        column.indicator.clone_from(&twin.indicator);
        column.certainty = twin.certainty;
        // What figures show, they show in the first block.
        column.evidence = if twin.measure.as_deref() == Some("ignore") { twin.evidence } else { String::new() };
    }
}
