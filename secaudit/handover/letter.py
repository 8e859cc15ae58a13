"""The letter that goes with a package, its disc label, and how to verify it: from texts and templates of reports/."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from secaudit.content.folder import content_dir
from secaudit.handover.certificate import Algorithm, Certificate
from secaudit.handover.manifest import Part
from secaudit.model.agency import Agency, Hidden, Section
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.report.html import style_of, template_environment
from secaudit.report.texts import Words, load_texts

TEMPLATE: Final = "handover"
COMMANDS: Final = {
    Algorithm.ED25519: "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in manifest.json"
    " -sigfile manifest.sig",
    Algorithm.RSA_PSS: "openssl dgst -sha256 -sigopt rsa_padding_mode:pss -verify public.pem"
    " -signature manifest.sig manifest.json",
    Algorithm.SM2: "openssl dgst -sm3 -sigopt distid:1234567812345678 -verify public.pem"
    " -signature manifest.sig manifest.json",
}

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says beside its texts. ``views``: those of the systems, as in the package."""

    number: str
    agency: Agency
    office: str
    day: date
    sequence: int
    ledger: str
    certificate: Certificate
    systems: Sequence[System]
    views: Mapping[str, View]
    files: Sequence[Part]

    def said(self, words: Words) -> View:
        """As the templates fill it in."""
        language = words.language
        return {
            "number": self.number,
            "agency": self.agency.name.of(language),
            "office": self.office,
            "date": self.day.isoformat(),
            "marking": self.agency.marking.of(language),
            "receives": self.agency.receives.of(language),
            "statement": self.agency.statement.of(language) if self.agency.statement else "",
            "limits": list(self._limits(words)),
            "systems": [_system(system, self.views.get(system.id)) for system in self.systems],
            "files": self.files,
            "holder": self.certificate.holder,
            "serial": self.certificate.serial,
            "algorithm": self.certificate.algorithm.value,
            "sequence": self.sequence,
            "ledger": self.ledger,
        }

    def _limits(self, words: Words) -> Iterator[str]:
        separator = "、" if words.language == "zh" else ", "
        if not self.views:
            yield words("statement_only")
            return
        hidden = [words(kind.value) for kind in Hidden if kind in self.agency.hidden]
        if hidden:
            yield words("withheld", names=separator.join(hidden))
        missing = [words(f"section_{part.value}") for part in Section if part not in self.agency.sections]
        if missing:
            yield words("left_out", names=separator.join(missing))
        points = (point[words.language] for view in self.views.values() for point in _points(view))
        if self.agency.requirements:
            yield words("limited_to", names=separator.join(dict.fromkeys(points)))


def _points(view: View) -> list[dict[str, str]]:
    found: list[dict[str, str]] = view["document"]["limited_to"]
    return found


def _system(system: System, view: View | None) -> View:
    named = {"name": system.name, "grade": str(system.grade), "filing": system.filing_number}
    if view is None:
        return named
    summary = view["summary"]
    return {
        **named,
        "count": sum(summary["items"].values()),
        "open": summary["items"]["待核实"],
        "failed": summary["items_failed"],
        "high": summary["problems"]["high"],
        "audit": view["document"]["run"]["id"],
        "run": view["document"]["run"],
        "versions": view["document"]["versions"],
    }


def render_letter(letter: Letter, language: Language) -> str:
    """The letter as HTML for A4, with the receipt to be returned."""
    return _rendered("letter.html.j2", letter, language)


def render_label(letter: Letter, package_sha256: str, language: Language) -> str:
    """The label of a disc, 116 mm."""
    return _rendered("label.html.j2", letter, language, package_sha256=package_sha256)


def render_instructions(letter: Letter, language: Language) -> str:
    """How to verify the package, as plain text."""
    command = COMMANDS[letter.certificate.algorithm]
    words = _words(language)
    return words("verify_text", command=command, number=letter.number, sequence=letter.sequence)


def _words(language: Language) -> Words:
    return Words(load_texts(content_dir("reports") / TEMPLATE / "texts.yaml"), language)


def _rendered(template: str, letter: Letter, language: Language, **more: object) -> str:
    folder = content_dir("reports") / TEMPLATE
    words = _words(language)
    return (
        template_environment(folder)
        .get_template(template)
        .render(
            t=words,
            lang=language,
            letter=letter.said(words),
            **style_of(folder),
            **more,
        )
    )
