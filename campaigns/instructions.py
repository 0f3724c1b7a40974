"""Markdown that curators write, made into HTML that is safe to show to everybody."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
# A path of ours, a place on the page, or a full address. `//host` and `/\host` would leave the site unseen.
_LINK = re.compile(r"(?:https?://[^\s\\/]|mailto:|/(?![/\\])|#)[^\s\\]*", re.IGNORECASE)
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render_markdown(text: str) -> str:
    """HTML of a small set of tags: no images, scripts, styles or classes; headings begin at h2."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _lower_heading(token)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def render_languages(texts: dict[str, str]) -> dict[str, str]:
    """Each language's Markdown as HTML."""
    return {language: render_markdown(text) for language, text in texts.items()}


def _lower_heading(token: Token) -> None:
    """The page has its own h1; anything deeper than h4 becomes h4."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(4, int(token.tag[1]) + 1)}"


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.fullmatch(value) else None
    return value
