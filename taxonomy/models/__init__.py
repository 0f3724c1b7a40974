"""Vocabularies in SKOS terms: concepts, labels in any language, notes, relations, and a log of changes."""

from taxonomy.models.collections import ConceptCollection
from taxonomy.models.concepts import Concept, Label, Note, Proposal, Relation
from taxonomy.models.groupings import Grouping
from taxonomy.models.imports import ImportFinding, VocabularyImport
from taxonomy.models.matching import MatchCandidate, MatchRun
from taxonomy.models.vocabularies import (
    Vocabulary,
    VocabularyChange,
    VocabularyUserObjectPermission,
    VocabularyVersion,
)

__all__ = [
    "Concept",
    "ConceptCollection",
    "Grouping",
    "ImportFinding",
    "Label",
    "MatchCandidate",
    "MatchRun",
    "Note",
    "Proposal",
    "Relation",
    "Vocabulary",
    "VocabularyChange",
    "VocabularyImport",
    "VocabularyUserObjectPermission",
    "VocabularyVersion",
]
