//! DNA strands as written: `name: --P1--G1--`.

use hepatica_model::decl::{Name, Path};
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::token::Kind;

/// The name under which `...`, the formula upstream, stands in an expression; no model can have it.
pub(super) const UPSTREAM: &str = "...";

/// Elements in a row, each of which may take over the formula of the one before.
#[derive(Clone, Debug)]
pub(super) struct Strand {
    /// Its name, where one is written.
    pub(super) name: Option<Name>,
    /// `--` in front: more may be attached upstream.
    pub(super) upstream: bool,
    /// `--` behind: more may be attached downstream.
    pub(super) downstream: bool,
    /// Operators, genes, other strands, and submodels that stand for their open strand.
    pub(super) parts: Vec<Path>,
    /// Where it stands.
    pub(super) span: Span,
}

impl Parser<'_> {
    /// Whether the rest of the statement is a strand.
    pub(super) fn at_strand(&self) -> bool {
        let mut joined = false;
        self.rest_of_statement().all(|kind| {
            joined |= kind == Kind::Dashes;
            matches!(kind, Kind::Word | Kind::Dot | Kind::Dashes)
        }) && joined
    }

    /// A strand behind its label.
    pub(super) fn strand(&mut self, name: Option<Name>) -> Parse<()> {
        let start = self.here();
        let upstream = self.dashes()?;
        let mut parts = vec![self.path("an operator or a gene")?];
        let mut downstream = false;
        while self.dashes()? {
            downstream = self.at_end_of_statement();
            if downstream {
                break;
            }
            parts.push(self.path("an operator or a gene")?);
        }
        let span = start.to(self.previous().span(self.file));
        self.strands.push(Strand { name, upstream, downstream, parts, span });
        Ok(())
    }

    /// Exactly two dashes, or none.
    fn dashes(&mut self) -> Parse<bool> {
        if self.kind() != Kind::Dashes {
            return Ok(false);
        }
        if self.slice().len() != 2 {
            let problem =
                Diagnostic::error("syntax/expected", "the parts of a DNA strand are joined by `--`")
                    .at(self.here(), "not two dashes");
            return self.fail(problem);
        }
        self.advance();
        Ok(true)
    }
}
