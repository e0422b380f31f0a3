//! What the statements of a model mean, in numbers.

use hepatica_model::system::Target;
use hepatica_model::{SetError, lower};

use crate::support::{Start, model, said, system};

#[test]
fn a_species_is_a_concentration_and_its_state_an_amount() {
    let system = system(
        "compartment V = 4; species S in V = 3, P in V = 0; k = 0.5
         J: S -> 2 P; k*S*V",
    );
    let start = Start::of(&system);
    assert_eq!(start.states, [12.0, 0.0]);
    assert_eq!(start.output(&system, "S"), 3.0);
    assert_eq!(start.output(&system, "amount(S)"), 12.0);
    assert_eq!(start.output(&system, "J"), 6.0);
    assert_eq!(start.derivative(&system, "S"), -6.0);
    assert_eq!(start.derivative(&system, "P"), 12.0);
    // dS/dt = -k V (S/V) = -k S.
    let jacobian: Vec<_> =
        system.jacobian.iter().map(|e| (e.row.0, e.col.0, start.value(&system, e.node, 0.0))).collect();
    assert_eq!(jacobian, [(0, 0, -0.5), (1, 0, 1.0)]);
}

#[test]
fn an_amount_species_is_its_state() {
    let system = system("compartment V = 4; substanceOnly species S in V; S = 3; k = 0.5; J: S => ; k*S");
    let start = Start::of(&system);
    assert_eq!(start.states, [3.0]);
    assert_eq!(start.output(&system, "S"), 3.0);
    assert_eq!(start.output(&system, "concentration(S)"), 0.75);
    assert_eq!(start.derivative(&system, "S"), -1.5);
}

#[test]
fn species_without_a_compartment_live_in_a_unit_one_that_is_no_parameter() {
    let system = system("S = 3; J: S => ; 0.5*S");
    assert!(system.params.is_empty());
    let start = Start::of(&system);
    assert_eq!(start.output(&system, "default_compartment"), 1.0);
    assert_eq!(start.derivative(&system, "S"), -1.5);
}

#[test]
fn fixed_species_are_parameters() {
    let system = system("$S = 3; const species C = 2; T = 0; J: S + C -> T; S*C");
    let names: Vec<&str> = system.params.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["S", "C"]);
    assert_eq!(Start::of(&system).derivative(&system, "T"), 6.0);
}

#[test]
fn rates_of_concentrations_become_rates_of_amounts() {
    let system = system("compartment V = 4; species S in V = 3; S' = 0.5*S; x = 2; x' = -x");
    let start = Start::of(&system);
    assert_eq!(start.states, [12.0, 2.0]);
    assert_eq!(start.derivative(&system, "S"), 6.0);
    assert_eq!(start.derivative(&system, "x"), -2.0);
}

#[test]
fn a_growing_compartment_carries_its_concentrations() {
    // (S V)' = S' V + S V' = 0.5*4 + 3*2.
    let system = system("compartment V = 4; V' = 2; species S in V = 3; S' = 0.5");
    assert_eq!(Start::of(&system).derivative(&system, "S"), 8.0);
}

#[test]
fn values_at_time_zero_are_set_in_the_order_they_need_each_other() {
    let system = system(
        "a = 2*b; b = c + S; c := 3*d; d = 1; compartment V = 2*S; species S in V = d + 1; J: S => ; S",
    );
    let start = Start::of(&system);
    for (name, value) in [("d", 1.0), ("c", 3.0), ("S", 2.0), ("b", 5.0), ("a", 10.0), ("V", 4.0)] {
        assert_eq!(start.output(&system, name), value, "{name}");
    }
    assert_eq!(start.output(&system, "amount(S)"), 8.0);
}

#[test]
fn submodels_are_overridden_from_outside_and_joined_by_position() {
    let system = system(
        "model decay(S, k)
           S = 1; k = 0.1; J: S => ; k*S
         end
         model *main()
           A: decay(X, 2); B: decay(Y, rate); rate = 0.5; X = 10
           B.S = 4
         end",
    );
    let start = Start::of(&system);
    let names: Vec<&str> = system.states.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["X", "Y"]);
    assert_eq!(start.derivative(&system, "X"), -20.0);
    assert_eq!(start.derivative(&system, "Y"), -2.0);
}

#[test]
fn the_right_of_two_joined_names_gives_the_value_and_the_outer_one_the_name() {
    // The same values as libAntimony 3.3.0 writes.
    for (statements, value) in [
        ("w = 7; A: sub(); A.x is w", 7.0),
        ("w = 7; A: sub(); w is A.x", 1.0),
        ("A: sub(); A.x is w", 1.0),
        ("A: sub(); A.x = 4; w = 7; w is A.x", 4.0),
        ("w = 7; A: sub(); w is A.x; w = 8", 8.0),
    ] {
        let system =
            system(&format!("model sub()\n x = 1; y := x*2\nend\nmodel *main()\n {statements}\nend"));
        let start = Start::of(&system);
        assert_eq!(start.output(&system, "w"), value, "{statements}");
        assert_eq!(start.output(&system, "A.y"), 2.0 * value, "{statements}");
    }
}

