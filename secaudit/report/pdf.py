"""The view as PDF: the page of the HTML report as it prints, laid out by WeasyPrint (extra ``pdf``)."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.report.html import Booklet, render_html
from secaudit.report.output import write_bytes
from secaudit.report.pdf_parts import PART_ROWS, Part, parts_of, rows_of, starts_of

SAMPLE: Final = "<p lang=zh-CN>等级保护自查报告"
ROWS_LIMIT: Final = (
    10_000  # of tables in one file: about 600 pages, 75 s of processor time and 1.7 GB of memory
)
PARTS_LIMIT: Final = 60  # some 15,000 pages
FOREIGN: Final = "weasyprint"
log = logging.getLogger(__name__)


def write_pdf(view: dict[str, Any], path: Path, language: Language) -> list[Path]:
    """The view as ``.pdf``; where one file does not bear it, what is long in parts beside it: ``oa-r1-02.pdf`` …

    Returns these others. Raises UsageError where it cannot be made or written.
    """
    refuse_missing()
    if rows_of(view) > ROWS_LIMIT:
        view = {**view, "assets": [{**asset, "evidence": []} for asset in view["assets"]]}
    parts = _parts(view)
    count = len(parts) + 1
    bound = [_bound(part, Booklet(number, count), path, language) for number, part in enumerate(parts, 2)]
    whole = Booklet(1, count, bound=bound, starts=starts_of(parts)) if parts else None
    _write(path, view, language, whole)
    _remove_beyond(path, count)
    return [path.with_name(one["file"]) for one in bound]


def _parts(view: dict[str, Any]) -> list[Part]:
    """None where one file has room for all. Raises UsageError beyond all paper."""
    if rows_of(view) <= ROWS_LIMIT:
        return []
    parts = parts_of(view, PART_ROWS)
    if len(parts) <= PARTS_LIMIT:
        return parts
    raise UsageError(
        _("A PDF of {system} would fill {parts} files; at most {limit} are laid out.").format(
            system=view["system"]["id"], parts=len(parts) + 1, limit=PARTS_LIMIT
        ),
        hint=_("Take --format html,xlsx, or docx, which puts what is long into appendices of its own."),
    )


def refuse_missing() -> None:
    """Raise UsageError that says what a PDF needs and this machine has not."""
    with _complaints() as told:
        _laid_out(SAMPLE)
    if any("notdef" in line for line in told):
        raise UsageError(
            _("No font with Chinese characters is installed: the PDF would show boxes."),
            hint=_(
                "Debian, Ubuntu: apt install fonts-noto-cjk; openEuler, Kylin, Anolis, CentOS:"
                " dnf install google-noto-sans-cjk-ttc-fonts; any: put an open font into ~/.local/share/fonts"
            ),
        )


def _bound(part: Part, booklet: Booklet, path: Path, language: Language) -> dict[str, Any]:
    """What the table of parts says of one."""
    file = path.with_name(f"{path.stem}-{booklet.part:02}{path.suffix}")
    pages, digest = _write(
        file, part.view, language, replace(booklet, section=part.section, first=part.first)
    )
    said = {
        "part": booklet.part,
        "file": file.name,
        "section": part.section,
        "pages": pages,
        "sha256": digest,
    }
    return {**said, "first": part.first, "last": part.last, "all": part.all}


def _write(path: Path, view: dict[str, Any], language: Language, booklet: Booklet | None) -> tuple[int, str]:
    """How many pages the file has, and its SHA-256."""
    page = "".join(render_html(view, language, paper=True, booklet=booklet))
    with _complaints() as told:  # of styles that only screens know
        pages, laid_out = _laid_out(page)
    for line in told:
        log.debug("%s: %s", FOREIGN, line)
    write_bytes(path, [laid_out])
    return pages, hashlib.sha256(laid_out).hexdigest()


def _remove_beyond(path: Path, count: int) -> None:
    """What an earlier report of this name had in more parts would be taken for parts of this one."""
    for number in range(max(count + 1, 2), PARTS_LIMIT + 1):
        path.with_name(f"{path.stem}-{number:02}{path.suffix}").unlink(missing_ok=True)


def _laid_out(page: str) -> tuple[int, bytes]:
    """How many pages, and the bytes of the file; nothing is fetched, from the network or from disk."""
    weasyprint = _library()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=page, url_fetcher=nothing).render()
    made: bytes = document.write_pdf(full_fonts=False)
    return len(document.pages), made


def _library() -> Any:
    """WeasyPrint; raises UsageError that says what to install."""
    try:
        import weasyprint  # it loads Pango, which not every machine has
    except ImportError as error:
        raise UsageError(
            _("PDF needs WeasyPrint, which is not installed."),
            hint=_("Install it: pip install 'secaudit[pdf]'; docs/formats.md"),
        ) from error
    except OSError as error:
        raise UsageError(
            _("PDF needs Pango, a library of the system: {reason}.").format(reason=_short(error)),
            hint=_(
                "Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0;"
                " openEuler, Kylin, Anolis, CentOS: dnf install pango; SLES: zypper install libpango-1_0-0"
            ),
        ) from error
    return weasyprint


def _short(error: OSError) -> str:
    return str(error).splitlines()[0][:120].rstrip(".")


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What WeasyPrint logs meanwhile; it reaches no terminal."""
    told: list[str] = []
    logger, handler = logging.getLogger(FOREIGN), _Kept(told)
    before, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


class _Kept(logging.Handler):
    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was said."""
        self._told.append(record.getMessage())
