"""Vocabularies to test with: imported from a few lines, by a curator."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from taxonomy.actions import start_vocabulary_import
from taxonomy.authorities import AUTHORITIES, aat, gbif, gnd, iconclass, wikidata
from taxonomy.models import Vocabulary, VocabularyImport
from tests.taxonomy.fakes import Fake, serving
from work.actions import run_job

CLEFS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://example.org/clefs/> .
<https://example.org/clefs> a skos:ConceptScheme ; skos:prefLabel "Clefs"@en, "Clés"@fr ;
    skos:hasTopConcept :clef .
:clef a skos:Concept ; skos:topConceptOf <https://example.org/clefs> ; skos:prefLabel "clef"@en, "clef"@fr .
:g a skos:Concept ; skos:broader :clef ; skos:notation "G" ;
    skos:prefLabel "G clef"@en, "clef de sol"@fr ; skos:altLabel "treble clef"@en, "clé de sol"@fr ;
    skos:scopeNote "Curls around the line of G."@en .
:f a skos:Concept ; skos:broader :clef ; skos:notation "F" ;
    skos:prefLabel "F clef"@en, "clef de fa"@fr ; skos:altLabel "bass clef"@en, "Bassschlüssel"@de .
:c a skos:Concept ; skos:broader :clef ; skos:notation "C" ;
    skos:prefLabel "C clef"@en, "clef d’ut"@fr ; skos:hiddenLabel "aleto cleff"@en .
:tenor a skos:Concept ; skos:broader :c ; skos:prefLabel "tenor clef"@en, "clef d’ut quatrième"@fr .
"""

Importer = Callable[..., VocabularyImport]


@pytest.fixture
def bring(owner: User) -> Importer:
    """Import a file as Olga and do the job: `bring(text, "clefs.ttl")`."""

    def do(content: str | bytes = CLEFS, name: str = "clefs.ttl", **options: Any) -> VocabularyImport:
        raw = content if isinstance(content, bytes) else content.encode()
        known = {"slug": "", "title": {}, "by": owner, "apply": True, **options}
        record = start_vocabulary_import(SimpleUploadedFile(name, raw), **known)
        assert record.job is not None
        run_job(str(record.job.pk))
        return VocabularyImport.objects.select_related("job", "vocabulary").get(pk=record.pk)

    return do


@pytest.fixture
def clefs(bring: Importer) -> Vocabulary:
    vocabulary = bring().vocabulary
    assert vocabulary is not None
    return vocabulary


@pytest.fixture
def elsewhere(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """Every authority on loopback instead of far away, with an empty cache of answers."""
    with serving() as server:
        settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [server.authority]
        settings.RUBRICATOR_RECONCILIATION = {
            "Terms of Nowhere": f"{server.url}/any",
            "Terms to Come": f"{server.url}/draft",
        }
        url = server.url
        for name, make in {
            "wikidata": lambda: wikidata.authority(f"{url}/w/api.php", url),
            "gbif": lambda: gbif.authority(f"{url}/v1"),
            "aat": lambda: aat.authority(f"{url}/aat/"),
            "gnd": lambda: gnd.authority(f"{url}/gnd/"),
            "iconclass": lambda: iconclass.authority(url),
        }.items():
            monkeypatch.setitem(AUTHORITIES, name, make)
        cache.clear()
        yield server
