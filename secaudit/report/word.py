"""The view as a Word document, placed in a template that an office may change in Word."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError
from markupsafe import Markup, escape

from secaudit.content.folder import content_dir
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.report.output import write_bytes
from secaudit.report.safe import shown_lines
from secaudit.report.tabular import table_words
from secaudit.report.texts import Words, load_texts
from secaudit.report.word_fields import FIELDS, fields_of
from secaudit.report.word_tables import TABLES, notes, rows_of
from secaudit.report.word_template import TEMPLATE, environment, kept, read_template, shipped, template_faults

ROWS_LIMIT: Final = 3_000  # of a table; Word grows slow, and nobody reads more on paper
CELL_LIMIT: Final = 4_000
DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)
# docxtpl takes these for braces that are to be seen
_ESCAPES: Final = ("{_{", "}_}", "{_%", "%_}")


def write_word(view: dict[str, Any], path: Path, language: Language, workspace: Path | None = None) -> None:
    """The view as ``.docx``, in the template of the workspace where it keeps one. Raises UsageError."""
    own = kept(workspace, language) if workspace else None
    place = own if own and own.is_file() else shipped(language)
    content = read_template(place)
    if place is own:
        refuse_faults(place, content)
    changed = place is own and content != read_template(shipped(language))
    write_bytes(path, [rendered(view, language, content, own=changed)])


def refuse_faults(path: Path, content: bytes) -> None:
    """Raise UsageError with everything that is wrong with a template."""
    faults = template_faults(content) or _trial(content)
    if faults:
        told = _("{path} cannot be used as a template: {faults}.")
        raise UsageError(
            told.format(path=path, faults="; ".join(faults)),
            hint=_("Begin with the one that ships: secaudit report template export."),
        )


def _trial(content: bytes) -> tuple[str, ...]:
    """What goes wrong when a template is filled with one row in each table."""
    placed: dict[str, Any] = dict.fromkeys((*FIELDS, *notes()), Markup("x"))
    placed |= {name: [dict.fromkeys(table.columns, Markup("x"))] for name, table in TABLES.items()}
    try:
        _filled(content, placed)
    except UsageError as error:
        return (str(error).rstrip(".。"),)
    return ()


def rendered(view: dict[str, Any], language: Language, template: bytes, *, own: bool) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    words = report_words(language)
    name = words("docx_own", hash=hashlib.sha256(template).hexdigest()) if own else words("docx_shipped")
    placed = _placed(view, words, name)
    document = _filled(template, placed)
    _describe(document, view, words)
    made = io.BytesIO()
    document.save(made)
    return _dateless(made)


def report_words(language: Language) -> Words:
    """The words of tables and those of the Word report."""
    own = Words(load_texts(content_dir("reports") / TEMPLATE / "texts.yaml"), language)
    return table_words(language).with_more(own)


def _placed(view: dict[str, Any], words: Words, name: str) -> dict[str, Any]:
    """Field → text, table → rows of texts."""
    placed: dict[str, Any] = {key: _cell(text) for key, text in fields_of(view, words, name).items()}
    for table in TABLES:
        rows, note = rows_of(table, view, words, ROWS_LIMIT)
        placed[table] = [{key: _cell(text) for key, text in row.items()} for row in rows]
        placed[f"{table}_note"] = _cell(note)
    return placed


def _cell(text: str) -> Markup:
    """A text of which no character acts in XML, docxtpl or Word, whatever a target has written."""
    safe = escape(shown_lines(text, CELL_LIMIT))
    if any(mark in safe for mark in _ESCAPES):
        return Markup(str(safe).replace("_", "&#95;"))  # noqa: S704 - escaped above
    return safe


def _filled(content: bytes, placed: dict[str, Any]) -> Any:
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


def _describe(template: Any, view: dict[str, Any], words: Words) -> None:
    """Title, subject and time of the file itself."""
    about = template.docx.core_properties
    about.title = words("report")
    about.subject = _plain(view["system"]["name"])
    about.author = about.last_modified_by = _plain(view["document"]["office"])
    about.comments = words("statement")[:250]
    about.keywords = view["document"]["run"]["id"]
    about.revision = 1
    about.created = about.modified = datetime.fromisoformat(view["document"]["generated_at"]).astimezone(UTC)


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
