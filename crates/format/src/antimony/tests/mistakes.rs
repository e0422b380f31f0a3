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
        ("3 = x + y", "syntax/algebraic-rule"),
        ("x = {1, 2}", "unsupported/vector"),
        ("A -| J; k", "antimony/interaction-law"),
        ("x.position = 3", "antimony/layout"),
        ("A: m(x), speed = 3", "syntax/expected"),
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
