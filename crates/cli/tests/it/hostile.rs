//! Texts made to exhaust a machine are refused at once, in little memory.

use std::path::Path;
use std::process::Command;

use crate::support::root;

/// The address space a refusal may take, in kB: the program itself, a text of 16 MB and what its tokens or elements take.
const MEMORY_KB: u32 = 1_500_000;
/// Processor seconds a refusal may take, of a program that is not optimised; it takes a small part of that.
const PROCESSOR_S: u32 = 10;

/// Checks a text within the limits and expects a refusal with a code.
#[cfg(target_os = "linux")]
fn refused(name: &str, write: &dyn Fn(&Path), code: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    write(&path);
    let limited = format!("ulimit -v {MEMORY_KB}; ulimit -t {PROCESSOR_S}; exec \"$@\"");
    let program = env!("CARGO_BIN_EXE_hepatica");
    let output = Command::new("sh")
        .args(["-c", &limited, "sh", program, "model", "check"])
        .arg(&path)
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{name} {code}: {:?} {said:.500}", output.status);
    assert!(said.contains(code), "{name}: `{code}` is not in {said:.500}");
    assert!(said.len() < 200_000, "{name}: {} bytes of complaint", said.len());
}

/// A document around the content of its model.
fn sbml(content: &str) -> String {
    format!(
        "<sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' level='3' version='2'><model id='m'>{content}</model></sbml>"
    )
}

/// A parameter with a rule.
fn rule(math: &str) -> String {
    sbml(&format!(
        "<listOfParameters><parameter id='x' constant='false'/></listOfParameters><listOfRules><assignmentRule variable='x'>\
         <math xmlns='http://www.w3.org/1998/Math/MathML'>{math}</math></assignmentRule></listOfRules>"
    ))
}

/// Functions, each of which says the one before ten times over.
fn laughing_functions() -> String {
    let mut text = "function f0(x) x+x*x end\n".to_string();
    for i in 1..12 {
        let calls: Vec<String> = (0..10).map(|k| format!("f{}(x + {k})", i - 1)).collect();
        let calls = calls.join(" + ");
        text.push_str(&format!("function f{i}(x) {calls} end\n"));
    }
    text + "model m()\n  y := f11(time)\nend\n"
}

/// Functions, each of which goes deeper and into the one before.
fn deep_functions() -> String {
    let mut text = "function f0(x) x end\n".to_string();
    for i in 1..64 {
        text.push_str(&format!(
            "function f{i}(x) {}f{}(x){} end\n",
            "sin(".repeat(150),
            i - 1,
            ")".repeat(150)
        ));
    }
    text + "model m()\n  y := f63(time)\nend\n"
}

/// Modules, each of which holds ten of the one before.
fn laughing_modules() -> String {
    let mut text = "model m0()\n  x' = 1; x = 0\nend\n".to_string();
    for i in 1..12 {
        let inner: String = (0..10).map(|k| format!("  s{k}: m{}()\n", i - 1)).collect();
        text.push_str(&format!("model m{i}()\n{inner}end\n"));
    }
    text
}

/// Model definitions, each of which holds ten of the one before.
fn laughing_models() -> String {
    let mut text = String::from(
        "<comp:modelDefinition id='m0'><listOfParameters><parameter id='k' value='1' constant='true'/></listOfParameters></comp:modelDefinition>",
    );
    for i in 1..12 {
        let inner: String =
            (0..10).map(|k| format!("<comp:submodel comp:id='s{k}' comp:modelRef='m{}'/>", i - 1)).collect();
        text.push_str(&format!(
            "<comp:modelDefinition id='m{i}'><comp:listOfSubmodels>{inner}</comp:listOfSubmodels></comp:modelDefinition>"
        ));
    }
    format!(
        "<sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' xmlns:comp='http://www.sbml.org/sbml/level3/version1/comp/version1' level='3' version='2' comp:required='true'>\
         <model id='m'><comp:listOfSubmodels><comp:submodel comp:id='a' comp:modelRef='m11'/></comp:listOfSubmodels></model>\
         <comp:listOfModelDefinitions>{text}</comp:listOfModelDefinitions></sbml>"
    )
}

