//! DNA strands -> ordinary rules and rate laws.
//!
//! What an element of a strand says is its formula, with `...` for what the element upstream says, and without a formula of
//! its own what that one says; nothing is upstream of the first, which stands for zero. As in the reference library, the law of a gene
//! is the sum of what it says in every strand it is part of, a strand inside another counting only there; the value of an
//! operator is its formula with zero upstream.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{
    AssignKind, BinaryOp, Declared, Expr, ExprKind, Module, Participant, Path, Reaction, Statement,
    SymbolKind, UnaryOp,
};
use hepatica_model::is_fixed;
use hepatica_source::{Diagnostic, Span, Spanned};

use super::strand::{Strand, UPSTREAM};

/// The most operations and names that the laws of one module may grow to.
const MAX_SIZE: usize = 100_000;
/// The most operations inside each other; what evaluates expressions later goes down as many levels.
const MAX_DEPTH: usize = 1000;

/// Writes the strands of modules, `strands[i]` being those of `modules[i]`, into their statements.
pub(super) fn expand(modules: &mut [Module], strands: &[Vec<Strand>]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if strands.iter().all(Vec::is_empty) {
        modules.iter_mut().for_each(without_strands);
        return problems;
    }
    let named = |(i, module): (usize, &Module)| (module.name.value.clone(), i);
    let by_name: BTreeMap<String, usize> = modules.iter().enumerate().map(named).collect();
    let world = World { modules, strands, by_name };
    let mut additions: Vec<Changes> = Vec::new();
    for (index, own) in strands.iter().enumerate() {
        let mut changes = Changes::default();
        if !own.is_empty()
            && let Err(problem) = world.changes(index, &mut changes)
        {
            problems.push(problem);
        }
        additions.push(changes);
    }
    for (module, changes) in modules.iter_mut().zip(additions) {
        changes.apply(module);
        without_strands(module);
    }
    problems
}

/// Zero for the `...` that is left.
fn without_strands(module: &mut Module) {
    for statement in &mut module.statements {
        match statement {
            Statement::Assign { value, .. } => upstream_is_zero(value),
            Statement::Reaction(Reaction { law: Some(law), .. }) => upstream_is_zero(law),
            Statement::Redefine { definition, .. } => {
                if let Statement::Reaction(Reaction { law: Some(law), .. }) = definition.as_mut() {
                    upstream_is_zero(law);
                }
            }
            Statement::Declare { items, .. } => {
                items
                    .iter_mut()
                    .filter_map(|item| item.value.as_mut())
                    .for_each(|(_, v)| upstream_is_zero(v));
            }
            _ => {}
        }
    }
}

fn upstream_is_zero(expr: &mut Expr) {
    let zero = number(0.0, expr.span);
    each_name(expr, &mut |kind, _| {
        if is_upstream(kind) {
            *kind = zero.kind.clone();
        }
    });
}

fn is_upstream(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Name(parts) if parts.len() == 1 && parts[0] == UPSTREAM)
}

fn number(value: f64, span: Span) -> Expr {
    Expr { kind: ExprKind::Number(value, None), span }
}

/// Calls `change` for every name of an expression; what it puts there is not looked into.
fn each_name(expr: &mut Expr, change: &mut dyn FnMut(&mut ExprKind, Span)) {
    match &mut expr.kind {
        ExprKind::Name(_) => change(&mut expr.kind, expr.span),
        ExprKind::Unary(_, inner) => each_name(inner, change),
        ExprKind::Binary(_, a, b) => {
            each_name(a, change);
            each_name(b, change);
        }
        ExprKind::Call(_, arguments) => arguments.iter_mut().for_each(|a| each_name(a, change)),
        _ => {}
    }
}

/// How many nodes an expression has, and how many inside each other.
fn extent(expr: &Expr) -> (usize, usize) {
    let inner: Vec<&Expr> = match &expr.kind {
        ExprKind::Unary(_, inner) => vec![inner],
        ExprKind::Binary(_, a, b) => vec![a, b],
        ExprKind::Call(_, arguments) => arguments.iter().collect(),
        _ => Vec::new(),
    };
    let all = inner.into_iter().map(extent);
    let (size, depth) = all.fold((0, 0), |(size, depth), (s, d)| (size + s, depth.max(d)));
    (size + 1, depth + 1)
}

