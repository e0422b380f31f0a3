//! The declaration of a page: sections of blocks.

use crate::figure::Figure;
use crate::prose::Prose;
use crate::table::Table;

/// A key figure: a large value and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) detail: Prose,
}

impl Card {
    /// A value as text, as [`number`](crate::number) writes it, and its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), detail: Prose::new() }
    }

    /// Smaller text below: a comparison, an interval, a badge.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Prose>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// How urgent a callout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callout {
    /// Something to know.
    Note,
    /// Something that limits what may be concluded.
    Warning,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Heading(String),
    Paragraph(Prose),
    List(Vec<Prose>),
    Figure(Box<Figure>),
    Table(Table),
    Cards(Vec<Card>),
    Callout(Callout, Prose),
    Definitions(Vec<(String, Prose)>),
    Code(String),
    StatusLegend,
    Fold(String, Blocks),
}

/// A sequence of blocks: the content of a section or of a fold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    pub(crate) blocks: Vec<Block>,
}

impl Blocks {
    /// No blocks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a heading below that of the section.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.with(Block::Heading(text.into()))
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn paragraph(self, text: impl Into<Prose>) -> Self {
        self.with(Block::Paragraph(text.into()))
    }

    /// Adds a list with bullets.
    #[must_use]
    pub fn list<P: Into<Prose>>(self, items: impl IntoIterator<Item = P>) -> Self {
        self.with(Block::List(items.into_iter().map(Into::into).collect()))
    }

    /// Adds a figure.
    #[must_use]
    pub fn figure(self, figure: Figure) -> Self {
        self.with(Block::Figure(Box::new(figure)))
    }

    /// Adds a table.
    #[must_use]
    pub fn table(self, table: Table) -> Self {
        self.with(Block::Table(table))
    }

    /// Adds a row of key figures.
    #[must_use]
    pub fn cards(self, cards: impl IntoIterator<Item = Card>) -> Self {
        self.with(Block::Cards(cards.into_iter().collect()))
    }

    /// Adds a paragraph that stands out.
    #[must_use]
    pub fn callout(self, kind: Callout, text: impl Into<Prose>) -> Self {
        self.with(Block::Callout(kind, text.into()))
    }

    /// Adds terms with their definitions.
    #[must_use]
    pub fn definitions<P: Into<Prose>>(self, terms: impl IntoIterator<Item = (String, P)>) -> Self {
        self.with(Block::Definitions(terms.into_iter().map(|(term, text)| (term, text.into())).collect()))
    }

    /// Adds text of a fixed width, kept as it is.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.with(Block::Code(text.into()))
    }

    /// Adds the meaning of all badges.
    #[must_use]
    pub fn status_legend(self) -> Self {
        self.with(Block::StatusLegend)
    }

    /// Adds blocks that unfold on demand; in print they are open.
    #[must_use]
    pub fn fold(self, summary: impl Into<String>, blocks: Blocks) -> Self {
        self.with(Block::Fold(summary.into(), blocks))
    }

    fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }
}

/// A self-contained page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub(crate) title: String,
    pub(crate) lead: Prose,
    pub(crate) sections: Vec<(String, Blocks)>,
    pub(crate) footer: Vec<Prose>,
}

impl Page {
    /// A page without sections.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lead: Prose::new(), sections: Vec::new(), footer: Vec::new() }
    }

    /// The paragraph below the title.
    #[must_use]
    pub fn lead(mut self, text: impl Into<Prose>) -> Self {
        self.lead = text.into();
        self
    }

    /// Adds a section; it gets an anchor and a line in the table of contents.
    #[must_use]
    pub fn section(mut self, title: impl Into<String>, blocks: Blocks) -> Self {
        self.sections.push((title.into(), blocks));
        self
    }

    /// Adds a line at the end of the page.
    #[must_use]
    pub fn footer(mut self, text: impl Into<Prose>) -> Self {
        self.footer.push(text.into());
        self
    }

    /// The page as one HTML file: no script is needed, nothing is loaded from elsewhere, and a content security
    /// policy forbids it. The same page gives the same bytes.
    #[must_use]
    pub fn html(&self) -> String {
        crate::page_html::document(self)
    }
}
