//! Conversion factors, deletions and what is written anew, in numbers. The equations were compared with the flat SBML
//! that libAntimony 3.3.0 writes for the same texts.

use crate::support::{Start, resolved, system};

#[test]
fn a_name_may_be_counted_otherwise_inside_a_submodel() {
    // z = c x, so that x is 4/2 and its rate 4/2*10.
    let system = system(
        "model m() x = 3; y := x*2; S = 1; S' = x; x' = 10*x; end
         c = 2; z = 4; A: m(); A.x is z/c",
    );
    let start = Start::of(&system);
    assert_eq!(start.output(&system, "A.y"), 4.0);
    assert_eq!(start.derivative(&system, "A.S"), 2.0);
    assert_eq!(start.derivative(&system, "z"), 40.0);
}

#[test]
fn a_value_given_inside_is_converted_outwards() {
    let system = system("model m() p := 80; q = 3; end; f = 0.1; A: m(); A.p * f is P; A.q * f is Q");
    let start = Start::of(&system);
    assert_eq!(start.output(&system, "P"), 8.0);
    assert!((start.output(&system, "Q") - 0.3).abs() < 1e-15);
}

#[test]
fn time_and_extent_of_a_submodel_have_factors() {
    let system = system(
        "model m() species S = 3; k = 2; x = 0; x' = 5; w := time; J: S => ; k*S; z := J; d := rateOf(S); end
         T = 60; X = 1000; A: m(), timeconv = T, extentconv = X",
    );
    let start = Start::of(&system);
    assert_eq!(start.derivative(&system, "A.S"), -6.0 * 1000.0 / 60.0);
    assert_eq!(start.derivative(&system, "A.x"), 5.0 / 60.0);
    // Inside, the reaction has the rate that is written there.
    assert_eq!(start.output(&system, "A.z"), 6.0);
    assert_eq!(start.output(&system, "A.d"), -6000.0);
    let time = system.outputs.iter().find(|o| o.name == "A.w").expect("an output");
    assert_eq!(start.value(&system, time.node, 120.0), 2.0);
}

#[test]
fn what_needs_something_deleted_is_deleted() {
    let text = "model m()
                  species S = 1, P = 0; k = 2; q = 1; x = 3
                  J: S -> P; k*S
                  y := q + 1
                  E: at q > 3: x = 1
                  F: at q after x > 3, priority = q: x = q, k = 5
                end
                A: m(); delete A.q; delete A.P";
    let (_, model, _) = resolved(text);
    let names: Vec<&str> = model.vars.iter().map(|v| v.name.as_str()).collect();
    assert!(!names.contains(&"A.q") && !names.contains(&"A.P"), "{names:?}");
    let y = model.find("A.y").expect("y");
    assert!(model.vars[y].rule.is_none());
    assert_eq!(model.reactions[0].products.len(), 0);
    let [event] = &model.events[..] else { panic!("{:?}", model.events) };
    assert_eq!((event.name.as_str(), event.delay, event.priority), ("A.F", None, None));
    assert_eq!(event.assignments.len(), 1);
}

#[test]
fn a_reaction_of_a_submodel_is_written_anew() {
    let system = system(
        "model m() species S = 1; k = 2; J: S => ; k*S; end
         A: m(); r = 7; A.J: A.S => ; r*A.S",
    );
    assert_eq!(Start::of(&system).derivative(&system, "A.S"), -7.0);
}

#[test]
fn stoichiometries_may_be_names_and_species_may_have_factors() {
    let system = system(
        "n = 2; n' = 1; f = 10; A = 1; B = 0; C = 0; k = 3
         B.conversionFactor = f
         J: A -> n B + 0.5 C; k*A",
    );
    let start = Start::of(&system);
    assert_eq!(start.derivative(&system, "B"), 60.0);
    assert_eq!(start.derivative(&system, "C"), 1.5);
    assert_eq!(start.derivative(&system, "A"), -3.0);
}

#[test]
fn a_rate_of_change_is_a_value() {
    let system = system(
        "compartment V = 4; V' = 0.5; species S in V = 3; k = 2; J: S => ; k*S
         d := rateOf(S); e := rateOf(V); c = 1; g := rateOf(c); x = rateOf(S)",
    );
    let start = Start::of(&system);
    // (S V)' = -k S, so that S' = (-k S - S V')/V.
    let wanted = (-2.0 * 3.0 - 3.0 * 0.5) / 4.0;
    assert_eq!(start.output(&system, "d"), wanted);
    assert_eq!(start.output(&system, "x"), wanted);
    assert_eq!(start.output(&system, "e"), 0.5);
    assert_eq!(start.output(&system, "g"), 0.0);
}
