//! Access to the elements of a document.

use std::borrow::Cow;

use hepatica_source::{SourceMap, Span};
use quick_xml::escape::unescape;

use super::space::{Package, Space};
use super::tree::{Attribute, Kind, NodeId, Place, Tree};

/// A document with its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document<'t> {
    pub(super) tree: &'t Tree,
    pub(super) text: &'t str,
}

impl<'t> Document<'t> {
    /// A document of a source map.
    pub(super) fn new(tree: &'t Tree, map: &'t SourceMap) -> Self {
        Document { tree, text: map.text(tree.file) }
    }

    /// The outermost element.
    pub(super) fn root(self) -> Option<Element<'t>> {
        (!self.tree.nodes.is_empty()).then_some(Element { document: self, id: 0 })
    }

    fn slice(self, place: &Place) -> &'t str {
        self.text.get(place.start as usize..place.end as usize).unwrap_or("")
    }

    fn span(self, place: &Place) -> Span {
        Span::new(self.tree.file, place.start as usize, place.end as usize)
    }
}

/// An element of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'t> {
    pub(super) document: Document<'t>,
    pub(super) id: NodeId,
}

/// The value of an attribute and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Value<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) span: Span,
}

impl<'t> Element<'t> {
    fn node(self) -> &'t super::tree::Node {
        &self.document.tree.nodes[self.id as usize]
    }

    /// The local name.
    pub(super) fn name(self) -> &'t str {
        self.document.slice(&self.node().name)
    }

    /// The vocabulary it belongs to.
    pub(super) fn space(self) -> Space {
        match self.node().kind {
            Kind::Element(space) => space,
            Kind::Text => Space::Other,
        }
    }

    /// Whether it is an element of SBML itself with this name.
    pub(super) fn is(self, name: &str) -> bool {
        self.space() == Space::Core && self.name() == name
    }

    /// Whether it is an element of a package with this name.
    pub(super) fn is_of(self, package: Package, name: &str) -> bool {
        self.space() == Space::Package(package) && self.name() == name
    }

    /// The start tag.
    pub(super) fn span(self) -> Span {
        self.document.span(&self.node().place)
    }

    /// The elements directly inside.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'t>> {
        self.nodes().filter(|child| child.node().kind != Kind::Text)
    }

    fn nodes(self) -> impl Iterator<Item = Element<'t>> {
        let document = self.document;
        let first = self.node().first;
        let mut at = first;
        std::iter::from_fn(move || {
            if at == 0 {
                return None;
            }
            let element = Element { document, id: at };
            at = element.node().next;
            Some(element)
        })
    }

    /// The first element of SBML itself of this name directly inside.
    pub(super) fn child(self, name: &str) -> Option<Element<'t>> {
        self.children().find(|child| child.is(name))
    }

    /// The elements inside the list of this name, such as `listOfSpecies`, of SBML itself.
    pub(super) fn list(self, name: &'static str) -> impl Iterator<Item = Element<'t>> {
        let lists = self.children().filter(move |child| child.is(name));
        lists.flat_map(|list| list.children().filter(|item| item.space() == Space::Core))
    }

    /// The elements inside the list of this name of a package.
    pub(super) fn list_of(self, package: Package, name: &'static str) -> impl Iterator<Item = Element<'t>> {
        let lists = self.children().filter(move |child| child.is_of(package, name));
        lists
            .flat_map(move |list| list.children().filter(move |item| item.space() == Space::Package(package)))
    }

    /// The texts directly inside, one per piece between elements.
    pub(super) fn texts(self) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for node in self.nodes() {
            match node.node().kind {
                Kind::Text => {
                    let raw = self.document.slice(&node.node().place);
                    let text = unescape(raw).map_or(raw.to_string(), Cow::into_owned);
                    if let Some(last) = pieces.last_mut() {
                        last.push_str(&text);
                    }
                }
                Kind::Element(_) => pieces.push(String::new()),
            }
        }
        pieces.iter().map(|piece| piece.trim().to_string()).collect()
    }

    /// All text directly inside, without the blanks around it.
    pub(super) fn text(self) -> String {
        self.texts().concat()
    }

    fn attributes(self) -> &'t [Attribute] {
        let range = &self.node().attributes;
        &self.document.tree.attributes[range.start as usize..range.end as usize]
    }

    /// An attribute without prefix.
    pub(super) fn attribute(self, name: &str) -> Option<Value<'t>> {
        self.attribute_of(Space::Core, name)
    }

    /// An attribute of a vocabulary.
    pub(super) fn attribute_of(self, space: Space, name: &str) -> Option<Value<'t>> {
        let found =
            self.attributes().iter().find(|a| a.space == space && self.document.slice(&a.name) == name)?;
        let raw = self.document.slice(&found.value);
        Some(Value {
            text: unescape(raw).unwrap_or(Cow::Borrowed(raw)),
            span: self.document.span(&found.value),
        })
    }

    /// An attribute of a package, which may be written with or without its prefix inside the package's elements.
    pub(super) fn package_attribute(self, package: Package, name: &str) -> Option<Value<'t>> {
        let prefixed = self.attribute_of(Space::Package(package), name);
        prefixed.or_else(|| self.attribute(name).filter(|_| self.space() == Space::Package(package)))
    }

    /// Whether two elements are the same place of the same text.
    pub(super) fn is_same(self, other: Element<'_>) -> bool {
        self.id == other.id && self.document.tree.file == other.document.tree.file
    }

    /// The packages whose `required` attribute is true in this element.
    pub(super) fn required_packages(self) -> Vec<Package> {
        let required = self.attributes().iter().filter(|attribute| {
            let truth = self.document.slice(&attribute.value);
            self.document.slice(&attribute.name) == "required" && matches!(truth.trim(), "true" | "1")
        });
        let package = |attribute: &Attribute| match attribute.space {
            Space::Package(package) => Some(package),
            Space::Other => Some(Package::Unknown),
            _ => None,
        };
        required.filter_map(package).collect()
    }
}
