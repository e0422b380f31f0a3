use super::*;
use crate::evidence::context;
use crate::world::Disk;

fn courses() -> Context {
    context(&Disk::new(false)).unwrap()
}

#[test]
fn ids_are_unique_and_every_check_agrees() {
    let context = courses();
    let ids: Vec<&str> = all().map(|c| c.id).collect();
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for check in all() {
        let compared = check.run(&context);
        assert_eq!(
            (check.recompute)(&context, &inputs(check)).unwrap().len(),
            check.numbers.len(),
            "{}",
            check.id
        );
        for c in compared {
            assert!(
                c.agrees(),
                "{}: {} printed {} found {:?}",
                check.id,
                c.number.what,
                c.number.printed,
                c.found
            );
        }
    }
}

fn inputs(check: &Check) -> Vec<f64> {
    check.inputs.iter().map(|i| i.value).collect()
}

/// The number with its last digit changed by two.
fn tampered(printed: &str) -> String {
    let places = printed.split_once('.').map_or(0, |(_, places)| places.len());
    let value: f64 = printed.parse().unwrap();
    format!("{:.places$}", value + 2.0 * 10f64.powi(-(places as i32)))
}

#[test]
fn a_tampered_number_is_found() {
    let context = courses();
    for check in all() {
        for k in 0..check.numbers.len() {
            let mut numbers = check.numbers.to_vec();
            numbers[k].printed = Box::leak(tampered(numbers[k].printed).into_boxed_str());
            let compared = check.run_with(&context, &inputs(check), &numbers);
            let wrong: Vec<usize> = (0..numbers.len()).filter(|k| !compared[*k].agrees()).collect();
            assert_eq!(wrong, [k], "{}: {}", check.id, check.numbers[k].what);
        }
    }
}

#[test]
fn a_tampered_input_is_found() {
    let context = courses();
    for check in all() {
        for k in 0..check.inputs.len() {
            let mut changed = inputs(check);
            // Whole numbers stay whole, so that counts remain counts; what is a threshold is passed downwards.
            changed[k] = if changed[k].fract() == 0.0 && changed[k].abs() < 30.0 {
                changed[k] - 1.0
            } else {
                changed[k] * 0.87
            };
            let compared = check.run_with(&context, &changed, check.numbers);
            let off = compared.iter().any(|c| !c.agrees());
            assert!(off, "{}: {}", check.id, check.inputs[k].what);
        }
    }
}
