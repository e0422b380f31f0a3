//! Scenarios -> outputs, and their derivatives by model values.

use std::sync::Arc;

use hepatica_kernel::{CompileOptions, Kernel, OutputSelection, compile};
use hepatica_model::system::{OutputId, System};
use hepatica_model::{Direction, Sensitive, sensitive};
use hepatica_sim::{Action, Observer, Options, Scenario, simulate};

use crate::bench::FitError;

/// Derivatives integrated at once. More of them share the steps of the states, fewer make smaller systems, which stay in
/// the cache of a processor.
const DIRECTIONS_AT_ONCE: usize = 6;

/// Outputs over time, a column each.
pub type Columns = Vec<Vec<f64>>;

/// `slopes[direction][output]` over time; empty where the output does not depend on the direction.
pub type Slopes = Vec<Columns>;

/// A system ready for values and derivatives of some of its outputs.
#[derive(Clone, Debug)]
pub struct Engine {
    plain: Arc<Kernel>,
    parts: Vec<Part>,
    outputs: usize,
    options: Options,
}

/// Some of the directions.
#[derive(Clone, Debug)]
struct Part {
    kernel: Arc<Kernel>,
    sensitive: Sensitive,
    directions: usize,
}

impl Engine {
    /// Compiles a system for some outputs and the derivatives by some values.
    ///
    /// # Errors
    /// Derivatives that are unsupported; a system that cannot be compiled.
    pub fn new(
        system: &Arc<System>,
        outputs: &[OutputId],
        directions: &[Direction],
        options: Options,
    ) -> Result<Engine, FitError> {
        let plain = compiled(system.clone(), outputs.to_vec())?;
        let part = |directions: &[Direction]| {
            let sensitive =
                sensitive(system, directions, outputs).map_err(|e| FitError::Compile(e.to_string()))?;
            let slopes = sensitive.slopes.iter().flatten().flatten().copied().collect();
            let kernel = compiled(sensitive.system.clone(), slopes)?;
            Ok(Part { kernel, sensitive, directions: directions.len() })
        };
        let parts =
            directions.chunks(DIRECTIONS_AT_ONCE).map(part).collect::<Result<Vec<Part>, FitError>>()?;
        Ok(Engine { plain, parts, outputs: outputs.len(), options })
    }

    /// States of the systems that are integrated: without derivatives, then with those of each part.
    pub fn states(&self) -> Vec<usize> {
        let parts = self.parts.iter().map(|p| p.kernel.n_states());
        [self.plain.n_states()].into_iter().chain(parts).collect()
    }

    /// The outputs of each scenario; `None` where it cannot be simulated.
    ///
    /// # Errors
    /// Tolerances that make no sense.
    pub fn values(&self, scenarios: &[Scenario]) -> Result<Vec<Option<Columns>>, FitError> {
        run(&self.plain, scenarios, &self.options)
    }

    /// The derivatives of each scenario by every direction, by its logarithm where the direction says so.
    ///
    /// # Errors
    /// Tolerances that make no sense; actions that replace a state, whose derivatives they would not.
    pub fn slopes(&self, scenarios: &[Scenario]) -> Result<Vec<Option<Slopes>>, FitError> {
        let replaces = |s: &Scenario| s.actions.iter().any(|a| matches!(a.action, Action::Replace { .. }));
        if scenarios.iter().any(replaces) {
            return Err(FitError::Doses(
                "derivatives are unsupported where a dose replaces an amount".into(),
            ));
        }
        let mut all: Vec<Option<Slopes>> = vec![Some(Vec::new()); scenarios.len()];
        for part in &self.parts {
            let adapted: Vec<Scenario> = scenarios
                .iter()
                .map(|s| Scenario { overrides: part.sensitive.overrides(&s.overrides), ..s.clone() })
                .collect();
            for (whole, found) in all.iter_mut().zip(run(&part.kernel, &adapted, &self.options)?) {
                match (whole.as_mut(), found) {
                    (Some(whole), Some(columns)) => whole.extend(self.sorted(part, columns)),
                    _ => *whole = None,
                }
            }
        }
        Ok(all)
    }

    /// The columns of a part, output by output for each direction.
    fn sorted(&self, part: &Part, columns: Columns) -> Slopes {
        let mut columns = columns.into_iter();
        let mut slopes = vec![vec![Vec::new(); self.outputs]; part.directions];
        for (output, of) in part.sensitive.slopes.iter().enumerate() {
            for (direction, _) in of.iter().enumerate().filter(|(_, slope)| slope.is_some()) {
                slopes[direction][output] = columns.next().unwrap_or_default();
            }
        }
        slopes
    }
}

fn compiled(system: Arc<System>, outputs: Vec<OutputId>) -> Result<Arc<Kernel>, FitError> {
    let options = CompileOptions { outputs: OutputSelection::Some(outputs), ..CompileOptions::default() };
    compile(system, &options).map(Arc::new).map_err(|e| FitError::Compile(e.to_string()))
}

fn run(
    kernel: &Arc<Kernel>,
    scenarios: &[Scenario],
    options: &Options,
) -> Result<Vec<Option<Columns>>, FitError> {
    let trajectories = simulate(kernel, scenarios, options, &|_| ());
    let trajectories = trajectories.map_err(|e| FitError::Simulation(e.to_string()))?;
    let mut observer = Observer::new(kernel, options.isa);
    Ok(trajectories.iter().map(|t| t.failure.is_none().then(|| observer.observe(t).columns)).collect())
}
