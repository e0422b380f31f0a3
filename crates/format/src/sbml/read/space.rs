//! Which vocabulary an element or attribute belongs to.

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// SBML without packages; also attributes without prefix.
    Core,
    /// MathML.
    Math,
    /// A package of SBML Level 3.
    Package(Package),
    /// Resource descriptions, in annotations.
    Rdf,
    /// The BioModels.net qualifiers about biology.
    Bqbiol,
    /// The BioModels.net qualifiers about models.
    Bqmodel,
    /// Anything else.
    Other,
}

/// A package of SBML Level 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Package {
    Comp,
    Distrib,
    Fbc,
    Qual,
    Multi,
    Spatial,
    Arrays,
    Dyn,
    Groups,
    Layout,
    Render,
    ExtendedMath,
    Unknown,
}

const PACKAGES: &[(&str, Package)] = &[
    ("comp", Package::Comp),
    ("distrib", Package::Distrib),
    ("fbc", Package::Fbc),
    ("qual", Package::Qual),
    ("multi", Package::Multi),
    ("spatial", Package::Spatial),
    ("arrays", Package::Arrays),
    ("dyn", Package::Dyn),
    ("groups", Package::Groups),
    ("layout", Package::Layout),
    ("render", Package::Render),
    ("l3v2extendedmath", Package::ExtendedMath),
];

impl Space {
    /// The vocabulary of a namespace.
    pub(super) fn of(uri: &str) -> Space {
        if let Some(rest) = uri.strip_prefix("http://www.sbml.org/sbml/level") {
            // `2`, `2/version4`, `3/version1/core`, `3/version1/comp/version1`
            let mut parts = rest.split('/');
            return match (parts.next(), parts.next(), parts.next()) {
                (_, _, None | Some("core")) => Space::Core,
                (_, _, Some(name)) => {
                    let known = PACKAGES.iter().find(|(known, _)| *known == name);
                    Space::Package(known.map_or(Package::Unknown, |(_, package)| *package))
                }
            };
        }
        match uri {
            "http://www.w3.org/1998/Math/MathML" => Space::Math,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Space::Rdf,
            "http://biomodels.net/biology-qualifiers/" => Space::Bqbiol,
            "http://biomodels.net/model-qualifiers/" => Space::Bqmodel,
            // Level 2 puts layouts into annotations under namespaces of their own.
            _ => Space::Other,
        }
    }

    /// Whether it only says how a model is drawn or grouped.
    pub(super) fn is_drawing(self) -> bool {
        matches!(self, Space::Package(Package::Layout | Package::Render | Package::Groups))
    }
}

/// The namespaces in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Spaces {
    declared: Vec<(usize, String, Space)>,
    depth: usize,
}

impl Spaces {
    /// Enters an element.
    pub(super) fn open(&mut self) {
        self.depth += 1;
    }

    /// Leaves an element.
    pub(super) fn close(&mut self) {
        while self.declared.last().is_some_and(|(depth, ..)| *depth == self.depth) {
            self.declared.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// A declaration in the element entered last.
    pub(super) fn declare(&mut self, prefix: &str, uri: &str) {
        self.declared.push((self.depth, prefix.to_string(), Space::of(uri)));
    }

    /// How many declarations are in force.
    pub(super) fn len(&self) -> usize {
        self.declared.len()
    }

    /// What a prefix means; `Other` for one that was not declared.
    pub(super) fn find(&self, prefix: &str) -> Space {
        let found = self.declared.iter().rev().find(|(_, known, _)| known == prefix);
        found.map_or(Space::Other, |(.., space)| *space)
    }
}
