//! What stands beside a model without changing it: annotations, notes, uncertainty.

use hepatica_model::decl::{AssignKind, Expr, ExprKind, Path, Statement};
use hepatica_source::{Diagnostic, Severity, Span, Spanned, nearest};

use super::parser::{Parse, Parser};
use super::token::Kind;

/// What the qualifier of a [`Statement::Annotate`] means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataKind {
    /// The texts are URIs; the relation is the BioModels.net qualifier with this qualified name in SBML.
    Resource(&'static str),
    /// The texts are notes for people.
    Notes,
    /// `created`, `modified`: dates; `creator1.name` and the like: who made it.
    History,
    /// `sboTerm`: one text like `SBO:0000009`.
    SboTerm,
    /// `charge`, `chemicalFormula` of a species, `kineticLaw.` and anything of these of a reaction, `mean.name` and the like of
    /// an uncertainty.
    Other,
}

/// Antimony's names of the qualifiers, with the SBML name; where both kinds share a name, biology is meant.
const QUALIFIERS: &[(&str, &str)] = &[
    ("identity", "bqbiol:is"),
    ("biological_entity_is", "bqbiol:is"),
    ("hasPart", "bqbiol:hasPart"),
    ("part", "bqbiol:hasPart"),
    ("isPartOf", "bqbiol:isPartOf"),
    ("parthood", "bqbiol:isPartOf"),
    ("isVersionOf", "bqbiol:isVersionOf"),
    ("hypernym", "bqbiol:isVersionOf"),
    ("biological_system", "bqbiol:isVersionOf"),
    ("hasVersion", "bqbiol:hasVersion"),
    ("version", "bqbiol:hasVersion"),
    ("isHomologTo", "bqbiol:isHomologTo"),
    ("homolog", "bqbiol:isHomologTo"),
    ("isDescribedBy", "bqbiol:isDescribedBy"),
    ("description", "bqbiol:isDescribedBy"),
    ("isEncodedBy", "bqbiol:isEncodedBy"),
    ("encoder", "bqbiol:isEncodedBy"),
    ("encodes", "bqbiol:encodes"),
    ("encodement", "bqbiol:encodes"),
    ("occursIn", "bqbiol:occursIn"),
    ("container", "bqbiol:occursIn"),
    ("hasProperty", "bqbiol:hasProperty"),
    ("property", "bqbiol:hasProperty"),
    ("isPropertyOf", "bqbiol:isPropertyOf"),
    ("propertyBearer", "bqbiol:isPropertyOf"),
    ("hasTaxon", "bqbiol:hasTaxon"),
    ("taxon", "bqbiol:hasTaxon"),
    ("model_entity_is", "bqmodel:is"),
    ("model_source", "bqmodel:is"),
    ("publication", "bqmodel:isDescribedBy"),
    ("isDerivedFrom", "bqmodel:isDerivedFrom"),
    ("origin", "bqmodel:isDerivedFrom"),
    ("isInstanceOf", "bqmodel:isInstanceOf"),
    ("class", "bqmodel:isInstanceOf"),
    ("hasInstance", "bqmodel:hasInstance"),
    ("instance", "bqmodel:hasInstance"),
];

/// What is said about the spread of a quantity, as `x.mean = ..`; the flag marks those given as `{low, high}`.
const UNCERTAINTY: &[(&str, bool)] = &[
    ("distribution", false),
    ("mean", false),
    ("stdev", false),
    ("standardDeviation", false),
    ("coefficientOfVariation", false),
    ("kurtosis", false),
    ("median", false),
    ("mode", false),
    ("sampleSize", false),
    ("skewness", false),
    ("standardError", false),
    ("variance", false),
    ("externalParameter", false),
    ("confidenceInterval", true),
    ("credibleInterval", true),
    ("interquartileRange", true),
    ("range", true),
];

/// The attribute of a term of the Systems Biology Ontology.
pub(super) const SBO_TERM: &str = "sboTerm";

/// The rate law of a reaction, as the reference names it where something is said about it.
const KINETIC_LAW: &str = "kineticLaw";

const LAYOUT: &[&str] = &[
    "position",
    "size",
    "width",
    "height",
    "font",
    "fontColor",
    "fontSize",
    "fontStyle",
    "fill",
    "fillColor",
    "line",
    "lineColor",
    "lineWidth",
    "lineThickness",
    "shape",
    "layout",
    "render",
    "autolayout",
    "curve",
];

