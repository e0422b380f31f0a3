//! exp, ln and pow against 200-bit arithmetic, at special values, and the same bits in every width.

#![expect(clippy::unwrap_used, reason = "a sample that is not finite must fail the test")]

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use hepatica_lanes::{Body, Isa, Lanes, math};

type Big = FBig<HalfEven, 2>;

const PRECISION: usize = 200;

fn big(x: f64) -> Big {
    Big::try_from(x).unwrap().with_precision(PRECISION).value()
}

/// Distance of two adjacent numbers at a magnitude, subnormals included.
fn ulp(x: f64) -> f64 {
    let above = f64::from_bits(x.abs().to_bits() + 1);
    if above.is_finite() { above - x.abs() } else { x.abs() - f64::from_bits(x.abs().to_bits() - 1) }
}

/// How many ulp a finite value is from the exact one. Subnormal values are scaled so that nothing is lost.
fn error(value: f64, exact: &Big) -> f64 {
    let difference = big(value) - exact;
    let in_ulp = difference / big(ulp(value));
    in_ulp.to_f64().value().abs()
}

/// Deterministic numbers for samples: the SplitMix64 sequence (Steele, Lea, Flood, OOPSLA 2014).
struct Samples(u64);

impl Samples {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A positive finite number with any exponent.
    fn positive(&mut self) -> f64 {
        f64::from_bits(self.bits() % f64::INFINITY.to_bits())
    }
}

const COUNT: usize = 6_000;

#[test]
fn exp_is_within_one_ulp() {
    let mut samples = Samples(1);
    let mut worst: f64 = 0.0;
    for i in 0..COUNT {
        let x = match i % 4 {
            0 => samples.between(-745.2, 709.78),
            1 => samples.between(-2.0, 2.0),
            2 => samples.between(-745.13, -708.0),
            _ => samples.between(-1.0, 1.0) * samples.unit().powi(20),
        };
        worst = worst.max(error(math::exp(x), &big(x).exp()));
    }
    println!("exp: {worst} ulp");
    assert!(worst < 1.0, "{worst}");
}

#[test]
fn ln_is_within_one_ulp() {
    let mut samples = Samples(2);
    let mut worst: f64 = 0.0;
    for i in 0..COUNT {
        let x = match i % 4 {
            0 => samples.positive(),
            1 => samples.between(0.5, 2.0),
            2 => 1.0 + samples.between(-1.0, 1.0) * samples.unit().powi(15),
            _ => f64::from_bits(samples.bits() % f64::MIN_POSITIVE.to_bits()),
        };
        if x != 1.0 && x > 0.0 {
            worst = worst.max(error(math::ln(x), &big(x).ln()));
        }
    }
    println!("ln: {worst} ulp");
    assert!(worst < 1.0, "{worst}");
}

