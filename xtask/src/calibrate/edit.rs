//! The declaration of one constant in the text of a model.

/// What says that a constant was fitted here.
const EVIDENCE: &str = "urn:hepatica:evidence:hepatica-calibration";

/// Whether a text declares a constant by a number, or the log-normal spread of a personal factor.
pub(super) fn declares(text: &str, name: &str, spread: bool) -> bool {
    text.lines()
        .any(|line| if spread { spread_of(line, name).is_some() } else { number_of(line, name).is_some() })
}

/// The part of a line that is the log SD of a factor.
fn spread_of(line: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let head = format!("{name}.distribution = lognormal(0, ");
    let start = line.find(&head).filter(|at| line[..*at].trim().is_empty())? + head.len();
    let length = line[start..].find(')')?;
    Some(start..start + length)
}

/// The text with another log SD of a factor.
pub(super) fn spread(text: &str, name: &str, value: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    let found = lines.iter_mut().find_map(|line| spread_of(line, name).map(|range| (line, range)));
    let (line, range) = found.ok_or(format!("`{name}` has no log-normal spread"))?;
    line.replace_range(range, value);
    Ok(lines.join("\n") + "\n")
}

/// The part of a line that is the number a constant is declared with.
fn number_of(line: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let start = line.len() - line.trim_start().len();
    let rest = line[start..].strip_prefix(name)?.strip_prefix(" = ")?;
    let from = start + name.len() + 3;
    let length = rest.find(';').unwrap_or(rest.len());
    rest[..length].trim().parse::<f64>().ok()?;
    Some(from..from + length)
}

/// The text with another number of a constant, the status `calibrated`, its interval as range, and the evidence of a
/// calibration. Comments, layout and everything else stay.
pub(super) fn declaration(
    text: &str,
    name: &str,
    value: &str,
    interval: Option<(String, String)>,
) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    let at = lines.iter().position(|line| number_of(line, name).is_some());
    let at = at.ok_or(format!("`{name}` is not declared by a number"))?;
    if let Some(range) = number_of(&lines[at], name) {
        lines[at].replace_range(range, value);
    }
    let starts = |line: &String, with: &str| line.trim_start().starts_with(with);
    let described = lines.iter().position(|line| starts(line, &format!("{name} description ")));
    let described = described.ok_or(format!("`{name}` has no description"))?;
    let mut end = described;
    while lines[end].trim_end().ends_with('\\') && end + 1 < lines.len() {
        end += 1;
    }
    let mut has_evidence = false;
    for line in &mut lines[described..=end] {
        has_evidence |= line.contains(EVIDENCE);
        if let Some(from) = line.find("urn:hepatica:status:") {
            let word = from + "urn:hepatica:status:".len();
            let length = line[word..].find('"').ok_or(format!("the status of `{name}` has no end"))?;
            line.replace_range(word..word + length, "calibrated");
        }
    }
    if !has_evidence {
        let line = &lines[described];
        let indent = line[..line.len() - line.trim_start().len()].to_string();
        let others = line.trim_start().replacen(&format!("{name} description "), "", 1);
        lines[described] = format!("{indent}    {others}");
        lines.insert(described, format!("{indent}{name} description \"{EVIDENCE}\", \\"));
    }
    if let Some((low, high)) = interval {
        let range = format!("{name}.range = {{{low}, {high}}}");
        let found = lines.iter_mut().find(|line| starts(line, &format!("{name}.range = ")));
        let line = found.ok_or(format!("`{name}` has no range"))?;
        let indent = line.len() - line.trim_start().len();
        *line = format!("{}{range}", &line[..indent]);
    }
    let mut changed = lines.join("\n");
    if text.ends_with('\n') {
        changed.push('\n');
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "model m()
  // Clearance (total: 0.191 L/h/kg).
  nac_off_rate = 3
  nac_off = 0.928; nac_off has per_hour
  nac_off description \"urn:hepatica:evidence:olsson-1988-nac\", \\
      \"urn:hepatica:status:assumed\", \"https://identifiers.org/pubmed/2598989\"
  nac_off.range = {0.02, 2}
  rate := nac_off*2
end
";

    #[test]
    fn the_declaration_changes_and_nothing_else() {
        let interval = Some(("0.5".to_string(), "1.4".to_string()));
        let changed = declaration(TEXT, "nac_off", "0.85", interval).expect("is declared");
        let expected = "model m()
  // Clearance (total: 0.191 L/h/kg).
  nac_off_rate = 3
  nac_off = 0.85; nac_off has per_hour
  nac_off description \"urn:hepatica:evidence:hepatica-calibration\", \\
      \"urn:hepatica:evidence:olsson-1988-nac\", \\
      \"urn:hepatica:status:calibrated\", \"https://identifiers.org/pubmed/2598989\"
  nac_off.range = {0.5, 1.4}
  rate := nac_off*2
end
";
        assert_eq!(changed, expected);
        // Twice is once, and an open interval keeps the range.
        assert_eq!(declaration(expected, "nac_off", "0.85", None).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_declared_by_a_number_is_refused() {
        assert!(
            declares(TEXT, "nac_off", false)
                && !declares(TEXT, "rate", false)
                && !declares(TEXT, "off", false)
        );
        assert!(declaration(TEXT, "rate", "1", None).is_err());
        assert!(declaration(TEXT, "nac_off_rate", "1", None).is_err(), "it has no description");
    }

    #[test]
    fn a_spread_is_replaced_and_nothing_else() {
        let text = "  x = 1\n  x.distribution = lognormal(0, 0.3)\n";
        assert!(declares(text, "x", true) && !declares(text, "y", true));
        let changed = spread(text, "x", "0.25").expect("has a spread");
        assert_eq!(changed, text.replace("0.3", "0.25"));
        assert!(spread(text, "y", "1").is_err());
    }
}
