//! Arithmetic on all states of all lanes at once, compiled for each instruction set.
//!
//! Everything a step does between calls of the problem is elementwise: state `i` of lane `l` of the result depends on
//! state `i` of lane `l` of the arguments. Blocks of lanes without padding are therefore one long array of numbers,
//! over which the compiler vectorises with certainty. Multiplication and addition stay separate and in the order
//! written, so that each width and instruction set gives the same bits.
#![expect(
    unsafe_code,
    reason = "views blocks as plain numbers, and calls code compiled for an instruction set"
)]

use hepatica_lanes::{Isa, Lanes};

/// Lanes in a block are a multiple of this where the block has no padding: 64 bytes, the alignment of [`Lanes`].
const UNPADDED: usize = 8;

/// One number of a result from one number of each argument; must be `#[inline(always)]` to be compiled with the loop.
pub(crate) trait Element<const N: usize>: Copy {
    /// The new number, from the arguments and the number that stood there.
    fn at(self, arguments: [f64; N], old: f64) -> f64;
}

/// Replaces every number of `result` by [`Element::at`] of the numbers at its place.
///
/// All slices have the length of `result`.
pub(crate) fn map<const N: usize, const L: usize>(
    isa: Isa,
    element: impl Element<N>,
    arguments: [&[Lanes<L>]; N],
    result: &mut [Lanes<L>],
) {
    if L.is_multiple_of(UNPADDED) {
        return dispatch(isa, element, &arguments.map(flat), flat_mut(result));
    }
    for (state, result) in result.iter_mut().enumerate() {
        each(element, &arguments.map(|argument| &argument[state].0[..]), &mut result.0);
    }
}

/// The sum over states in each lane, by halves; `values` is used up.
///
/// The order depends on the number of states only. Pairwise summation keeps rounding small and independent of the
/// order of additions within a vector.
pub(crate) fn sum<const L: usize>(values: &mut [Lanes<L>]) -> Lanes<L> {
    let mut rest = values;
    while rest.len() > 1 {
        let kept = rest.len().div_ceil(2);
        let (low, high) = rest.split_at_mut(kept);
        for (low, high) in low.iter_mut().zip(high) {
            for lane in 0..L {
                low[lane] += high[lane];
            }
        }
        rest = low;
    }
    rest.first().copied().unwrap_or_default()
}

#[inline(always)]
fn each<const N: usize>(element: impl Element<N>, arguments: &[&[f64]; N], result: &mut [f64]) {
    let arguments: [&[f64]; N] = std::array::from_fn(|n| &arguments[n][..result.len()]);
    for (index, number) in result.iter_mut().enumerate() {
        *number = element.at(std::array::from_fn(|n| arguments[n][index]), *number);
    }
}

/// Runs with `isa`, or with what every processor has where this one lacks `isa`.
fn dispatch<const N: usize>(isa: Isa, element: impl Element<N>, arguments: &[&[f64]; N], result: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if isa.is_available() {
        match isa {
            Isa::Baseline => {}
            // SAFETY: the processor was just found to have every feature the function enables.
            Isa::Avx2 => return unsafe { each_avx2(element, arguments, result) },
            // SAFETY: the processor was just found to have every feature the function enables.
            Isa::Avx512 => return unsafe { each_avx512(element, arguments, result) },
        }
    }
    each_baseline(element, arguments, result);
}

#[inline(never)]
fn each_baseline<const N: usize>(element: impl Element<N>, arguments: &[&[f64]; N], result: &mut [f64]) {
    each(element, arguments, result);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn each_avx2<const N: usize>(element: impl Element<N>, arguments: &[&[f64]; N], result: &mut [f64]) {
    each(element, arguments, result);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
fn each_avx512<const N: usize>(element: impl Element<N>, arguments: &[&[f64]; N], result: &mut [f64]) {
    each(element, arguments, result);
}

/// Blocks without padding as plain numbers.
fn flat<const L: usize>(blocks: &[Lanes<L>]) -> &[f64] {
    const { assert!(align_of::<Lanes<L>>() == UNPADDED * size_of::<f64>()) }
    assert!(size_of::<Lanes<L>>() == L * size_of::<f64>(), "blocks have no padding");
    // SAFETY: `Lanes` is `repr(C)` around `[f64; L]` and, as just asserted, of no other size, so the slice is
    // `len * L` numbers in a row, borrowed as long as the blocks are.
    unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * L) }
}

/// As [`flat`], to write to.
fn flat_mut<const L: usize>(blocks: &mut [Lanes<L>]) -> &mut [f64] {
    assert!(size_of::<Lanes<L>>() == L * size_of::<f64>(), "blocks have no padding");
    // SAFETY: as in `flat`; the blocks are borrowed for writing, and every number is a valid lane.
    unsafe { std::slice::from_raw_parts_mut(blocks.as_mut_ptr().cast(), blocks.len() * L) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy)]
    struct Mixed;

    impl Element<2> for Mixed {
        #[inline(always)]
        fn at(self, [a, b]: [f64; 2], old: f64) -> f64 {
            a * b + old / 3.0
        }
    }

    fn blocks<const L: usize>(n: usize, seed: f64) -> Vec<Lanes<L>> {
        let number = |state: usize, lane: usize| (seed * (state * 64 + lane + 1) as f64).fract() - 0.5;
        (0..n).map(|state| Lanes(std::array::from_fn(|lane| number(state, lane)))).collect()
    }

    fn check<const L: usize>(n: usize) {
        let (a, b) = (blocks::<L>(n, 0.618), blocks::<L>(n, 0.414));
        for isa in Isa::ALL {
            let mut result = blocks::<L>(n, 0.732);
            map(isa, Mixed, [&a, &b], &mut result);
            for (state, old) in blocks::<L>(n, 0.732).iter().enumerate() {
                for lane in 0..L {
                    assert_eq!(result[state][lane], a[state][lane] * b[state][lane] + old[lane] / 3.0);
                }
            }
        }
    }

    #[test]
    fn elementwise_arithmetic_has_the_same_bits_in_every_width_and_instruction_set() {
        for n in [0, 1, 2, 7] {
            check::<1>(n);
            check::<4>(n);
            check::<8>(n);
            check::<32>(n);
        }
    }

    #[test]
    fn sums_are_over_states_and_see_what_is_not_a_number() {
        for n in 1..20usize {
            let mut values: Vec<Lanes<8>> = (1..=n).map(|k| Lanes::splat(k as f64)).collect();
            values[n - 1][3] = f64::NAN;
            let total = sum(&mut values);
            assert_eq!(total[0], (n * (n + 1) / 2) as f64);
            assert!(total[3].is_nan());
        }
        assert_eq!(sum::<8>(&mut []), Lanes::ZERO);
    }
}
