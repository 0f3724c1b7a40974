"""Annotations at our borders: W3C and Open Annotation JSON to values and back, checked and kept whole."""

from annotation.webanno.building import ConceptBody, build, written_time
from annotation.webanno.dumps import Found, annotations_in
from annotation.webanno.modelresults import model_results
from annotation.webanno.openannotation import from_oa, is_oa, to_oa
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
    "OUR_CONTEXT",
    "PREFIX",
    "Agent",
    "Body",
    "ConceptBody",
    "Found",
    "ModelResult",
    "Problem",
    "Reading",
    "Target",
    "annotations_in",
    "build",
    "for_plugins",
    "from_oa",
    "from_plugins",
    "is_oa",
    "kept",
    "model_results",
    "read",
    "texts",
    "to_oa",
    "validate",
    "written_time",
]
