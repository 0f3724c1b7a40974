"""The pieces of SQL by which tables name things in the reader's language."""

# Of a IIIF language map in `{label}`: the reader's language, English, none, whatever there is, else `{otherwise}`.
_LABEL = """
coalesce({label}->%(language)s->>0, {label}->'en'->>0, {label}->'none'->>0,
         (SELECT value->>0 FROM jsonb_each(CASE jsonb_typeof({label}) WHEN 'object' THEN {label} ELSE '{{}}' END)
           LIMIT 1), {otherwise})
"""


def named(label: str, otherwise: str) -> str:
    """The text of a language map, by the names of its column and of the column that stands in for it."""
    return _LABEL.format(label=label, otherwise=otherwise).strip()


# The preferred label of the concept `n`: the reader's language before English before any other.
CONCEPT = """
coalesce((SELECT text FROM taxonomy_label
           WHERE concept_id = n.id AND kind = 'pref'
           ORDER BY language <> %(language)s, language <> 'en', language LIMIT 1), n.uri)
""".strip()
