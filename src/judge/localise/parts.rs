//! The connected parts of a block: unconnected ones are searched each for itself.

use std::collections::BTreeMap;

use super::{
    block::{Block, Constraint},
    judge::JudgedBlock,
};

/// A connected part of a larger block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPart {
    /// Its figures and rules, numbered anew.
    pub block: Block,
    /// Where each of its variables stands in the larger block.
    pub variables: Vec<usize>,
    /// Where each of its constraints stands in the larger block.
    pub constraints: Vec<usize>,
}

/// The connected parts that hold a violated rule, in the order of their first variable. Rules
/// that share a variable are connected.
pub fn blocks(whole: &Block) -> Vec<BlockPart> {
    let judged = JudgedBlock::new(whole);
    let mut root: Vec<usize> = (0..whole.variables.len()).collect();
    let known = |constraint: &Constraint| constraint.variables().iter().all(|v| *v < whole.variables.len());
    for constraint in whole.constraints.iter().filter(|c| known(c)) {
        if let Some((first, rest)) = constraint.variables().split_first() {
            for other in rest {
                let (a, b) = (find(&mut root, *first), find(&mut root, *other));
                root[a.max(b)] = a.min(b);
            }
        }
    }
    let mut parts: BTreeMap<usize, BlockPart> = BTreeMap::new();
    for rule in judged.violated() {
        if let Some(variable) = judged.variables(*rule).first() {
            let at = find(&mut root, *variable);
            parts.entry(at).or_insert_with(|| BlockPart {
                block: Block::default(),
                variables: Vec::new(),
                constraints: Vec::new(),
            });
        }
    }
    let mut place = vec![0; whole.variables.len()];
    for (at, variable) in whole.variables.iter().enumerate() {
        if let Some(part) = parts.get_mut(&find(&mut root, at)) {
            place[at] = part.variables.len();
            part.variables.push(at);
            part.block.variables.push(variable.clone());
        }
    }
    for (at, constraint) in whole.constraints.iter().enumerate().filter(|(_, c)| known(c)) {
        let first = constraint.variables().first().copied();
        if let Some(part) = first.and_then(|first| parts.get_mut(&find(&mut root, first))) {
            part.constraints.push(at);
            let form = constraint.form.map(&mut |variable| place[*variable]);
            part.block.constraints.push(Constraint { form, tolerance: constraint.tolerance.clone() });
        }
    }
    parts.into_values().collect()
}

/// The representative of a variable's part; shortens the way to it.
fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}
