//! Which variable an algebraic rule determines.

use crate::support::{resolved, system};

fn codes(text: &str) -> Vec<String> {
    resolved(text).2.into_iter().map(|problem| problem.code.0.to_string()).collect()
}

fn rule_or_state(text: &str, name: &str) -> &'static str {
    let system = system(text);
    let is_algebraic = |(id, state): (_, &hepatica_model::system::State)| {
        state.name == name && system.mass.as_ref().is_some_and(|mass| mass[id] == 0.0)
    };
    match system.find_state(name) {
        Some(_) if system.states.enumerate().any(is_algebraic) => "algebraic",
        Some(_) => "state",
        None if system.find_param(name).is_some() => "parameter",
        None => "rule",
    }
}

#[test]
fn a_linear_rule_is_solved_and_another_is_not() {
    let base = "var x, z; x = 1; x' = -x;";
    assert_eq!(rule_or_state(&format!("{base} k = 3; 0 = k*z - x"), "z"), "rule");
    assert_eq!(rule_or_state(&format!("{base} 0 = z^2 - x"), "z"), "algebraic");
    assert_eq!(rule_or_state(&format!("{base} 0 = x*z - 1"), "z"), "algebraic");
    // Two rules that need each other: one is solved for its variable, the other stays an equation.
    let both = format!("{base} var w; 0 = z + w - x; 0 = z - 2*w");
    let kinds = [rule_or_state(&both, "z"), rule_or_state(&both, "w")];
    assert!(kinds.contains(&"rule") && kinds.contains(&"algebraic"), "{kinds:?}");
}

#[test]
fn the_variable_that_needs_a_rule_most_gets_it() {
    // Without a value before with one, declared `var` before what events set.
    assert_eq!(rule_or_state("var a, b; a = 1; 0 = a + b - 3", "b"), "rule");
    assert_eq!(rule_or_state("var a, b; a = 1; b = 2; 0 = a + b - 3; E: at time > 1: b = 0", "a"), "rule");
    // A longer way round: the first rule must leave its first choice to the second.
    let chain = "var a, b, c; 0 = a + b - 1; 0 = a - 2; c' = a; c = 0";
    assert_eq!((rule_or_state(chain, "a"), rule_or_state(chain, "b")), ("rule", "rule"));
}

#[test]
fn what_a_rule_cannot_determine_is_refused() {
    assert_eq!(codes("const a; a = 1; x = 1; x' = 1; 0 = x - a"), ["algebraic/overdetermined"]);
    assert_eq!(codes("var a; a = 1; 0 = a - 1; 0 = a - 2"), ["algebraic/overdetermined"]);
    assert_eq!(codes("var a, b; a = 1; b = 2; 0 = a + b - 3"), ["algebraic/ambiguous"]);
    assert_eq!(codes("var x, z; x = 1; x' = rateOf(z); 0 = z^2 - x"), ["unsupported/rate-of-algebraic"]);
}
