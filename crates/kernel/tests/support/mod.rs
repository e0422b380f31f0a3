//! Systems built by hand, for tests and timings.
#![allow(dead_code, reason = "each test target uses a part")]
#![allow(clippy::expect_used, reason = "a system that does not compile fails its test")]

use std::sync::Arc;

use hepatica_expr::{Graph, IdVec, NodeId, Symbol};
use hepatica_kernel::slot::{Slot, Space};
use hepatica_kernel::{CompileOptions, Kernel, Part, Program, Rounding, compile};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::system::{JacobianEntry, Output, Param, State, StateId, System};

/// A reproducible sequence of numbers (Steele, Lea and Flood, OOPSLA 2014: SplitMix64).
pub(crate) struct Sequence(pub(crate) u64);

impl Sequence {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// A system of right-hand sides over as many states, with its derivatives, and each state as an output.
pub(crate) fn system(name: &str, mut graph: Graph, rhs: Vec<NodeId>, n_params: usize) -> System {
    let n = rhs.len();
    let symbols: Vec<Symbol> = (0..n as u32).map(Symbol::State).collect();
    let jacobian = graph
        .jacobian(&rhs, &symbols)
        .into_iter()
        .map(|p| JacobianEntry { row: StateId(p.row as u32), col: StateId(p.col as u32), node: p.node })
        .collect();
    let dfdt = rhs.iter().map(|f| graph.differentiate(*f, Symbol::Time)).collect();
    let outputs = (0..n)
        .map(|i| Output {
            name: format!("y{i}"),
            node: graph.symbol(Symbol::State(i as u32)),
            unit: String::new(),
        })
        .collect();
    let named = |letter: char, i: usize| format!("{letter}{i}");
    System {
        name: name.to_owned(),
        graph,
        states: (0..n).map(|i| State { name: named('y', i), unit: String::new() }).collect(),
        params: (0..n_params).map(|i| Param { name: named('p', i), unit: String::new() }).collect(),
        rhs: rhs.into_iter().collect(),
        jacobian,
        dfdt,
        mass: None,
        delays: Vec::new(),
        fast: Vec::new(),
        fast_jacobian: Vec::new(),
        totals: Vec::new(),
        switches: Vec::new(),
        is_restless: false,
        initial: Vec::new(),
        outputs,
        events: Vec::new(),
    }
}

/// A network of saturable conversions with cofactors and linear transport between zones, as in a liver model, with
/// `n` states (at least 4), of which the last is a sink with no rate of its own.
pub(crate) fn network(n: usize) -> System {
    let mut graph = Graph::new();
    let mut draw = Sequence(n as u64);
    let mut n_params = 0;
    let mut param = |graph: &mut Graph| {
        n_params += 1;
        graph.symbol(Symbol::Param(n_params - 1))
    };
    let states: Vec<NodeId> = (0..n as u32).map(|i| graph.symbol(Symbol::State(i))).collect();
    let mut rates: Vec<Option<NodeId>> = vec![None; n];
    for k in 0..3 * n / 2 {
        let from = k % (n - 1);
        // Mostly to a neighbour, now and then across the network.
        let to = if draw.below(4) == 0 { draw.below(n - 1) } else { (from + 1) % (n - 1) };
        let (s, v, km) = (states[from], param(&mut graph), param(&mut graph));
        let flux = match k % 3 {
            0 | 1 => {
                let (top, below) = (graph.mul(v, s), graph.add(km, s));
                let saturable = graph.div(top, below);
                if k % 2 == 0 {
                    saturable
                } else {
                    let cofactor = states[(from + 2) % (n - 1)];
                    let half = param(&mut graph);
                    let below = graph.add(half, cofactor);
                    let share = graph.div(cofactor, below);
                    graph.mul(saturable, share)
                }
            }
            _ => {
                // Flow over volume, both parameters.
                let clearance = graph.div(v, km);
                graph.mul(clearance, s)
            }
        };
        rates[from] = Some(match rates[from] {
            None => graph.neg(flux),
            Some(rate) => graph.sub(rate, flux),
        });
        if to != from {
            rates[to] = Some(match rates[to] {
                None => flux,
                Some(rate) => graph.add(rate, flux),
            });
        }
    }
    let zero = graph.number(0.0);
    let rhs = rates.into_iter().map(|rate| rate.unwrap_or(zero)).collect();
    system("network", graph, rhs, n_params as usize)
}

/// Positive parameters for every lane alike.
pub(crate) fn params(system: &System, seed: u64) -> Vec<f64> {
    let mut draw = Sequence(seed);
    (0..system.params.len()).map(|_| draw.between(0.1, 3.0)).collect()
}

/// A system whose Jacobian is the given matrix: `dy = A y`, entries as parameters.
pub(crate) fn linear(n: usize, entries: &[(usize, usize)]) -> System {
    let mut graph = Graph::new();
    let zero = graph.number(0.0);
    let mut rhs = vec![zero; n];
    for (k, (row, col)) in entries.iter().enumerate() {
        let a = graph.symbol(Symbol::Param(k as u32));
        let y = graph.symbol(Symbol::State(*col as u32));
        let term = graph.mul(a, y);
        rhs[*row] = graph.add(rhs[*row], term);
    }
    system("linear", graph, rhs, entries.len())
}

/// Masses of states.
pub(crate) fn masses(values: &[f64]) -> Option<IdVec<StateId, f64>> {
    Some(values.iter().copied().collect())
}

/// One patient evaluated by the scalar interpreter of the tapes: the law for bits.
pub(crate) struct Law<'a> {
    program: &'a Program,
    memory: Vec<f64>,
}

