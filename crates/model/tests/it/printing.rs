//! Models and systems as text.

use crate::support::{model, system};

const TEXT: &str = r#"unit substance = 1e-6 mole; unit extent = substance; unit time_unit = 3600 second; unit volume = litre
unit per_h = 1/time_unit
compartment V = 4; species S in V = 3, $B in V = 1; substanceOnly species P in V = 0
k = 0.5; k has per_h; twice := 2*S; x = 1; x' = -k*x
J: S + B -> 2 P; k*S*V
E: at 1 after S < 1 && time > 2, priority = 3: S = 5, k = 2*k
"#;

#[test]
fn a_model_prints_what_was_declared() {
    let expected = "model __main
  units: substance umol, extent umol, volume L, time h

compartments (1)
  const V [L] = 4

species (3)
  S in V, concentration [umol/L] = 3
  const $B in V, concentration [umol/L] = 1
  P in V, amount [umol] = 0

parameters (3)
  k [1/h] = 0.5
  twice [umol/L] := 2 * S
  x = 1; x' = -(k * x)

reactions (1)
  J [umol/h]: S + B -> 2 P; S * k * V

events (1)
  E: at 1 after S < 1 && 2 < time, priority = 3, t0 = true, fromTrigger = true, persistent = true: S = 5, k = 2 * k
";
    let shown = model(TEXT).to_string();
    assert_eq!(shown, expected, "now\n{shown}");
}

#[test]
fn a_system_prints_equations_with_named_parts_and_sparsity() {
    let expected = "system __main

states (3)
  amount(S) [umol] = 3 * V
  P [umol] = 0
  x = 1

parameters (3)
  V [L] = 4
  B [umol/L] = 1
  k [1/h] = 0.5

definitions (5)
  S [umol/L] = amount(S) / V
  twice [umol/L] = 2 * S
  J [umol/h] = V * (S * k)
  amount(B) [umol] = V * B
  concentration(P) [umol/L] = P / V

equations (3)
  d/dt amount(S) = -J
  d/dt P = 2 * J
  d/dt x = -(k * x)

jacobian: entries of 3 x 3 (3)
  amount(S): amount(S)
  P: amount(S)
  x: x

events (1)
  E: at 1 after S < 1 && 2 < time: amount(S) = 5 * (V), k = 2 * k; roots S - 1, 2 - time
";
    let shown = system(TEXT).to_string();
    assert_eq!(shown, expected, "now\n{shown}");
}
