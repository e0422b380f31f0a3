//! XML text -> a tree of places in the text.
//!
//! A node holds no text of its own, only where it stands, so that a document costs little more than its length.
//! Notes, messages and drawings are stepped over. A document type declaration is refused: it is the way by which a short
//! text becomes a long one, and SBML has none.

use std::ops::Range;

use hepatica_source::{Diagnostic, FileId, Problems, Span};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::space::{Space, Spaces};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 2000;
/// How many elements and texts a document may have.
const MAX_NODES: usize = 500_000;
/// How many namespaces may be in force in one place.
const MAX_SPACES: usize = 1000;

/// A piece of the text.
pub(super) type Place = Range<u32>;

/// A node of a [`Tree`]; node 0 is the root element.
pub(super) type NodeId = u32;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An element of a vocabulary.
    Element(Space),
    /// Text that is not blank.
    Text,
}

/// An element or a text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The local name of an element, or the text.
    pub(super) name: Place,
    /// The start tag of an element, or the text.
    pub(super) place: Place,
    /// Indices of attributes.
    pub(super) attributes: Range<u32>,
    /// The first child; 0 for none, as the root is no child.
    pub(super) first: NodeId,
    /// The next sibling; 0 for none.
    pub(super) next: NodeId,
}

/// An attribute as written.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// Of an attribute without prefix: that of SBML itself.
    pub(super) space: Space,
    pub(super) name: Place,
    /// The value before entities are replaced.
    pub(super) value: Place,
}

/// A document; empty when the text had no root element.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) file: FileId,
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<Attribute>,
}

impl Tree {
    /// A document without elements.
    pub(super) fn empty(file: FileId) -> Tree {
        Tree { file, nodes: Vec::new(), attributes: Vec::new() }
    }
}

/// Reads a document as far as it is well formed.
pub(super) fn read(text: &str, file: FileId, diagnostics: &mut Problems) -> Tree {
    let mut builder = Builder { text, tree: Tree::empty(file), open: Vec::new(), spaces: Spaces::default() };
    if let Err(problem) = builder.document() {
        diagnostics.push(*problem);
    }
    builder.tree
}

/// An element whose end has not come yet.
struct Open {
    node: NodeId,
    last_child: NodeId,
}

struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    open: Vec<Open>,
    spaces: Spaces,
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

