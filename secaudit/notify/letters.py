"""A notice in words: subject, text and HTML, filled into templates that are data and that an office may replace."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from secaudit.content.folder import content_dir
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.notice import Notice, NoticeDeadline, NoticePart, OrganisationName
from secaudit.model.text import Language
from secaudit.notify.settings import TEMPLATE
from secaudit.report.safe import shown
from secaudit.report.texts import Words, load_texts

OWN: Final = Path("templates") / TEMPLATE
SUBJECT_LIMIT: Final = 200
SIZE_LIMIT: Final = 131_072
KINDS: Final = ("subject", "txt", "html")
# what an expression of a template can end with, besides the errors of the template itself
_FAULTS: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice as a person reads it."""

    subject: str
    text: str
    html: str


class Letters:
    """Writes the notices of an office in one language; ``{event}.txt.j2`` comes before ``notice.txt.j2``."""

    def __init__(self, workspace: Path, office: OrganisationName, language: Language) -> None:
        shipped = content_dir("reports") / TEMPLATE
        self._own = workspace / OWN
        self._office = office
        self._words = Words(load_texts(shipped / "texts.yaml"), language)
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(self._own), FileSystemLoader(shipped)]),
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, notice: Notice) -> Letter:
        """The letter. Raises UsageError where a template of the office cannot be filled."""
        said = self._said(notice)
        subject, text, html = (self._filled(kind, notice, said) for kind in KINDS)
        return Letter(shown(" ".join(subject.split()), SUBJECT_LIMIT), text, html)

    def _filled(self, kind: str, notice: Notice, said: Mapping[str, Any]) -> str:
        names = [f"{notice.event}.{kind}.j2", f"notice.{kind}.j2"]
        try:
            parts, size = [], 0
            for part in self._environment.select_template(names).generate(said):
                size += len(part)
                if size > SIZE_LIMIT:
                    raise ValueError(_("it fills more than {limit} characters").format(limit=SIZE_LIMIT))
                parts.append(part)
        except (*_FAULTS, OSError) as error:
            reason = shown(str(error) or type(error).__name__, 200)
            raise UsageError(
                _("The template of {name} cannot be filled: {reason}.").format(name=names[0], reason=reason),
                hint=_("Mend the file in {folder}, or remove it.").format(folder=self._own),
            ) from error
        return "".join(parts)

    def _said(self, notice: Notice) -> dict[str, Any]:
        """All that a template can see: texts of ours, figures, days, numbers of documents, organisations."""
        return {
            "t": self._words,
            "lang": self._words.language,
            "event": notice.event.value,
            "office": self._office.text or self._words("no_name"),
            "night": notice.night.isoformat(),
            "nights": notice.nights,
            "missed": notice.missed,
            "failed": notice.failed,
            "verdict": notice.verdict.value if notice.verdict else "",
            "total": asdict(notice.total()),
            "parts": [self._part(part, notice.night) for part in notice.parts],
        }

    def _part(self, part: NoticePart, night: date) -> dict[str, Any]:
        return {
            "organisation": part.organisation.text or self._words("no_name"),
            "systems": part.systems,
            "counts": asdict(part.counts),
            "due": [self._deadline(one, night) for one in part.due],
            "packages": [self._deadline(one, night) for one in part.packages],
            "returned": [one.text or self._words("no_number") for one in part.returned],
        }

    def _deadline(self, one: NoticeDeadline, night: date) -> dict[str, Any]:
        return {
            "number": one.document.text or self._words("no_number"),
            "day": one.day.isoformat(),
            "count": one.count,
            "left": (one.day - night).days,
        }
