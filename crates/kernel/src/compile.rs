//! System -> Kernel.

use std::fmt;
use std::sync::Arc;

use hepatica_expr::{Node, NodeId, Symbol};
use hepatica_model::system::{OutputId, StateId, System, Target};

use crate::allocate::allocate;
use crate::draft::{Draft, Operand};
use crate::factor::{Entry, Factored, MAX_PRODUCTS, Matrix, Unfactored, factor};
use crate::fuse::{combine, contract};
use crate::initial::InitialProgram;
use crate::kernel::Kernel;
use crate::options::{CompileOptions, OutputSelection, Rounding};
use crate::program::Unlinked;
use crate::select::Selector;
use crate::slot::{Layout, Slot, Space};
use crate::verify::VerifyError;

/// Why a system has no kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompileError {
    /// An expression has a free variable that is neither time nor a state or parameter of the system.
    UnknownSymbol(Symbol),
    /// The iteration matrix is singular whatever the values: no equation determines what this state's equation should.
    Singular {
        /// The state whose equation is redundant.
        state: String,
    },
    /// A selected output does not exist.
    UnknownOutput(OutputId),
    /// The initial value of a target reads another one that is only set later.
    InitialOrder {
        /// The target.
        target: String,
    },
    /// The initial value of a target reads a value of the past, which is looked up only in a simulation.
    InitialPast {
        /// The target.
        target: String,
    },
    /// So many states act on each other that solving for them would take more than ten million products.
    TooCoupled,
    /// The tapes may not run: the system is larger than supported, or its tables contradict each other.
    Invalid(VerifyError),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::UnknownSymbol(symbol) => {
                write!(f, "an expression uses {symbol:?}, which the system does not have")
            }
            CompileError::Singular { state } => {
                write!(
                    f,
                    "the equations do not determine every state; the equation of `{state}` is redundant"
                )
            }
            CompileError::UnknownOutput(id) => write!(f, "there is no output number {}", id.0),
            CompileError::InitialOrder { target } => {
                write!(f, "the initial value of `{target}` needs one that is only set later")
            }
            CompileError::InitialPast { target } => {
                write!(
                    f,
                    "the value of `{target}` at time zero asks for a value of the past (`delay`), which is not supported; give \
                     it a number, or a rule that holds at all times"
                )
            }
            CompileError::TooCoupled => write!(
                f,
                "too many states act on each other: one linear solve takes more than {MAX_PRODUCTS} products; split the model, \
                 or let fewer states depend on sums of all"
            ),
            CompileError::Invalid(error) => write!(f, "the system cannot be compiled: {error}"),
        }
    }
}

impl std::error::Error for CompileError {}

/// Compiles a system into tapes.
///
/// # Errors
/// See [`CompileError`]; a system lowered from a checked model gives only `Singular` and, beyond any known model
/// size, `TooCoupled` and `Invalid`.
pub fn compile(system: Arc<System>, options: &CompileOptions) -> Result<Kernel, CompileError> {
    let outputs = selected_outputs(&system, &options.outputs)?;
    let mut compiler = Compiler::new(&system, options.rounding);
    let [mut rhs, roots, triggers, reported] = [
        system.rhs.as_slice().to_vec(),
        system.events.iter().flat_map(|event| event.roots.iter().copied()).collect(),
        system.events.iter().map(|event| event.trigger).collect(),
        outputs.iter().map(|id| system.outputs[*id].node).collect(),
    ]
    .map(|nodes: Vec<NodeId>| compiler.evaluate(&nodes));
    rhs.place_results(Space::Derivative);
    let (linearise, jacobian) = compiler.linearise();
    let linear = compiler.factor(&jacobian)?;
    let unlinked =
        compiler.assemble(Drafts { rhs, linearise, roots, triggers, reported }, jacobian, linear)?;
    let program = unlinked.link().map_err(CompileError::Invalid)?;
    let initial = InitialProgram::new(&system).map_err(|target| {
        let name = Kernel::name_in(&system, target).to_owned();
        match reads_past(&system, target) {
            true => CompileError::InitialPast { target: name },
            false => CompileError::InitialOrder { target: name },
        }
    })?;
    Ok(Kernel::new(system, program, initial, outputs))
}

/// Whether the value of a target at time zero reads a value of the past.
fn reads_past(system: &System, target: Target) -> bool {
    let nodes: Vec<NodeId> =
        system.initial.iter().filter(|(t, _)| *t == target).map(|(_, node)| *node).collect();
    let is_past = |id: &NodeId| matches!(system.graph.node(*id), Node::Symbol(Symbol::Delayed(_)));
    system.graph.reachable(&nodes).iter().any(is_past)
}

fn selected_outputs(system: &System, selection: &OutputSelection) -> Result<Vec<OutputId>, CompileError> {
    let outputs = match selection {
        OutputSelection::All => system.outputs.ids().collect(),
        OutputSelection::Some(ids) => ids.clone(),
    };
    match outputs.iter().find(|id| system.outputs.get(**id).is_none()) {
        Some(unknown) => Err(CompileError::UnknownOutput(*unknown)),
        None => Ok(outputs),
    }
}