fn refuse_too_long(formula: &Expr, span: Span) -> Result<(), Diagnostic> {
    let (size, depth) = extent(formula);
    if size <= MAX_SIZE && depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Diagnostic::error("limit/expression", "the formula of a DNA strand is too long")
        .at(span, "written out here")
        .hint("use `...` at most once in a formula, or give parts a name of their own"))
}

/// What is changed in a module.
#[derive(Default)]
struct Changes {
    /// Operators, which are rules, zero without a formula; and where the strand stands.
    rules: BTreeMap<Vec<String>, Span>,
    /// Genes, with their law.
    laws: BTreeMap<Vec<String>, Expr>,
    /// Genes of submodels, written anew in the names of the module.
    anew: Vec<Statement>,
}

impl Changes {
    fn apply(self, module: &mut Module) {
        let Changes { rules, mut laws, anew } = self;
        let mut said = BTreeSet::new();
        let mut is_rule = |parts: &Vec<String>, kind: &mut AssignKind| {
            if rules.contains_key(parts) {
                *kind = AssignKind::Rule;
                said.insert(parts.clone());
            }
        };
        for statement in &mut module.statements {
            match statement {
                Statement::Assign { target, kind, .. } => is_rule(&target.parts, kind),
                Statement::Declare { items, .. } => {
                    for item in items {
                        item.value.iter_mut().for_each(|(kind, _)| is_rule(&item.path.parts, kind));
                    }
                }
                Statement::Reaction(reaction) => {
                    let name = vec![reaction.name.value.clone()];
                    if let Some(law) = laws.remove(&name) {
                        reaction.law = Some(law);
                    }
                }
                _ => {}
            }
        }
        for (parts, span) in rules.into_iter().filter(|(parts, _)| !said.contains(parts)) {
            // Written as a sum of nothing: no value was given, which a number alone would also be at time zero.
            let nothing = ExprKind::Unary(UnaryOp::Plus, Box::new(number(0.0, span)));
            let (target, value) = (Path { parts, span }, Expr { kind: nothing, span });
            module.statements.push(Statement::Assign { target, kind: AssignKind::Rule, value });
        }
        // A gene that is only declared turns nothing into nothing.
        for (parts, law) in laws {
            let name = Spanned::new(parts.join("."), law.span);
            module.statements.push(Statement::Reaction(gene(name, Some(law))));
        }
        module.statements.extend(anew);
    }
}

fn gene(name: Spanned<String>, law: Option<Expr>) -> Reaction {
    Reaction {
        name,
        reactants: Vec::new(),
        products: Vec::new(),
        reversible: true,
        fast: false,
        law,
        compartment: None,
    }
}

/// A strand with its parts written out, in the names of some module.
#[derive(Clone)]
struct Row {
    name: Option<Vec<String>>,
    /// The submodels it stands in.
    home: Vec<String>,
    upstream: bool,
    downstream: bool,
    elements: Vec<Vec<String>>,
    /// It is part of another one.
    used: bool,
}

/// What an element is.
enum Element {
    Operator(Option<Expr>),
    Gene(Reaction),
}

struct World<'a> {
    modules: &'a [Module],
    strands: &'a [Vec<Strand>],
    by_name: BTreeMap<String, usize>,
}

