//! Whether a document says the same as another one.
//!
//! Compared are the elements of the core of SBML as a set: what each is, whose it is, its attributes with numbers as
//! numbers, and its mathematics. Left out are names for people, annotations, notes, packages and the order.

use std::collections::BTreeSet;
use std::path::Path;

use roxmltree::{Document, Node};

const CORE: &str = "http://www.sbml.org/sbml/level3/version2/core";

/// The attributes that say something, beside those that say which element it is.
const ATTRIBUTES: &[&str] = &[
    "id",
    "variable",
    "symbol",
    "species",
    "compartment",
    "size",
    "value",
    "initialAmount",
    "initialConcentration",
    "hasOnlySubstanceUnits",
    "boundaryCondition",
    "constant",
    "conversionFactor",
    "stoichiometry",
    "reversible",
    "initialValue",
    "persistent",
    "useValuesFromTriggerTime",
    "spatialDimensions",
];

/// Nothing when both say the same, else the first differences.
pub(crate) fn differences(reference: &Path, ours: &str) -> Option<String> {
    let text = match std::fs::read_to_string(reference) {
        Ok(text) => text,
        Err(error) => return Some(format!("{}: {error}", reference.display())),
    };
    let said = |text: &str| Document::parse(text).map(|document| statements(document.root_element()));
    match (said(&text), said(ours)) {
        (Ok(wanted), Ok(got)) => {
            let missing = wanted.difference(&got).map(|s| format!("-{s}"));
            let extra = got.difference(&wanted).map(|s| format!("+{s}"));
            let all: Vec<String> = missing.chain(extra).collect();
            (!all.is_empty()).then(|| {
                format!("{} differ: {}", all.len(), all.iter().take(3).cloned().collect::<Vec<_>>().join(" "))
            })
        }
        (Err(error), _) | (_, Err(error)) => Some(error.to_string()),
    }
}

fn statements(root: Node<'_, '_>) -> BTreeSet<String> {
    let core =
        root.descendants().filter(|node| node.is_element() && node.tag_name().namespace() == Some(CORE));
    let counted = core.filter(|node| {
        let name = node.tag_name().name();
        // The model's own name, lists, and units, which have many spellings.
        !name.starts_with("listOf") && !matches!(name, "sbml" | "model" | "notes" | "annotation" | "unit")
    });
    counted.map(statement).collect()
}

fn statement(node: Node<'_, '_>) -> String {
    let mut text = node.tag_name().name().to_string();
    // A part of a reaction or an event is told by what it belongs to.
    let owner =
        node.ancestors().skip(1).find(|a| a.attribute("id").is_some() && a.tag_name().name() != "model");
    if let Some(owner) = owner.filter(|_| !matches!(node.tag_name().name(), "model")) {
        text.push_str(&format!(" of {}", owner.attribute("id").unwrap_or_default()));
    }
    let list = node.parent().map_or("", |parent| parent.tag_name().name());
    if matches!(list, "listOfReactants" | "listOfProducts" | "listOfModifiers") {
        text.push_str(&format!(" in {list}"));
    }
    for name in ATTRIBUTES {
        if let Some(value) = node.attribute(*name) {
            let value = value.parse::<f64>().map_or(value.to_string(), |number| number.to_string());
            text.push_str(&format!(" {name}={value}"));
        }
    }
    let math = node.children().find(|child| child.tag_name().name() == "math");
    if let Some(content) = math.and_then(|math| math.first_element_child()) {
        text.push_str(&format!(" {}", formula(content)));
    }
    text
}

/// Mathematics in one spelling: sums and products are flat, numbers are numbers.
fn formula(node: Node<'_, '_>) -> String {
    let children: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    match node.tag_name().name() {
        "cn" => number(node),
        "ci" => node.text().unwrap_or_default().trim().to_string(),
        "csymbol" => {
            let address = node.attribute("definitionURL").unwrap_or_default();
            address.rsplit('/').next().unwrap_or_default().to_string()
        }
        "apply" => applied(&children),
        name => {
            let inside: Vec<String> = children.iter().map(|child| formula(*child)).collect();
            if inside.is_empty() { name.to_string() } else { format!("{name}[{}]", inside.join(",")) }
        }
    }
}

fn applied(children: &[Node<'_, '_>]) -> String {
    let Some((head, operands)) = children.split_first() else { return String::new() };
    let name = formula(*head);
    let mut inside = Vec::new();
    for operand in operands {
        let flat = matches!(name.as_str(), "plus" | "times" | "and" | "or")
            && operand.tag_name().name() == "apply"
            && operand.first_element_child().is_some_and(|inner| inner.tag_name().name() == name);
        if flat {
            let nested = operand.children().filter(Node::is_element).skip(1);
            inside.extend(nested.map(formula));
        } else {
            inside.push(formula(*operand));
        }
    }
    // A negative number has two spellings.
    if let ("minus", [only]) = (name.as_str(), inside.as_slice())
        && let Ok(number) = only.parse::<f64>()
    {
        return (0.0 - number).to_string();
    }
    // A square root may say its degree.
    if name == "root" && inside.len() == 2 {
        inside.retain(|part| part != "degree[2]");
    }
    if matches!(name.as_str(), "times" | "divide") {
        let (mut above, mut below) = (Vec::new(), Vec::new());
        product(&name, operands, (&mut above, &mut below));
        above.sort();
        below.sort();
        return format!("product({};{})", above.join(","), below.join(","));
    }
    format!("{name}({})", inside.join(","))
}

/// The factors of products and quotients, however they are grouped.
fn product(name: &str, operands: &[Node<'_, '_>], (above, below): (&mut Vec<String>, &mut Vec<String>)) {
    for (i, operand) in operands.iter().enumerate() {
        let (above, below) =
            if name == "divide" && i > 0 { (&mut *below, &mut *above) } else { (&mut *above, &mut *below) };
        let children: Vec<Node<'_, '_>> = operand.children().filter(Node::is_element).collect();
        match children.split_first() {
            Some((head, rest))
                if operand.tag_name().name() == "apply"
                    && matches!(head.tag_name().name(), "times" | "divide") =>
            {
                product(head.tag_name().name(), rest, (above, below));
            }
            _ => above.push(formula(*operand)),
        }
    }
}

fn number(node: Node<'_, '_>) -> String {
    let parts: Vec<f64> = node
        .children()
        .filter_map(|child| child.text())
        .filter_map(|text| text.trim().parse().ok())
        .collect();
    let value = match (node.attribute("type"), parts.as_slice()) {
        (Some("e-notation"), [mantissa, exponent]) => {
            format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN)
        }
        (Some("rational"), [a, b]) => a / b,
        (_, [value, ..]) => *value,
        _ => f64::NAN,
    };
    value.to_string()
}
