//! Sparse LU against dense elimination, counts of its work, and the pivoted fallback.

mod support;

use std::sync::Arc;

use hepatica_kernel::{Block, CompileError, CompileOptions, Kernel, Part, Rounding, compile};
use hepatica_lanes::{Isa, Lanes};
use hepatica_model::system::System;
use support::{Sequence, compiled, lane, linear, masses, network, params, splat};

/// Solves `a x = b` by elimination with full row search.
fn dense_solution(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n).fold(k, |best, i| if a[i][k].abs() > a[best][k].abs() { i } else { best });
        a.swap(k, pivot);
        b.swap(k, pivot);
        let top = a[k].clone();
        for i in k + 1..n {
            let factor = a[i][k] / top[k];
            a[i].iter_mut().zip(&top).for_each(|(entry, above)| *entry -= factor * above);
            b[i] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        for j in k + 1..n {
            b[k] -= a[k][j] * b[j];
        }
        b[k] /= a[k][k];
    }
    b
}

/// `shift*M - J`, entry by entry from the block.
fn iteration_matrix<const L: usize>(block: &Block<L>, shift: f64, l: usize) -> Vec<Vec<f64>> {
    let program = block.kernel().program();
    let n = program.n_states();
    let mut w = vec![vec![0.0; n]; n];
    for (k, entry) in program.jacobian().iter().enumerate() {
        w[entry.row as usize][entry.col as usize] -= block.jacobian_entry(k)[l];
    }
    for (i, row) in w.iter_mut().enumerate() {
        row[i] += shift * program.mass().map_or(1.0, |mass| mass[i]);
    }
    w
}

