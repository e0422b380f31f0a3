//! Blocks of lanes seen as plain numbers.
#![expect(unsafe_code, reason = "views a slice of blocks as a slice of the numbers in them")]

use crate::Lanes;

impl<const L: usize> Lanes<L> {
    /// Whether blocks lie in memory without padding between them: `L` is a multiple of eight.
    pub const IS_DENSE: bool = size_of::<Self>() == L * size_of::<f64>();

    /// The `L * len` numbers of dense blocks in a row, block by block; `None` where there is padding.
    ///
    /// What is elementwise can then be written as one long loop, which vectorises whatever `L` is.
    pub fn flat(blocks: &[Self]) -> Option<&[f64]> {
        // SAFETY: `Lanes` is `repr(C)` around `[f64; L]` and has its size, so the slice is `L * len` numbers in a row;
        // they are borrowed as long as the blocks are.
        Self::IS_DENSE
            .then(|| unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * L) })
    }

    /// As [`Lanes::flat`], to write to.
    pub fn flat_mut(blocks: &mut [Self]) -> Option<&mut [f64]> {
        let len = blocks.len() * L;
        // SAFETY: as in `flat`; the blocks are borrowed for writing, and every number is a valid lane.
        Self::IS_DENSE.then(|| unsafe { std::slice::from_raw_parts_mut(blocks.as_mut_ptr().cast(), len) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_blocks_are_numbers_in_a_row() {
        let mut blocks: Vec<Lanes<8>> =
            (0..3).map(|b| Lanes(std::array::from_fn(|l| (b * 8 + l) as f64))).collect();
        let numbers: Vec<f64> = (0..24).map(f64::from).collect();
        assert_eq!(Lanes::flat(&blocks), Some(&numbers[..]));
        Lanes::flat_mut(&mut blocks).expect("eight lanes fill a block")[17] = -1.0;
        assert_eq!(blocks[2][1], -1.0);
    }

    #[test]
    fn padded_blocks_are_not() {
        assert_eq!(Lanes::<1>::flat(&[Lanes([1.0]); 4]), None);
        assert_eq!(Lanes::<12>::flat_mut(&mut [Lanes::ZERO; 4]), None);
        assert!(Lanes::<32>::flat(&[]).is_some());
    }
}
