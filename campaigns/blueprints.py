"""Built-in templates of campaigns: the settings of two common ones, to be changed before the draft is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Settings as `create_campaign` takes them, without vocabulary and address; texts by language."""

    name: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    instructions: Mapping[str, str]
    question_kind: str
    question: Mapping[str, Any]
    overlap: int = 3
    retirement: tuple[Mapping[str, Any], ...] = field(default=())

    def settings(self) -> dict[str, Any]:
        return {
            "title": dict(self.title),
            "summary": dict(self.summary),
            "instructions": dict(self.instructions),
            "question_kind": self.question_kind,
            "question": dict(self.question),
            "overlap": self.overlap,
            "retirement": [dict(one) for one in self.retirement],
        }


BLUEPRINTS = {
    one.name: one
    for one in (
        Blueprint(
            name="species-boxes",
            title={"en": "Which species is that?", "fr": "Quelle espèce est-ce ?"},
            summary={
                "en": "Draw a box around every animal and plant, and name it as exactly as you are sure.",
                "fr": "Tracez un cadre autour de chaque animal et de chaque plante, et nommez-les aussi précisément que"
                " vous le pouvez sans deviner.",
            },
            instructions={
                "en": "- One box for each animal or plant, close around what is visible of it.\n"
                "- Name what you are sure of: *bird* is better than a guess at *kingfisher*.\n"
                "- Ornament that shows no living thing gets no box.\n",
                "fr": "- Un cadre par animal ou plante, au plus près de ce qu’on en voit.\n"
                "- Nommez ce qui est certain : *oiseau* vaut mieux qu’un *martin-pêcheur* deviné.\n"
                "- Un ornement qui ne montre rien de vivant ne reçoit pas de cadre.\n",
            },
            question_kind="locate",
            question={
                "prompt": {
                    "en": "Draw a box around every animal and plant.",
                    "fr": "Tracez un cadre autour de chaque animal et de chaque plante.",
                },
                "required_label": False,
                "coarser_counts": True,
            },
            overlap=5,
            retirement=({"rule": "agreement", "people": 3, "likeness": 0.8},),
        ),
        Blueprint(
            name="scribe-tags",
            title={"en": "Which hand wrote this?", "fr": "Quelle main a écrit ceci ?"},
            summary={
                "en": "Look at the whole page and say whose hand it is.",
                "fr": "Regardez toute la page et dites de quelle main elle est.",
            },
            instructions={
                "en": "- Compare letters that you meet often: *g*, *d*, *r*, and how words end.\n"
                "- If two hands wrote the page, give both.\n"
                "- If you cannot tell, skip: somebody else gets the page.\n",
                "fr": "- Comparez les lettres fréquentes : *g*, *d*, *r*, et la fin des mots.\n"
                "- Si deux mains ont écrit la page, donnez les deux.\n"
                "- Si vous ne savez pas, passez : quelqu’un d’autre aura la page.\n",
            },
            question_kind="tag",
            question={
                "prompt": {"en": "Which hand wrote this page?", "fr": "Quelle main a écrit cette page ?"},
                "many": True,
            },
            overlap=5,
            retirement=({"rule": "agreement", "people": 3, "likeness": 0.8},),
        ),
    )
}
