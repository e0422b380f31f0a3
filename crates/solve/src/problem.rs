//! What an integrator needs to know of a system of differential equations.

use hepatica_lanes::Lanes;

/// The vectors that a problem evaluates and solves with, one number per state, which stand where it can use them.
#[derive(Debug)]
pub struct Vectors<'a, const L: usize> {
    /// The states at which the next evaluation is made; no evaluation changes them.
    pub y: &'a mut [Lanes<L>],
    /// What the last evaluation resulted in.
    pub f: &'a mut [Lanes<L>],
    /// The right-hand side of the linear system; no solve changes it.
    pub b: &'a mut [Lanes<L>],
    /// Its solution.
    pub x: &'a mut [Lanes<L>],
}

/// `M y' = f(t, y)` in `L` lanes at once, each lane with its own time.
///
/// Evaluations and solves read and write the [`Vectors`], which are the caller's between two calls. A lane must not read
/// another lane: its bits may not depend on its neighbours.
pub trait Problem<const L: usize> {
    /// Number of states `n`.
    fn n_states(&self) -> usize;

    /// The diagonal of `M`; `None` is the identity. A zero marks an algebraic equation (index 1).
    fn mass(&self) -> Option<&[f64]> {
        None
    }

    /// The vectors, each of length [`Problem::n_states`].
    fn vectors(&mut self) -> Vectors<'_, L>;

    /// `f = f(t, y)`.
    fn rhs(&mut self, t: &Lanes<L>);

    /// Evaluates and keeps the Jacobian `J = df/dy` at `(t, y)`, and writes `df/dt` to `f`; false, and nothing written, where
    /// time is in no equation.
    fn linearise(&mut self, t: &Lanes<L>) -> bool;

    /// Factors `W = shift * M - J` with the kept Jacobian; `shift` is `1/(gamma*h)` of each lane.
    fn factor(&mut self, shift: &Lanes<L>);

    /// Solves `W x = b`.
    fn solve(&mut self);

    /// Solves one lane again with pivoting, after the unpivoted solve gave a bad residual or a NaN.
    /// Gives false when `W` is singular in that lane.
    fn solve_pivoted(&mut self, lane: usize) -> bool;

    /// `f = b - W x` in every lane, to check a solve.
    fn residual(&mut self);

    /// Number of root functions.
    fn n_roots(&self) -> usize {
        0
    }

    /// Continuous functions whose sign changes the caller wants to know.
    fn roots(&mut self, t: &Lanes<L>, y: &[Lanes<L>], g: &mut [Lanes<L>]) {
        let _ = (t, y, g);
    }

    /// Tells a problem with delays of an accepted step of one lane, with its dense output.
    ///
    /// A later step of the lane that begins before the end of this one replaces the rest of it: the lane went back.
    fn accepted(&mut self, lane: usize, step: &DenseStep<'_, L>) {
        let _ = (lane, step);
    }
}

/// Number of coefficients of the dense output of a state.
pub const DENSE_COEFFICIENTS: usize = 5;

/// The dense output of the last accepted step of every lane: `y(t_old + theta*h)` as a polynomial in `theta`.
#[derive(Clone, Copy, Debug)]
pub struct DenseStep<'a, const L: usize> {
    /// Start of the step in each lane.
    pub t_old: &'a Lanes<L>,
    /// Its end in each lane, which `t_old + h` may miss by rounding.
    pub t_new: &'a Lanes<L>,
    /// Its length in each lane.
    pub h: &'a Lanes<L>,
    /// Coefficients for [`dense_value`]: `coefficients[k][i]` is the `k`-th of state `i`.
    pub coefficients: &'a [Vec<Lanes<L>>; DENSE_COEFFICIENTS],
}

/// The dense output of a state at `theta` from 0 to 1 over the step, from its coefficients `y0, y1, k1, k2, k3`.
///
/// ```text
/// y(theta) = (1-theta) y0 + theta ( y1 + (1-theta) ( k1 + theta ( k2 + theta k3 ) ) )
/// ```
///
/// The polynomial of the Rodas family (Hairer and Wanner II, section IV.7, "dense output"; with `k3` in Steinebach
/// 2023, doi:10.1007/s10543-023-00967-x). Both ends are met bit for bit.
#[inline(always)]
pub fn dense_value([y0, y1, k1, k2, k3]: [f64; DENSE_COEFFICIENTS], theta: f64) -> f64 {
    let left = 1.0 - theta;
    left * y0 + theta * (y1 + left * (k1 + theta * (k2 + theta * k3)))
}
