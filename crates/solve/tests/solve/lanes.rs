//! A lane gives the same bits alone, among any neighbours, in any place, width and instruction set.

use hepatica_lanes::Isa;
use hepatica_solve::{Integrator, LaneStatus, Rodas5P, StepOptions};

use crate::driver::tolerances;
use crate::dual::Num;
use crate::ode::{DenseProblem, Ode};
use crate::problems::Robertson;

/// Kinetics of three states in several speeds, and two that must not disturb their neighbours.
#[derive(Clone)]
enum Member {
    Kinetics(Robertson),
    /// The right-hand side is not a number from the start.
    Undefined,
    /// `y1' = y1^2` ends in a pole.
    Exploding,
}

impl Ode for Member {
    fn n(&self) -> usize {
        3
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        match self {
            Member::Kinetics(robertson) => robertson.f(t, y, dy),
            Member::Undefined => dy.fill(T::from(f64::NAN)),
            Member::Exploding => dy.copy_from_slice(&[y[0] * y[0], y[0], y[1]]),
        }
    }
}

/// One task for a lane: several starts one after the other, as a patient with doses has.
#[derive(Clone)]
struct Task {
    member: Member,
    stops: Vec<f64>,
}

fn tasks() -> Vec<Task> {
    let kinetics = |speed: f64, stops: &[f64]| Task {
        member: Member::Kinetics(Robertson { speed, algebraic: false }),
        stops: stops.to_vec(),
    };
    vec![
        kinetics(1.0, &[3.0, 40.0]),
        kinetics(7.5, &[0.25]),
        Task { member: Member::Undefined, stops: vec![1.0] },
        kinetics(1e-3, &[1.0, 2.0, 3.0, 1e4]),
        Task { member: Member::Exploding, stops: vec![0.5, 2.0] },
        kinetics(250.0, &[1e5]),
        kinetics(1.0, &[40.0]),
        kinetics(0.3, &[11.0, 11.5]),
    ]
}

/// Everything a lane went through, as bits.
type Diary = Vec<(u64, Vec<u64>, bool)>;

fn note<const L: usize>(rodas: &Rodas5P<L>, lane: usize, diary: &mut Diary) {
    let (mut y, mut within) = ([0.0; 3], [0.0; 3]);
    rodas.state(lane, &mut y);
    let middle = 0.5 * (rodas.t_old(lane) + rodas.time(lane));
    rodas.interpolate(lane, middle, &mut within);
    let bits = y.iter().chain(&within).map(|value| value.to_bits()).collect();
    let rejected = rodas.status(lane) == LaneStatus::Rejected;
    diary.push((rodas.time(lane).to_bits(), bits, rejected));
}

/// Runs each task in the given lane; lanes without a task are idle. Each lane goes through its stops on its own.
fn diaries<const L: usize>(places: &[(usize, Task)], isa: Isa) -> Vec<Diary> {
    let mut odes = vec![Member::Undefined; L];
    let options = StepOptions { max_steps: 3000, ..StepOptions::default() };
    let mut rodas = Rodas5P::<L>::new(3, &tolerances(1e-6, 1e-10), isa, options).unwrap();
    let mut next_stop = vec![1; L];
    for (lane, task) in places {
        odes[*lane] = task.member.clone();
        rodas.start(*lane, 0.0, &[1.0, 0.0, 0.0], task.stops[0], None);
    }
    let mut problem = DenseProblem::<Member, L>::new(odes);
    let mut diaries = vec![Diary::new(); places.len()];
    let mut running = vec![true; places.len()];
    while running.contains(&true) {
        rodas.step(&mut problem);
        for (index, (lane, task)) in places.iter().enumerate() {
            if !running[index] {
                continue;
            }
            note(&rodas, *lane, &mut diaries[index]);
            let stop = task.stops.get(next_stop[*lane]).copied();
            match (rodas.status(*lane), stop) {
                (LaneStatus::Accepted { reached_stop: true }, Some(stop)) => {
                    next_stop[*lane] += 1;
                    restart_or_extend(&mut rodas, *lane, stop);
                }
                (LaneStatus::Accepted { reached_stop: true } | LaneStatus::Failed(_), _) => {
                    rodas.park(*lane);
                    running[index] = false;
                }
                _ => {}
            }
        }
    }
    diaries
}

/// Even stops begin anew with the proposed step, odd ones go on without a break.
fn restart_or_extend<const L: usize>(rodas: &mut Rodas5P<L>, lane: usize, stop: f64) {
    if (stop as u64).is_multiple_of(2) {
        let mut y = [0.0; 3];
        rodas.state(lane, &mut y);
        y[0] += 0.5;
        rodas.start(lane, rodas.time(lane), &y, stop, Some(rodas.proposed_step(lane)));
    } else {
        rodas.set_stop(lane, stop);
    }
}

fn alone(task: &Task) -> Diary {
    diaries::<1>(&[(0, task.clone())], Isa::Baseline).remove(0)
}

fn place(order: &[usize], tasks: &[Task]) -> Vec<(usize, Task)> {
    order.iter().enumerate().map(|(task, lane)| (*lane, tasks[task].clone())).collect()
}

fn check<const L: usize>(order: &[usize], isa: Isa, wanted: &[Diary]) {
    let found = diaries::<L>(&place(order, &tasks()), isa);
    for (task, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!(found == wanted, "task {task} differs among {L} lanes with {}", isa.name());
    }
}

#[test]
fn neighbours_places_widths_and_instruction_sets_do_not_change_a_bit() {
    let wanted: Vec<Diary> = tasks().iter().map(alone).collect();
    assert!(wanted[0].len() > 30 && wanted.iter().flatten().any(|(_, _, rejected)| *rejected));
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        check::<8>(&[0, 1, 2, 3, 4, 5, 6, 7], isa, &wanted);
        check::<8>(&[5, 3, 7, 0, 1, 6, 2, 4], isa, &wanted);
        check::<16>(&[15, 3, 9, 0, 14, 6, 2, 4], isa, &wanted);
        check::<32>(&[1, 30, 17, 8, 9, 25, 2, 12], isa, &wanted);
    }
}

#[test]
fn a_lane_refilled_knows_nothing_of_what_it_held() {
    let robertson = Robertson { speed: 1.0, algebraic: false };
    let mut problem = DenseProblem::<_, 8>::new(vec![robertson; 8]);
    let mut rodas =
        Rodas5P::<8>::new(3, &tolerances(1e-6, 1e-10), Isa::best(), StepOptions::default()).unwrap();
    let mut ends = Vec::new();
    for _ in 0..3 {
        rodas.start(2, 0.0, &[1.0, 0.0, 0.0], 40.0, None);
        crate::driver::run_lane(&mut rodas, &mut problem, 2, |_| ()).unwrap();
        let mut y = [0.0; 3];
        rodas.state(2, &mut y);
        ends.push((y, rodas.take_counters(2)));
        rodas.start(2, 5.0, &[f64::NAN, 0.0, 0.0], 40.0, None);
        rodas.step(&mut problem);
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0], ends[2]);
}
