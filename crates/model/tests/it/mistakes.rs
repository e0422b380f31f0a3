//! Mistakes in models and the exact messages they give; `mistakes.md` is the list.

use crate::support::said;

/// The code blocks of a page, each with the line it starts in.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("~~~") {
            open = !open;
            if open {
                found.push((number + 1, String::new()));
            }
        } else if let Some((_, text)) = found.last_mut().filter(|_| open) {
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

#[test]
fn messages_are_as_written() {
    let blocks = blocks(include_str!("mistakes.md"));
    assert!(blocks.len() >= 2 * 50, "{} blocks", blocks.len());
    for pair in blocks.chunks(2) {
        let [(line, text), (_, expected)] = pair else { panic!("a text without its message") };
        let shown = said(text);
        assert!(!shown.is_empty(), "line {line}: nothing is said");
        assert_eq!(&shown, expected, "line {line}: the message is now\n{shown}");
    }
}

#[test]
fn correct_units_are_not_complained_about() {
    for text in [
        // Names without a unit fit anything, bare numbers take the unit of the other side.
        "a = 1; b = 2; b has litre; x := a + b; y := b + 3; z := 2*b > 5",
        // A Hill function with a parameter as exponent.
        "unit uM = 1e-6 mole/litre; C = 1; C has uM; K = 2; K has uM; n = 1.5; n has dimensionless
         x := C^n/(K^n + C^n); y := 1/(1 + (C/K)^n)",
        // Roots and powers with written exponents.
        "unit area_unit = metre^2; A = 4; A has area_unit; r := sqrt(A); r has metre; V := r^3; V has litre
         unit litre = metre^3",
        "unit mg = 1e-3 gram; a = 3; a has mg; b = 4 mg; m := max(a, b, 2); m has mg; q := quotient(a, b); e := exp(a/b)",
        "unit time_unit = 3600 second; x = 1; x has litre; x' = -k*x; k = 1; k has per_h; unit per_h = 1/time_unit
         E: at 2 after time > 3: x = 2",
    ] {
        assert_eq!(said(text), "", "{text}");
    }
}