#[test]
#[cfg(target_os = "linux")]
fn hostile_texts_are_refused_in_little_time_and_memory() {
    let text = |text: String| move |path: &Path| std::fs::write(path, &text).unwrap();
    let huge = |path: &Path| std::fs::File::create(path).unwrap().set_len(100 << 20).unwrap();
    let entities: String =
        (1..12).map(|i| format!("<!ENTITY l{i} '{}'>", format!("&l{};", i - 1).repeat(10))).collect();
    let laughs = format!("<!DOCTYPE sbml [<!ENTITY l0 'ha'>{entities}]><sbml>&l11;</sbml>");
    let million = 1_000_000;
    let many = |line: &dyn Fn(usize) -> String, n: usize| -> String { (0..n).map(line).collect() };
    refused("laughs.xml", &text(laughs), "xml/doctype");
    refused("models.xml", &text(laughing_models()), "comp/too-large");
    refused("functions.ant", &text(laughing_functions()), "function/too-large");
    refused("deep-functions.ant", &text(deep_functions()), "function/too-deep");
    refused("modules.ant", &text(laughing_modules()), "module/too-large");
    refused("names.ant", &text(many(&|i| format!("x{i}=1;"), 200_000)), "module/too-large");
    refused("statements.ant", &text("x1=1;".repeat(3 * million)), "limit/statements");
    refused("unknown.ant", &text(many(&|i| format!("y{i}:=z{i};"), 40_000)), "limit/problems");
    refused("units.ant", &text(many(&|i| format!("x{i}=1;x{i} has z{i};"), 40_000)), "limit/problems");
    refused("junk.ant", &text("@".repeat(16 * million)), "syntax/character");
    refused("strand.ant", &text(vec!["P"; million].join("--")), "limit/expression");
    let sum: Vec<String> = (0..400).map(|i| format!("x{i}")).collect();
    let dense = many(&|i| format!("x{i}' = s*{i};x{i} = 1;"), 400);
    refused(
        "dense.ant",
        &text(format!("s := {};{dense}", sum.join("+"))),
        "too many states act on each other",
    );
    refused("deep.xml", &text(sbml(&"<annotation>".repeat(million))), "limit/xml");
    let (open, close) = ("<apply><sin/>".repeat(900), "</apply>".repeat(900));
    refused("deep-math.xml", &text(rule(&format!("{open}<cn>1</cn>{close}"))), "limit/math");
    let wide = "<apply><cn>1</cn></apply>".repeat(300_000);
    refused("wide.xml", &text(rule(&format!("<apply><plus/>{wide}</apply>"))), "limit/problems");
    refused("elements.xml", &text(sbml(&"<p/>".repeat(4 * million))), "limit/xml");
    let spaces = many(&|i| format!(" xmlns:a{i}='u'"), 300_000);
    refused("spaces.xml", &text(format!("<sbml{spaces}>{}</sbml>", "<a0:x/>".repeat(300_000))), "limit/xml");
    refused("deep.ant", &text(format!("x = {}1", "(".repeat(million))), "limit/nesting");
    refused("powers.ant", &text(format!("x = {}1", "2^".repeat(million))), "limit/nesting");
    refused("sum.ant", &text(format!("x = 1{}", "+x".repeat(million))), "limit/expression");
    refused("number.ant", &text(format!("x = 1e{}", "9".repeat(million))), "syntax/number");
    refused("digits.ant", &text(format!("x = {}", "9".repeat(million))), "syntax/number");
    refused("number.xml", &text(rule(&format!("<cn>{}</cn>", "9".repeat(million)))), "sbml/number");
    let numbers = format!("<cn>{}</cn>", "9".repeat(400)).repeat(35_000);
    refused("numbers.xml", &text(rule(&format!("<apply><plus/>{numbers}</apply>"))), "limit/problems");
    refused("huge.xml", &huge, "too long: 104 MB");
    refused("huge.ant", &huge, "too long: 104 MB");
}
