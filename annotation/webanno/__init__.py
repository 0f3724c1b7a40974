"""Annotations at our borders: W3C and Open Annotation JSON to values and back, checked and kept whole."""

from annotation.webanno.building import ConceptBody, TextBody, build, written_time
from annotation.webanno.canvasnames import canvas_variants, manifest_variants, retargeted
from annotation.webanno.corners import corners_in
from annotation.webanno.dumps import NOTHING_SAID, Found, Item, Link, Listed, Stray, annotations_in, contents
from annotation.webanno.modelresults import machine_of, model_results, scope_note, structured
from annotation.webanno.openannotation import from_oa, is_oa, to_oa
from annotation.webanno.pieces import BrokenJson, Piece, pieces
from annotation.webanno.preparing import Prepared, prepare
from annotation.webanno.reading import read, texts
from annotation.webanno.simpleserver import for_plugins, from_plugins, kept
from annotation.webanno.terms import CONTEXT, EXTENSIONS, MEDIA_FRAGMENTS, NAMESPACE, OUR_CONTEXT, PREFIX
from annotation.webanno.validation import validate
from annotation.webanno.values import Agent, Body, ModelResult, Problem, Reading, Target

__all__ = [
    "CONTEXT",
    "EXTENSIONS",
    "MEDIA_FRAGMENTS",
    "NAMESPACE",
    "NOTHING_SAID",
    "OUR_CONTEXT",
    "PREFIX",
    "Agent",
    "Body",
    "BrokenJson",
    "ConceptBody",
    "Found",
    "Item",
    "Link",
    "Listed",
    "ModelResult",
    "Piece",
    "Prepared",
    "Problem",
    "Reading",
    "Stray",
    "Target",
    "TextBody",
    "annotations_in",
    "build",
    "canvas_variants",
    "contents",
    "corners_in",
    "for_plugins",
    "from_oa",
    "from_plugins",
    "is_oa",
    "kept",
    "machine_of",
    "manifest_variants",
    "model_results",
    "pieces",
    "prepare",
    "read",
    "retargeted",
    "scope_note",
    "structured",
    "texts",
    "to_oa",
    "validate",
    "written_time",
]
