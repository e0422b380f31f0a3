//! Refused input: nothing was simulated, nothing was written.

use std::fmt;
use std::path::{Path, PathBuf};

use hepatica_source::{Diagnostic, SourceMap, render_all, render_short};
use serde_json::{Value, json};

/// Why a command ended without a result.
#[derive(Debug)]
pub enum Error {
    /// The input has errors.
    Refused(Box<Refused>),
    /// A file could not be read or written.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// What the file system says.
        error: std::io::Error,
    },
    /// A file is no text.
    NotText {
        /// The file.
        path: PathBuf,
        /// The line of its first byte that is not UTF-8.
        line: usize,
    },
    /// A result is already there.
    Exists(PathBuf),
    /// An argument makes no sense; the sentence says why.
    Argument(String),
    /// Something else, with its code and what to do.
    Named {
        /// The stable code, such as `run/disk`.
        code: &'static str,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
}

/// An input's problems with the texts they are in.
#[derive(Debug)]
pub struct Refused {
    /// The texts.
    pub sources: SourceMap,
    /// At least one error.
    pub diagnostics: Vec<Diagnostic>,
}

impl Error {
    pub(crate) fn refused(sources: &SourceMap, diagnostics: Vec<Diagnostic>) -> Error {
        Error::Refused(Box::new(Refused { sources: sources.clone(), diagnostics }))
    }

    pub(crate) fn io(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |error| Error::Io { path, doing, error }
    }

    /// For programs: `{"schema", "errors": [{"code", "severity", "message", "place", "hint"}]}`.
    pub fn json(&self) -> Value {
        let entry = |severity: &str, code: &str, message: &str| json!({ "severity": severity, "code": code, "message": message });
        let errors: Vec<Value> = match self {
            Error::Refused(refused) => {
                refused.diagnostics.iter().map(|d| diagnostic_json(&refused.sources, d)).collect()
            }
            Error::Io { .. } => vec![entry("error", "io", &self.to_string())],
            Error::NotText { .. } => vec![entry("error", "io/not-text", &self.to_string())],
            Error::Exists(_) => vec![entry("error", "run/exists", &self.to_string())],
            Error::Argument(message) => vec![entry("error", "argument", message)],
            Error::Named { code, message, hint } => {
                let mut entry = entry("error", code, message);
                entry["hint"] = json!(hint);
                vec![entry]
            }
        };
        json!({ "schema": "hepatica.error/1", "errors": errors })
    }

    /// One line per problem, for people and editors that read messages.
    pub fn short(&self) -> String {
        match self {
            Error::Refused(refused) => {
                let lines = refused.diagnostics.iter().map(|d| render_short(&refused.sources, d));
                lines.collect::<Vec<_>>().join("\n")
            }
            other => other.to_string(),
        }
    }
}

/// A diagnostic for programs, with the place of its first label.
pub(crate) fn diagnostic_json(sources: &SourceMap, d: &Diagnostic) -> Value {
    let place = d.labels.first().and_then(|l| Some((sources.get(l.span.file)?, l)));
    let place = place.map_or(Value::Null, |(file, label)| {
        let at = file.line_col(label.span.start);
        json!({ "file": file.name, "line": at.line, "column": at.column })
    });
    json!({
        "severity": d.severity.word(), "code": d.code.0, "message": d.message, "place": place, "hint": d.hint,
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refused) => write!(f, "{}", render_all(&refused.sources, &refused.diagnostics)),
            Error::Io { path, doing, error } => {
                write!(f, "error[io]: cannot {doing} {}: {error}", path.display())
            }
            Error::NotText { path, line } => write!(
                f,
                "error[io/not-text]: {}:{line}: the file is not UTF-8 text\n  = hint: save it as UTF-8, or check that it is the file you mean",
                path.display()
            ),
            Error::Exists(path) => write!(
                f,
                "error[run/exists]: {} already holds a result\n  = hint: choose another folder with --out, or replace it with --overwrite",
                path.display()
            ),
            Error::Argument(message) => write!(f, "error[argument]: {message}"),
            Error::Named { code, message, hint } => write!(f, "error[{code}]: {message}\n  = hint: {hint}"),
        }
    }
}

impl std::error::Error for Error {}
