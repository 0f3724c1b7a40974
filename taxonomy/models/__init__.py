"""Vocabularies in SKOS terms: concepts, labels in any language, notes, relations, and a log of changes."""

from taxonomy.models.concepts import Concept, Label, Note, Proposal, Relation
from taxonomy.models.groupings import Grouping
from taxonomy.models.matching import MatchCandidate, MatchRun
from taxonomy.models.vocabularies import (
    Vocabulary,
    VocabularyChange,
    VocabularyImport,
    VocabularyUserObjectPermission,
    VocabularyVersion,
)

__all__ = [
    "Concept",
    "Grouping",
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
