//! Numbers drawn from a seed (SplitMix64): the same seed, the same history, on every machine.

pub(super) struct Random(u64);

impl Random {
    /// A sequence for each seed. The seed is mixed: unmixed, seeds that follow each other would give one
    /// sequence, each a step further on in it.
    pub(super) fn apart(seed: u64) -> Random {
        Random(Random(seed).next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap_or(0)
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// So many draws, at most `most`.
    pub(super) fn several<T>(&mut self, most: usize, draw: impl FnMut(&mut Random) -> T) -> Vec<T> {
        let mut draw = draw;
        (0..self.below(most + 1)).map(|_| draw(self)).collect()
    }
}