#[test]
fn functions_are_expanded() {
    let system = system(
        "function mm(v, s, k)\n v*s/(k + s)\nend\nfunction twice(x)\n 2*mm(x, x, x)\nend\ny := twice(3)",
    );
    assert_eq!(Start::of(&system).output(&system, "y"), 3.0);
}

#[test]
fn events_set_amounts_and_parameters() {
    let system = system(
        "compartment V = 4; species S in V = 3; J: S => ; k*S; k = 1
         E: at S < 1 && time >= 2: S = 5, k = 2
         R: at S < 1: V = 8, S = 5",
    );
    let start = Start::of(&system);
    let event = &system.events[0];
    assert_eq!(event.roots.len(), 2);
    assert_eq!(event.assignments.len(), 2);
    let amount = event.assignments[0];
    assert!(matches!(amount.target, Target::State(_)));
    assert_eq!(start.value(&system, amount.value, 0.0), 5.0);
    assert_eq!(start.value(&system, amount.factor.unwrap(), 0.0), 4.0);
    assert_eq!(event.assignments[1].factor, None);
    // With the size that the compartment has before the event.
    let resized = system.events[1].assignments[1];
    assert_eq!(start.value(&system, resized.factor.unwrap(), 0.0), 4.0);
}

#[test]
fn reactions_can_be_used_as_numbers_and_their_laws_replaced() {
    let system = system(
        "model sub()\n J: S => ; k*S; S = 2; k = 3\nend
         model *main()\n A: sub(); A.J = 5*A.k; f := 2*A.J\nend",
    );
    let start = Start::of(&system);
    assert_eq!(start.output(&system, "A.J"), 15.0);
    assert_eq!(start.output(&system, "f"), 30.0);
}

#[test]
fn provenance_and_dose_ports_are_read_from_links() {
    let model = model(
        r#"species gut; gut = 0; J: gut => ; k*gut
           gut description "urn:hepatica:dose:acetaminophen:oral"
           k = 0.5; k.range = {0.1, 2}
           k description "urn:hepatica:status:calibrated", "urn:hepatica:evidence:smith-1999", "https://identifiers.org/doi/10.1/x""#,
    );
    let ports = model.dose_ports();
    assert_eq!((ports[0].drug.as_str(), ports[0].route.as_str()), ("acetaminophen", "oral"));
    let provenance = model.provenance(model.find("k").unwrap());
    assert_eq!(provenance.status.map(|s| s.word()), Some("calibrated"));
    assert_eq!(provenance.evidence, ["smith-1999"]);
    assert_eq!(provenance.sources, ["https://identifiers.org/doi/10.1/x"]);
    assert_eq!(provenance.range, Some((0.1, 2.0)));
}

#[test]
fn units_of_concentrations_amounts_and_rates_are_shown() {
    let text = "unit substance = 1e-6 mole; unit time_unit = 3600 second; unit volume = litre; unit per_h = 1/time_unit
         compartment V = 4; species S in V = 3; k = 1; k has per_h; J: S => ; k*S*V; x := S/k";
    assert_eq!(said(text), "");
    let system = system(text);
    let unit = |name: &str| system.outputs.iter().find(|o| o.name == name).map(|o| o.unit.as_str());
    assert_eq!(unit("S"), Some("umol/L"));
    assert_eq!(unit("amount(S)"), Some("umol"));
    assert_eq!(unit("J"), Some("umol/h"));
    assert_eq!(unit("k"), Some("1/h"));
    assert_eq!(unit("x"), Some("umol*h/L"));
    assert_eq!(system.states.iter().next().map(|s| s.unit.as_str()), Some("umol"));
}

#[test]
fn a_checked_model_takes_other_values() {
    let mut model = model("compartment V = 4; species S in V = 3; k = 2*V; x := k; J: S => ; k*S");
    model.set_value("S", 5.0).unwrap();
    model.set_value("V", 2.0).unwrap();
    let system = lower(&model);
    let start = Start::of(&system);
    assert_eq!(start.output(&system, "amount(S)"), 10.0);
    assert_eq!(start.output(&system, "k"), 4.0);
    assert!(system.find_state("S").is_some() && system.find_param("k").is_some());
    assert!(system.find_output("amount(S)").is_some() && system.find_output("amount(k)").is_none());

    let refused =
        |model: &mut hepatica_model::Model, name: &str, value| model.set_value(name, value).unwrap_err();
    let unknown = refused(&mut model, "VV", 1.0);
    assert_eq!((unknown.code(), unknown.hint().as_deref()), ("name/unknown", Some("did you mean `V`?")));
    assert_eq!(refused(&mut model, "x", 1.0), SetError::Ruled("x".to_string()));
    assert_eq!(refused(&mut model, "J", 1.0), SetError::Reaction("J".to_string()));
    assert_eq!(refused(&mut model, "V", f64::NAN), SetError::NotFinite("V".to_string()));
}

#[test]
fn an_overridden_value_loses_the_source_of_the_old_one() {
    let model = model(
        r#"model sub()
           k = 1; y := k; k description "urn:hepatica:status:observed"; k.range = {0, 2}
         end
         model *main()
           A: sub(); B: sub(); A.k = 3
         end"#,
    );
    let provenance = |name: &str| model.provenance(model.find(name).unwrap());
    assert_eq!(provenance("A.k"), Default::default());
    assert_eq!(provenance("B.k").range, Some((0.0, 2.0)));
}
