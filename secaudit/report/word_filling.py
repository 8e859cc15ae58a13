"""A Word document made of a template and of texts, of which none acts."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError
from markupsafe import Markup, escape

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.report.safe import shown_lines
from secaudit.report.word_form import WordForm
from secaudit.report.word_template import environment, read_template, template_faults

ROWS_LIMIT: Final = 3_000  # of a table; Word grows slow, and nobody reads more on paper
CELL_LIMIT: Final = 4_000
DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)
# docxtpl takes these for braces that are to be seen
_ESCAPES: Final = ("{_{", "}_}", "{_%", "%_}")


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself."""

    title: str
    subject: str
    author: str
    comments: str
    keywords: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Template:
    """The content of a template; ``own_hash`` is its SHA-256 where an office changed it, else ""."""

    content: bytes
    own_hash: str = ""


def template_of(form: WordForm, language: Language, workspace: Path | None) -> Template:
    """The one that the workspace keeps, or the one that ships. Raises UsageError with what is wrong with it."""
    own = form.kept(workspace, language) if workspace else None
    shipped = read_template(form.shipped(language))
    if own is None or not own.is_file():
        return Template(shipped)
    content = read_template(own)
    refuse_faults(form, own, content)
    return Template(content, hashlib.sha256(content).hexdigest() if content != shipped else "")


def refuse_faults(form: WordForm, path: Path, content: bytes) -> None:
    """Raise UsageError with everything that is wrong with a template."""
    faults = template_faults(form, content) or _trial(form, content)
    if faults:
        told = _("{path} cannot be used as a template: {faults}.")
        raise UsageError(
            told.format(path=path, faults="; ".join(faults)),
            hint=_("Begin with the one that ships: {command}").format(
                command=f"secaudit report template export --document {form.name} FILE"
            ),
        )


def _trial(form: WordForm, content: bytes) -> tuple[str, ...]:
    """What goes wrong when a template is filled with one row in each table."""
    placed: dict[str, Any] = dict.fromkeys((*form.fields, *form.notes()), Markup("x"))
    placed |= {name: [dict.fromkeys(columns, Markup("x"))] for name, columns in form.tables.items()}
    try:
        _filled(content, placed)
    except UsageError as error:
        return (str(error).rstrip(".。"),)
    return ()


def placed_row(row: Mapping[str, object]) -> dict[str, Markup]:
    """Texts as they are placed."""
    return {key: cell(str(text)) for key, text in row.items()}


def placed_rows(rows: Iterable[Mapping[str, object]]) -> list[dict[str, Markup]]:
    """The rows of a table as they are placed."""
    return [placed_row(row) for row in rows]


def cell(text: str) -> Markup:
    """A text of which no character acts in XML, docxtpl or Word, whatever a target has written."""
    safe = escape(shown_lines(text, CELL_LIMIT))
    if any(mark in safe for mark in _ESCAPES):
        return Markup(str(safe).replace("_", "&#95;"))  # noqa: S704 - escaped above
    return safe


def document_of(template: bytes, placed: Mapping[str, Any], about: About) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    document = _filled(template, placed)
    _describe(document, about)
    made = io.BytesIO()
    document.save(made)
    return _dateless(made)


def _filled(content: bytes, placed: Mapping[str, Any]) -> Any:
    from docxtpl import DocxTemplate  # its library is loaded where it is used
    from lxml import etree

    try:
        template = DocxTemplate(io.BytesIO(content))
        template.render_init()
        body = template.build_xml(placed, environment())
        # docxtpl drops whatever follows a mistake: what is not well-formed is refused before
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, huge_tree=True))
        template.map_tree(template.fix_tables(body))
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            for key, xml in list(template.build_headers_footers_xml(placed, uri, environment())):
                etree.fromstring(xml)
                template.map_headers_footers_xml(key, xml)
        template.is_rendered = True  # else it is read anew when it is saved
    except (TemplateError, etree.LxmlError, LookupError, AttributeError, TypeError, ValueError) as error:
        # python-docx and docxtpl name no errors of their own for files that lack what they look for
        reason = ascii(str(error)[:200])
        raise UsageError(_("The template cannot be filled in: {reason}.").format(reason=reason)) from error
    return template


def _describe(template: Any, about: About) -> None:
    """Title, subject and time of the file itself."""
    properties = template.docx.core_properties
    properties.title = _plain(about.title)
    properties.subject = _plain(about.subject)
    properties.author = properties.last_modified_by = _plain(about.author)
    properties.comments = _plain(about.comments)
    properties.keywords = _plain(about.keywords)
    properties.revision = 1
    properties.created = properties.modified = about.moment.astimezone(UTC)


def _plain(text: str) -> str:
    return shown_lines(text, 250)


def _dateless(made: io.BytesIO) -> bytes:
    """The same package with one fixed time for its parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            info = zipfile.ZipInfo(name, DAY_ONE)
            info.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(info, before.read(name))
    return packed.getvalue()