impl Builder<'_> {
    fn document(&mut self) -> Outcome<()> {
        // The reader steps over a byte order mark without counting it.
        let text = self.text.trim_start_matches('\u{feff}');
        let mark = self.text.len() - text.len();
        let mut reader = Reader::from_str(text);
        loop {
            let start = mark + reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| {
                let at = mark + reader.error_position() as usize;
                self.problem("xml/syntax", error.to_string(), at, "here")
            })?;
            let place = start as u32..(mark + reader.buffer_position() as usize) as u32;
            match event {
                Event::Start(tag) => {
                    if self.begin(&tag, place)? {
                        reader.read_to_end(tag.name()).map_err(|error| {
                            self.problem("xml/syntax", error.to_string(), start, "in this element")
                        })?;
                        self.end();
                    }
                }
                Event::Empty(tag) => {
                    self.begin(&tag, place)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(_) => self.piece(place)?,
                Event::GeneralRef(reference) => {
                    let known = reference.is_char_ref()
                        || matches!(reference.as_ref(), "lt" | "gt" | "amp" | "quot" | "apos");
                    if !known {
                        return Err(self.entity(reference.as_ref(), start));
                    }
                    self.piece(place)?;
                }
                Event::CData(_) => {
                    let inner = place.start + "<![CDATA[".len() as u32..place.end - "]]>".len() as u32;
                    self.piece(inner)?;
                }
                Event::DocType(_) => {
                    return Err(self
                        .problem(
                            "xml/doctype",
                            "a document type declaration is refused",
                            start,
                            "SBML has none",
                        )
                        .map_hint("remove the declaration and write out what its entities stand for"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        match self.open.last() {
            Some(open) => {
                let at = self.tree.nodes[open.node as usize].place.start as usize;
                Err(self.problem("xml/syntax", "an element has no end", at, "begins here"))
            }
            None if self.tree.nodes.is_empty() => {
                Err(self.problem("xml/empty", "the document has no element", 0, "nothing here"))
            }
            None => Ok(()),
        }
    }

    /// Opens an element; true when its content says nothing about a simulation and is to be stepped over.
    fn begin(&mut self, tag: &BytesStart<'_>, place: Place) -> Outcome<bool> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("elements are nested more than {MAX_DEPTH} deep");
            return Err(self.problem("limit/xml", message, place.start as usize, "too deep"));
        }
        let first = self.tree.attributes.len() as u32;
        self.spaces.open();
        let mut written = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                self.problem("xml/attribute", error.to_string(), place.start as usize, "in this element")
            })?;
            let (key, value) = (attribute.key.as_ref(), attribute.value.as_ref());
            let value = self.place_of(value, &place);
            let raw = &self.text[value.start as usize..value.end as usize];
            if raw.contains('&')
                && let Err(error) = quick_xml::escape::unescape(raw)
            {
                return Err(self.problem(
                    "xml/entity",
                    error.to_string(),
                    value.start as usize,
                    "in this value",
                ));
            }
            match key.strip_prefix("xmlns") {
                Some("") => self.spaces.declare("", raw),
                Some(prefix) if prefix.starts_with(':') => self.spaces.declare(&prefix[1..], raw),
                _ => written.push((self.place_of(key, &place), value)),
            }
        }
        if self.spaces.len() > MAX_SPACES {
            let message = format!("more than {MAX_SPACES} namespaces are declared");
            return Err(self.problem("limit/xml", message, place.start as usize, "too many"));
        }
        for (key, value) in written {
            let name = &self.text[key.start as usize..key.end as usize];
            let (space, skip) = match name.split_once(':') {
                Some((prefix, _)) => (self.spaces.find(prefix), prefix.len() as u32 + 1),
                None => (Space::Core, 0),
            };
            self.tree.attributes.push(Attribute { space, name: key.start + skip..key.end, value });
        }
        let full = tag.name();
        let name = self.place_of(full.as_ref(), &place);
        let (prefix, skip) = match full.as_ref().split_once(':') {
            Some((prefix, _)) => (prefix, prefix.len() as u32 + 1),
            None => ("", 0),
        };
        let space = self.spaces.find(prefix);
        let name = name.start + skip..name.end;
        let local = &self.text[name.start as usize..name.end as usize];
        let skipped = space.is_drawing() || (space == Space::Core && matches!(local, "notes" | "message"));
        let attributes = first..self.tree.attributes.len() as u32;
        let node =
            self.add(Node { kind: Kind::Element(space), name, place, attributes, first: 0, next: 0 })?;
        self.open.push(Open { node, last_child: 0 });
        Ok(skipped)
    }

    fn end(&mut self) {
        self.open.pop();
        self.spaces.close();
    }

    /// Text inside an element, unless it is blank.
    fn piece(&mut self, place: Place) -> Outcome<()> {
        let blank = self.text[place.start as usize..place.end as usize].trim().is_empty();
        if blank || self.open.is_empty() {
            return Ok(());
        }
        let node = Node { kind: Kind::Text, name: place.clone(), place, attributes: 0..0, first: 0, next: 0 };
        self.add(node).map(|_| ())
    }

    fn add(&mut self, node: Node) -> Outcome<NodeId> {
        if self.tree.nodes.len() >= MAX_NODES {
            let message = format!("the document has more than {MAX_NODES} elements");
            return Err(self.problem("limit/xml", message, node.place.start as usize, "not read further"));
        }
        let id = self.tree.nodes.len() as NodeId;
        match self.open.last_mut() {
            Some(Open { node: parent, last_child }) => {
                match *last_child {
                    0 => self.tree.nodes[*parent as usize].first = id,
                    last => self.tree.nodes[last as usize].next = id,
                }
                *last_child = id;
            }
            None if id != 0 => {
                return Err(self.problem(
                    "xml/syntax",
                    "a document has one outermost element",
                    node.place.start as usize,
                    "a second one",
                ));
            }
            None => {}
        }
        self.tree.nodes.push(node);
        Ok(id)
    }

    /// Where a piece that the reader handed out stands; the element it belongs to when it was copied.
    fn place_of(&self, piece: &str, within: &Place) -> Place {
        let offset = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        match offset.checked_add(piece.len()).filter(|end| *end <= self.text.len()) {
            Some(end) => offset as u32..end as u32,
            None => within.clone(),
        }
    }

    fn entity(&self, name: &str, at: usize) -> Box<Diagnostic> {
        self.problem("xml/entity", format!("`&{name};` is not known"), at, "only the five of XML are read")
    }

    fn problem(
        &self,
        code: &'static str,
        message: impl Into<String>,
        at: usize,
        label: &str,
    ) -> Box<Diagnostic> {
        let at = at.min(self.text.len());
        Box::new(Diagnostic::error(code, message).at(Span::new(self.tree.file, at, at + 1), label))
    }
}

/// Adds a hint to a boxed diagnostic.
trait MapHint {
    fn map_hint(self, hint: &str) -> Self;
}

impl MapHint for Box<Diagnostic> {
    fn map_hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_string());
        self
    }
}
