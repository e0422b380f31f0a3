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
    let (model, more) = resolve_with(&declarations, ResolveOptions::foreign());
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
        (namespaces(5000), "limit/xml"),
        (level3(&"<x/>".repeat(600_000)), "limit/xml"),
        (level3(&factors(100_000)), "limit/unit"),
        (level3(&"<listOfParameters><parameter/></listOfParameters>".repeat(1000)), "limit/problems"),
    ] {
        let (_, errors) = read(&text);
        assert!(errors.iter().any(|e| e.contains(code)), "{code}: {errors:?}");
    }
}

/// A document with many namespaces.
fn namespaces(n: usize) -> String {
    let declared: Vec<String> = (0..n).map(|i| format!("xmlns:a{i}='u'")).collect();
    format!("<sbml {}/>", declared.join(" "))
}

/// A unit of many factors.
fn factors(n: usize) -> String {
    let unit = "<unit kind='mole' exponent='1' scale='0' multiplier='1'/>".repeat(n);
    format!(
        "<listOfUnitDefinitions><unitDefinition id='u'><listOfUnits>{unit}</listOfUnits></unitDefinition></listOfUnitDefinitions>"
    )
}

#[test]
fn a_number_that_goes_on_and_on_is_cut_in_its_message() {
    let digits = "9".repeat(1_000_000);
    let value =
        format!("<listOfParameters><parameter id='x' value='{digits}' constant='true'/></listOfParameters>");
    let rule = format!(
        "<listOfRules><algebraicRule>{}</algebraicRule></listOfRules>",
        math(&format!("<cn>{digits}</cn>"))
    );
    for text in [value, rule] {
        let (_, errors) = read(&level3(&text));
        assert!(errors[0].contains("sbml/number") && errors[0].len() < 200, "{errors:?}");
    }
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    let text = level3(&format!(
        "<listOfParameters><parameter id='abc' value='3' constant='true'/><parameter id='x' constant='false'/></listOfParameters>
        <listOfRules><assignmentRule variable='x'>{}</assignmentRule></listOfRules>",
        math("<ci>abc</ci>")
    ));
    let plain = read(&text);
    assert_eq!(plain.1, Vec::<String>::new());
    let marked = read(&format!("\u{feff}{text}"));
    assert_eq!((marked.1, marked.0.to_string()), (plain.1, plain.0.to_string()));
    // Text before the first element, as a fuzzer found it.
    assert!(!read("\u{feff}ml<?xml version ").1.is_empty());
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

#[test]
fn units_are_those_of_the_document() {
    let text = level3(
        "<listOfUnitDefinitions>
        <unitDefinition id='uM'><listOfUnits><unit kind='mole' exponent='1' scale='-6' multiplier='1'/><unit kind='litre' exponent='-1' scale='0' multiplier='1'/></listOfUnits></unitDefinition>
        <unitDefinition id='volume'><listOfUnits><unit kind='second' exponent='1' scale='0' multiplier='60'/></listOfUnits></unitDefinition>
        </listOfUnitDefinitions>
        <listOfParameters><parameter id='x' value='1' units='uM' constant='true'/><parameter id='t' value='1' units='volume' constant='true'/></listOfParameters>",
    );
    let (model, errors) = read(&text);
    assert_eq!(errors, Vec::<String>::new());
    let shown = |name: &str| model.vars[model.find(name).unwrap()].unit.as_ref().unwrap().shown.clone();
    assert_eq!((shown("x").as_str(), shown("t").as_str()), ("umol/L", "min"));
    // A definition that is called like a unit of the whole model is not one.
    assert!(model.units.volume.is_none());
}

#[test]
fn a_species_counts_in_substance_per_size() {
    let text = "<sbml xmlns='http://www.sbml.org/sbml/level2/version4' level='2' version='4'><model id='m'>
        <listOfUnitDefinitions><unitDefinition id='substance'><listOfUnits><unit kind='mole' scale='-3'/></listOfUnits></unitDefinition></listOfUnitDefinitions>
        <listOfCompartments><compartment id='c' size='2'/></listOfCompartments>
        <listOfSpecies><species id='A' compartment='c' initialConcentration='1' substanceUnits='substance'/>
        <species id='B' compartment='c' initialAmount='1' hasOnlySubstanceUnits='true'/></listOfSpecies></model></sbml>";
    let (model, errors) = read(text);
    assert_eq!(errors, Vec::<String>::new());
    let shown = |name: &str| model.vars[model.find(name).unwrap()].unit.as_ref().unwrap().shown.clone();
    assert_eq!((shown("A").as_str(), shown("B").as_str()), ("mmol/L", "mmol"));
    assert_eq!(model.units.time.as_ref().unwrap().shown, "s");
}

#[test]
fn links_and_uncertainty_are_kept() {
    let text = level3(
        "<listOfParameters><parameter id='k' metaid='k' value='1' constant='true' sboTerm='SBO:0000002'>
        <annotation><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:bqbiol='http://biomodels.net/biology-qualifiers/'>
        <rdf:Description rdf:about='#k'><bqbiol:isDescribedBy><rdf:Bag><rdf:li rdf:resource='urn:hepatica:status:assumed'/></rdf:Bag></bqbiol:isDescribedBy></rdf:Description></rdf:RDF></annotation>
        <d:listOfUncertainties xmlns:d='http://www.sbml.org/sbml/level3/version1/distrib/version1'><d:uncertainty>
        <d:uncertParameter d:type='standardDeviation' d:value='0.5'/><d:uncertSpan d:type='range' d:valueLower='0' d:valueUpper='3'/>
        </d:uncertainty></d:listOfUncertainties></parameter></listOfParameters>",
    );
    let (model, errors) = read(&text);
    assert_eq!(errors, Vec::<String>::new());
    let id = model.find("k").unwrap();
    let provenance = model.provenance(id);
    assert_eq!(provenance.status, Some(hepatica_source::Status::Assumed));
    assert_eq!(provenance.range, Some((0.0, 3.0)));
    let uncertainty = &model.vars[id].uncertainty;
    assert_eq!(uncertainty.stdev.and_then(|node| model.number(node)), Some(0.5));
    assert!(model.vars[id].annotations.iter().any(|a| a.qualifier == "sboTerm"));
}

/// A document of models inside each other: `inner` counts minutes where the outer model counts seconds.
fn composed(outer: &str) -> String {
    let clock =
        math("<csymbol encoding='text' definitionURL='http://www.sbml.org/sbml/symbols/time'>t</csymbol>");
    format!(
        "<sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' xmlns:comp='http://www.sbml.org/sbml/level3/version1/comp/version1' level='3' version='2' comp:required='true'>
        <model id='m'>{outer}<comp:listOfSubmodels><comp:submodel comp:id='a' comp:modelRef='inner' comp:timeConversionFactor='sixty'>
        <comp:listOfDeletions><comp:deletion comp:idRef='gone'/></comp:listOfDeletions></comp:submodel></comp:listOfSubmodels></model>
        <comp:listOfModelDefinitions><comp:modelDefinition id='inner'><listOfParameters><parameter id='x' constant='false'/><parameter id='k' value='2' constant='true'/>
        <parameter id='gone' value='1' constant='true'/></listOfParameters>
        <listOfRules><assignmentRule variable='x'>{clock}</assignmentRule></listOfRules>
        <comp:listOfPorts><comp:port comp:id='p' comp:idRef='k'/></comp:listOfPorts></comp:modelDefinition></comp:listOfModelDefinitions></sbml>"
    )
}

#[test]
fn models_inside_models_keep_their_time_and_give_up_what_is_replaced() {
    let text = composed(
        "<listOfParameters><parameter id='sixty' value='60' constant='true'/><parameter id='K' value='3' constant='true'>
        <comp:listOfReplacedElements><comp:replacedElement comp:submodelRef='a' comp:portRef='p'/></comp:listOfReplacedElements></parameter></listOfParameters>",
    );
    let (model, errors) = read(&text);
    assert_eq!(errors, Vec::<String>::new());
    let names: Vec<&str> = model.vars.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["sixty", "K", "a__x"]);
    assert!(model.to_string().contains("a__x := time / sixty"), "{model}");
}

#[test]
fn mistakes_in_composition_are_named() {
    let replace = |what: &str| {
        let parameter = format!(
            "<parameter id='K' value='3' constant='true'><comp:listOfReplacedElements><comp:replacedElement {what}/></comp:listOfReplacedElements></parameter>"
        );
        composed(&format!(
            "<listOfParameters><parameter id='sixty' value='60' constant='true'/>{parameter}</listOfParameters>"
        ))
    };
    for (text, code) in [
        (replace("comp:submodelRef='b' comp:portRef='p'"), "comp/reference"),
        (replace("comp:submodelRef='a' comp:portRef='q'"), "comp/reference"),
        (replace("comp:portRef='p'"), "comp/reference"),
        (composed("").replace("modelRef='inner'", "modelRef='other'"), "comp/model"),
        (composed("").replace("modelRef='inner'", "modelRef='m'"), "comp/recursion"),
    ] {
        let (_, errors) = read(&text);
        assert!(errors.iter().any(|e| e.contains(code)), "{code}: {errors:?}");
    }
}
