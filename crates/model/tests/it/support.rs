//! From text to models and values.
#![expect(clippy::panic, clippy::expect_used, reason = "a helper of tests fails the test")]

use std::path::{Path, PathBuf};

use hepatica_expr::{Evaluator, NodeId, Symbol};
use hepatica_format::antimony::{self, Imports, NoImports};
use hepatica_model::{Model, System, lower, resolve};
use hepatica_source::{Diagnostic, SourceMap, has_errors, render_all};

/// Parses and resolves a text that can be parsed; gives what is said about its meaning.
pub(crate) fn resolved(text: &str) -> (SourceMap, Model, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add("model.ant", text);
    let (declarations, of_syntax) = antimony::parse(&mut map, file, &NoImports);
    assert!(!has_errors(&of_syntax), "{}", render_all(&map, &of_syntax));
    let (model, of_meaning) = resolve(&declarations);
    (map, model, of_meaning)
}

/// A model about which nothing is said.
pub(crate) fn model(text: &str) -> Model {
    let (map, model, diagnostics) = resolved(text);
    assert!(diagnostics.is_empty(), "{}", render_all(&map, &diagnostics));
    model
}

/// The equations of a model about which nothing is said.
pub(crate) fn system(text: &str) -> System {
    lower(&model(text))
}

/// What is said about the meaning of a text, rendered.
pub(crate) fn said(text: &str) -> String {
    let (map, _, diagnostics) = resolved(text);
    render_all(&map, &diagnostics)
}

/// Files below the `models` folder of the repository.
pub(crate) struct Models;

impl Models {
    pub(crate) fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
    }
}

impl Imports for Models {
    fn load(&self, importer: &str, path: &str) -> Result<(String, String), String> {
        let folder = Path::new(importer).parent().unwrap_or(Path::new(""));
        let mut parts: Vec<String> = Vec::new();
        for part in folder.join(path).iter() {
            match part.to_str() {
                Some("..") => drop(parts.pop()),
                Some(name) => parts.push(name.to_string()),
                None => return Err("not a name".to_string()),
            }
        }
        let name = parts.join("/");
        let text = std::fs::read_to_string(Models::folder().join(&name)).map_err(|e| e.to_string())?;
        Ok((name, text))
    }
}

/// The values of a system at time zero: states and parameters in order.
pub(crate) struct Start {
    pub(crate) states: Vec<f64>,
    pub(crate) params: Vec<f64>,
}

impl Start {
    pub(crate) fn of(system: &System) -> Start {
        let mut start = Start {
            states: vec![f64::NAN; system.states.len()],
            params: vec![f64::NAN; system.params.len()],
        };
        for (target, node) in &system.initial {
            let value = start.value(system, *node, 0.0);
            match target {
                hepatica_model::system::Target::State(id) => start.states[id.0 as usize] = value,
                hepatica_model::system::Target::Param(id) => start.params[id.0 as usize] = value,
            }
        }
        start
    }

    pub(crate) fn value(&self, system: &System, node: NodeId, time: f64) -> f64 {
        self.values_at(system, &[node], time)[0]
    }

    /// Several values at time zero.
    pub(crate) fn values(&self, system: &System, nodes: &[NodeId]) -> Vec<f64> {
        self.values_at(system, nodes, 0.0)
    }

    fn values_at(&self, system: &System, nodes: &[NodeId], time: f64) -> Vec<f64> {
        let env = |symbol| match symbol {
            Symbol::Time => time,
            Symbol::State(i) => self.states[i as usize],
            Symbol::Param(i) => self.params[i as usize],
            Symbol::Delayed(_) => 0.0,
            Symbol::Var(_) => panic!("a variable of the model is left in the system"),
        };
        Evaluator::default().eval(&system.graph, &env, nodes)
    }

    /// The value of an output at time zero.
    pub(crate) fn output(&self, system: &System, name: &str) -> f64 {
        let output = system.outputs.iter().find(|o| o.name == name);
        self.value(system, output.unwrap_or_else(|| panic!("no output {name}")).node, 0.0)
    }

    /// The time derivative of a state at time zero.
    pub(crate) fn derivative(&self, system: &System, name: &str) -> f64 {
        let (id, _) = system.states.enumerate().find(|(_, s)| s.name == name).expect("a state");
        self.value(system, system.rhs[id], 0.0)
    }
}
