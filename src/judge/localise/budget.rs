//! A bound on work.

/// How many steps each of the searches may take. A step is one candidate judged against the rules
/// it touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps for each of the four searches: single cells, pairs of cells, slips together, sets.
    pub steps: u32,
}

impl Default for Budget {
    /// Enough for blocks of some hundred figures with one or two wrong ones.
    fn default() -> Self {
        Self { steps: 20_000 }
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(super) struct Meter {
    left: u32,
    exhausted: bool,
}

impl Meter {
    pub(super) const fn new(budget: Budget) -> Self {
        Self { left: budget.steps, exhausted: false }
    }

    /// Takes a step; `false` when there is none left.
    pub(super) const fn step(&mut self) -> bool {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => self.exhausted = true,
        }
        !self.exhausted
    }

    /// Whether a step was refused.
    pub(super) const fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// Says that something was left out.
    pub(super) const fn give_up(&mut self) {
        self.exhausted = true;
    }
}
