"""The pages for everybody: who sees what, in which language, and with how many queries."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.actions import close_campaign, pause_campaign
from campaigns.models import Campaign, Release
from campaigns.permissions import decide
from frontend.plates import finished_page
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released
from tests.frontend.pages import page, queries

# --- without anything -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "name",
    ["home", "about", "privacy", "campaign-list", "release-list", "account_login", "account_signup",
     "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
     "account_email_verification_sent", "account_inactive"],
)  # fmt: skip
def test_every_open_page_stands_on_an_empty_site(client: Client, db: None, name: str, language: str) -> None:
    seen = page(client, reverse(name), language=language)
    assert "<h1" in seen.html
    assert len(re.findall(r"<title>\S", seen.html)) == 1


def test_home_without_a_campaign_is_still_an_invitation(client: Client, db: None) -> None:
    seen = page(client, "/")
    assert 'data-testid="no-campaign"' in seen.html
    assert "The desks are empty for now" in seen.words
    assert reverse("campaign-new") not in seen.html


def test_home_between_campaigns_shows_what_was_read_before(
    client: Client, make_campaign: CampaignMaker, owner: User
) -> None:
    close_campaign(make_campaign(title={"en": "Long over"}), by=owner)
    make_campaign("draft", open_it=False, title={"en": "A secret draft"})
    for person in (None, owner):
        if person:
            client.force_login(person)
        words = page(client, "/").words
        assert "Long over" in words[words.index("The desks are empty for now") :]
        assert "A secret draft" not in words


def test_a_curator_is_asked_to_start_the_first_campaign(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert reverse("campaign-new") in page(client, "/").html
    assert reverse("source-import") in page(client, reverse("campaign-list")).html


def test_empty_lists_say_what_will_come(client: Client, stranger: User) -> None:
    assert "Nothing has been released yet" in page(client, reverse("release-list")).words
    client.force_login(stranger)
    assert "Nothing handed in yet" in page(client, reverse("profile")).words
    assert "No token yet" in page(client, reverse("token-list")).words


@pytest.mark.parametrize("name", ["profile", "token-list", "account_email", "account_change_password"])
def test_my_pages_ask_to_sign_in(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "name", ["profile", "token-list", "account_email", "account_change_password", "account_logout"]
)
def test_my_pages_stand(client: Client, stranger: User, name: str, language: str) -> None:
    stranger.language = language
    stranger.save()
    client.force_login(stranger)
    assert "<h1" in page(client, reverse(name), language=language).html


def test_the_error_page_speaks_the_readers_language(client: Client, db: None) -> None:
    seen = page(client, "/campaigns/nowhere/", status=404, language="fr")
    assert "Il n’y a rien ici" in seen.words
    assert "Il n’y a pas de campagne à cette adresse" in seen.words
    assert "Il n’y a rien à cette adresse" in page(client, "/nowhere", status=404, language="fr").words


# --- one click to the first image -----------------------------------------------------------------


def test_a_visitor_is_one_click_from_the_first_image(client: Client, make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(allows_anonymous=True)
    work = reverse("campaign-work", args=[campaign.slug])
    assert page(client, "/").link("start") == work
    assert page(client, reverse("campaign", args=[campaign.slug])).link("start") == work
    bench = page(client, work)
    assert 'api="/api/v1/campaigns/clefs/"' in bench.html
    assert f'home-url="{reverse("campaign", args=[campaign.slug])}"' in bench.html
    assert f'login-url="{reverse("account_login")}?next={work}"' in bench.html
    assert " preview>" not in bench.html


def test_what_is_asked_stands_on_the_page_before_the_script_runs(
    client: Client, make_campaign: CampaignMaker
) -> None:
    prompt = {"en": "Draw every clef.", "fr": "Encadrez chaque clef."}
    instructions = {"en": "Only *whole* ones <script>.", "fr": "Seulement les *entières*."}
    question = {"prompt": prompt}
    campaign = make_campaign(allows_anonymous=True, question=question, instructions=instructions)
    work = reverse("campaign-work", args=[campaign.slug])
    english, french = page(client, work), page(client, work, language="fr")
    assert "Fetching the next image… Draw every clef. Only whole ones <script>." in english.words
    assert "<em>whole</em> ones &lt;script&gt;" in english.html
    assert "L’image suivante arrive… Encadrez chaque clef. Seulement les entières ." in french.words


def test_where_an_account_is_needed_the_way_leads_through_signing_in(
    client: Client, campaign: Campaign
) -> None:
    address, work = reverse("campaign", args=[campaign.slug]), reverse("campaign-work", args=[campaign.slug])
    seen = page(client, address)
    assert seen.link("start") is None
    assert seen.link("sign-in") == f"{reverse('account_login')}?next={work}"
    assert client.get(work)["Location"].startswith(reverse("account_login"))


def test_somebody_signed_in_starts_at_once(client: Client, campaign: Campaign, stranger: User) -> None:
    client.force_login(stranger)
    work = reverse("campaign-work", args=[campaign.slug])
    assert page(client, reverse("campaign", args=[campaign.slug])).link("start") == work
    assert f'person="{stranger.pk}"' in page(client, work).html


@pytest.mark.parametrize("step", [pause_campaign, close_campaign])
def test_a_campaign_that_rests_says_so(
    client: Client, campaign: Campaign, owner: User, step: Callable
) -> None:
    step(campaign, by=owner)
    campaign.refresh_from_db()
    seen = page(client, reverse("campaign", args=[campaign.slug]))
    assert seen.link("start") is None
    assert 'data-testid="not-open"' in seen.html
    client.force_login(owner)
    assert (
        decide(owner, campaign, "contribute").reason
        in page(client, reverse("campaign", args=[campaign.slug])).words
    )


def test_the_preview_hands_nothing_in(client: Client, make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign(open_it=False)
    client.force_login(owner)
    assert re.search(
        r"<rubricator-workbench[^>]* preview>",
        page(client, reverse("campaign-preview", args=[campaign.slug])).html,
    )


# --- who sees what --------------------------------------------------------------------------------


def test_drafts_are_seen_by_their_people_only(
    client: Client, make_campaign: CampaignMaker, owner: User, stranger: User
) -> None:
    campaign = make_campaign(open_it=False, title={"en": "A secret draft"})
    for person, seen in [(None, False), (stranger, False), (owner, True)]:
        if person:
            client.force_login(person)
        assert ("A secret draft" in page(client, reverse("campaign-list")).words) is seen
        assert "A secret draft" not in page(client, "/").words
        page(client, reverse("campaign", args=[campaign.slug]), status=200 if seen else 404)


def test_the_tools_of_those_who_run_it_are_theirs(
    client: Client, campaign: Campaign, owner: User, stranger: User
) -> None:
    dashboard = reverse("campaign-dashboard", args=[campaign.slug])
    client.force_login(stranger)
    assert dashboard not in page(client, reverse("campaign", args=[campaign.slug])).html
    client.force_login(owner)
    assert dashboard in page(client, reverse("campaign", args=[campaign.slug])).html


def test_texts_come_in_the_readers_language(client: Client, make_campaign: CampaignMaker) -> None:
    make_campaign(
        summary={"en": "Find them.", "fr": "Trouvez-les."},
        instructions={"en": "Look **well**.", "fr": "Regardez **bien**."},
    )
    seen = page(client, reverse("campaign", args=["clefs"]), language="fr")
    assert "Dessinez chaque clef" in seen.words
    assert "Trouvez-les." in seen.words
    assert "Regardez <strong>bien</strong>." in seen.html
    assert "Find them." not in seen.words


def test_open_campaigns_come_first(client: Client, make_campaign: CampaignMaker, owner: User) -> None:
    over = make_campaign("over", title={"en": "Long over"})
    close_campaign(over, by=owner)
    make_campaign("now", title={"en": "Open now"})
    make_campaign("rests", title={"en": "Resting"}, open_it=False)
    client.force_login(owner)
    words = page(client, reverse("campaign-list")).words
    assert words.index("Open now") < words.index("Resting") < words.index("Long over")


# --- what has been released -----------------------------------------------------------------------


@pytest.fixture(params=[True])
def release(
    request: pytest.FixtureRequest, campaign: Campaign, owner: User, clef: Callable[[str], Concept]
) -> Release:
    """The first page of the campaign, decided and released: an F clef and a G clef. Public unless asked otherwise."""
    both = located([(ONE, clef("F")), (TWO, clef("G"))]), located([(ONE, clef("F")), (TWO, clef("G"))])
    answer(campaign, {0: [*both, located([(ONE, clef("F")), (TWO, clef("G"))])]})
    merge(campaign)
    assert decide_everything(campaign, owner) == 1
    return released(campaign, owner, note="The first page.", is_public=request.param)


@pytest.mark.django_db(transaction=True)
def test_the_release_says_what_is_in_it(client: Client, release: Release) -> None:
    seen = page(client, reverse("release", args=[release.pk]))
    assert "The first page." in seen.words
    assert "F clef" in seen.words
    for file in release.files.all():
        address = reverse("release-file", args=[release.pk, file.name])
        assert address in seen.html
        assert file.sha256 in seen.html
        assert client.get(address).status_code == 200
    assert "clef de fa" in page(client, reverse("release", args=[release.pk]), language="fr").words
    assert "release 1" in page(client, reverse("release-list")).words
    assert "release 1" in page(client, "/").words


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("release", [False], indirect=True)
def test_what_is_not_public_is_shown_to_its_people_only(
    client: Client, release: Release, owner: User, stranger: User
) -> None:
    for person, status in [(None, 404), (stranger, 404), (owner, 200)]:
        if person:
            client.force_login(person)
        page(client, reverse("release", args=[release.pk]), status=status)
        assert ("release 1" in page(client, reverse("release-list")).words) is (status == 200)
        assert "release 1" not in page(client, "/").words
        assert 'class="box"' not in page(client, reverse("campaign", args=["clefs"])).html


@pytest.mark.django_db(transaction=True)
def test_the_invitation_shows_a_released_page_and_none_that_is_still_asked(
    client: Client, release: Release, campaign: Campaign
) -> None:
    shown = finished_page(campaign, "fr")
    assert shown is not None
    assert [(mark.x, mark.y, mark.w, mark.h) for mark in sorted(shown.marks, key=lambda mark: mark.y)] == [
        ONE,
        TWO,
    ]
    assert {key.label for key in shown.legend} == {"clef de fa", "clef de sol"}
    assert {key.letter for key in shown.legend} == {"1", "2"}, (
        "initials that do not tell apart become numbers"
    )
    html = page(client, reverse("campaign", args=[campaign.slug])).html
    assert html.count('class="box"') == 2


# --- my page --------------------------------------------------------------------------------------


def test_settings_are_kept_and_the_page_follows_the_language(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    response = client.post(reverse("profile"), {"pseudonym": "Stella", "language": "fr"})
    assert response.status_code == 302
    stranger.refresh_from_db()
    assert (stranger.pseudonym, stranger.language) == ("Stella", "fr")
    assert "Mes contributions" in page(client, reverse("profile"), language="fr").words


def test_a_token_is_shown_once(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    address = reverse("token-list")
    html = client.post(address, {"name": "notebook", "scopes": ["read"]}).content.decode()
    secret = re.search(r'data-testid="secret">(rub_[\w-]+)<', html)
    assert secret
    again = page(client, address)
    assert "notebook" in again.words
    assert secret[1] not in again.html
    token = stranger.api_tokens.get()
    assert client.post(reverse("token-revoke", args=[token.pk])).status_code == 302
    assert "revoked" in page(client, address).words


def test_a_refusal_stands_beside_its_field_in_the_readers_language(client: Client, stranger: User) -> None:
    stranger.language = "fr"
    stranger.save()
    client.force_login(stranger)
    data = {"name": "x", "scopes": ["read"], "expires_at": "2001-01-01T00:00"}
    response = client.post(reverse("token-list"), data)
    assert response.status_code == 422
    assert "Le jeton serait déjà expiré." in response.content.decode()


# --- messages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "A new password"), ("fr", "Un nouveau mot de passe")]
)
def test_a_forgotten_password_is_replaced_by_mail(
    client: Client, stranger: User, mailoutbox: list[EmailMessage], language: str, subject: str
) -> None:
    headers = {"Accept-Language": language}
    response = client.post(reverse("account_reset_password"), {"email": stranger.email}, headers=headers)
    assert response.status_code == 302
    (message,) = mailoutbox
    assert subject in message.subject
    link = re.search(r"http://testserver(/\S+)", message.body)
    assert link
    form = client.get(link[1], follow=True, headers=headers)
    assert subject in form.content.decode()
    address = form.redirect_chain[-1][0]
    done = client.post(
        address, {"password1": "a quiet scriptorium", "password2": "a quiet scriptorium"}, follow=True
    )
    assert done.status_code == 200
    assert stranger.check_password("correct horse battery")
    stranger.refresh_from_db()
    assert stranger.check_password("a quiet scriptorium"), done.content.decode()
    assert client.get(link[1], follow=True, headers=headers).status_code == 200


def test_an_unknown_address_is_answered_alike(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert response["Location"] == reverse("account_reset_password_done")
    (message,) = mailoutbox
    assert "no account here has this address" in message.body


# --- queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/campaigns/"])
def test_thirty_campaigns_cost_as_many_queries_as_three(
    client: Client, make_campaign: CampaignMaker, address: str
) -> None:
    for number in range(3):
        make_campaign(f"c{number}", pages=1)
    few = queries(client, address)
    for number in range(3, 30):
        make_campaign(f"c{number}", pages=1)
    assert queries(client, address) == few <= 8


def test_a_campaign_page_costs_the_same_for_two_tasks_and_forty(
    client: Client, make_campaign: CampaignMaker, stranger: User
) -> None:
    make_campaign("small", pages=2)
    make_campaign("large", pages=40)
    client.force_login(stranger)
    small = queries(client, reverse("campaign", args=["small"]))
    assert queries(client, reverse("campaign", args=["large"])) == small <= 12


@pytest.mark.django_db(transaction=True)
def test_a_released_campaign_page_stays_cheap(client: Client, release: Release) -> None:
    assert queries(client, reverse("campaign", args=["clefs"])) <= 14
    assert queries(client, reverse("release", args=[release.pk])) <= 6
