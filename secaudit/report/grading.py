"""The reasoning of a grading, as the grading report (定级报告) has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secaudit.content.folder import content_dir
from secaudit.model.grading import MATRIX, Grading, Harm
from secaudit.model.text import Language
from secaudit.report.texts import Words, load_texts

TEXTS: Final = content_dir("reports") / "grading" / "texts.yaml"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is graded, by the names that people know it by; "" where nothing is registered."""

    id: str = ""
    name: str = ""
    organisation: str = ""
    description: str = ""


def grading_report(grading: Grading, subject: Subject, language: Language) -> str:
    """The chapter as lines; what a person still has to write is marked."""
    words = Words(load_texts(TEXTS), language)
    return "\n".join(_lines(grading, subject, words)) + "\n"


def _lines(grading: Grading, subject: Subject, words: Words) -> Iterator[str]:
    if subject.id:
        yield words("title", name=subject.name)
        yield ""
        yield words("describing")
        described = subject.description or words("to_write")
        yield words(
            "described",
            name=subject.name,
            id=subject.id,
            organisation=subject.organisation,
            description=described,
        )
        yield ""
    yield words("settling")
    for side, letter, harm in (("information", "S", grading.information), ("service", "A", grading.service)):
        yield words(side)
        yield from _side(side, letter, harm, words)
    yield words("whole")
    yield words(
        "whole_is" if grading.level > 1 else "whole_first",
        s=words(f"level_{grading.information.level}"),
        a=words(f"level_{grading.service.level}"),
        level=words(f"level_{grading.level}"),
        notation=str(grading),
    )


def _side(side: str, letter: str, harm: Harm, words: Words) -> Iterator[str]:
    yield words(f"what_{side}")
    yield harm.what or words("to_write")
    yield words(f"harmed_{side}")
    objects = words("semicolon").join(words(harmed) for harmed, _degree in harm.degrees)
    yield words("harmed_is", objects=objects)
    yield words("degree")
    degrees = [
        words("degree_is", harmed=words(harmed), degree=words(degree)) for harmed, degree in harm.degrees
    ]
    yield words("semicolon").join(degrees) + ("。" if words.language == "zh" else ".")
    yield harm.why or words("to_write")
    yield words("settled")
    rows = [
        words(
            "row", harmed=words(harmed), degree=words(degree), level=words(f"level_{MATRIX[harmed][degree]}")
        )
        for harmed, degree in harm.degrees
    ]
    yield words(
        "level_is",
        rows=words("semicolon").join(rows),
        side=words(f"side_{side}"),
        level=words(f"level_{harm.level}"),
        notation=f"{letter}{harm.level}",
    )
