//! No allocation inside a step.
#![expect(unsafe_code, reason = "an allocator that counts must implement an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use hepatica_solve::{Integrator, LaneStatus};

use crate::driver::{rodas, tolerances};
use crate::ode::DenseProblem;
use crate::problems::Hires;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counting calls of each thread.
struct Counting;

// SAFETY: every call is handed to the system's allocator unchanged; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn neither_a_step_nor_a_restart_allocates() {
    let mut rodas = rodas::<8>(8, &tolerances(1e-6, 1e-9));
    let mut problem = DenseProblem::new(vec![Hires; 8]);
    let before_new = ALLOCATIONS.get();
    drop(vec![0u8; 16]);
    assert_eq!(ALLOCATIONS.get(), before_new + 1, "the counter counts");

    let before = ALLOCATIONS.get();
    let mut y = [0.0; 8];
    for lane in 0..8 {
        rodas.start(lane, 0.0, &Hires::START, Hires::END, None);
    }
    while rodas.status(3) != (LaneStatus::Accepted { reached_stop: true }) {
        rodas.step(&mut problem);
        rodas.interpolate(5, rodas.t_old(5), &mut y);
    }
    rodas.rollback(3, rodas.t_old(3));
    rodas.state(3, &mut y);
    rodas.start(3, 1.0, &y, 2.0, None);
    rodas.step(&mut problem);
    assert_eq!(ALLOCATIONS.get(), before);
}
