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


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A simulated volunteer: skill from 0 (careless) to 1 (expert), and how eager next to the others."""

    name: str
    skill: float
    eagerness: int


# As in real crowds a few do most of the work, and those who come back have learned it.
VOLUNTEERS = (
    Volunteer("Aldegonde", 0.99, 12),
    Volunteer("Barnabé", 0.99, 10),
    Volunteer("Clémence", 0.98, 9),
    Volunteer("Dunstan", 0.98, 8),
    Volunteer("Eloïse", 0.97, 7),
    Volunteer("Fulbert", 0.97, 6),
    Volunteer("Gisèle", 0.96, 5),
    Volunteer("Hrotsvit", 0.94, 4),
    Volunteer("Isidore", 0.9, 4),
    Volunteer("Juette", 0.8, 3),
    Volunteer("Kenelm", 0.6, 2),
    Volunteer("Liutgard", 0.35, 2),
)


def assemble() -> tuple[dict[str, User], list[tuple[User, Volunteer]]]:
    """Everybody, made once: those with a login by user name, and the simulated ones as they are."""
    with transaction.atomic():
        people = {login.username: _person(login) for login in LOGINS}
        volunteers = [(_simulated(volunteer.name), volunteer) for volunteer in VOLUNTEERS]
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
