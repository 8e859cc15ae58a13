"""The view as PDF: the page of the HTML report as it prints, laid out by WeasyPrint (extra ``pdf``)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.report.html import render_html
from secaudit.report.output import write_bytes

SAMPLE: Final = "<p lang=zh-CN>等级保护自查报告"
ROWS_LIMIT: Final = 10_000  # of tables: about 600 pages, 75 s of processor time and 1.7 GB of memory
FOREIGN: Final = "weasyprint"
log = logging.getLogger(__name__)


def write_pdf(view: dict[str, Any], path: Path, language: Language) -> None:
    """The view as ``.pdf``. Raises UsageError where it cannot be made or written."""
    chosen = _on_paper(view)
    refuse_missing()
    page = "".join(render_html(chosen, language, paper=True))
    with _complaints() as told:  # of styles that only screens know
        laid_out = _laid_out(page)
    for line in told:
        log.debug("%s: %s", FOREIGN, line)
    write_bytes(path, [laid_out])


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


def _on_paper(view: dict[str, Any]) -> dict[str, Any]:
    """The view, without the list of evidence where that makes too much paper. Raises UsageError for what is left."""
    if rows_of(view) > ROWS_LIMIT:
        view = {**view, "assets": [{**asset, "evidence": []} for asset in view["assets"]]}
    rows = rows_of(view)
    if rows <= ROWS_LIMIT:
        return view
    raise UsageError(
        _("A PDF of {system} would have {rows} rows of tables; at most {limit} are laid out.").format(
            system=view["system"]["id"], rows=rows, limit=ROWS_LIMIT
        ),
        hint=_("Take --format html,xlsx, or docx, which puts what is long into appendices of its own."),
    )


def rows_of(view: dict[str, Any]) -> int:
    """How many rows the tables of the page have, roughly."""
    problems = sum(len(group["offenders"]) + 1 for problem in view["problems"] for group in problem["groups"])
    items = sum(len(item["steps"]) + 2 * len(item["groups"]) for item in view["items"])
    gaps = sum(len(gap["places"]) for gap in view["gaps"])
    evidence = sum(len(asset["evidence"]) for asset in view["assets"])
    ports = sum(len(table["facts"].get("ports", {}).get("value") or ()) for table in view["tables"])
    return problems + items + gaps + evidence + ports + len(view["assets"])


def _laid_out(page: str) -> bytes:
    """The bytes of the file; nothing is fetched, from the network or from disk."""
    weasyprint = _library()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    html = weasyprint.HTML(string=page, url_fetcher=nothing)
    made: bytes = html.write_pdf(full_fonts=False)
    return made


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