/// What a qualifier means; `None` when the language has no such qualifier.
pub fn metadata_kind(qualifier: &str) -> Option<MetadataKind> {
    if let Some((_, known)) = QUALIFIERS.iter().find(|(name, _)| *name == qualifier) {
        return Some(MetadataKind::Resource(known));
    }
    match qualifier {
        "notes" => Some(MetadataKind::Notes),
        "created" | "modified" => Some(MetadataKind::History),
        "sboTerm" => Some(MetadataKind::SboTerm),
        "charge" | "chemicalFormula" => Some(MetadataKind::Other),
        _ => match qualifier.split_once('.') {
            Some((who, _))
                if who.strip_prefix("creator").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) =>
            {
                Some(MetadataKind::History)
            }
            Some(("created" | "modified", _)) => Some(MetadataKind::History),
            Some((KINETIC_LAW, of_law)) => metadata_kind(of_law).map(|_| MetadataKind::Other),
            Some((what, "name")) if is_uncertainty(what) => Some(MetadataKind::Other),
            _ => None,
        },
    }
}

/// The qualifier for a relation of SBML, such as `bqbiol:is`; of several, the one models are written with here.
pub fn qualifier_of(relation: &str) -> Option<&'static str> {
    if relation == "bqbiol:isDescribedBy" {
        return Some("description");
    }
    QUALIFIERS.iter().find(|(_, known)| *known == relation).map(|(name, _)| *name)
}

/// The reaction whose rate law `J.kineticLaw` names.
fn reaction_of_law(path: &Path) -> Option<Path> {
    let (last, reaction) = path.parts.split_last()?;
    (last == KINETIC_LAW && !reaction.is_empty()).then(|| Path { parts: reaction.to_vec(), span: path.span })
}

fn is_uncertainty(name: &str) -> bool {
    UNCERTAINTY.iter().any(|(known, _)| *known == name)
}

/// What `x.attribute = ..` is.
pub(super) enum Attribute {
    /// No attribute: an assignment to a name with dots.
    None,
    /// Something that is kept.
    Statement(Box<Statement>),
    /// Something that is read over.
    Ignored,
}

impl Attribute {
    fn of(statement: Statement) -> Attribute {
        Attribute::Statement(Box::new(statement))
    }
}