fn random_pattern(n: usize, per_row: usize, draw: &mut Sequence) -> Vec<(usize, usize)> {
    let mut entries: Vec<(usize, usize)> =
        (0..n * per_row).map(|k| (k / per_row, draw.below(n))).chain((0..n).map(|i| (i, i))).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

#[test]
fn random_sparse_systems_are_solved_and_checked() {
    let mut draw = Sequence(1);
    for n in [1, 2, 3, 7, 20, 45] {
        let entries = random_pattern(n, 2, &mut draw);
        let mut system = linear(n, &entries);
        if n % 2 == 1 {
            let values: Vec<f64> = (0..n).map(|_| draw.between(0.5, 2.0)).collect();
            system.mass = masses(&values);
        }
        let kernel = compiled(system, Rounding::Fused);
        let mut block = Block::<8>::new(kernel.clone(), Isa::best());
        for l in 0..8 {
            let p: Vec<f64> = entries.iter().map(|_| draw.between(-1.0, 1.0)).collect();
            block.set_params(l, &p);
        }
        let b: Vec<Lanes<8>> = (0..n).map(|_| Lanes([0.0; 8].map(|_| draw.between(-1.0, 1.0)))).collect();
        block.linearise(&Lanes::ZERO, &b, &mut vec![Lanes::ZERO; n]);
        let shift = Lanes([0.0; 8].map(|_| draw.between(8.0, 12.0)));
        block.factor(&shift);
        let mut x = b.clone();
        block.solve(&mut x);
        let mut r = b.clone();
        block.residual(&b, &x, &mut r);
        for l in 0..8 {
            let w = iteration_matrix(&block, shift[l], l);
            let exact = dense_solution(w.clone(), lane(&b, l));
            for i in 0..n {
                assert!((x[i][l] - exact[i]).abs() < 1e-13, "n = {n}, x[{i}]: {} {}", x[i][l], exact[i]);
                let product: f64 = (0..n).map(|j| w[i][j] * x[j][l]).sum();
                assert!((r[i][l] - (b[i][l] - product)).abs() < 1e-13);
            }
            let mut again = b.clone();
            assert!(block.solve_pivoted(l, &mut again));
            for i in 0..n {
                assert!((again[i][l] - exact[i]).abs() < 1e-13);
                assert_eq!(again[i][(l + 1) % 8], b[i][(l + 1) % 8], "other lanes are left alone");
            }
        }
    }
}

#[test]
fn a_residual_shows_what_a_wrong_solution_misses() {
    let kernel = compiled(linear(2, &[(0, 0), (0, 1), (1, 1)]), Rounding::Fused);
    let mut block = Block::<1>::new(kernel, Isa::Baseline);
    block.set_params(0, &[2.0, 3.0, 5.0]);
    let mut r = vec![Lanes::ZERO; 2];
    block.linearise(&Lanes::ZERO, &splat(&[0.0, 0.0]), &mut r);
    block.factor(&Lanes::splat(10.0));
    // W = [8 -3; 0 5], b - W*(1, 1) = (10 - 5, 10 - 5).
    block.residual(&splat(&[10.0, 10.0]), &splat(&[1.0, 1.0]), &mut r);
    assert_eq!(lane(&r, 0), [5.0, 5.0]);
}

/// dx = -y, dy = x: at shift 0 the diagonal of W vanishes, the matrix does not.
fn rotation() -> Arc<Kernel> {
    compiled(linear(2, &[(0, 0), (0, 1), (1, 0), (1, 1)]), Rounding::Fused)
}

#[test]
fn a_vanishing_pivot_spoils_its_lane_only_and_the_fallback_solves_it() {
    let mut block = Block::<8>::new(rotation(), Isa::best());
    (0..8).for_each(|l| block.set_params(l, &[0.0, -1.0, 1.0, 0.0]));
    let b = splat::<8>(&[3.0, 4.0]);
    block.linearise(&Lanes::ZERO, &b, &mut b.clone());
    let mut shift = Lanes::splat(2.0);
    shift[5] = 0.0;
    block.factor(&shift);
    let mut x = b.clone();
    block.solve(&mut x);
    assert!(x.iter().any(|x| !x[5].is_finite()));
    // W = [2 1; -1 2] has the inverse [2 -1; 1 2]/5.
    assert!((x[0][4] - 0.4).abs() < 1e-15 && (x[1][6] - 2.2).abs() < 1e-15);
    let mut again = b.clone();
    assert!(block.solve_pivoted(5, &mut again));
    assert_eq!([again[0][5], again[1][5]], [-4.0, 3.0]);
    assert_eq!(again[0][4], 3.0);
}

#[test]
fn the_fallback_refuses_singular_and_infinite_matrices() {
    let mut block = Block::<8>::new(rotation(), Isa::best());
    (0..8).for_each(|l| block.set_params(l, &[1.0, 2.0, 2.0, 4.0]));
    block.set_params(1, &[f64::NAN, 2.0, 2.0, 4.0]);
    let b = splat::<8>(&[3.0, 4.0]);
    block.linearise(&Lanes::ZERO, &b, &mut b.clone());
    block.factor(&Lanes::ZERO);
    for l in [0, 1] {
        let mut x = b.clone();
        assert!(!block.solve_pivoted(l, &mut x));
        assert_eq!(x, b, "nothing is written");
    }
    block.factor(&Lanes::splat(1.0));
    assert!(block.solve_pivoted(0, &mut b.clone()), "a new factorisation is seen");
}

#[test]
fn algebraic_equations_are_pivoted_off_the_diagonal() {
    // dx = p0*x + p1*z, 0 = p2*x: the equation of z has no diagonal entry at all.
    let mut system = linear(2, &[(0, 0), (0, 1), (1, 0)]);
    system.mass = masses(&[1.0, 0.0]);
    let mut block = Block::<1>::new(compiled(system, Rounding::Fused), Isa::Baseline);
    block.set_params(0, &[-1.0, 2.0, 4.0]);
    let b = splat(&[5.0, 8.0]);
    block.linearise(&Lanes::ZERO, &b, &mut b.clone());
    block.factor(&Lanes::splat(1.0));
    let mut x = b.clone();
    block.solve(&mut x);
    // W = [2 -2; -4 0].
    assert_eq!(lane(&x, 0), [-2.0, -4.5]);
}

#[test]
fn equations_that_determine_nothing_are_refused_by_name() {
    let mut system = linear(2, &[(0, 0), (1, 0)]);
    system.mass = masses(&[1.0, 0.0]);
    let error = compile(Arc::new(system), &CompileOptions::default()).expect_err("is singular");
    assert_eq!(error, CompileError::Singular { state: "y1".to_owned() });
}

#[test]
fn states_that_all_act_on_each_other_are_refused_where_a_solve_would_take_too_long() {
    let dense = |n: usize| (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).collect::<Vec<_>>();
    let compiled = |n: usize| compile(Arc::new(linear(n, &dense(n))), &CompileOptions::default()).err();
    assert_eq!(compiled(400), Some(CompileError::TooCoupled));
    assert_eq!(compiled(60), None);
}

#[test]
fn states_without_a_rate_cost_one_product_in_a_solve_and_nothing_in_a_factorisation() {
    let counts = |idle: usize| {
        let entries: Vec<(usize, usize)> = (0..3).flat_map(|i| (0..3 + idle).map(move |j| (i, j))).collect();
        let program = compiled(linear(3 + idle, &entries), Rounding::Fused).program().clone();
        let [factor, solve] = [Part::Factor, Part::Solve].map(|part| program.tape(part).stats());
        (factor.instructions, factor.divisions, solve.instructions)
    };
    let (without, with) = (counts(0), counts(10));
    // All idle states share one reciprocal and have a product each; each row that reads them has one more sum.
    assert_eq!(with, (without.0 + 1, without.1 + 1, without.2 + 10 + 1));
}

fn figures(system: System) -> String {
    let stats = compiled(system, Rounding::Fused).program().stats();
    let tapes = stats.tapes.iter().filter(|(_, tape)| tape.instructions > 0).map(|(part, tape)| {
        let (multiplications, divisions) = (tape.multiplications, tape.divisions);
        format!("{} {}/{multiplications}/{divisions}/{}", part.name(), tape.instructions, tape.registers)
    });
    let tapes: Vec<String> = tapes.collect();
    let [all, varying, factors] =
        [stats.jacobian_nonzeros, stats.jacobian_varying, stats.factor_nonzeros].map(|n| n.to_string());
    format!("J {all} ({varying} varying), L+U {factors}, hoisted {}; {}", stats.hoisted, tapes.join(", "))
}

/// Instructions, multiplications, divisions and registers of each tape.
#[test]
fn the_work_of_two_networks() {
    assert_eq!(
        figures(network(24)),
        "J 73 (64 varying), L+U 92, hoisted 15; hoist 15/0/12/0, rhs 91/60/24/20, \
         linearise 184/120/36/20, factor 99/88/24/6, solve 58/97/0/13, residual 24/97/0/0"
    );
}

#[test]
fn networks_have_small_residuals_at_stiff_shifts() {
    let kernel = compiled(network(90), Rounding::Fused);
    let mut block = Block::<8>::new(kernel.clone(), Isa::best());
    (0..8).for_each(|l| block.set_params(l, &params(kernel.system(), l as u64)));
    let b = splat::<8>(&(0..90).map(|i| 0.1 + i as f64).collect::<Vec<_>>());
    block.linearise(&Lanes::ZERO, &b, &mut b.clone());
    for shift in [1e-6, 1.0, 1e6] {
        block.factor(&Lanes::splat(shift));
        let mut x = b.clone();
        block.solve(&mut x);
        let mut r = b.clone();
        block.residual(&b, &x, &mut r);
        for l in 0..8 {
            let w = iteration_matrix(&block, shift, l);
            for (i, row) in w.iter().enumerate() {
                let size: f64 = row.iter().zip(&x).map(|(w, x)| (w * x[l]).abs()).sum();
                assert!(r[i][l].abs() <= 1e-13 * (size + b[i][l]), "row {i}: {} of {size}", r[i][l]);
            }
        }
    }
}
