//! End values of the classical stiff problems, against published digits and against the reference method.
//!
//! Published: F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4 (2008), Universita di
//! Bari. Robertson at t = 40: A. C. Hindmarsh's example, as in the documentation of SUNDIALS.

use crate::driver::{Ivp, integrate, relative_error, tolerances};
use crate::ode::Ode;
use crate::problems::{Hires, Oregonator, Robertson, VanDerPol};
use crate::radau::reference;

const HIRES_END: [f64; 8] = [
    0.7371312573325668e-3,
    0.1442485726316185e-3,
    0.5888729740967575e-4,
    0.1175651343283149e-2,
    0.2386356198831331e-2,
    0.6238968252742796e-2,
    0.2849998395185769e-2,
    0.2850001604814231e-2,
];
const VAN_DER_POL_END: [f64; 2] = [0.1706167732170483e1, -0.8928097010247975];
const OREGONATOR_END: [f64; 3] = [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3];
const ROBERTSON_AT_1E11: [f64; 3] = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.999999979166505];
const ROBERTSON_AT_40: [f64; 3] = [0.7158270688, 0.9185534765e-5, 0.2841637457];

fn robertson(t_stop: f64, algebraic: bool) -> Ivp<Robertson> {
    Ivp::new(Robertson { speed: 1.0, algebraic }, &[1.0, 0.0, 0.0], t_stop)
}

fn error<O: Ode>(ivp: &Ivp<O>, rtol: f64, atol: f64, wanted: &[f64]) -> f64 {
    let end = integrate(ivp, &tolerances(rtol, atol)).unwrap();
    relative_error(&end.y, wanted, 0.0)
}

#[test]
fn hires() {
    let ivp = Ivp::new(Hires, &Hires::START, Hires::END);
    assert!(error(&ivp, 1e-10, 1e-14, &HIRES_END) < 1e-7);
    assert!(error(&ivp, 1e-5, 1e-9, &HIRES_END) < 1e-2);
}

#[test]
fn van_der_pol_with_epsilon_1e_6() {
    let ivp = Ivp::new(VanDerPol { epsilon: 1e-6 }, &[2.0, 0.0], 2.0);
    assert!(error(&ivp, 1e-9, 1e-9, &VAN_DER_POL_END) < 1e-6);
    assert!(error(&ivp, 1e-5, 1e-5, &VAN_DER_POL_END) < 1e-2);
}

#[test]
fn oregonator() {
    let ivp = Ivp::new(Oregonator, &[1.0, 2.0, 3.0], 360.0);
    assert!(error(&ivp, 1e-9, 1e-12, &OREGONATOR_END) < 1e-5);
}

#[test]
fn robertson_as_rates_and_with_an_algebraic_equation() {
    for algebraic in [false, true] {
        assert!(error(&robertson(40.0, algebraic), 1e-9, 1e-14, &ROBERTSON_AT_40) < 1e-8);
        assert!(error(&robertson(1e11, algebraic), 1e-8, 1e-20, &ROBERTSON_AT_1E11) < 1e-5);
    }
}

#[test]
fn the_reference_method_agrees_with_the_published_digits() {
    let found = reference(&Hires, 0.0, &Hires::START, Hires::END, (1e-11, 1e-15));
    assert!(relative_error(&found, &HIRES_END, 0.0) < 1e-9);
    let rates = Robertson { speed: 1.0, algebraic: false };
    let found = reference(&rates, 0.0, &[1.0, 0.0, 0.0], 40.0, (1e-11, 1e-16));
    assert!(relative_error(&found, &ROBERTSON_AT_40, 0.0) < 1e-9);
}

#[test]
fn mildly_stiff_van_der_pol_agrees_with_the_reference_method() {
    let ode = VanDerPol { epsilon: 1e-2 };
    let wanted = reference(&ode, 0.0, &[2.0, 0.0], 2.0, (1e-11, 1e-12));
    let ivp = Ivp::new(ode, &[2.0, 0.0], 2.0);
    assert!(error(&ivp, 1e-9, 1e-10, &wanted) < 1e-6);
}
