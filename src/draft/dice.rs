//! Numbers that look drawn and are the same on every run, for tests.

pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    pub(super) fn index(&mut self, below: u64) -> usize {
        usize::try_from(self.below(below)).expect("small")
    }

    pub(super) fn value(&mut self, below: u64) -> i64 {
        i64::try_from(self.below(below)).expect("small")
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len() as u64)]
    }
}
