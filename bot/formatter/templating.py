"""Templates: Jinja2 in a sandbox that keeps a mistake small and names its place.

A template is plain text, so nothing is escaped. It is the operator's own, but a slip in it must not fill the memory
or run for ever: no `*` on texts, bounded `range`, loops no more than two deep, a bounded output, and only filters that
cannot grow a text. Unknown names are found when the template is compiled, also where a test render would not pass.
"""

import difflib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

_LONGEST_OUTPUT = 100_000
_MOST_STEPS = 1_000
_DEEPEST_LOOPS = 2
_LARGEST_FACTOR = 10_000
_FILTERS = (
    "abs capitalize count d default e escape first float int join last length list lower max min reject rejectattr "
    "replace reverse round select selectattr sort string title trim truncate unique upper wordcount"
).split()
_GROWING_METHODS = frozenset("center ljust rjust zfill expandtabs format format_map translate encode".split())


class TemplateMistake(Exception):
    """A mistake of the operator's in a template. file: as named in the settings. line: None if it has no place."""

    def __init__(self, file: str, line: int | None, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}" if line else f"{file}: {why}")
        self.file, self.line, self.why = file, line, why


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox without the operations that grow a text out of nothing."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(side, int | float) and abs(side) <= _LARGEST_FACTOR for side in (left, right)):
            raise SecurityError(f"`{operator}` is for small numbers only")
        if operator == "**" and abs(right) > 8:
            raise SecurityError("`**` is for small numbers only")
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> None:
        """No `format`: a width in it writes as many spaces as it says."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _GROWING_METHODS and super().is_safe_attribute(obj, attr, value)


def _bounded_range(*bounds: int) -> range:
    steps = range(*bounds)
    if len(steps) > _MOST_STEPS:
        raise SecurityError(f"`range` gives at most {_MOST_STEPS} steps")
    return steps


class Template:
    """One template file, compiled and checked.

    names   what a template may use; `fields` what `summary.` may be followed by
    """

    def __init__(self, name: str, folders: Sequence[Path], names: Sequence[str], fields: Sequence[str]) -> None:
        self._folders = [Path(folder) for folder in folders]
        self._environment = _environment(self._folders)
        self.name = name
        self._template = self._compile(name)
        for source in self._with_included(name, set()):
            _check_names(source, self._environment, names, fields, self.shown)

    def shown(self, name: str | None) -> str:
        """A template file as its owner knows it: "templates/twitter.j2"."""
        for folder in self._folders:
            if name and (folder / name).is_file():
                return f"{folder.name}/{name}"
        return str(name)

    def mistake(self, why: str, line: int | None = None) -> TemplateMistake:
        return TemplateMistake(self.shown(self.name), line, why)

    def render(self, values: Mapping[str, Any]) -> str:
        """The text for `values`. Raises `TemplateMistake`."""
        try:
            return self._bounded(values)
        except TemplateMistake:
            raise
        except TemplateSyntaxError as error:
            raise TemplateMistake(self.shown(error.name), error.lineno, error.message or "cannot be read") from None
        except RecursionError:
            raise self.mistake("calls itself without end") from None
        except Exception as error:  # noqa: BLE001 - whatever an expression does is the template's mistake
            raise self._located(error) from None

    def _bounded(self, values: Mapping[str, Any]) -> str:
        parts: list[str] = []
        size = 0
        for part in self._template.generate(**values):
            size += len(part)
            if size > _LONGEST_OUTPUT:
                raise self.mistake(f"writes more than {_LONGEST_OUTPUT:,} characters")
            parts.append(part)
        return "".join(parts)

    def _compile(self, name: str) -> Any:
        try:
            return self._environment.get_template(name)
        except TemplateNotFound as error:
            looked = ", ".join(str(folder) for folder in self._folders)
            raise TemplateMistake(str(error.name), None, f"not found; looked in {looked}") from None
        except TemplateSyntaxError as error:
            raise TemplateMistake(self.shown(error.name), error.lineno, error.message or "cannot be read") from None
        except UnicodeDecodeError:
            raise TemplateMistake(self.shown(name), None, "is not UTF-8") from None

    def _with_included(self, name: str, seen: set[str]) -> Iterator[str]:
        """The template's name and those of all it includes, imports or extends by name."""
        seen.add(name)
        yield name
        for node in _parsed(name, self._environment).find_all(
            (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
        ):
            target = getattr(node, "template", None)
            if isinstance(target, nodes.Const) and isinstance(target.value, str) and target.value not in seen:
                self._compile(target.value)
                yield from self._with_included(target.value, seen)

    def _located(self, error: Exception) -> TemplateMistake:
        """The mistake with the template's file and line, which Jinja2 leaves in the traceback."""
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if self._is_template(frame.filename)]
        why = str(error) or type(error).__name__
        if not places:
            return self.mistake(why)
        return TemplateMistake(self.shown(Path(places[-1].filename).name), places[-1].lineno, why)

    def _is_template(self, filename: str) -> bool:
        return any(Path(filename).is_relative_to(folder) for folder in self._folders)


def _environment(folders: Sequence[Path]) -> _Sandbox:
    environment = _Sandbox(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals = {"range": _bounded_range}
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _parsed(name: str, environment: _Sandbox) -> nodes.Template:
    assert environment.loader is not None  # noqa: S101 - for the type checker; `_environment` sets it
    source, _, _ = environment.loader.get_source(environment, name)
    return environment.parse(source, name=name)


def _check_names(
    name: str, environment: _Sandbox, names: Sequence[str], fields: Sequence[str], shown: Callable[[str], str]
) -> None:
    """Raises `TemplateMistake` for the first unknown name or field, and for loops too deep."""
    tree = _parsed(name, environment)
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    own |= {node.name for node in tree.find_all(nodes.Macro)} | {node.name for node in tree.find_all(nodes.Block)}
    own |= _imported(tree)
    known = {*names, *own, *environment.globals, "loop", "caller", "varargs", "kwargs", "self", "super"}
    for found in tree.find_all(nodes.Name):
        if found.ctx == "load" and found.name not in known:
            raise TemplateMistake(shown(name), found.lineno, _unknown(found.name, names))
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name) and attribute.node.name == "summary" and attribute.attr not in fields:
            raise TemplateMistake(shown(name), attribute.lineno, _unknown(attribute.attr, fields, "summary."))
    if too_deep := _too_deep(tree, 0):
        raise TemplateMistake(shown(name), too_deep, f"loops stand more than {_DEEPEST_LOOPS} deep")


def _imported(tree: nodes.Template) -> set[str]:
    found = {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in node.names}
    return found


def _unknown(name: str, known: Sequence[str], prefix: str = "") -> str:
    close = difflib.get_close_matches(name, known, n=1)
    offer = f"did you mean `{prefix}{close[0]}`?" if close else f"known are {', '.join(prefix + one for one in known)}"
    return f"unknown name `{prefix}{name}`; {offer}"


def _too_deep(node: nodes.Node, depth: int) -> int:
    """The line of the first loop that stands too deep, or 0."""
    for child in node.iter_child_nodes():
        inner = depth + isinstance(child, nodes.For)
        if inner > _DEEPEST_LOOPS:
            return child.lineno
        if line := _too_deep(child, inner):
            return line
    return 0
