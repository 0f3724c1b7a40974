"""The people of the demonstration: three with logins to try, and volunteers that are marked as simulated."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User

PASSWORD = "rubricator-demo"  # noqa: S105 - printed on purpose: the demonstration is for one's own machine


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to sign in as."""

    username: str
    pseudonym: str
    is_curator: bool
    what: str


LOGINS = (
    Login("curator", "Camille", is_curator=True, what="runs the campaigns, reviews, releases"),
    Login("volunteer", "Victor", is_curator=False, what="draws and tags"),
    Login("engineer", "Emi", is_curator=False, what="runs models, downloads releases"),
)

# Name and skill (0 careless to 1 expert) of the simulated volunteers.
VOLUNTEERS = (
    ("Aldegonde", 0.95), ("Barnabé", 0.92), ("Clémence", 0.9), ("Dunstan", 0.88), ("Eloïse", 0.85), ("Fulbert", 0.82),
    ("Gisèle", 0.8), ("Hrotsvit", 0.78), ("Isidore", 0.7), ("Juette", 0.65), ("Kenelm", 0.5), ("Liutgard", 0.35),
)  # fmt: skip


def assemble() -> tuple[dict[str, User], list[tuple[User, float]]]:
    """Everybody, made once: those with a login by user name, and the simulated ones with their skill."""
    with transaction.atomic():
        people = {login.username: _person(login) for login in LOGINS}
        volunteers = [(_simulated(name), skill) for name, skill in VOLUNTEERS]
    return people, volunteers


def _person(login: Login) -> User:
    user, created = User.objects.get_or_create(
        username=login.username,
        defaults={
            "email": f"{login.username}@example.org",
            "pseudonym": login.pseudonym,
            "is_curator": login.is_curator,
            "language": "en",
        },
    )
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def _simulated(name: str) -> User:
    defaults = {"pseudonym": f"{name} (simulated)", "is_simulated": True}
    user, created = User.objects.get_or_create(username=f"simulated-{name.lower()}", defaults=defaults)
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
