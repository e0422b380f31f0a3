//! Where a rule comes from and how firmly it stands.

/// How firmly a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Found in the source that is cited.
    Sourced,
    /// Common knowledge of the field; the cited text was not at hand to check it.
    General,
    /// Doubtful, or sources differ; shown so that nobody takes it for a rule.
    Unconfirmed,
}

impl Standing {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Sourced => "sourced",
            Standing::General => "general knowledge",
            Standing::Unconfirmed => "unconfirmed",
        }
    }
}

/// A citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Guideline, label or study with its year.
    pub cite: &'static str,
    /// How firmly it carries what is said.
    pub standing: Standing,
}

impl Source {
    /// A statement found in the text cited.
    pub const fn sourced(cite: &'static str) -> Source {
        Source { cite, standing: Standing::Sourced }
    }

    /// A statement of common knowledge, attributed to the text cited.
    pub const fn general(cite: &'static str) -> Source {
        Source { cite, standing: Standing::General }
    }

    /// A statement in doubt.
    pub const fn unconfirmed(cite: &'static str) -> Source {
        Source { cite, standing: Standing::Unconfirmed }
    }
}
