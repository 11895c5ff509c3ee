//! Blocks of columns that come again side by side, one for each village: "Toàn xã", "Thôn Một", "Thôn Hai", and
//! plan and result below each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    meaning,
    model::{DraftColumn, DraftTable},
    relations::Figure,
    words,
};
use crate::{number::Rational, text};

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

/// Where the whole stands.
enum Whole {
    Block(usize),
    Unstated,
}

/// Tells the blocks of villages from the columns of the whole. Their columns are named by what stands below
/// the name of the village, and each takes its meaning from the first of its kind.
pub(super) fn find(table: &mut DraftTable, written: &dyn Fn(&str) -> String, is_found: &dyn Fn(&str, u32) -> bool) {
    for depth in 0..DEEPEST {
        let blocks = blocks_at(table, depth);
        if blocks.len() < FEWEST {
            continue;
        }
        let Some(whole) = whole_of(table, depth, &blocks) else { continue };
        let whole = match whole {
            Whole::Block(at) => Some(at),
            Whole::Unstated => None,
        };
        apply(table, depth, &blocks, whole, written, is_found);
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

/// The block of the whole among those of villages; none where they are no villages.
fn whole_of(table: &DraftTable, depth: usize, blocks: &[Block]) -> Option<Whole> {
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
        Some(whole) => (are_places || adds_up(whole)).then_some(Whole::Block(whole)),
        None if are_places => {
            let ends = [0, blocks.len() - 1];
            Some(ends.into_iter().find(|end| adds_up(*end)).map_or(Whole::Unstated, Whole::Block))
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
    whole: Option<usize>,
    written: &dyn Fn(&str) -> String,
    is_found: &dyn Fn(&str, u32) -> bool,
) {
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
                column.each_member = true;
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
    table.blocks = Some(whole.is_some());
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
