//! The declaration of a network: things, steps between them, and what speeds a step up or slows it down.

use hepatica_source::Status;

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A thing that flows: a rounded box.
    Pool,
    /// A quantity that no flow changes: a box with square corners.
    Quantity,
    /// A step between pools: a small square without a label.
    Step,
}

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// Something goes from one to the other: an arrow.
    Flow,
    /// More of the one, more of the other: a line with a circle.
    Promotes,
    /// More of the one, less of the other: a line with a bar.
    Inhibits,
    /// One acts on the other, in either direction: a line with a diamond.
    Acts,
}

/// A node of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub(crate) label: String,
    pub(crate) detail: String,
    pub(crate) shape: Shape,
    pub(crate) status: Option<Status>,
    pub(crate) gains: bool,
    pub(crate) loses: bool,
}

impl Node {
    /// A node. A label may say where it is in brackets at its end.
    pub fn new(shape: Shape, label: impl Into<String>) -> Self {
        let (label, detail) = (label.into(), String::new());
        Self { label, detail, shape, status: None, gains: false, loses: false }
    }

    /// What is shown when somebody points at it.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = text.into();
        self
    }

    /// Its standing, which decides its colour.
    #[must_use]
    pub fn status(mut self, status: Option<Status>) -> Self {
        self.status = status;
        self
    }
}

/// A line between two nodes, by their positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) link: Link,
    pub(crate) status: Option<Status>,
}

/// Nodes and links, drawn in layers from top to bottom. The same declaration gives the same picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    pub(crate) nodes: Vec<Node>,
    pub(crate) lines: Vec<Line>,
}

impl Network {
    /// A network without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node; gives its position.
    pub fn node(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds a link between the nodes at two positions; one to a node that is not there, from a node to itself or
    /// said before is left out.
    pub fn link(&mut self, from: usize, to: usize, link: Link, status: Option<Status>) {
        let known = from.max(to) < self.nodes.len() && from != to;
        let said = self.lines.iter().any(|l| (l.from, l.to, l.link) == (from, to, link));
        if known && !said {
            self.lines.push(Line { from, to, link, status });
        }
    }

    /// Marks that the node at a position comes from outside, or goes there, at a pace that nothing drawn decides: a
    /// short arrow in or out.
    pub fn mark(&mut self, node: usize, gains: bool, loses: bool) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.gains |= gains;
            node.loses |= loses;
        }
    }

    /// Whether it has no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The width in pixels at which a figure of this network alone is drawn at full size.
    pub fn width(&self) -> f64 {
        crate::draw_network::natural_width(self)
    }
}
