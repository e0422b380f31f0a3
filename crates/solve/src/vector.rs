//! Arithmetic on all states of all lanes at once, compiled for each instruction set.
//!
//! Everything a step does between calls of the problem is elementwise: state `i` of lane `l` of the result depends on
//! state `i` of lane `l` of the arguments. Blocks of lanes without padding are therefore one long array of numbers,
//! over which the compiler vectorises whatever the width. Multiplication and addition stay separate and in the order
//! written, so that each width and instruction set gives the same bits.

use hepatica_lanes::{Active, Body, Lanes};

/// One number of a result from one number of each argument; must be `#[inline(always)]` to be compiled with the loop.
pub(crate) trait Element<const N: usize>: Copy {
    /// The new number, from the arguments and the number that stood there.
    fn at(self, arguments: [f64; N], old: f64) -> f64;
}

/// Replaces every number of `result` by [`Element::at`] of the numbers at its place.
///
/// All slices have the length of `result`.
pub(crate) fn map<const N: usize, const L: usize>(
    isa: Active,
    element: impl Element<N>,
    arguments: [&[Lanes<L>]; N],
    result: &mut [Lanes<L>],
) {
    if Lanes::<L>::IS_DENSE
        && let Some(result) = Lanes::flat_mut(result)
    {
        let arguments = arguments.map(|argument| Lanes::flat(argument).unwrap_or_default());
        return isa.run(Each { element, arguments, result });
    }
    let arguments: [&[Lanes<L>]; N] = arguments.map(|argument| &argument[..result.len()]);
    for (state, result) in result.iter_mut().enumerate() {
        for lane in 0..L {
            result[lane] = element.at(std::array::from_fn(|n| arguments[n][state][lane]), result[lane]);
        }
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

/// A loop over plain numbers.
struct Each<'a, E, const N: usize> {
    element: E,
    arguments: [&'a [f64]; N],
    result: &'a mut [f64],
}

impl<E: Element<N>, const N: usize> Body for Each<'_, E, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        each(self.element, &self.arguments, self.result);
    }
}

#[cfg(test)]
mod tests {
    use hepatica_lanes::Isa;

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
        for isa in Isa::ALL.into_iter().filter_map(Isa::activate) {
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
