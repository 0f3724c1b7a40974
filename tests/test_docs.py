"""The documentation can fail: what it names is there, and what must be named is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from campaigns.formats import FORMATS
from campaigns.predictors import KINDS as PREDICTORS
from campaigns.questions import KINDS as QUESTIONS
from campaigns.statistics import TABLES
from taxonomy.authorities import AUTHORITIES

ROOT = Path(settings.ROOT)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = "config|frontend|campaigns|annotation|taxonomy|work|accounts|fetch|problems|tests|docs|benchmarks|deploy|scripts"
# What stands for a parameter of an address: a UUID unless it is one of these.
SPECIMENS = {"slug": "a-slug", "name": "a-file.csv", "number": "1", "version": "1", "table": "people"}
AN_ID = str(UUID(int=1))
pages = pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def prose(document: Path) -> str:
    """The text without fenced code, in which anything may stand."""
    return re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def in_code(document: Path) -> list[str]:
    """What stands between backticks, in one line or across two."""
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose(document))]


# --- what must be named ---


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("questions.md", QUESTIONS),
        ("formats.md", FORMATS),
        ("predictors.md", PREDICTORS),
        ("statistics.md", TABLES),
    ],
)
def test_every_registered_kind_has_a_heading_and_no_other(name: str, registered: dict[str, object]) -> None:
    headings = re.findall(r"^## `([^`]+)`$", (ROOT / "docs" / name).read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(registered)


def test_every_authority_has_its_row_and_no_other() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/authorities.md").read_text(), re.MULTILINE)
    assert rows == list(AUTHORITIES)


def read_by_settings() -> Iterator[str]:
    """The names of variables that `config/settings.py` reads, however it does so."""
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            if ast.unparse(node.func) in {"os.environ.get", "os.getenv", "_flag", "_words", "_required"}:
                yield str(node.args[0].value)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield str(ast.literal_eval(node.slice))


def test_every_variable_that_the_settings_read_is_documented() -> None:
    read = set(read_by_settings())
    assert {"RUBRICATOR_DATA", "RUBRICATOR_POOL", "DATABASE_URL", "RUBRICATOR_HOSTS"} <= read
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    assert read - set(documented) == set()


def test_every_variable_of_compose_is_documented() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert {name for name in used if f"`{name}`" not in (ROOT / "docs/configuration.md").read_text()} == set()


def test_every_setting_of_a_predictor_and_question_is_documented() -> None:
    for name, kinds in (("predictors.md", PREDICTORS), ("questions.md", QUESTIONS)):
        sections = (ROOT / "docs" / name).read_text().split("\n## ")[1:]
        for kind, section in zip(
            re.findall(r"`(\w+)`", " ".join(s[:30] for s in sections)), sections, strict=True
        ):
            defaults = kinds[kind].DEFAULTS  # type: ignore[attr-defined]
            assert [key for key in defaults if f"`{key}`" not in section] == [], kind


# --- what is named must be there ---


@pages
def test_addresses_lead_somewhere(document: Path) -> None:
    for code in in_code(document):
        address = code.partition(" ")[2] if re.match(r"(GET|POST|PATCH|PUT|DELETE) /", code) else code
        if not re.fullmatch(r"/[a-z0-9][^\s]*", address) or address.startswith(("/shapes/", "/steps/")):
            continue
        path = re.sub(r"<(\w+)>", lambda found: SPECIMENS.get(found[1], AN_ID), address.partition("?")[0])
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{address} is no address of this site")


@pages
def test_variables_are_read_somewhere(document: Path) -> None:
    code = "\n".join(
        path.read_text()
        for folder in ROOMS.split("|")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts and path != Path(__file__)
    )
    named = set(re.findall(r"\bRUBRICATOR_[A-Z_]+\b", document.read_text()))
    assert {name for name in named if f'"{name}"' not in code} == set()


@pages
def test_commands_exist(document: Path) -> None:
    text = document.read_text()
    commands = set(re.findall(r"\bmanage\.py ([a-z_]+)", text))
    assert commands - set(get_commands()) == set()
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z]+)`|^    make ([a-z]+)", prose(document), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


@pages
def test_files_exist(document: Path) -> None:
    named = {code for code in in_code(document) if re.fullmatch(rf"({ROOMS})/[\w./-]*", code)}
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pages
def test_tests_exist(document: Path) -> None:
    """A test is named as `tests/…/test_x.py::test_name`, with or without the parameters in brackets."""
    named = {code.partition("[")[0] for code in in_code(document) if re.match(r"tests/\S+\.py::", code)}
    missing = set()
    for name in named:
        file, _colons, function = name.partition("::")
        tree = ast.parse((ROOT / file).read_text()) if (ROOT / file).exists() else ast.Module([], [])
        if function not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            missing.add(name)
    assert missing == set()


def test_every_page_of_a_standard_is_in_the_index_and_shows_tests() -> None:
    there = {page.name for page in (ROOT / "docs" / "standards").glob("*.md")}
    index = (ROOT / "docs" / "standards.md").read_text()
    assert there
    assert set(re.findall(r"\]\(standards/([\w-]+\.md)\)", index)) == there
    for name in there:
        assert "tests/" in prose(ROOT / "docs" / "standards" / name), name


@pages
def test_links_lead_somewhere(document: Path) -> None:
    """Links between pages; the picture of the README is made by a person and not looked for."""
    targets = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)[^)]*\)", prose(document))
    here = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in here if not (document.parent / target).exists()] == []
