"""Why the settings of a question, or an answer to it, cannot be taken: in a shape that a page can show."""


class QuestionError(ValueError):
    """A refusal that names its place, its kind and what to do.

    `pointer` is a JSON Pointer (RFC 6901) into what was handed in, `code` is stable and machine-readable,
    `sentence` is English for people; `values` are the numbers and names in it, so that it can be said again
    in another language from the code.
    """

    def __init__(self, pointer: str, code: str, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.pointer = pointer
        self.code = code
        self.sentence = sentence
        self.values = values


class ConfigError(QuestionError):
    """The settings of a question make no sense."""


class AnswerError(QuestionError):
    """An answer is malformed, contradicts itself, or says what the question does not allow."""
