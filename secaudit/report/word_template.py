"""Word templates: what is wrong with one that an office has changed."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.report.word_form import WordForm
from secaudit.report.word_package import package_faults, parts_of

LIMIT_BYTES: Final = 20_000_000
# placed in a template for a paragraph, row or cell, a text would stand where Word allows none
_WHOLE: Final = re.compile(r"\{\{(?:p|tr|tc|r)\s")
_PLAIN: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Const, nodes.Compare, nodes.Operand),
    *(nodes.Not, nodes.And, nodes.Or, nodes.CondExpr),
)


def environment() -> ImmutableSandboxedEnvironment:
    """Nothing but what is handed in: no loader, no extension, no global name, no filter."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    for names in (made.globals, made.filters, made.tests):
        names.clear()
    return made


def read_template(path: Path) -> bytes:
    """The file. Raises UsageError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason)) from error
    if len(content) > LIMIT_BYTES:
        raise UsageError(_("{path} is larger than {size} bytes.").format(path=path, size=LIMIT_BYTES))
    return content


def template_faults(form: WordForm, content: bytes) -> tuple[str, ...]:
    """Everything that is wrong with a template, in words; none where it can be used."""
    parts = parts_of(content)
    if parts is None:
        return (_("it is no Word document (.docx)"),)
    faults = tuple(dict.fromkeys(package_faults(parts)))
    return faults or tuple(dict.fromkeys(_placeholder_faults(form, content)))


def _placeholder_faults(form: WordForm, content: bytes) -> Iterator[str]:
    from docxtpl import DocxTemplate  # loaded where it is used

    try:
        sources = _sources(DocxTemplate(io.BytesIO(content)))
    except (
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:  # python-docx, for what lacks its parts
        yield _("it is no Word document (.docx): {reason}").format(reason=ascii(str(error)[:100]))
        return
    found = Placeholders(form)
    for part, text, source in sources:
        if _WHOLE.search(text):
            yield _("{part}: a field is placed as {{{{ name }}}}, without p, tr, tc or r").format(part=part)
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError as error:
            near = _near(source, error.lineno)
            told = _("{part}: {reason}, near: {near}")
            yield told.format(part=part, reason=error.message, near=near)
            continue
        found.walk(tree, part)
    yield from found.faults
    yield from found.missing()


def _sources(template: Any) -> list[tuple[str, str, str]]:
    """Part, its text, and the source as docxtpl fills it in: body, headers and footers, foot notes."""
    template.init_docx()
    pieces = [("document", template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            pieces.append((str(part.partname).rpartition("/")[2], template.get_part_xml(part)))
    return [(name, _text(xml), _lines(template.patch_xml(xml))) for name, xml in pieces]


def _text(xml: str) -> str:
    return re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))


def _lines(source: str) -> str:
    """A line for each paragraph, so that a fault can be told by what stands beside it."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source)


def _near(source: str, number: int) -> str:
    lines = source.splitlines()[max(number - 1, 0) : number]
    return ascii(re.sub(r"<[^>]+>", "", " ".join(lines))[:80])


@dataclass(slots=True)
class Placeholders:
    """What a template places, gathered from all its parts."""

    form: WordForm
    used: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def walk(self, node: nodes.Node, part: str, row: tuple[str, str] | None = None) -> None:
        """Notes unknown names and everything that is no plain placing; ``row``: name of the row, and its table."""
        match node:
            case nodes.For():
                self._loop(node, part, row)
            case nodes.Getattr(node=nodes.Name(name=name), attr=column):
                self._cell(name, column, part, row)
            case nodes.Name(name=name):
                self._field(name, part)
            case _ if isinstance(node, _PLAIN):
                for child in node.iter_child_nodes():
                    self.walk(child, part, row)
            case _:
                kind = type(node).__name__
                self._say(_("{part}: {kind} is not allowed in a template").format(part=part, kind=kind))

    def _loop(self, node: nodes.For, part: str, row: tuple[str, str] | None) -> None:
        plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
        if row or not plain or node.test or node.recursive:
            told = _("{part}: a loop has the form “for row in TABLE”, and none stands within another")
            self._say(told.format(part=part))
            return
        table, name = node.iter.name, node.target.name  # type: ignore[attr-defined]
        if table not in self.form.tables:
            self._say(_("{part}: there is no table {name}").format(part=part, name=ascii(table)))
            return
        self.used.add(table)
        for child in (*node.body, *node.else_):
            self.walk(child, part, (name, table))

    def _cell(self, name: str, column: str, part: str, row: tuple[str, str] | None) -> None:
        known = row and name == row[0] and column in self.form.tables[row[1]]
        counted = row and name == "loop" and column in ("index", "first", "last", "length")
        if not known and not counted:
            told = _("{part}: there is no field {name}")
            self._say(told.format(part=part, name=ascii(f"{name}.{column}")))

    def _field(self, name: str, part: str) -> None:
        self.used.add(name)
        if name not in self.form.fields | self.form.tables.keys() | self.form.notes():
            self._say(_("{part}: there is no field {name}").format(part=part, name=ascii(name)))

    def _say(self, fault: str) -> None:
        self.faults.append(fault)

    def missing(self) -> Iterator[str]:
        """What every report must say, and what must be said of every table that is placed."""
        told = {f"{name}_note" for name in self.used & self.form.tables.keys()} & self.form.notes()
        for name in sorted((self.form.required | told) - self.used):
            yield _("the field {name} is missing").format(name=name)
