use hepatica_model::{Model, ResolveOptions, resolve_with};
use hepatica_source::{Diagnostic, Severity, SourceMap, render_short};

use super::parse;
use crate::antimony::NoImports;

/// A document of Level 3 Version 2 around the content of its model.
pub(super) fn level3(content: &str) -> String {
    format!(
        "<sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' level='3' version='2'><model id='m'>{content}</model></sbml>"
    )
}

fn math(content: &str) -> String {
    format!("<math xmlns='http://www.w3.org/1998/Math/MathML'>{content}</math>")
}

fn read(text: &str) -> (Model, Vec<String>) {
    let mut map = SourceMap::new();
    let file = map.add("m.xml", text);
    let (declarations, mut found) = parse(&mut map, file, &NoImports);
    let (model, more) = resolve_with(&declarations, ResolveOptions { units: Severity::Warning });
    found.extend(more);
    let errors = |d: &&Diagnostic| d.severity == Severity::Error;
    (model, found.iter().filter(errors).map(|d| render_short(&map, d)).collect())
}

const CELL: &str = "<listOfCompartments><compartment id='c' size='2' constant='true'/></listOfCompartments>";

#[test]
fn a_model_is_read_as_its_author_meant_it() {
    let text = level3(&format!(
        "{CELL}<listOfSpecies>
        <species id='A' compartment='c' initialAmount='6' hasOnlySubstanceUnits='false' boundaryCondition='false' constant='false'/>
        <species id='B' compartment='c' initialConcentration='1.5' hasOnlySubstanceUnits='true' boundaryCondition='true' constant='false'/>
        </listOfSpecies><listOfReactions><reaction id='J' reversible='false'>
        <listOfReactants><speciesReference species='A' stoichiometry='2' constant='true'/></listOfReactants>
        <kineticLaw>{}<listOfLocalParameters><localParameter id='k' value='0.5'/></listOfLocalParameters></kineticLaw>
        </reaction></listOfReactions>",
        math("<apply><times/><ci>k</ci><ci>A</ci><ci>c</ci></apply>")
    ));
    let (model, errors) = read(&text);
    assert_eq!(errors, Vec::<String>::new());
    let text = model.to_string();
    for line in ["J_k", "2 A"] {
        assert!(text.contains(line), "{text}");
    }
    let species = |name: &str| model.species(model.find(name).unwrap()).unwrap();
    assert!(!species("A").substance_only && species("B").substance_only && species("B").boundary);
}

#[test]
fn names_belong_to_the_model() {
    let text = level3(
        "<listOfParameters><parameter id='time' value='3' constant='true'/><parameter id='pi' value='4' constant='true'/></listOfParameters>",
    );
    let (model, errors) = read(&text);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(model.vars.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["time", "pi"]);
}

#[test]
fn hostile_documents_are_refused_at_once() {
    let laughs = "<!DOCTYPE sbml [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><sbml>&b;</sbml>".to_string();
    let deep = level3(&format!("{}{}", "<apply>".repeat(100_000), "</apply>".repeat(100_000)));
    let deep_math = level3(&format!(
        "<listOfParameters><parameter id='x' constant='false'/></listOfParameters><listOfRules><assignmentRule variable='x'>{}</assignmentRule></listOfRules>",
        math(&format!("{}<cn>1</cn>{}", "<apply><sin/>".repeat(1900), "</apply>".repeat(1900)))
    ));
    for (text, code) in [
        (laughs, "xml/doctype"),
        (deep, "limit/xml"),
        (deep_math, "limit/math"),
        ("<a>".to_string(), "xml/syntax"),
        ("<a></b>".to_string(), "xml/syntax"),
        ("<a/><b/>".to_string(), "xml/syntax"),
        (String::new(), "xml/empty"),
        ("<a b='1' b='2'/>".to_string(), "xml/attribute"),
        ("<a b='&x;'/>".to_string(), "xml/entity"),
        ("<a>&x;</a>".to_string(), "xml/entity"),
        ("<html/>".to_string(), "sbml/not-sbml"),
        (
            "<sbml xmlns='http://www.sbml.org/sbml/level1' level='1' version='2'/>".to_string(),
            "unsupported/sbml-level",
        ),
        (
            level3("<listOfParameters><parameter id='x' value='1e999' constant='true'/></listOfParameters>"),
            "sbml/number",
        ),
        (" ".repeat(17 << 20), "limit/text"),
    ] {
        let (_, errors) = read(&text);
        assert!(errors.iter().any(|e| e.contains(code)), "{code}: {errors:?}");
    }
}

#[test]
fn what_is_not_simulated_is_named() {
    let text = "<sbml xmlns='http://www.sbml.org/sbml/level3/version1/core' xmlns:fbc='http://www.sbml.org/sbml/level3/version1/fbc/version2' level='3' version='1' fbc:required='false'><model id='m'><fbc:listOfObjectives fbc:activeObjective='o'/></model></sbml>";
    let (_, errors) = read(text);
    assert_eq!(
        errors,
        [
            "m.xml:1:184: error[unsupported/fbc]: fbc: flux balance is not simulated (give every reaction a rate law and remove the objective)"
        ]
    );
}

#[test]
fn rules_for_nothing_are_refused() {
    let rule = format!("<listOfRules><rateRule variable='y'>{}</rateRule></listOfRules>", math("<cn>1</cn>"));
    let (_, errors) = read(&level3(&format!("{CELL}{rule}")));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("there is nothing called `y`"), "{errors:?}");
}
