"""Mistakes in what the operator wrote, in words: the key, and what was expected there. Values are never repeated."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.platforms import PLATFORMS

if TYPE_CHECKING:
    from bot.config import Config


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of the operator's: `where` (a key, a file, a variable) and `what` was expected there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ConfigMistakes(Exception):
    """All mistakes found, in the order in which they were found. Exit status 2.

    rest: the settings with defaults in place of the mistakes. Only good for finding more mistakes.
    """

    def __init__(self, problems: list[Problem], rest: "Config | None" = None) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
        self.rest = rest


def describe(detail: ErrorDetails, where: str, model: type[BaseModel], tagged: bool = False) -> Problem:
    """What pydantic found in the table `where` of type `model`; `tagged`: in a union told apart by platform."""
    path = [str(part) for part in detail["loc"]]
    if tagged and path and path[0] in PLATFORMS:
        path = path[1:]
    key = ".".join([where, *path])
    if detail["type"] == "extra_forbidden":
        return unknown_key(key, path[-1], _fields_at(model, path[:-1]))
    if detail["type"] == "union_tag_invalid":
        key += ".platform"
    return Problem(key, _expectation(detail))


def _sub_fields(fields: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    annotation = fields[name].annotation if name in fields else None
    return annotation.model_fields if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _fields_at(model: type[BaseModel], path: list[str]) -> tuple[str, ...]:
    fields: Mapping[str, Any] = model.model_fields
    for part in path:
        fields = _sub_fields(fields, part) or {}
    return tuple(fields)


def unknown_key(key: str, name: str, known: tuple[str, ...]) -> Problem:
    """A key that nobody reads, with the likely one named."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean `{close[0]}`?" if close else "known here: " + ", ".join(known)
    return Problem(key, f"unknown key; {hint}")


_ANY_PLATFORM = " or ".join(f'"{name}"' for name in PLATFORMS)
_TYPES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
}


def _expectation(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return f"expected {context['error']}"
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"expected {context['expected']}"
    if kind == "union_tag_invalid":
        return f"expected {_ANY_PLATFORM}"
    if kind == "union_tag_not_found":
        return f"expected a key `platform`: {_ANY_PLATFORM}"
    if kind == "string_pattern_mismatch":
        return "expected digits only"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound, word = (context["ge"], "at least") if "ge" in context else (context["le"], "at most")
        return f"expected {word} {bound}"
    if kind == "too_short":
        return "expected at least one entry"
    return f"expected {_TYPES.get(kind, 'something else: ' + detail['msg'])}"
