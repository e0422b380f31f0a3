//! Sections of a page of the book that are measured, and where they were measured.

use std::path::Path;
use std::process::Command;

/// The section of the page of benchmarks on loading; it is rewritten by itself.
pub(crate) fn section<'t>(page: &'t str, heading: &str) -> Option<&'t str> {
    let start = begin(page, heading)?;
    let rest = &page[start + heading.len()..];
    let end = rest.find("\n## ").map_or(page.len(), |at| start + heading.len() + at + 1);
    Some(&page[start..end])
}

/// Puts `section`, which begins with `heading`, in place of the one with this heading, or at the end of the page.
pub(crate) fn replace(path: &Path, heading: &str, section: &str) -> Result<(), String> {
    let page = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let written = replaced(&page, heading, section);
    std::fs::write(path, written).map_err(|e| format!("{}: {e}", path.display()))
}

fn replaced(page: &str, heading: &str, section: &str) -> String {
    let section = section.trim_end();
    let (before, after) = match self::section(page, heading) {
        Some(old) => page.split_once(old).unwrap_or((page, "")),
        None => (page, ""),
    };
    let before = before.trim_end();
    if after.is_empty() {
        format!("{before}\n\n{section}\n")
    } else {
        format!("{before}\n\n{section}\n\n{after}")
    }
}

fn begin(page: &str, heading: &str) -> Option<usize> {
    if page.starts_with(heading) {
        return Some(0);
    }
    page.find(&format!("\n{heading}\n")).map(|at| at + 1)
}

/// The day and the machine.
pub(crate) fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches(['\t', ':', ' ']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let date = Command::new("date").args(["-u", "+%F"]).output();
    let date = date.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_string()).unwrap_or_default();
    format!("{date}: {cpu}, {cores} cores, load {load} at the end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_where_it_stands_or_added() {
        let page = "# A\n\n## B\n\nold\n\n## C\n\nkept\n";
        assert_eq!(section(page, "## B"), Some("## B\n\nold\n\n"));
        assert_eq!(replaced(page, "## B", "## B\n\nnew\n"), "# A\n\n## B\n\nnew\n\n## C\n\nkept\n");
        assert_eq!(replaced(page, "## C", "## C\n\nnew\n"), "# A\n\n## B\n\nold\n\n## C\n\nnew\n");
        assert_eq!(replaced(page, "## D", "## D\n\nnew\n"), format!("{page}\n## D\n\nnew\n"));
    }
}