#[test]
fn pow_is_within_one_ulp() {
    let mut samples = Samples(3);
    let mut worst: f64 = 0.0;
    for i in 0..COUNT {
        let x = match i % 3 {
            0 => samples.positive(),
            1 => samples.between(0.5, 2.0),
            _ => 1.0 + samples.between(-1.0, 1.0) * samples.unit().powi(12),
        };
        // Exponents that reach from the smallest to the largest result, and ordinary ones.
        let reach = samples.between(-745.1, 709.78) / math::ln(x);
        let y = if i % 2 == 0 { reach } else { samples.between(-6.0, 6.0) };
        let value = math::pow(x, y);
        if x > 0.0 && y.is_finite() && value.is_finite() && value > 0.0 {
            let exact = (big(x).ln() * big(y)).exp();
            worst = worst.max(error(value, &exact));
            assert!(worst < 1.0, "pow({x:e}, {y:e}) is off by {worst} ulp");
        }
    }
    println!("pow: {worst} ulp");
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn exp_and_ln_have_their_special_values() {
    const INF: f64 = f64::INFINITY;
    let exps = [
        (0.0, 1.0),
        (-0.0, 1.0),
        (INF, INF),
        (-INF, 0.0),
        (f64::NAN, f64::NAN),
        (709.782712893384, 1.7976931348622732e308),
        (709.7827128933841, INF),
        (1e308, INF),
        (-745.1332191019411, 5e-324),
        (-745.1332191019412, 0.0),
        (-1e308, 0.0),
        (f64::MIN_POSITIVE, 1.0),
        (5e-324, 1.0),
    ];
    for (x, expected) in exps {
        assert!(same(math::exp(x), expected), "exp({x:e}) = {:e}", math::exp(x));
    }
    let lns = [
        (1.0, 0.0),
        (0.0, -INF),
        (-0.0, -INF),
        (INF, INF),
        (-INF, f64::NAN),
        (-1.0, f64::NAN),
        (-5e-324, f64::NAN),
        (f64::NAN, f64::NAN),
        (5e-324, -744.4400719213812),
        (f64::MAX, 709.782712893384),
    ];
    for (x, expected) in lns {
        assert!(same(math::ln(x), expected), "ln({x:e}) = {:e}", math::ln(x));
    }
}

/// IEEE 754-2019, section 9.2.1.
#[test]
fn pow_has_its_special_values() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let cases = [
        ([0.0, 0.0], 1.0),
        ([NAN, 0.0], 1.0),
        ([NAN, -0.0], 1.0),
        ([INF, 0.0], 1.0),
        ([1.0, NAN], 1.0),
        ([1.0, INF], 1.0),
        ([-1.0, INF], 1.0),
        ([-1.0, -INF], 1.0),
        ([-1.0, NAN], NAN),
        ([0.0, NAN], NAN),
        ([NAN, 1.0], NAN),
        ([0.0, 3.0], 0.0),
        ([-0.0, 3.0], -0.0),
        ([-0.0, 2.0], 0.0),
        ([-0.0, 2.5], 0.0),
        ([0.0, -3.0], INF),
        ([-0.0, -3.0], -INF),
        ([-0.0, -2.0], INF),
        ([-0.0, -2.5], INF),
        ([0.0, INF], 0.0),
        ([0.0, -INF], INF),
        ([INF, 2.0], INF),
        ([INF, -2.0], 0.0),
        ([-INF, 3.0], -INF),
        ([-INF, 2.0], INF),
        ([-INF, 2.5], INF),
        ([-INF, -3.0], -0.0),
        ([-INF, -2.0], 0.0),
        ([0.5, INF], 0.0),
        ([0.5, -INF], INF),
        ([2.0, INF], INF),
        ([2.0, -INF], 0.0),
        ([-2.0, INF], INF),
        ([-0.5, INF], 0.0),
        ([-2.0, 3.0], -8.0),
        ([-2.0, -2.0], 0.25),
        ([-2.0, 0.5], NAN),
        ([-1.0, 9007199254740991.0], -1.0),
        ([-1.0, 9007199254740992.0], 1.0),
        ([-1.0, 4503599627370497.0], -1.0),
        ([-1.0, 1e300], 1.0),
        ([2.0, 1023.0], 8.98846567431158e307),
        ([2.0, 1024.0], INF),
        ([2.0, -1074.0], 5e-324),
        ([2.0, -1076.0], 0.0),
        ([10.0, 22.0], 1e22),
        ([3.0, 1.0], 3.0),
        ([1e-320, 1.0], 1e-320),
        ([f64::MAX, 1.0], f64::MAX),
        ([1.0000000000000002, 1e300], INF),
        ([0.9999999999999999, 1e300], 0.0),
        ([5e-324, 1e-300], 1.0),
    ];
    for ([x, y], expected) in cases {
        assert!(same(math::pow(x, y), expected), "pow({x:e}, {y:e}) = {:e}", math::pow(x, y));
    }
}

struct Elementwise<'a> {
    x: &'a [Lanes<16>],
    y: &'a [Lanes<16>],
    out: &'a mut [[Lanes<16>; 3]],
}

impl Body for Elementwise<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((x, y), out) in self.x.iter().zip(self.y).zip(self.out) {
            for lane in 0..16 {
                out[0][lane] = math::exp(x[lane]);
                out[1][lane] = math::ln(x[lane]);
                out[2][lane] = math::pow(x[lane], y[lane]);
            }
        }
    }
}

#[test]
fn every_width_gives_the_bits_of_a_scalar_call() {
    let mut samples = Samples(4);
    let edges = [0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, 710.0, -745.0];
    let mut draw = |i: usize| match i % 4 {
        0 => f64::from_bits(samples.bits()),
        1 => edges[samples.bits() as usize % edges.len()],
        2 => samples.between(-50.0, 50.0),
        _ => samples.between(0.0, 3.0),
    };
    let mut blocks = || -> Vec<Lanes<16>> {
        (0..512).map(|_| Lanes(std::array::from_fn(|lane| draw(lane.wrapping_mul(7))))).collect()
    };
    let (x, y) = (blocks(), blocks());
    for active in Isa::ALL.into_iter().filter_map(Isa::activate) {
        let mut out = vec![[Lanes::ZERO; 3]; x.len()];
        active.run(Elementwise { x: &x, y: &y, out: &mut out });
        for ((x, y), out) in x.iter().zip(&y).zip(&out) {
            for lane in 0..16 {
                let scalar = [math::exp(x[lane]), math::ln(x[lane]), math::pow(x[lane], y[lane])];
                for (function, expected) in scalar.into_iter().enumerate() {
                    let value = out[function][lane];
                    assert!(same(value, expected), "{} {:e} {:e}", active.isa().name(), x[lane], y[lane]);
                }
            }
        }
    }
}
