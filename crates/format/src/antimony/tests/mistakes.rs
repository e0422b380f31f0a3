//! Typical mistakes and the exact messages they give; `mistakes.md` is the list.

use hepatica_source::render_all;

use super::{codes, read};

/// The code blocks of a page, each with its language and the line it starts in.
fn blocks(page: &str) -> Vec<(&str, usize, String)> {
    let mut found: Vec<(&str, usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        match (line.strip_prefix("~~~"), open) {
            (Some(language), false) => {
                found.push((language, number + 1, String::new()));
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let last = found.last_mut().expect("an open block");
                last.2.push_str(line);
                last.2.push('\n');
            }
            (None, false) => {}
        }
    }
    found
}

#[test]
fn messages_are_as_written() {
    let blocks = blocks(include_str!("mistakes.md"));
    assert!(blocks.len() >= 2 * 25, "{} blocks", blocks.len());
    for pair in blocks.chunks(2) {
        let [(_, line, text), (_, _, expected)] = pair else { panic!("a block without its message") };
        let (_, diagnostics, map) = read(text);
        assert!(!diagnostics.is_empty(), "line {line}: no message for\n{text}");
        let shown = render_all(&map, &diagnostics);
        assert_eq!(&shown, expected, "line {line}: the message is now\n{shown}");
    }
}

#[test]
fn every_unsupported_part_is_refused_by_name() {
    for (text, code) in [
        ("A -| B; k", "unsupported/interaction"),
        ("I: A -o J; k", "unsupported/interaction"),
        ("I: A -( J; k", "unsupported/interaction"),
        ("DNA d", "unsupported/dna"),
        ("gene g", "unsupported/dna"),
        ("operator o", "unsupported/dna"),
        ("--a--b--", "unsupported/dna"),
        ("d: --a--b--", "unsupported/dna"),
        ("J: A -> B; ...*k", "unsupported/dna"),
        ("3 = x + y", "syntax/algebraic-rule"),
        ("delete A.x", "unsupported/delete"),
        ("constraint: x > 1", "unsupported/constraint"),
        ("3 < x", "unsupported/constraint"),
        ("-3 < J", "unsupported/constraint"),
        ("x > 3", "unsupported/constraint"),
        ("maximize J", "unsupported/objective"),
        ("o: minimize J", "unsupported/objective"),
        ("x is y/z", "unsupported/conversion-factor"),
        ("x * y is z", "unsupported/conversion-factor"),
        ("S.conversionFactor = c", "unsupported/conversion-factor"),
        ("model.conversionFactor = c", "unsupported/conversion-factor"),
        ("A: m(x), timeconv = 3", "unsupported/conversion-factor"),
        ("A: m(x) in C", "unsupported/submodel-compartment"),
        ("A.J: x -> y; k", "unsupported/dotted-definition"),
        ("x = {1, 2}", "unsupported/vector"),
        ("x.position = 3", "unsupported/layout"),
    ] {
        assert_eq!(codes(text), [code], "{text}");
    }
}

#[test]
fn one_mistake_does_not_hide_or_cause_another() {
    let text = "x = (1\ny = 2\nA -> B\nk = 1\nz = 3 4\nspecie S\nw = 5";
    assert_eq!(
        codes(text),
        [
            "syntax/unbalanced",
            "syntax/missing-semicolon",
            "syntax/missing-operator",
            "syntax/unknown-keyword"
        ]
    );
    let (declarations, ..) = read(text);
    let main = declarations.main.expect("a main module");
    assert_eq!(
        declarations.modules[main].statements.len(),
        4,
        "y, k, w and the first part of z are understood"
    );
}
