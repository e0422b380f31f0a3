//! Arithmetic on all states of all lanes at once, compiled for each instruction set.
//!
//! State `i` of lane `l` of a result depends on state `i` of lane `l` of the arguments. Blocks of lanes without padding
//! are therefore one long array of numbers, over which the compiler vectorises whatever the width. Multiplication and addition stay separate and in the order
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

/// One over the tolerance at the beginning of the step, of `y` and its absolute tolerance, up to an eighth too large: enough
/// to judge a solve by, where division would take longer than the rest of the pass.
#[derive(Clone, Copy)]
pub(crate) struct InvWeight {
    pub(crate) rtol: f64,
}

impl Element<2> for InvWeight {
    #[inline(always)]
    fn at(self, [y, atol]: [f64; 2], _: f64) -> f64 {
        // Turns the sign of the exponent: 2^k (1 + m) becomes 2^-k (1 - m/2).
        const ONE_TWICE: u64 = 2 * 1.0_f64.to_bits();
        f64::from_bits(ONE_TWICE.wrapping_sub((atol + self.rtol * y.abs()).to_bits()))
    }
}

/// The sum over states of magnitudes times their weights, in the order of the states; NaN when any of them is.
pub(crate) struct WeightedSum<'a, const L: usize> {
    pub(crate) values: &'a [Lanes<L>],
    pub(crate) weights: &'a [Lanes<L>],
}

impl<const L: usize> Body for WeightedSum<'_, L> {
    type Output = Lanes<L>;

    #[inline(always)]
    fn run(self) -> Lanes<L> {
        let mut sum = Lanes::ZERO;
        for (value, weight) in self.values.iter().zip(self.weights) {
            for lane in 0..L {
                sum[lane] += value[lane].abs() * weight[lane];
            }
        }
        sum
    }
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
        let weights = [Lanes::<8>::splat(2.0); 4];
        let mut values = [1.0, -2.0, 3.0, -4.0].map(Lanes::splat);
        values[3][3] = f64::NAN;
        for isa in Isa::ALL.into_iter().filter_map(Isa::activate) {
            let total = isa.run(WeightedSum { values: &values, weights: &weights });
            assert_eq!(total[0], 20.0);
            assert!(total[3].is_nan());
        }
    }
}
