//! What SBML says of texts, as libAntimony 3.3.0 writes them.

use hepatica_model::flat;
use hepatica_source::{Severity, SourceMap};

use super::super::{NoImports, parse, write};
use crate::sbml;

/// A text as SBML, or why it cannot be written.
fn written(text: &str) -> Result<String, String> {
    let mut map = SourceMap::new();
    let file = map.add("m.ant", text);
    let (declarations, mut found) = parse(&mut map, file, &NoImports);
    let (flat, more) = flat(&declarations);
    found.extend(more);
    let errors: Vec<_> = found.iter().filter(|p| p.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    sbml::write_declarations(&flat).map_err(|problem| problem.message)
}

fn says(text: &str, wanted: &[&str]) -> String {
    let xml = written(text).expect("SBML can say it");
    for part in wanted {
        assert!(xml.contains(part), "{text}: no `{part}` in\n{xml}");
    }
    xml
}

#[test]
fn comparisons_of_reactions_are_bounds_of_fluxes() {
    let text = "J0: s1 -> ; ; J1: s1 -> ; ; up = 3\n -10 < J0 < -2.5\n J1 <= up\n 0 <= J1\n s1 < 4";
    let xml = says(
        text,
        &[
            "xmlns:fbc=\"http://www.sbml.org/sbml/level3/version1/fbc/version3\" fbc:required=\"false\"",
            "fbc:strict=\"false\"",
            "<parameter id=\"fb_neg_10\" value=\"-10\" constant=\"true\"/>",
            "<parameter id=\"fb_neg_2_5\" value=\"-2.5\" constant=\"true\"/>",
            "fbc:lowerFluxBound=\"fb_neg_10\" fbc:upperFluxBound=\"fb_neg_2_5\"",
            "fbc:lowerFluxBound=\"fb_0\" fbc:upperFluxBound=\"up\"",
        ],
    );
    assert_eq!(xml.matches("<constraint>").count(), 1, "only the one about a species: {xml}");
}

#[test]
fn a_bound_never_takes_over_a_parameter_of_that_name() {
    let text = "J0: s1 -> ; ; J1: s1 -> ; ; fb_3 = 4; J0 < 3; J1 < 2*fb_3; J0 > 1; J0 > 2";
    says(
        text,
        &[
            "<parameter id=\"fb_3\" value=\"4\"",
            "<parameter id=\"fb_3_\" value=\"3\"",
            "<reaction id=\"J0\" reversible=\"true\" fbc:lowerFluxBound=\"fb_2\" fbc:upperFluxBound=\"fb_3_\">",
            "<assignmentRule variable=\"fb0\">",
            "<reaction id=\"J1\" reversible=\"true\" fbc:upperFluxBound=\"fb0\">",
        ],
    );
}

#[test]
fn a_comparison_of_two_reactions_stays_a_constraint() {
    let xml = says("J0: s1 -> ; ; J1: s1 -> ; ; J0 < J1", &["<constraint>"]);
    assert!(!xml.contains("fbc"), "{xml}");
}

#[test]
fn an_objective_is_a_sum_of_reactions() {
    let sum = "J0: s1 -> ; ; J1: s1 -> ; ; J2: -> s1; ; Obj = J0 - 2*J1 - (-J2)/4; minimize Obj";
    let xml = says(
        sum,
        &[
            "<fbc:listOfObjectives fbc:activeObjective=\"Obj\">",
            "<fbc:objective fbc:id=\"Obj\" fbc:type=\"minimize\">",
            "fbc:reaction=\"J0\" fbc:coefficient=\"1\" fbc:variableType=\"linear\"",
            "fbc:reaction=\"J1\" fbc:coefficient=\"-2\"",
            "fbc:reaction=\"J2\" fbc:coefficient=\"0.25\"",
        ],
    );
    assert!(!xml.contains("<parameter") && !xml.contains("initialAssignment"), "{xml}");
    says("J0: s1 -> ; ; maximize J0", &["fbc:id=\"_objective0\" fbc:type=\"maximize\""]);
}

#[test]
fn an_objective_that_is_no_such_sum_is_refused() {
    for wrong in
        ["maximize k*J0", "maximize 2*J0 + 3", "maximize J0^2", "maximize k", "maximize J0; minimize J0"]
    {
        let problem = written(&format!("J0: s1 -> ; ; k = 2; {wrong}")).expect_err(wrong);
        assert!(problem.starts_with("fbc: "), "{problem}");
    }
}

#[test]
fn a_rule_that_is_a_number_says_the_value_at_time_zero() {
    says(
        "x := 4.8",
        &["<parameter id=\"x\" value=\"4.8\" constant=\"false\"/>", "<assignmentRule variable=\"x\">"],
    );
}

#[test]
fn a_display_name_alone_makes_a_quantity() {
    says("x is \"This Name!\"", &["<parameter id=\"x\" name=\"This Name!\" constant=\"true\"/>"]);
}

#[test]
fn species_without_a_place_are_where_their_last_placed_reaction_is() {
    let text =
        "J0 in C: a -> b; k; J1: b -> c; k in D; species e in E; J2 in C: e -> ; k; J3: f -> ; k; k = 1";
    says(
        text,
        &[
            "<species id=\"a\" compartment=\"C\"",
            "<species id=\"b\" compartment=\"D\"",
            "<species id=\"c\" compartment=\"D\"",
            "<species id=\"e\" compartment=\"E\"",
            "<species id=\"f\" compartment=\"default_compartment\"",
        ],
    );
}

#[test]
fn what_a_deleted_event_would_have_set_stays_and_may_change() {
    let text = "model foo() E1: at (Y1 > 3): Z1 = z, Q1 = q; end; model *bar() A: foo(); delete A.Y1; end";
    let xml = says(
        text,
        &["<parameter id=\"A_Z1\" constant=\"false\"/>", "<parameter id=\"A_Q1\" constant=\"false\"/>"],
    );
    assert!(!xml.contains("<event "), "{xml}");
    let xml = says(&text.replace("A.Y1", "A.z"), &["<parameter id=\"A_Z1\" constant=\"false\"/>"]);
    assert_eq!(xml.matches("<eventAssignment").count(), 1, "{xml}");
}

#[test]
fn algebraic_rules_are_written_as_they_are_last_said_and_not_when_deleted() {
    let foo = "model foo() a: 0 = x - y; end; model *bar() F: foo(); ";
    let xml = says(&format!("{foo} F.a: 0 = F.x - 2*F.y; end"), &["<algebraicRule id=\"F_a\">", "<times/>"]);
    assert_eq!(xml.matches("<algebraicRule").count(), 1, "{xml}");
    let read = super::read(&format!("{foo} F.a: 0 = F.x - 2*F.y; end")).0;
    assert!(write(&read).expect("Antimony can say it").contains("F.a: 0 = F.x - 2*F.y;"));
    let xml = says(&format!("{foo} delete F.y; end"), &[]);
    assert!(!xml.contains("<algebraicRule"), "{xml}");
}
