"""Who reads French has the workbench's texts on their way with the page; who reads English has them in the scripts."""

import pytest

pytestmark = pytest.mark.django_db


def link(client, campaign, language: str) -> str:
    page = client.get(f"/campaigns/{campaign.slug}/work/", headers={"accept-language": language})
    return page.headers.get("Link", "")


def test_the_texts_of_a_language_come_beside_the_scripts(desk, campaign):
    french = link(desk, campaign, "fr-CA,fr;q=0.9")
    address, _, relation = french.partition("; ")
    assert relation == "rel=modulepreload"
    assert address.startswith("</static/workbench/assets/fr-")
    assert link(desk, campaign, "en") == ""