impl World<'_> {
    fn changes(&self, index: usize, changes: &mut Changes) -> Result<(), Diagnostic> {
        let span = self.strands[index].first().map_or(self.modules[index].name.span, |s| s.span);
        let (rows, own) = self.rows(index, &mut Vec::new())?;
        let touched: BTreeSet<&Vec<String>> = own.iter().flat_map(|row| &rows[*row].elements).collect();
        let mut laws: BTreeMap<&Vec<String>, Expr> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.used) {
            let mut above: Option<Expr> = None;
            for path in &row.elements {
                let formula = match self.element(index, path) {
                    Element::Operator(formula) => formula,
                    Element::Gene(reaction) => reaction.law,
                };
                let upstream = above.take().unwrap_or_else(|| number(0.0, span));
                let said = says(formula, &upstream);
                refuse_too_long(&said, span)?;
                let sum = match laws.remove(path) {
                    None => said.clone(),
                    Some(before) => Expr {
                        span,
                        kind: ExprKind::Binary(BinaryOp::Add, Box::new(before), Box::new(said.clone())),
                    },
                };
                refuse_too_long(&sum, span)?;
                laws.insert(path, sum);
                above = Some(said);
            }
        }
        for path in touched {
            let law = laws.remove(path).unwrap_or_else(|| number(0.0, span));
            match self.element(index, path) {
                Element::Operator(_) if path.len() == 1 => {
                    changes.rules.insert(path.clone(), span);
                }
                Element::Operator(_) => {}
                Element::Gene(_) if path.len() == 1 => {
                    changes.laws.insert(path.clone(), law);
                }
                Element::Gene(mut reaction) => {
                    reaction.law = Some(law);
                    let submodel = Path { parts: path[..path.len() - 1].to_vec(), span };
                    let definition = Box::new(Statement::Reaction(reaction));
                    changes.anew.push(Statement::Redefine { submodel, definition });
                }
            }
        }
        Ok(())
    }

    /// All strands of a module and its submodels, in its names, and which of them are its own.
    fn rows(&self, index: usize, active: &mut Vec<usize>) -> Result<(Vec<Row>, Vec<usize>), Diagnostic> {
        let (mut rows, mut own) = (Vec::new(), Vec::new());
        // A module that contains itself is refused later.
        if active.contains(&index) {
            return Ok((rows, own));
        }
        active.push(index);
        for statement in &self.modules[index].statements {
            let Statement::Submodel { name, module, .. } = statement else { continue };
            let Some(inner) = self.by_name.get(&module.value) else { continue };
            let inside = |parts: &Vec<String>| [std::slice::from_ref(&name.value), parts].concat();
            for mut row in self.rows(*inner, active)?.0 {
                row.name = row.name.as_ref().map(inside);
                row.home = inside(&row.home);
                row.elements = row.elements.iter().map(inside).collect();
                rows.push(row);
            }
        }
        active.pop();
        for strand in &self.strands[index] {
            let row = self.row(index, strand, &mut rows)?;
            own.push(rows.len());
            rows.push(row);
        }
        Ok((rows, own))
    }

    /// A strand, which uses up those it is made of.
    fn row(&self, index: usize, strand: &Strand, rows: &mut [Row]) -> Result<Row, Diagnostic> {
        let mut elements = Vec::new();
        for (i, part) in strand.parts.iter().enumerate() {
            let named = rows.iter().position(|row| row.name.as_ref() == Some(&part.parts));
            let found = match named {
                Some(row) => Some(row),
                None if self.module_at(index, &part.parts).is_some() => {
                    let (above, below) = (i > 0, i + 1 < strand.parts.len());
                    Some(open_strand(rows, part, (above, below))?)
                }
                None => None,
            };
            let Some(row) = found.map(|row| &mut rows[row]) else {
                elements.push(part.parts.clone());
                continue;
            };
            self.refuse_conversion(index, &row.home, part)?;
            if std::mem::replace(&mut row.used, true) {
                let said = format!("`{}` is part of another DNA strand", part.parts.join("."));
                return Err(Diagnostic::error("strand/twice", said)
                    .at(part.span, "the second time")
                    .hint("a strand is part of one other; write its elements out for a copy"));
            }
            elements.extend(row.elements.iter().cloned());
        }
        Ok(Row {
            name: strand.name.as_ref().map(|name| vec![name.value.clone()]),
            home: Vec::new(),
            upstream: strand.upstream,
            downstream: strand.downstream,
            elements,
            used: false,
        })
    }

    /// The module of a submodel.
    fn module_at(&self, index: usize, parts: &[String]) -> Option<usize> {
        parts.iter().try_fold(index, |at, part| {
            self.modules[at].statements.iter().find_map(|statement| match statement {
                Statement::Submodel { name, module, .. } if name.value == *part => {
                    self.by_name.get(&module.value).copied()
                }
                _ => None,
            })
        })
    }

    /// Formulas do not keep their meaning where a submodel has a time of its own.
    fn refuse_conversion(&self, index: usize, home: &[String], part: &Path) -> Result<(), Diagnostic> {
        for (i, instance) in home.iter().enumerate() {
            let Some(at) = self.module_at(index, &home[..i]) else { continue };
            let converts = self.modules[at].statements.iter().any(|statement| {
                matches!(statement, Statement::Submodel { name, time_conversion, extent_conversion, .. }
                    if name.value == *instance && (time_conversion.is_some() || extent_conversion.is_some()))
            });
            if converts {
                let said = "not supported yet: a DNA strand of a submodel with conversion factors";
                return Err(Diagnostic::error("unsupported/dna", said)
                    .at(part.span, "refused here")
                    .hint("write the reactions out one by one"));
            }
        }
        Ok(())
    }

    /// What a module says of an element; nothing is said of an operator without a formula.
    fn element(&self, index: usize, path: &[String]) -> Element {
        let Some((last, home)) = path.split_last() else { return Element::Operator(None) };
        let Some(at) = self.module_at(index, home) else { return Element::Operator(None) };
        let mut found = Element::Operator(None);
        let is = |target: &Path| target.parts.len() == 1 && target.parts[0] == *last;
        for statement in &self.modules[at].statements {
            match statement {
                Statement::Reaction(reaction) if reaction.name.value == *last => {
                    found = Element::Gene(reaction.clone());
                }
                Statement::Assign { target, value, .. } if is(target) => {
                    found = Element::Operator(Some(value.clone()));
                }
                Statement::Declare { kind, items, .. } => {
                    for Declared { path, value, .. } in items.iter().filter(|item| is(&item.path)) {
                        match (kind, value, &found) {
                            (_, Some((_, value)), _) => found = Element::Operator(Some(value.clone())),
                            (Some(SymbolKind::Reaction), None, Element::Operator(None)) => {
                                found = Element::Gene(gene(Spanned::new(last.clone(), path.span), None));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        within(&mut found, home);
        found
    }
}

/// The strand that a submodel stands for: the only one that is open where something is attached.
fn open_strand(rows: &[Row], part: &Path, (above, below): (bool, bool)) -> Result<usize, Diagnostic> {
    let fits = |row: &Row| {
        row.home == part.parts && !row.used && (row.upstream || !above) && (row.downstream || !below)
    };
    let mut found = rows.iter().enumerate().filter(|(_, row)| fits(row)).map(|(i, _)| i);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (first, _) => {
            let many = if first.is_none() { "no open DNA strand" } else { "several open DNA strands" };
            let said = format!("submodel `{}` has {many}", part.parts.join("."));
            Err(Diagnostic::error("strand/open", said)
                .at(part.span, "which one is meant?")
                .hint("give the strand a name and write `A.name`; `--` at its end leaves it open there"))
        }
    }
}

/// What an element says below another.
fn says(formula: Option<Expr>, upstream: &Expr) -> Expr {
    let Some(mut formula) = formula else { return upstream.clone() };
    each_name(&mut formula, &mut |kind, _| {
        if is_upstream(kind) {
            *kind = upstream.kind.clone();
        }
    });
    formula
}

/// Puts the names of an element of a submodel into those of the outer module.
fn within(element: &mut Element, home: &[String]) {
    if home.is_empty() {
        return;
    }
    let rename = |expr: &mut Expr| {
        each_name(expr, &mut |kind, _| {
            if let ExprKind::Name(parts) = kind
                && !(parts.len() == 1 && (is_fixed(&parts[0]) || parts[0] == UPSTREAM))
            {
                *parts = [home, parts].concat();
            }
        });
    };
    match element {
        Element::Operator(formula) => formula.iter_mut().for_each(rename),
        Element::Gene(reaction) => {
            reaction.law.iter_mut().for_each(rename);
            let inside = |path: &mut Path| path.parts = [home, &path.parts].concat();
            for Participant { stoichiometry, species, .. } in
                reaction.reactants.iter_mut().chain(&mut reaction.products)
            {
                stoichiometry.iter_mut().for_each(rename);
                inside(species);
            }
            reaction.compartment.iter_mut().for_each(inside);
        }
    }
}
