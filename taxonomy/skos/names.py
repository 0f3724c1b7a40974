"""The property and class names that the SKOS codecs know, written once."""

from taxonomy.skos.values import LABEL_KINDS, MATCH_KINDS, NOTE_KINDS, LabelKind

SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCT = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
CC = "http://creativecommons.org/ns#"
ISO_THES = "http://purl.org/iso25964/skos-thes#"

TYPE = RDF + "type"
VALUE = RDF + "value"
SUBCLASS_OF = RDFS + "subClassOf"
SUBPROPERTY_OF = RDFS + "subPropertyOf"
RDFS_LABEL = RDFS + "label"
CONCEPT = SKOS + "Concept"
SCHEME = SKOS + "ConceptScheme"
IN_SCHEME = SKOS + "inScheme"
TOP_CONCEPT_OF = SKOS + "topConceptOf"
HAS_TOP_CONCEPT = SKOS + "hasTopConcept"
BROADER = SKOS + "broader"
NARROWER = SKOS + "narrower"
RELATED = SKOS + "related"
NOTATION = SKOS + "notation"
DEPRECATED = OWL + "deprecated"
REPLACED_BY = DCT + "isReplacedBy"
LITERAL_FORM = SKOSXL + "literalForm"
TITLE = DCT + "title"
LICENCE = DCT + "license"
SOURCE = DCT + "source"
DESCRIPTION = DCT + "description"
COLLECTION = SKOS + "Collection"
ORDERED_COLLECTION = SKOS + "OrderedCollection"
MEMBER = SKOS + "member"
MEMBER_LIST = SKOS + "memberList"
FIRST = RDF + "first"
REST = RDF + "rest"
NIL = RDF + "nil"

LABEL_OF: dict[LabelKind, str] = {kind: f"{SKOS}{kind}Label" for kind in LABEL_KINDS}
KIND_OF_LABEL: dict[str, LabelKind] = {iri: kind for kind, iri in LABEL_OF.items()}
KIND_OF_XL_LABEL: dict[str, LabelKind] = {f"{SKOSXL}{kind}Label": kind for kind in LABEL_KINDS}
KIND_OF_NOTE = {SKOS + kind: kind for kind in NOTE_KINDS}
KIND_OF_MATCH = {SKOS + kind: kind for kind in MATCH_KINDS}

# Where a scheme's title may stand, best first: publishers agree on no single property.
TITLE_PROPERTIES = (TITLE, LABEL_OF["pref"], RDFS_LABEL, DC + "title")
LICENCE_PROPERTIES = (LICENCE, CC + "license", DCT + "rights", DC + "rights")
SOURCE_PROPERTIES = (SOURCE, DC + "source")

# ISO 25964 refinements of skos:broader and skos:narrower, used without a declaration in the file.
REFINEMENTS = {
    ISO_THES + "broaderGeneric": BROADER,
    ISO_THES + "broaderPartitive": BROADER,
    ISO_THES + "broaderInstantial": BROADER,
    ISO_THES + "narrowerGeneric": NARROWER,
    ISO_THES + "narrowerPartitive": NARROWER,
    ISO_THES + "narrowerInstantial": NARROWER,
}

# Classes of groups of concepts; those of ISO 25964 are below skos:Collection.
COLLECTIONS = {
    COLLECTION,
    ORDERED_COLLECTION,
    ISO_THES + "ConceptGroup",
    ISO_THES + "ThesaurusArray",
}

# Resources of these classes carry labels and links without being concepts.
NOT_CONCEPTS = {
    SCHEME,
    SKOSXL + "Label",
    *COLLECTIONS,
}