impl<'a> Law<'a> {
    pub(crate) fn new(program: &'a Program, params: &[f64]) -> Self {
        let mut law = Law { program, memory: vec![f64::NAN; program.layout().total() as usize] };
        law.write(Space::Constant, program.constants());
        law.write(Space::Param, params);
        program.tape(Part::Hoist).interpret(&mut law.memory);
        law
    }

    pub(crate) fn write(&mut self, space: Space, values: &[f64]) {
        self.memory[self.program.layout().range(space)].copy_from_slice(values);
    }

    pub(crate) fn run(&mut self, part: Part) -> Vec<f64> {
        self.program.tape(part).interpret(&mut self.memory);
        self.program.tape(part).results().iter().map(|place| self.memory[*place as usize]).collect()
    }

    pub(crate) fn evaluate(&mut self, part: Part, t: f64, y: &[f64]) -> Vec<f64> {
        self.write(Space::Time, &[t]);
        self.write(Space::State, y);
        self.run(part)
    }

    pub(crate) fn factor(&mut self, shift: f64) {
        let slot = self.program.layout().address(Slot::new(Space::Shift, 0));
        self.memory[slot as usize] = shift;
        self.run(Part::Factor);
    }

    pub(crate) fn jacobian_entry(&self, k: usize) -> f64 {
        self.memory[self.program.jacobian()[k].place as usize]
    }
}

/// The bits of a number, all NaNs alike.
pub(crate) fn bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

pub(crate) fn all_bits(values: &[f64]) -> Vec<u64> {
    values.iter().copied().map(bits).collect()
}

/// One lane of a block of values.
pub(crate) fn lane<const L: usize>(values: &[Lanes<L>], lane: usize) -> Vec<f64> {
    values.iter().map(|v| v[lane]).collect()
}

/// The same values in every lane.
pub(crate) fn splat<const L: usize>(values: &[f64]) -> Vec<Lanes<L>> {
    values.iter().copied().map(Lanes::splat).collect()
}

/// Instruction sets of this machine.
pub(crate) fn isas() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_available())
}

pub(crate) fn compiled(system: System, rounding: Rounding) -> Arc<Kernel> {
    let options = CompileOptions { rounding, ..CompileOptions::default() };
    Arc::new(compile(Arc::new(system), &options).expect("the system compiles"))
}
