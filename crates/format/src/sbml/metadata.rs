//! Annotations and notes.

use hepatica_model::model::Annotation;

use super::xml::Xml;
use crate::antimony::{MetadataKind, metadata_kind};

/// What is said about one element, sorted by where SBML puts it.
pub(super) struct Metadata<'m> {
    notes: Vec<&'m str>,
    resources: Vec<(&'static str, Vec<&'m str>)>,
    /// `SBO:0000009`
    pub(super) sbo_term: Option<&'m str>,
    metaid: String,
}

impl<'m> Metadata<'m> {
    /// Sorts the annotations of the element `id`.
    pub(super) fn of(annotations: &'m [Annotation], id: &str) -> Metadata<'m> {
        let mut found = Metadata {
            notes: Vec::new(),
            resources: Vec::new(),
            sbo_term: None,
            metaid: format!("meta_{id}"),
        };
        for annotation in annotations {
            let text = annotation.uri.as_str();
            match metadata_kind(&annotation.qualifier) {
                Some(MetadataKind::Notes) => found.notes.push(text),
                Some(MetadataKind::SboTerm) => found.sbo_term = Some(text),
                Some(MetadataKind::Resource(qualifier)) => found.resource(qualifier, text),
                Some(MetadataKind::History | MetadataKind::Other) | None => {}
            }
        }
        found
    }

    fn resource(&mut self, qualifier: &'static str, uri: &'m str) {
        match self.resources.iter_mut().find(|(known, _)| *known == qualifier) {
            Some((_, uris)) => uris.push(uri),
            None => self.resources.push((qualifier, vec![uri])),
        }
    }

    /// The identifier the annotation speaks about, when there is one.
    pub(super) fn metaid(&self) -> Option<&str> {
        (!self.resources.is_empty()).then_some(self.metaid.as_str())
    }

    /// Whether the element has content because of this.
    pub(super) fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.resources.is_empty()
    }

    /// The notes and the annotation inside the open element.
    pub(super) fn write(&self, xml: &mut Xml) {
        if !self.notes.is_empty() {
            xml.open("notes", &[]);
            xml.open("body", &[("xmlns", "http://www.w3.org/1999/xhtml")]);
            for note in &self.notes {
                xml.leaf("p", &[], note);
            }
            xml.close();
            xml.close();
        }
        if !self.resources.is_empty() {
            self.write_resources(xml);
        }
    }

    fn write_resources(&self, xml: &mut Xml) {
        let about = format!("#{}", self.metaid);
        xml.open("annotation", &[]);
        xml.open(
            "rdf:RDF",
            &[
                ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
                ("xmlns:bqbiol", "http://biomodels.net/biology-qualifiers/"),
                ("xmlns:bqmodel", "http://biomodels.net/model-qualifiers/"),
            ],
        );
        xml.open("rdf:Description", &[("rdf:about", &about)]);
        for (qualifier, uris) in &self.resources {
            xml.open(qualifier, &[]);
            xml.open("rdf:Bag", &[]);
            for uri in uris {
                xml.empty("rdf:li", &[("rdf:resource", uri)]);
            }
            xml.close();
            xml.close();
        }
        xml.close();
        xml.close();
        xml.close();
    }
}
