//! Programs print, parse and verify.

mod support;

use hepatica_kernel::text::ParseError;
use hepatica_kernel::verify::VerifyError;
use hepatica_kernel::{Part, Program, Rounding};
use support::{compiled, masses, network};

#[test]
fn a_program_reads_back_as_it_was_printed() {
    for n in [4, 24] {
        let mut system = network(n);
        system.mass = masses(&vec![0.5; n]);
        for rounding in [Rounding::Fused, Rounding::AsWritten] {
            let program = compiled(system.clone(), rounding).program().clone();
            assert_eq!(Program::parse(&program.to_string()), Ok(program));
        }
    }
}

#[test]
fn a_kernel_prints_names_and_figures_as_remarks() {
    let kernel = compiled(network(4), Rounding::Fused);
    let text = kernel.to_string();
    assert!(text.starts_with("# network\n# y0 y0\n"), "{text}");
    assert!(text.contains("\n# p1 p1\n") && text.contains("\n# rhs: "));
    assert_eq!(Program::parse(&text).as_ref(), Ok(kernel.program()));
}

/// dy = p0*y/(p1 + y), written out in full.
const SATURABLE: &str = "\
layout constant 1 param 2 hoisted 0 time 1 state 1 delayed 0 jacobian 1 shift 2 factor 1 rhs 1 solution 1 derivative 1 register 3
constants 0.0
entry 0 0 j0
nonzeros 1
tape hoist
  results
tape rhs
  d0 = saturable p0 y0 p1 y0
  results d0
tape linearise
  r0 = mul p0 y0
  r1 = recipsum p1 y0
  r2 = fnma r0 r1 p0
  j0 = mul r2 r1
  results
tape factor
  s1 = neg s0
  w0 = negrecipsum j0 s1
  results
tape solve
  x0 = mul b0 w0
  results x0
tape residual
  d0 = dot b0 s1*x0 j0*x0
  results d0
tape roots
  results
tape triggers
  results
tape outputs
  results y0
";

#[test]
fn the_tapes_of_a_saturable_rate() {
    use hepatica_expr::{Graph, Symbol};
    let mut g = Graph::new();
    let [p0, p1, y] = [Symbol::Param(0), Symbol::Param(1), Symbol::State(0)].map(|s| g.symbol(s));
    let (top, below) = (g.mul(p0, y), g.add(p1, y));
    let rate = g.div(top, below);
    let kernel = compiled(support::system("saturable", g, vec![rate], 2), Rounding::Fused);
    assert_eq!(kernel.program().to_string(), SATURABLE);
}

#[expect(clippy::expect_used, reason = "a text that is accepted fails its test")]
fn broken(from: &str, to: &str) -> ParseError {
    assert!(SATURABLE.contains(from), "{from} stands in the text");
    Program::parse(&SATURABLE.replacen(from, to, 1)).expect_err("is refused")
}

#[test]
fn lines_that_make_no_sense_are_named() {
    let error = broken("r1 = recipsum p1 y0", "r1 = frobnicate p1 y0");
    assert_eq!(error.to_string(), "line 12 cannot be read: r1 = frobnicate p1 y0");
    for (from, to) in [
        ("constants 0.0", "constants zero"),
        ("r0 = mul p0 y0", "r0 mul p0 y0"),
        ("r0 = mul p0 y0", "r0 = mul p0"),
        ("r0 = mul p0 y0", "r0 = mul p0 q0"),
        ("r0 = mul p0 y0", "r4294967295 = mul p0 y0"),
        ("r0 = mul p0 y0", "\u{1f600} = mul p0 y0"),
        ("tape rhs", "tape hoist"),
        ("entry 0 0 j0", "entry 0 0"),
        ("layout constant 1 param", "layout constant one param"),
        ("layout", "results"),
    ] {
        assert!(matches!(broken(from, to), ParseError::Line(..)), "{from} -> {to}");
    }
}

#[test]
fn programs_that_may_not_run_are_refused() {
    let place = |error: ParseError| match error {
        ParseError::Invalid(VerifyError::Place(part, k, slot)) => (part, k, slot.to_string()),
        other => panic!("{other}"),
    };
    assert_eq!(place(broken("r0 = mul p0 y0", "r0 = mul p0 r1")), (Part::Linearise, 0, "r1".to_owned()));
    assert_eq!(place(broken("r0 = mul p0 y0", "r0 = mul p2 y0")), (Part::Linearise, 0, "p2".to_owned()));
    assert_eq!(place(broken("r0 = mul p0 y0", "y0 = mul p0 p1")), (Part::Linearise, 0, "y0".to_owned()));
    assert_eq!(place(broken("r0 = mul p0 y0", "r0 = mul p0 x0")), (Part::Linearise, 0, "x0".to_owned()));
    assert_eq!(place(broken("s1*x0", "w0*x0")), (Part::Residual, 0, "w0".to_owned()));
    let invalid = |from: &str, to: &str| match broken(from, to) {
        ParseError::Invalid(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(invalid("mul p0 y0", "mul p0 y0 p0*p1"), VerifyError::Terms(Part::Linearise));
    assert_eq!(invalid("results d0", "results d0 d0"), VerifyError::Results(Part::Rhs));
    assert_eq!(invalid("results d0", "results k0"), VerifyError::Result(Part::Rhs, 0));
    assert_eq!(invalid("results y0", "results y1"), VerifyError::Result(Part::Outputs, 0));
    assert_eq!(invalid("entry 0 0 j0", "entry 0 1 j0"), VerifyError::Entry(0));
    assert_eq!(invalid("entry 0 0 j0", "entry 0 0 y0"), VerifyError::Entry(0));
    assert_eq!(invalid("time 1", "time 2"), VerifyError::Layout("there is one time"));
    assert_eq!(invalid("param 2", "param 99999999"), VerifyError::TooLarge);
}

#[test]
fn no_text_makes_the_reader_panic() {
    let mut draw = support::Sequence(11);
    let mut accepted = 0;
    for _ in 0..3000 {
        let mut bytes = SATURABLE.as_bytes().to_vec();
        for _ in 0..1 + draw.below(3) {
            let at = draw.below(bytes.len());
            let other = b"0123456789 \nkphtyjswbxr*=#\xc3";
            bytes[at] = other[draw.below(other.len())];
        }
        accepted += usize::from(Program::parse(&String::from_utf8_lossy(&bytes)).is_ok());
    }
    assert!(accepted < 3000, "some are refused");
}
