//! Nothing is allocated in any evaluation.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait")]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use hepatica_expr::Evaluator;
use hepatica_kernel::{Block, Point, Rounding};
use hepatica_lanes::{Isa, Lanes};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, counting per thread.
struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above, hence from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    f();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn nothing_is_allocated_in_any_evaluation() {
    let kernel = support::compiled(support::network(24), Rounding::Fused);
    let p = support::params(kernel.system(), 1);
    for isa in support::isas() {
        let mut block = Block::<16>::new(kernel.clone(), isa);
        let y = vec![Lanes::splat(0.5); 24];
        let [mut dy, mut x, mut r] = [y.clone(), y.clone(), y.clone()];
        let t = Lanes::ZERO;
        let count = allocations(|| {
            (0..16).for_each(|l| block.set_params(l, &p));
            block.prepare();
            block.rhs(&t, &y, &mut dy);
            block.linearise(&t, &y, &mut dy);
            block.factor(&Lanes::splat(2.0));
            block.solve(&mut x);
            block.residual(&y, &x, &mut r);
            assert!(block.solve_pivoted(3, &mut x));
            block.outputs(&t, &y, &mut r);
            block.roots(&t, &y, &mut []);
            block.triggers(&t, &y, &mut []);
        });
        assert_eq!(count, 0, "{isa:?}");
    }
    assert!(allocations(|| drop(Block::<8>::new(kernel.clone(), Isa::Baseline))) > 0, "the counter counts");
}

#[test]
fn a_scalar_evaluation_allocates_on_its_first_call_only() {
    let kernel = support::compiled(support::network(24), Rounding::Fused);
    let p = support::params(kernel.system(), 1);
    let at = Point { t: 0.0, y: &[1.0; 24], p: &p, d: &[] };
    let node = kernel.system().rhs.as_slice()[3];
    let mut scratch = Evaluator::default();
    let first = kernel.eval_scalar(&mut scratch, node, at);
    assert_eq!(allocations(|| assert_eq!(kernel.eval_scalar(&mut scratch, node, at), first)), 0);
}
