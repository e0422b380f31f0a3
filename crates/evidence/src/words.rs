//! The words an entry may use, each a closed list.

use hepatica_source::table::Problems;
use hepatica_source::{Diagnostic, Spanned, nearest};

macro_rules! words {
    ($(#[$about:meta])* $name:ident, $what:literal: $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [$name] = &[$($name::$variant),+];
            fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
    };
}

/// One of a closed list of words.
pub trait Word: Copy + Sized + 'static {
    /// What it is a word for, for messages.
    const WHAT: &'static str;
    /// Every word, in the order shown.
    const ALL: &'static [Self];
    /// The word as written.
    fn word(self) -> &'static str;

    /// The entry with this word.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|w| w.word() == word)
    }
}

words! {
    /// What a claim is.
    Kind, "kind of claim":
    /// A statement about the world.
    Fact = "fact",
    /// A number that was measured.
    Measurement = "measurement",
    /// What to do when.
    Rule = "rule",
    /// How something is done.
    Protocol = "protocol",
    /// What somebody advises.
    Recommendation = "recommendation",
    /// What acts on what.
    Pathway = "pathway",
    /// The steps of a piece of work.
    Workflow = "workflow",
    /// Numbers in rows.
    Table = "table",
    /// A list of sources.
    ReferenceList = "reference list",
    /// Names, dates, contacts and disclaimers.
    Notice = "notice",
}

impl Kind {
    /// Whether its numbers are catalogue numbers, dates and the like, which need not be listed one by one.
    pub fn is_boilerplate(self) -> bool {
        matches!(self, Kind::ReferenceList | Kind::Notice)
    }
}

words! {
    /// What came of looking at a claim.
    Status, "status of a claim":
    /// Another source or arithmetic agrees.
    Confirmed = "confirmed",
    /// Right in substance; what is wrong is put right.
    Corrected = "corrected",
    /// Another source or arithmetic disagrees.
    Contradicted = "contradicted",
    /// Nothing was found that decides it.
    Unverified = "unverified",
    /// Nothing the software could use or decide.
    OutOfScope = "out of scope",
}

words! {
    /// How grave an erratum of a source document is.
    Severity, "severity":
    /// It changes a decision or a safety limit.
    High = "high",
    /// It misleads.
    Medium = "medium",
    /// It is editorial.
    Low = "low",
}

words! {
    /// Who a claim concerns.
    Audience, "audience":
    /// Works on models, compounds or animals.
    Researcher = "researcher",
    /// Treats people.
    Clinician = "clinician",
    /// Learns.
    Student = "student",
}

words! {
    /// How far the entry itself is.
    Review, "review":
    /// Written down.
    Submitted = "submitted",
    /// Being looked at by a second reader.
    UnderReview = "under review",
    /// Looked at.
    Reviewed = "reviewed",
}

words! {
    /// What a reference is.
    ReferenceKind, "kind of reference":
    /// Recommendations of a society or an authority.
    Guideline = "guideline",
    /// A trial in people.
    Trial = "trial",
    /// The label of a product.
    Label = "label",
    /// People observed.
    Cohort = "cohort study",
    /// Concentrations over time in people.
    Pharmacokinetics = "pharmacokinetic study",
    /// Cells, enzymes or chemistry.
    Laboratory = "laboratory study",
    /// Animals.
    Animal = "animal study",
    /// Equations with constants.
    Model = "model",
    /// How something is measured or computed.
    Method = "method",
    /// A patent.
    Patent = "patent",
    /// A review of other work.
    Review = "review",
    /// A textbook or monograph.
    Textbook = "textbook",
    /// A page of the web.
    WebPage = "web page",
    /// One of the five documents the ledger answers for.
    SourceDocument = "source document",
    /// A norm.
    Standard = "standard",
    /// A table of data.
    DataSet = "data set",
    /// True because it was agreed or assumed here.
    Convention = "convention",
}

/// The entry of a word; an unknown one is reported with the nearest known.
pub(crate) fn read<W: Word>(
    text: &Spanned<String>,
    code: &'static str,
    problems: &mut Problems,
) -> Option<W> {
    let found = W::from_word(&text.value);
    if found.is_none() {
        let known = W::ALL.iter().map(|w| w.word());
        let hint = match nearest(&text.value, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", known.collect::<Vec<_>>().join(", ")),
        };
        problems.push(
            Diagnostic::error(code, format!("`{}` is no {}", text.value, W::WHAT))
                .at(text.span, "not known")
                .hint(hint),
        );
    }
    found
}
