//! What is written, on models read from Antimony.

use hepatica_model::model::{Model, VarId};
use hepatica_model::resolve;
use hepatica_source::{SourceMap, has_errors, render_all};

use super::{Change, Input, Intervention, WriteError, WriteOptions, write};
use crate::antimony::{NoImports, parse};

fn model(text: &str) -> Model {
    let mut map = SourceMap::new();
    let file = map.add("m.ant", text);
    let (declarations, mut diagnostics) = parse(&mut map, file, &NoImports);
    let (model, more) = resolve(&declarations);
    diagnostics.extend(more);
    assert!(!has_errors(&diagnostics), "{}", render_all(&map, &diagnostics));
    model
}

fn var(model: &Model, name: &str) -> VarId {
    model.find(name).expect("a variable of this name")
}

fn written(text: &str) -> String {
    write(&model(text), &WriteOptions::default()).expect("a document")
}

/// The document without line breaks and indentation.
fn flat(document: &str) -> String {
    document.lines().map(str::trim).collect()
}

fn assert_holds(document: &str, piece: &str) {
    assert!(flat(document).contains(piece), "no {piece} in\n{document}");
}

/// Every element is closed in order; gives the number of elements.
fn check_nesting(document: &str) -> usize {
    let mut open: Vec<&str> = Vec::new();
    let mut n = 0;
    for tag in document.split('<').skip(2) {
        let tag = tag.split('>').next().unwrap_or("");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            n += 1;
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    n
}

const KINETICS: &str = "
    model m()
      compartment C = 2; species A in C = 5, $B in C = 1; substanceOnly species N in C = 3;
      k = 0.1; p := k*A; q' = k; q = 1; i = k*2;
      J: 2 A + B => N; k*A*q*C;
      E: at 1 after A < 2, priority = 3, persistent = false: k = 0.2, A = 4
      A is \"A < B & \\\"C\\\"\"; k description \"https://a.org/1?x&y\"; k notes \"<note>\"
    end";

#[test]
fn every_part_of_a_model_is_written() {
    let document = written(&KINETICS.replace("\\\"", "'"));
    assert!(check_nesting(&document) > 60);
    for piece in [
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model id=\"m\">",
        "<compartment id=\"C\" spatialDimensions=\"3\" size=\"2\" constant=\"true\"/>",
        "<species id=\"A\" name=\"A &lt; B &amp; &apos;C&apos;\" compartment=\"C\" initialConcentration=\"5\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\"/>",
        "<species id=\"B\" compartment=\"C\" initialConcentration=\"1\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"true\" constant=\"false\"/>",
        "<species id=\"N\" compartment=\"C\" initialAmount=\"3\" hasOnlySubstanceUnits=\"true\"",
        "<parameter metaid=\"meta_k\" id=\"k\" value=\"0.1\" constant=\"false\"><notes><body xmlns=\"http://www.w3.org/1999/xhtml\"><p>&lt;note&gt;</p></body></notes><annotation>",
        "<rdf:Description rdf:about=\"#meta_k\"><bqbiol:isDescribedBy><rdf:Bag><rdf:li rdf:resource=\"https://a.org/1?x&amp;y\"/></rdf:Bag></bqbiol:isDescribedBy></rdf:Description>",
        "<parameter id=\"p\" constant=\"false\"/>",
        "<parameter id=\"q\" value=\"1\" constant=\"false\"/>",
        "<initialAssignment symbol=\"i\">",
        "<assignmentRule variable=\"p\">",
        "<rateRule variable=\"q\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><ci>k</ci></math></rateRule>",
        "<reaction id=\"J\" reversible=\"false\"><listOfReactants><speciesReference species=\"A\" stoichiometry=\"2\" constant=\"true\"/>",
        "<listOfProducts><speciesReference species=\"N\" stoichiometry=\"1\" constant=\"true\"/></listOfProducts><kineticLaw>",
        "<event id=\"E\" useValuesFromTriggerTime=\"true\"><trigger initialValue=\"true\" persistent=\"false\">",
        "<delay><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><cn type=\"integer\">1</cn></math></delay><priority>",
        "<eventAssignment variable=\"k\">",
    ] {
        assert_holds(&document, piece);
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let text = KINETICS.replace("\\\"", "'");
    assert_eq!(written(&text), written(&text));
}

#[test]
fn species_named_by_a_law_only_are_modifiers() {
    let document = written("species A, B, M; A = 1; B = 0; M = 2; J: A -> B; A*M");
    assert_holds(&document, "<listOfModifiers><modifierSpeciesReference species=\"M\"/></listOfModifiers>");
}

#[test]
fn dots_become_two_underscores_without_clashes() {
    let text =
        "model sub() x = 1; y := 2*x*time; end\nmodel *m() s: sub(); s__x = 3; z := s.x + s__x*time; end";
    let document = written(text);
    assert_holds(&document, "<parameter id=\"s__x_\" value=\"1\"");
    assert_holds(&document, "<parameter id=\"s__x\" value=\"3\"");
    assert_holds(&document, "<parameter id=\"s__y\"");
}

/// The mathematics of `x := text`.
fn math(text: &str) -> String {
    let document = flat(&written(&format!("a = 1; b = 2; c = 3; var a, b, c; x := {text}")));
    let start = document.find("<assignmentRule").expect("a rule");
    let inner = &document[start..];
    let (from, to) = (inner.find("MathML\">").expect("math") + 8, inner.find("</math>").expect("math"));
    inner[from..to].to_string()
}

#[test]
fn mathematics() {
    for (text, expected) in [
        ("a*b*c", "<apply><times/><ci>a</ci><ci>b</ci><ci>c</ci></apply>"),
        ("a/b", "<apply><divide/><ci>a</ci><ci>b</ci></apply>"),
        ("exp(exp(a))", "<apply><exp/><apply><exp/><ci>a</ci></apply></apply>"),
        ("min(a, b)", "<apply><min/><ci>a</ci><ci>b</ci></apply>"),
        ("a^b", "<apply><power/><ci>a</ci><ci>b</ci></apply>"),
        (
            "time",
            "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">time</csymbol>",
        ),
        (
            "piecewise(a, b < c, 3)",
            "<piecewise><piece><ci>a</ci><apply><lt/><ci>b</ci><ci>c</ci></apply></piece><otherwise><cn type=\"integer\">3</cn></otherwise></piecewise>",
        ),
    ] {
        assert_eq!(math(text), expected, "{text}");
    }
}

#[test]
fn truths_and_numbers_are_kept_apart() {
    assert_eq!(
        math("a*(b < c)"),
        "<apply><times/><ci>a</ci><piecewise><piece><cn type=\"integer\">1</cn><apply><lt/><ci>b</ci><ci>c</ci></apply></piece><otherwise><cn type=\"integer\">0</cn></otherwise></piecewise></apply>"
    );
    let document = written("a = 0; x = 0; E: at a: x = 1");
    assert_holds(&document, "<apply><neq/><ci>a</ci><cn type=\"integer\">0</cn></apply>");
    assert_holds(&written("x = 0; E: at true, t0 = false: x = 1"), "MathML\"><true/></math></trigger>");
}

#[test]
fn numbers_read_back_as_the_same_numbers() {
    for value in [0.1, 1.0 / 3.0, 6.02214076e23, 1e-300, 5e-324, f64::MAX, 123456789.123, 1e16, 0.0, -2.5e-7]
    {
        let read: f64 = super::xml::number(value).parse().expect("a number");
        assert_eq!(read.to_bits(), value.to_bits(), "{value:e}");
    }
    assert_eq!(super::xml::number(f64::INFINITY), "INF");
    assert_eq!(super::xml::number(f64::NAN), "NaN");
    let tiny = math("a + 1.5e-7");
    assert!(tiny.contains("<cn>0.00000015</cn>"), "{tiny}");
}

#[test]
fn long_sums_stay_flat() {
    let terms: Vec<String> = (0..900).map(|i| format!("a*{}", i + 2)).collect();
    let document = math(&terms.join(" + "));
    assert!(document.starts_with("<apply><plus/>"));
    let mut depth = 0i32;
    let mut deepest = 0;
    for tag in document.split('<').skip(1) {
        depth += if tag.starts_with('/') { -1 } else { 1 };
        depth -= i32::from(tag.split('>').next().is_some_and(|t| t.ends_with('/')));
        deepest = deepest.max(depth);
    }
    assert!(deepest < 10, "{deepest}");
}

#[test]
fn units_are_written_over_the_base_units() {
    let text = "model m()\nunit per_h = 1/(3600 second); unit substance = 1e-6 mole; k = 1; k has per_h; end";
    let document = written(text);
    assert_holds(
        &document,
        "<unitDefinition id=\"per_h\"><listOfUnits><unit kind=\"dimensionless\" exponent=\"1\" scale=\"0\" multiplier=\"0.0002777777777777778\"/><unit kind=\"second\" exponent=\"-1\" scale=\"0\" multiplier=\"1\"/>",
    );
    assert_holds(&document, "<parameter id=\"k\" value=\"1\" units=\"per_h\"");
    assert_holds(&document, "<model id=\"m\" substanceUnits=\"substance\" extentUnits=\"substance\">");
}

const DOSED: &str = "compartment C = 2; species A in C, $B in C; substanceOnly species N in C; A = 0; N = 0; B = 1; \
                     r' = 0.1; r = 0; k = 1; p := k*2; J: A -> N; k*A";

#[test]
fn values_replace_those_of_the_model() {
    let model = model("x = 2*y; y = 1; z := x");
    let id = |name| var(&model, name);
    let options = WriteOptions { values: vec![(id("x"), 7.0), (id("y"), 0.3)], ..WriteOptions::default() };
    let document = write(&model, &options).expect("a document");
    assert_holds(&document, "<parameter id=\"x\" value=\"7\"");
    assert_holds(&document, "<parameter id=\"y\" value=\"0.3\"");
    assert!(!document.contains("initialAssignment"));
    let options = WriteOptions { values: vec![(id("z"), 7.0)], ..WriteOptions::default() };
    assert!(matches!(write(&model, &options), Err(WriteError::NotSettable(name, _)) if name == "z"));
}

#[test]
fn a_bolus_adds_an_amount() {
    let model = model(DOSED);
    let id = |name| var(&model, name);
    let changes = vec![(id("A"), Change::Add(5.0)), (id("N"), Change::Set(1.0)), (id("A"), Change::Add(1.0))];
    let dose = Intervention { name: "dose".to_string(), time: 8.0, changes };
    let options = WriteOptions { interventions: vec![dose], ..WriteOptions::default() };
    let document = write(&model, &options).expect("a document");
    check_nesting(&document);
    assert_holds(
        &document,
        "<event id=\"dose\" useValuesFromTriggerTime=\"false\"><trigger initialValue=\"false\" persistent=\"true\">",
    );
    assert_holds(
        &document,
        "<apply><plus/><ci>A</ci><apply><divide/><cn type=\"integer\">5</cn><ci>C</ci></apply></apply>",
    );
    assert_holds(
        &document,
        "<eventAssignment variable=\"N\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><cn type=\"integer\">1</cn></math>",
    );
    assert_holds(&document, "<event id=\"dose_\"");
}

#[test]
fn an_infusion_is_a_reaction_that_events_switch() {
    let model = model(DOSED);
    let input = |target, start, stop| Input {
        name: "nac".to_string(),
        target: var(&model, target),
        rate: 2.5,
        start,
        stop,
    };
    let options =
        WriteOptions { inputs: vec![input("A", 1.0, 3.0), input("r", 0.0, 2.0)], ..WriteOptions::default() };
    let document = write(&model, &options).expect("a document");
    check_nesting(&document);
    for piece in [
        "<parameter id=\"nac\" value=\"0\" constant=\"false\"/>",
        "<parameter id=\"nac_\" value=\"2.5\" constant=\"false\"/>",
        "<reaction id=\"nac_inflow\" reversible=\"false\"><listOfProducts><speciesReference species=\"A\" stoichiometry=\"1\" constant=\"true\"/>",
        "<event id=\"nac_start\"",
        "<event id=\"nac_stop\"",
        "<event id=\"nac__stop\"",
        "<ci>nac_</ci>",
    ] {
        assert_holds(&document, piece);
    }
    assert!(!document.contains("nac__start"), "flows from the start");
}

#[test]
fn what_the_model_cannot_take_is_refused() {
    let model = model(DOSED);
    let id = |name| var(&model, name);
    let bolus = |target, amount, time| {
        let changes = vec![(target, Change::Add(amount))];
        let dose = Intervention { name: "d".to_string(), time, changes };
        write(&model, &WriteOptions { interventions: vec![dose], ..WriteOptions::default() })
    };
    assert!(matches!(bolus(id("p"), 1.0, 1.0), Err(WriteError::NotSettable(..))));
    assert!(matches!(bolus(id("J"), 1.0, 1.0), Err(WriteError::NotSettable(..))));
    assert!(matches!(bolus(id("A"), f64::NAN, 1.0), Err(WriteError::BadNumber(_))));
    assert!(matches!(bolus(id("A"), 1.0, f64::INFINITY), Err(WriteError::BadNumber(_))));
    assert!(matches!(bolus(VarId(999), 1.0, 1.0), Err(WriteError::UnknownVariable)));
    let inflow = |target, start, stop| {
        let input = Input { name: "i".to_string(), target, rate: 1.0, start, stop };
        write(&model, &WriteOptions { inputs: vec![input], ..WriteOptions::default() })
    };
    assert!(inflow(id("A"), 0.0, 1.0).is_ok());
    assert!(matches!(inflow(id("B"), 0.0, 1.0), Err(WriteError::NotSettable(..))));
    assert!(matches!(inflow(id("k"), 0.0, 1.0), Err(WriteError::NotSettable(..))));
    assert!(matches!(inflow(id("A"), 2.0, 1.0), Err(WriteError::BadNumber(_))));
}