/// The drafts made from the graph, besides the hoisted terms.
struct Drafts {
    rhs: Draft,
    linearise: Draft,
    roots: Draft,
    triggers: Draft,
    reported: Draft,
}

struct Compiler<'a> {
    system: &'a System,
    rounding: Rounding,
    selector: Selector<'a>,
}

impl<'a> Compiler<'a> {
    fn new(system: &'a System, rounding: Rounding) -> Self {
        Compiler { system, rounding, selector: Selector::new(system, rounding) }
    }

    /// A tape whose results are the values of `nodes`.
    fn evaluate(&mut self, nodes: &[NodeId]) -> Draft {
        let (mut draft, values) = self.selector.draft(nodes);
        draft.results = values;
        match self.rounding {
            Rounding::AsWritten => combine(&draft),
            Rounding::Fused => combine(&contract(&draft)),
        }
    }

    /// The tape that keeps the Jacobian and results in `df/dt`, and where each entry is kept.
    fn linearise(&mut self) -> (Draft, Vec<Entry>) {
        let entries = &self.system.jacobian;
        let nodes: Vec<NodeId> =
            entries.iter().map(|e| e.node).chain(self.system.dfdt.iter().copied()).collect();
        let mut draft = self.evaluate(&nodes);
        let dfdt = draft.results.split_off(entries.len());
        let values = std::mem::replace(&mut draft.results, dfdt);
        if self.system.dfdt.iter().all(|node| self.selector.number(*node) == Some(0.0)) {
            draft.results.clear();
        }
        let mut kept = 0;
        let mut places = Vec::with_capacity(entries.len());
        for (entry, value) in entries.iter().zip(values) {
            let wanted = Slot::new(Space::Jacobian, kept);
            let slot = draft.pin(value, wanted);
            kept += u32::from(slot == wanted);
            let (row, col) = (entry.row.0 as usize, entry.col.0 as usize);
            places.push(Entry { row, col, value: Operand::Slot(slot) });
        }
        draft.place_results(Space::Derivative);
        (draft, places)
    }

    fn masses(&self) -> Vec<f64> {
        match &self.system.mass {
            Some(mass) => mass.as_slice().to_vec(),
            None => vec![1.0; self.system.states.len()],
        }
    }

    fn factor(&mut self, jacobian: &[Entry]) -> Result<Factored, CompileError> {
        let mass = self.masses();
        let selector = &mut self.selector;
        factor(&Matrix { jacobian, mass: &mass }, |number| selector.constant(number)).map_err(|why| match why
        {
            Unfactored::Singular(row) => {
                CompileError::Singular { state: self.system.states[StateId(row as u32)].name.clone() }
            }
            Unfactored::TooLarge => CompileError::TooCoupled,
        })
    }

    fn assemble(
        self,
        drafts: Drafts,
        jacobian: Vec<Entry>,
        linear: Factored,
    ) -> Result<Unlinked, CompileError> {
        let selected = self.selector.finish().map_err(CompileError::UnknownSymbol)?;
        let n = self.system.states.len() as u32;
        let places: Vec<(u32, u32, Slot)> = jacobian
            .iter()
            .filter_map(|entry| match entry.value {
                Operand::Slot(slot) => Some((entry.row as u32, entry.col as u32, slot)),
                Operand::Step(_) => None,
            })
            .collect();
        let kept = places.iter().filter(|p| p.2.space == Space::Jacobian).map(|p| p.2.index + 1).max();
        let mut layout = Layout::default();
        for (space, size) in [
            (Space::Param, self.system.params.len() as u32),
            (Space::Hoisted, selected.hoisted),
            (Space::Time, 1),
            (Space::State, n),
            (Space::Delayed, 2 * self.system.delays.len() as u32),
            (Space::Jacobian, kept.unwrap_or(0)),
            (Space::Shift, linear.shifts),
            (Space::Factor, linear.factors),
            (Space::Rhs, n),
            (Space::Solution, n),
            (Space::Derivative, n),
        ] {
            layout.set_size(space, size);
        }
        let factor = combine(&linear.factor);
        // In the order of `Part::ALL`.
        let drafts = [
            &selected.hoist,
            &drafts.rhs,
            &drafts.linearise,
            &factor,
            &linear.solve,
            &linear.residual,
            &drafts.roots,
            &drafts.triggers,
            &drafts.reported,
        ];
        Ok(Unlinked {
            layout,
            constants: selected.constants,
            mass: self.system.mass.as_ref().map(|mass| mass.as_slice().to_vec()),
            jacobian: places,
            tapes: drafts.iter().map(|draft| allocate(draft)).collect(),
            factor_nonzeros: linear.nonzeros as u32,
        })
    }
}