impl Parser<'_> {
    /// Whether a qualifier and a text follow.
    pub(super) fn at_annotation(&self) -> bool {
        let text = |kind| matches!(kind, Kind::Text | Kind::Block);
        let dotted = self.ahead(1).kind == Kind::Dot && self.ahead(2).kind == Kind::Word;
        let value = self.ahead(3).kind;
        self.kind() == Kind::Word
            && (text(self.ahead(1).kind) || (dotted && (text(value) || value == Kind::Number)))
    }

    /// `qualifier "text", "text"` behind what is annotated.
    pub(super) fn annotation(&mut self, target: Path) -> Parse<Statement> {
        let qualifier = self.path("a qualifier")?;
        let name = qualifier.parts.join(".");
        if metadata_kind(&name).is_none() {
            return self.unknown_qualifier(&name, qualifier.span);
        }
        if let Some(reaction) = reaction_of_law(&target) {
            return self.annotation_texts(reaction, format!("{KINETIC_LAW}.{name}"));
        }
        self.annotation_texts(target, name)
    }

    fn annotation_texts(&mut self, target: Path, name: String) -> Parse<Statement> {
        if self.kind() == Kind::Number && metadata_kind(&name) == Some(MetadataKind::History) {
            let token = self.advance();
            let uris = vec![Spanned::new(self.text_of(token).to_string(), token.span(self.file))];
            return Ok(Statement::Annotate { target, qualifier: name, uris });
        }
        let mut uris = vec![self.quoted()?];
        while self.eat(Kind::Comma).is_some() {
            self.skip_newlines();
            uris.push(self.quoted()?);
        }
        Ok(Statement::Annotate { target, qualifier: name, uris })
    }

    fn unknown_qualifier<T>(&mut self, name: &str, span: Span) -> Parse<T> {
        let hint =
            match nearest(name, QUALIFIERS.iter().map(|(n, _)| *n).chain(["notes", "created", "modified"])) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "a display name is written `x is \"text\"`, behind the `end` of a model".to_string(),
            };
        let problem =
            Diagnostic::error("syntax/qualifier", format!("`{name}` is no qualifier of an annotation"))
                .at(span, "unknown qualifier")
                .hint(hint);
        self.fail(problem)
    }

    /// `x.attribute = ..` where the last part of the name is an attribute of the rest.
    pub(super) fn attribute(&mut self, path: &Path) -> Parse<Attribute> {
        let [target @ .., last] = path.parts.as_slice() else { return Ok(Attribute::None) };
        if target.is_empty() || self.kind() != Kind::Equal {
            return Ok(Attribute::None);
        }
        // A submodel may have variables with the names of attributes.
        let of_submodel = target.len() == 1 && self.submodels.contains(&target[0]);
        let last = last.clone();
        let target = Path { parts: target.to_vec(), span: path.span };
        if last.eq_ignore_ascii_case(SBO_TERM) {
            self.advance();
            if of_submodel && last == SBO_TERM && !self.at_sbo_prefix() {
                return self.uncertainty(target, Spanned::new(last, path.span), false).map(Attribute::of);
            }
            return match reaction_of_law(&target) {
                Some(reaction) => self.sbo_term(reaction, "kineticLaw.sboTerm"),
                None => self.sbo_term(target, "sboTerm"),
            }
            .map(Attribute::of);
        }
        if let Some((_, interval)) = UNCERTAINTY.iter().find(|(name, _)| *name == last) {
            self.advance();
            return self.uncertainty(target, Spanned::new(last, path.span), *interval).map(Attribute::of);
        }
        if of_submodel {
            return Ok(Attribute::None);
        }
        if last == "charge" || last == "chemicalFormula" {
            self.advance();
            return self.plain_attribute(target, last).map(Attribute::of);
        }
        if last == "conversionFactor" {
            self.advance();
            let factor = self.path("the name of the factor")?;
            return Ok(Attribute::of(Statement::ConversionFactor { target, factor }));
        }
        if LAYOUT.contains(&last.as_str()) {
            self.ignored_layout(path.span);
            return Ok(Attribute::Ignored);
        }
        Ok(Attribute::None)
    }

    /// Says that a drawing attribute is not kept and goes to the end of its statement.
    pub(super) fn ignored_layout(&mut self, span: Span) {
        self.report(
            Diagnostic::new(Severity::Note, "antimony/layout", "layout and drawing attributes are not kept")
                .at(span, "read over"),
        );
        while !self.at_end_of_statement() {
            self.advance();
        }
    }

    /// `3` or `SBO:0000003`.
    pub(super) fn sbo_term(&mut self, target: Path, qualifier: &str) -> Parse<Statement> {
        if self.at_sbo_prefix() {
            self.advance();
            self.advance();
        }
        let (number, span) = self.number()?;
        let value = Expr { kind: ExprKind::Number(number, None), span };
        sbo_annotation(target, qualifier, &value).or_else(|problem| self.fail(*problem))
    }

    fn at_sbo_prefix(&self) -> bool {
        self.slice().eq_ignore_ascii_case("sbo") && self.ahead(1).kind == Kind::Colon
    }

    fn plain_attribute(&mut self, target: Path, qualifier: String) -> Parse<Statement> {
        let text = match self.kind() {
            Kind::Text => self.quoted()?,
            _ => {
                let negative = self.eat(Kind::Minus).is_some();
                let (value, span) = self.number()?;
                Spanned::new((if negative { -value } else { value }).to_string(), span)
            }
        };
        Ok(Statement::Annotate { target, qualifier, uris: vec![text] })
    }

    fn uncertainty(&mut self, target: Path, attribute: Spanned<String>, interval: bool) -> Parse<Statement> {
        let value = match self.kind() {
            Kind::OpenBrace if interval || attribute.value == "externalParameter" => self.interval()?,
            _ if interval => {
                let problem = self
                    .expected_problem("`{low, high}`")
                    .hint(format!("write `x.{} = {{1, 2}}`", attribute.value));
                return self.fail(problem);
            }
            _ => self.expression()?,
        };
        Ok(Statement::Uncertainty { target, attribute, value })
    }

    /// `{low, high}` as a call of `interval`.
    fn interval(&mut self) -> Parse<Expr> {
        let open = self.advance().span(self.file);
        let low = self.expression()?;
        self.expect(Kind::Comma, "`,` and the upper value")?;
        let high = self.expression()?;
        let close = self.expect(Kind::CloseBrace, "`}` behind the two values")?.span(self.file);
        Ok(Expr { kind: ExprKind::Call("interval".to_string(), vec![low, high]), span: open.to(close) })
    }
}

/// A term of the SBO by its number.
pub(super) fn sbo_annotation(
    target: Path,
    qualifier: &str,
    value: &Expr,
) -> Result<Statement, Box<Diagnostic>> {
    match value.kind {
        ExprKind::Number(number, None) if number.fract() == 0.0 && number <= 9_999_999.0 => {
            let uris = vec![Spanned::new(format!("SBO:{number:07.0}"), value.span)];
            Ok(Statement::Annotate { target, qualifier: qualifier.to_string(), uris })
        }
        _ => Err(Box::new(
            Diagnostic::error("syntax/sbo-term", "a term of the SBO has at most seven digits")
                .at(value.span, "not such a number")
                .hint("write it as `SBO:0000009`"),
        )),
    }
}

/// An uncertainty read as the assignment it is when its target turns out to be a submodel with such a variable.
pub(super) fn as_assignment(target: &Path, attribute: &Spanned<String>, value: &Expr) -> Statement {
    let mut target = target.clone();
    target.parts.push(attribute.value.clone());
    Statement::Assign { target, kind: AssignKind::Initial, value: value.clone() }
}
