//! Submodels: `A: module(x, 5)`.

use hepatica_model::decl::{Expr, ExprKind, Name, Path, Statement};
use hepatica_source::{Diagnostic, Span};

use super::parser::{Parse, Parser};
use super::token::{Keyword, Kind};

impl Parser<'_> {
    /// A submodel from the name of its module on; the compartment is one that stands in front of the colon.
    pub(super) fn submodel(
        &mut self,
        name: Name,
        compartment: Option<Path>,
        out: &mut Vec<Statement>,
    ) -> Parse<()> {
        let module = self.name("a module")?;
        let open = self.expect(Kind::OpenParen, "`(`")?.span(self.file);
        let mut arguments = Vec::new();
        while self.kind() != Kind::CloseParen {
            arguments.push(self.submodel_argument(open)?);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
        }
        if self.eat(Kind::CloseParen).is_none() {
            return self.bad_argument(open);
        }
        self.submodels.insert(name.value.clone());
        let (mut time_conversion, mut extent_conversion) = (None, None);
        while self.eat(Kind::Comma).is_some() {
            let word = self.name("`timeconv` or `extentconv`")?;
            self.expect(Kind::Equal, "`=`")?;
            let factor = Some(self.conversion_factor()?);
            match word.value.as_str() {
                "timeconv" => time_conversion = factor,
                "extentconv" => extent_conversion = factor,
                _ => return self.unknown_conversion(&word),
            }
        }
        let compartment = match self.eat_keyword(Keyword::In) {
            Some(_) => Some(self.path("a compartment")?),
            None => compartment,
        };
        let target = Path { parts: vec![name.value.clone()], span: name.span };
        out.push(Statement::Submodel { name, module, arguments, time_conversion, extent_conversion });
        out.extend(compartment.map(|compartment| Statement::Locate { target, compartment }));
        Ok(())
    }

    fn unknown_conversion<T>(&mut self, word: &Name) -> Parse<T> {
        let problem =
            Diagnostic::error("syntax/expected", format!("`{}` is no option of a submodel", word.value))
                .at(word.span, "unknown option")
                .hint("options are `timeconv` and `extentconv`");
        self.fail(problem)
    }

    /// A name or a plain number.
    fn submodel_argument(&mut self, open: Span) -> Parse<Expr> {
        match self.kind() {
            Kind::Number => {
                let (value, span) = self.number()?;
                Ok(Expr { kind: ExprKind::Number(value, None), span })
            }
            Kind::Word => {
                let path = self.path("a name")?;
                Ok(Expr { kind: ExprKind::Name(path.parts), span: path.span })
            }
            _ => self.bad_argument(open),
        }
    }

    fn bad_argument<T>(&mut self, open: Span) -> Parse<T> {
        let found = self.found();
        let problem = Diagnostic::error(
            "syntax/submodel-argument",
            format!("found {found} in the arguments of a module"),
        )
        .at(self.here(), "expected a name, a number without sign and unit, `,` or `)`")
        .at(open, "opened here")
        .hint("give the value a name first: `p = -5 ml; A: module(p)`");
        self.fail(problem)
    }
}
