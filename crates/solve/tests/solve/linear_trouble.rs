//! Lanes where elimination without pivoting breaks down, next to lanes where it does not.

use hepatica_solve::{Failure, Integrator};

use crate::driver::{relative_error, rodas, run_lane, tolerances};
use crate::dual::Num;
use crate::ode::{DenseProblem, Ode};
use crate::problems::{Hires, Robertson};

/// `0 = p y1 + y2 - y3`, `0 = y1 - 2 y3`, `y3' = -y3`: the first pivot is `-p`.
#[derive(Clone)]
struct Pivot {
    p: f64,
}

impl Ode for Pivot {
    fn n(&self) -> usize {
        3
    }
    fn mass(&self) -> Option<Vec<f64>> {
        Some(vec![0.0, 0.0, 1.0])
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        dy[0] = T::from(self.p) * y[0] + y[1] - y[2];
        dy[1] = y[0] - T::from(2.0) * y[2];
        dy[2] = -y[2];
    }
}

impl Pivot {
    fn solution(&self, t: f64) -> [f64; 3] {
        let y = (-t).exp();
        [2.0 * y, y - 2.0 * self.p * y, y]
    }
}

#[test]
fn only_the_lanes_in_trouble_pivot_and_all_are_right() {
    let lanes = [1.0, 0.0, 1e-14, 1e-9, 0.5, 1e-300, -2.0, 1e-17].map(|p| Pivot { p });
    let mut rodas = rodas::<8>(3, &tolerances(1e-8, 1e-10));
    let mut problem = DenseProblem::<_, 8>::new(lanes.to_vec());
    for (lane, ode) in lanes.iter().enumerate() {
        rodas.start(lane, 0.0, &ode.solution(0.0), 1.0, None);
    }
    for (lane, ode) in lanes.iter().enumerate() {
        // A lane that already is at its stop says so again.
        run_lane(&mut rodas, &mut problem, lane, |_| ()).unwrap();
        let mut y = [0.0; 3];
        rodas.state(lane, &mut y);
        let error = relative_error(&y, &ode.solution(1.0), 0.0);
        assert!(error < 1e-7, "p = {}: {error}", ode.p);
        assert_eq!(rodas.counters(lane).pivoted > 0, ode.p.abs() < 1e-6, "p = {}", ode.p);
    }
}

/// Large terms that cancel in `W x` make a residual large beside `b`, with or without pivoting.
#[test]
fn very_stiff_kinetics_are_not_taken_for_a_bad_factorisation() {
    let mut rodas = rodas::<1>(3, &tolerances(1e-6, 1e-10));
    let mut problem = DenseProblem::new(vec![Robertson { speed: 1e9, algebraic: false }]);
    rodas.start(0, 0.0, &[1.0, 0.0, 0.0], 1e3, None);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    assert_eq!(rodas.counters(0).pivoted, 0);
}

#[test]
fn hires_never_pivots() {
    let mut rodas = rodas::<1>(8, &tolerances(1e-10, 1e-14));
    let mut problem = DenseProblem::new(vec![Hires]);
    rodas.start(0, 0.0, &Hires::START, Hires::END, None);
    run_lane(&mut rodas, &mut problem, 0, |_| ()).unwrap();
    assert_eq!(rodas.counters(0).pivoted, 0);
}

/// `0 = y1 - y2` twice: singular for every step size.
#[derive(Clone)]
struct Twice;

impl Ode for Twice {
    fn n(&self) -> usize {
        2
    }
    fn mass(&self) -> Option<Vec<f64>> {
        Some(vec![0.0, 0.0])
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        dy[0] = y[0] - y[1] - t;
        dy[1] = y[0] - y[1] - t;
    }
}

#[test]
fn a_matrix_singular_after_elimination_is_named() {
    let mut rodas = rodas::<1>(2, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![Twice]);
    rodas.start(0, 0.0, &[1.0, 1.0], 1.0, None);
    let failure = run_lane(&mut rodas, &mut problem, 0, |_| ()).expect_err("singular");
    assert_eq!(failure, Failure::Singular { t: 0.0 });
}

#[test]
fn a_singular_lane_does_not_touch_its_neighbour() {
    let ends = [[0.0, 0.0], [1.0, 0.0]].map(|ps| {
        let mut rodas = rodas::<2>(3, &tolerances(1e-6, 1e-9));
        let mut problem = DenseProblem::<_, 2>::new(ps.map(|p| Lame { p }).to_vec());
        (0..2).for_each(|lane| rodas.start(lane, 0.0, &[1.0, 1.0, 1.0], 1.0, None));
        run_lane(&mut rodas, &mut problem, 1, |_| ()).unwrap();
        let mut y = [0.0; 3];
        rodas.state(1, &mut y);
        y
    });
    assert_eq!(ends[0], ends[1]);
}

/// `0 = y1 - y2`, and `0 = y1 - y3`, or with `p = 1` the first again, which is singular; `y3' = -y3`.
#[derive(Clone)]
struct Lame {
    p: f64,
}

impl Ode for Lame {
    fn n(&self) -> usize {
        3
    }
    fn mass(&self) -> Option<Vec<f64>> {
        Some(vec![0.0, 0.0, 1.0])
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let p = T::from(self.p);
        dy[0] = y[0] - y[1];
        dy[1] = y[0] - p * y[1] - (T::from(1.0) - p) * y[2];
        dy[2] = -y[2];
    }
}

/// `y1' = p - sqrt(y1)`, `y2' = y1`: at zero the right-hand side is finite and its slope is not.
#[derive(Clone)]
struct Root {
    p: f64,
}

impl Ode for Root {
    fn n(&self) -> usize {
        2
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        dy[0] = T::from(self.p) - y[0].sqrt();
        dy[1] = y[0];
    }
}

#[test]
fn an_infinite_slope_at_the_start_is_left_behind() {
    // With y1 = s^2 and p = 1 the solution is t = -2 (s + ln(1 - s)).
    let s = 0.75f64;
    let t = -2.0 * (s + (-s).ln_1p());
    for tolerance in [1e-4, 1e-6, 1e-8] {
        let lanes = [1.0, 0.0, 1.0, 4.0].map(|p| Root { p });
        let mut rodas = rodas::<4>(2, &tolerances(tolerance, tolerance * 1e-3));
        let mut problem = DenseProblem::<_, 4>::new(lanes.to_vec());
        for (lane, start) in [0.0, 0.0, 1.0, 0.0].into_iter().enumerate() {
            rodas.start(lane, 0.0, &[start, 0.0], t, None);
        }
        for lane in 0..4 {
            run_lane(&mut rodas, &mut problem, lane, |_| ()).unwrap();
        }
        let mut y = [0.0; 2];
        rodas.state(0, &mut y);
        assert!((y[0] - s * s).abs() < 10.0 * tolerance, "{tolerance}: {} and not {}", y[0], s * s);
        rodas.state(1, &mut y);
        assert_eq!(y, [0.0, 0.0], "what rests at the edge of the root rests");
        rodas.state(2, &mut y);
        assert!((y[0] - 1.0).abs() < 1e-15 && (y[1] - t).abs() < 10.0 * tolerance, "{y:?}");
        assert!(rodas.counters(0).rejected < 20, "{:?}", rodas.counters(0));
    }
}
