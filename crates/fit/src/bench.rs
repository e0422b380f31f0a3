//! A model ready to answer questions about people.

use std::sync::{Arc, Mutex, PoisonError};

use hepatica_dose::{Event, PortTable, schedule};
use hepatica_kernel::{CompileOptions, Kernel, OutputSelection, compile};
use hepatica_model::Model;
use hepatica_model::system::{StateId, System, Target};
use hepatica_sim::{Observer, Options, Scenario, Source, Trajectory, bind, simulate_each};

use crate::person::Person;

/// Why a model cannot be asked.
#[derive(Clone, Debug, PartialEq)]
pub enum FitError {
    /// The model has no value, output or port of this name.
    Missing(String),
    /// The model cannot be compiled, as a sentence.
    Compile(String),
    /// Doses that do not fit the person or the model, as a sentence.
    Doses(String),
    /// A simulation that failed, as a sentence.
    Simulation(String),
    /// A number that cannot be judged, as a sentence.
    Statistics(String),
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FitError::Missing(name) => write!(f, "the model has no `{name}`"),
            FitError::Compile(why)
            | FitError::Doses(why)
            | FitError::Simulation(why)
            | FitError::Statistics(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for FitError {}

/// A compiled model with its dose ports and the outputs asked for.
#[derive(Clone, Debug)]
pub struct Bench {
    system: Arc<System>,
    kernel: Arc<Kernel>,
    outputs: Vec<String>,
    ports: PortTable,
    port_states: Vec<StateId>,
    options: Options,
    fixed: Vec<(Target, f64)>,
}

/// Outputs of one person over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Times, h.
    pub times: Arc<[f64]>,
    /// A column per output of the bench, each with a value per time.
    pub columns: Vec<Vec<f64>>,
}

impl Bench {
    /// Compiles a model for some of its outputs.
    ///
    /// # Errors
    /// Outputs the model does not have; a model that cannot be compiled.
    pub fn new(
        model: &Model,
        system: &Arc<System>,
        outputs: &[&str],
        options: Options,
    ) -> Result<Bench, FitError> {
        let find =
            |name: &&str| system.find_output(name).ok_or_else(|| FitError::Missing((*name).to_string()));
        let ids = outputs.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let compiled = compile(
            system.clone(),
            &CompileOptions { outputs: OutputSelection::Some(ids), ..CompileOptions::default() },
        );
        let kernel = Arc::new(compiled.map_err(|e| FitError::Compile(e.to_string()))?);
        let (mut names, mut port_states) = (Vec::new(), Vec::new());
        for port in model.dose_ports() {
            let name = &model.vars[port.var].name;
            port_states.push(system.find_state(name).ok_or_else(|| FitError::Missing(name.clone()))?);
            names.push(format!("{}:{}", port.drug, port.route));
        }
        let ports = PortTable::new(names).map_err(|e| FitError::Compile(e.to_string()))?;
        let outputs = outputs.iter().map(|o| (*o).to_string()).collect();
        Ok(Bench { system: system.clone(), kernel, outputs, ports, port_states, options, fixed: Vec::new() })
    }

    /// The bench with model values replaced for every person.
    ///
    /// # Errors
    /// Names the model does not have.
    pub fn with(mut self, values: &[(&str, f64)]) -> Result<Bench, FitError> {
        for (name, value) in values {
            let target = self.target(name)?;
            self.fixed.retain(|(t, _)| *t != target);
            self.fixed.push((target, *value));
        }
        Ok(self)
    }

    /// What a name of the model sets.
    ///
    /// # Errors
    /// A name the model does not have.
    pub fn target(&self, name: &str) -> Result<Target, FitError> {
        self.system.find_param(name).map(Target::Param).ok_or_else(|| FitError::Missing(name.to_string()))
    }

    /// The column of an output.
    ///
    /// # Errors
    /// An output the bench was not made for.
    pub fn column(&self, output: &str) -> Result<usize, FitError> {
        self.outputs.iter().position(|o| o == output).ok_or_else(|| FitError::Missing(output.to_string()))
    }

    /// The scenario of a person observed at some times.
    ///
    /// # Errors
    /// Doses that do not fit.
    pub fn scenario(&self, person: &Person, times: &Arc<[f64]>) -> Result<Scenario, FitError> {
        let subject = hepatica_dose::Subject { weight_kg: Some(person.weight_kg), ..Default::default() };
        let events: Vec<Event> = person.doses.iter().cloned().map(Event::from).collect();
        let planned = schedule(&events, &subject, &self.ports);
        let planned = planned.map_err(|problems| {
            FitError::Doses(problems.first().map_or_else(String::new, |p| p.message.clone()))
        })?;
        let weight = self.target("weight")?;
        let mut overrides = self.fixed.clone();
        overrides.retain(|(t, _)| *t != weight && !person.values.iter().any(|(v, _)| v == t));
        overrides.push((weight, person.weight_kg));
        overrides.extend(person.values.iter().copied());
        Ok(Scenario { overrides, actions: bind(&planned, &self.port_states), times: times.clone(), seed: 0 })
    }

    /// Simulates people `0..count` and measures each as soon as it is done; results stand in the order of the people.
    ///
    /// # Errors
    /// The first person who cannot be simulated.
    pub fn measure<R: Send>(
        &self,
        count: usize,
        person: &(dyn Fn(usize) -> Result<Person, FitError> + Sync),
        times: &Arc<[f64]>,
        measure: &(dyn Fn(usize, &Series) -> R + Sync),
    ) -> Result<Vec<R>, FitError> {
        let people = People { bench: self, count, person, times };
        let done: Mutex<Vec<(usize, Result<R, FitError>)>> = Mutex::new(Vec::with_capacity(count));
        let sink = || {
            let mut observer = Observer::new(&self.kernel, self.options.isa);
            let done = &done;
            move |index: usize, trajectory: Trajectory| {
                let result = match &trajectory.failure {
                    Some(why) => Err(FitError::Simulation(format!("person {index}: {why}"))),
                    None => {
                        let columns = observer.observe(&trajectory).columns;
                        Ok(measure(index, &Series { times: times.clone(), columns }))
                    }
                };
                done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
            }
        };
        simulate_each(&self.kernel, &people, &self.options, &sink)
            .map_err(|e| FitError::Simulation(e.to_string()))?;
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// The outputs of one person.
    ///
    /// # Errors
    /// A person who cannot be simulated.
    pub fn follow(&self, person: &Person, times: &[f64]) -> Result<Series, FitError> {
        let times: Arc<[f64]> = times.into();
        let one = self.measure(1, &|_| Ok(person.clone()), &times, &|_, series| series.clone())?;
        one.into_iter().next().ok_or_else(|| FitError::Simulation("nobody was simulated".into()))
    }
}

struct People<'a> {
    bench: &'a Bench,
    count: usize,
    person: &'a (dyn Fn(usize) -> Result<Person, FitError> + Sync),
    times: &'a Arc<[f64]>,
}

impl Source for People<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let scenario = (self.person)(index).and_then(|person| self.bench.scenario(&person, self.times));
        scenario.map_err(|e| e.to_string())
    }

    fn infused(&self) -> Vec<StateId> {
        let mut states = self.bench.port_states.clone();
        states.sort_unstable();
        states.dedup();
        states
    }
}
