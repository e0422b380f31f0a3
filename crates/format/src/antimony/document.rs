//! Modules, functions and imports of one text.

use hepatica_model::decl::{Function, Module, Name, Statement};
use hepatica_source::{Diagnostic, FileId, Spanned};

use super::annotate::metadata_kind;
use super::parser::{Parse, Parser};
use super::strand::Strand;
use super::token::{Keyword, Kind, Token};

/// One thing at the top level of a text.
#[derive(Debug)]
pub(super) enum Item {
    /// `import "path"`
    Import(Spanned<String>),
    /// `model ... end`, whether it has the star of a main module, and its DNA strands.
    Module(Module, bool, Vec<Strand>),
    /// `function ... end`
    Function(Function),
    /// A statement outside any module.
    Statement(Statement),
    /// A DNA strand outside any module.
    Strand(Strand),
}

/// The things of a text in order, and its problems.
pub(super) fn read(text: &str, file: FileId) -> (Vec<Item>, Vec<Diagnostic>) {
    let mut parser = Parser::new(text, file);
    let mut items = Vec::new();
    loop {
        parser.skip_blank();
        if parser.kind() == Kind::EndOfText {
            return (items, parser.into_problems());
        }
        parser.item(&mut items);
    }
}

impl Parser<'_> {
    fn item(&mut self, items: &mut Vec<Item>) {
        match self.kind() {
            Kind::Keyword(Keyword::Import) => self.import(items),
            Kind::Keyword(Keyword::Function) => self.function_item(items),
            Kind::Keyword(Keyword::Model) if !self.at_model_metadata() => self.module(items),
            Kind::Keyword(Keyword::End) => {
                let here = self.advance().span(self.file);
                self.report(
                    Diagnostic::error("syntax/stray-end", "`end` closes nothing")
                        .at(here, "no model or function is open here")
                        .hint("remove it, or look for an earlier `end` that closed too much"),
                );
            }
            _ => {
                let mut statements = Vec::new();
                self.statement(&mut statements);
                items.extend(statements.into_iter().map(Item::Statement));
                items.extend(self.strands.drain(..).map(Item::Strand));
            }
        }
    }

    /// Whether `model` here speaks about the surrounding module: `model notes "text"`, `model.sboTerm = 9`.
    fn at_model_metadata(&self) -> bool {
        let dotted = self.ahead(2).kind == Kind::Dot;
        let known = metadata_kind(self.text_of(self.ahead(1))).is_some();
        match self.ahead(2).kind {
            _ if self.ahead(1).kind == Kind::Dot => true,
            Kind::Text | Kind::Block => known,
            _ => dotted && self.ahead(1).kind == Kind::Word,
        }
    }

    fn import(&mut self, items: &mut Vec<Item>) {
        self.advance();
        match self.kind() {
            Kind::Text => {
                if let Ok(path) = self.quoted() {
                    items.push(Item::Import(path));
                }
            }
            _ => {
                let problem =
                    self.expected_problem("the name of a file in quotes").hint("write `import \"file.ant\"`");
                self.report(problem);
                self.skip_statement();
            }
        }
    }

    fn function_item(&mut self, items: &mut Vec<Item>) {
        let open = self.advance();
        match self.function(open) {
            Ok(function) => items.push(Item::Function(function)),
            Err(_) => self.skip_to_end(),
        }
    }

    /// Skips the rest of a broken function, but not into a module.
    fn skip_to_end(&mut self) {
        loop {
            self.skip_statement();
            self.skip_blank();
            match self.kind() {
                Kind::Keyword(Keyword::End) => {
                    self.advance();
                    return;
                }
                Kind::EndOfText | Kind::Keyword(Keyword::Model | Keyword::Function | Keyword::Import) => {
                    return;
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, open: Token) -> Parse<Function> {
        let name = self.name("the name of the function")?;
        let arguments = self.names_in_parentheses()?;
        self.skip_blank();
        let body = self.expression()?;
        self.skip_blank();
        if self.eat_keyword(Keyword::End).is_none() {
            let problem = Diagnostic::error(
                "syntax/unterminated-function",
                format!("function `{}` is not closed", name.value),
            )
            .at(self.here(), "expected `end`")
            .at(open.span(self.file), "opened here")
            .hint("a function is one expression: `function f(x) x^2 end`");
            return self.fail(problem);
        }
        Ok(Function { name, arguments, body })
    }

    /// `(x, y)`
    fn names_in_parentheses(&mut self) -> Parse<Vec<Name>> {
        let open = self.expect(Kind::OpenParen, "`(` and the arguments")?.span(self.file);
        let mut names = Vec::new();
        while self.kind() != Kind::CloseParen {
            self.eat(Kind::Dollar);
            names.push(self.name("a name")?);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
        }
        if self.eat(Kind::CloseParen).is_none() {
            let found = self.found();
            let problem =
                Diagnostic::error("syntax/unbalanced", format!("expected `,` or `)`, found {found}"))
                    .at(self.here(), "expected `,` or `)`")
                    .at(open, "opened here")
                    .hint("the list stands on one line, names only, separated by `,`");
            return self.fail(problem);
        }
        Ok(names)
    }

    fn module(&mut self, items: &mut Vec<Item>) {
        let open = self.advance();
        let main = self.eat(Kind::Star).is_some();
        let Ok(name) = self.name("the name of the model") else {
            return self.skip_statement();
        };
        let mut interface = match self.kind() {
            Kind::OpenParen => self.names_in_parentheses(),
            _ => Ok(Vec::new()),
        };
        if interface.is_ok() && matches!(self.kind(), Kind::Keyword(Keyword::Is) | Kind::Text) {
            interface = self.display_name_in_header(&name);
        }
        if interface.is_err() {
            self.skip_statement();
        }
        let mut module = Module {
            name,
            interface: interface.unwrap_or_default(),
            display_name: None,
            statements: Vec::new(),
        };
        let outside = (std::mem::take(&mut self.submodels), std::mem::take(&mut self.strands));
        self.module_body(&mut module, open, items);
        let strands = std::mem::replace(&mut self.strands, outside.1);
        self.submodels = outside.0;
        items.push(Item::Module(module, main, strands));
    }

    fn display_name_in_header<T>(&mut self, name: &Name) -> Parse<T> {
        let problem = Diagnostic::error(
            "syntax/display-name",
            "a model's display name does not stand in its first line",
        )
        .at(self.here(), "not here")
        .hint(format!("write `{} is \"text\"` behind the `end` of the model", name.value));
        self.fail(problem)
    }

    fn module_body(&mut self, module: &mut Module, open: Token, items: &mut Vec<Item>) {
        loop {
            self.skip_blank();
            match self.kind() {
                Kind::Keyword(Keyword::End) => {
                    self.advance();
                    return;
                }
                Kind::EndOfText => return self.unterminated_module(module, open),
                Kind::Keyword(Keyword::Model) if !self.at_model_metadata() => {
                    return self.unterminated_module(module, open);
                }
                Kind::Keyword(Keyword::Function | Keyword::Import) => self.misplaced(items),
                _ => self.statement(&mut module.statements),
            }
        }
    }

    fn unterminated_module(&mut self, module: &Module, open: Token) {
        let problem = Diagnostic::error(
            "syntax/unterminated-model",
            format!("model `{}` is not closed", module.name.value),
        )
        .at(open.span(self.file).to(module.name.span), "opened here")
        .at(self.here(), "expected `end` before this")
        .hint("close it with `end`; models cannot stand inside each other");
        self.report(problem);
    }

    /// A function or an import inside a module: reported, then read as if it stood outside.
    fn misplaced(&mut self, items: &mut Vec<Item>) {
        let here = self.here();
        let word = self.slice();
        self.report(
            Diagnostic::error("syntax/misplaced", format!("`{word}` cannot stand inside a model"))
                .at(here, "inside a model")
                .hint("move it before the model"),
        );
        self.item(items);
    }
}
