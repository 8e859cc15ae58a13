"""The grading of a registered system: read from words, kept in its file, compared with its registered grade."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from secaudit.document.reader import parse_document
from secaudit.language import _
from secaudit.model.grading import Degree, Grading, Harm, Harmed
from secaudit.model.register import System
from secaudit.register.amending import amended
from secaudit.register.classified import declares_classified, refusal
from secaudit.register.folder import read_text, replace
from secaudit.register.loading import read_files, register_of
from secaudit.register.registered import unregistered


def harm_of(said: Iterable[str], what: str, why: str) -> Harm:
    """``society=serious`` … → what is harmed and how badly; raises ValueError."""
    degrees: dict[Harmed, Degree] = {}
    for text in said:
        name, _equals, word = text.partition("=")
        try:
            harmed, degree = Harmed(name), Degree(word)
        except ValueError:
            told = _("OBJECT=DEGREE expected, OBJECT one of {objects}, DEGREE one of {degrees}")
            raise ValueError(told.format(objects=", ".join(Harmed), degrees=", ".join(Degree))) from None
        if harmed in degrees:
            raise ValueError(_("each object once expected ({object})").format(object=harmed.value))
        degrees[harmed] = degree
    if declares_classified(what) or declares_classified(why):
        raise ValueError(refusal())
    return Harm(tuple((harmed, degrees[harmed]) for harmed in Harmed if harmed in degrees), what, why)


def contradiction(system: System, grading: Grading) -> str:
    """What a person is told where the registered grade is another one than the grading gives; "" otherwise."""
    if str(grading) == str(system.grade):
        return ""
    told = _("system {id} is registered as {registered}, its grading gives {graded}")
    return told.format(id=system.id, registered=system.grade, graded=grading)


def keep_grading(workspace: Path, system_id: str, grading: Grading) -> Path:
    """Write the grading into the system's file; raises UsageError, ContentError."""
    files = read_files(workspace)
    register_of(files)
    document = next((one for one in files.systems if one.data["id"] == system_id), None)
    if document is None:
        raise unregistered(system_id)
    file = workspace / document.file
    before = read_text(file)
    text = amended(before, {("grading",): _written(grading)}, document.file)
    edited = parse_document(text, document.file)
    systems = tuple(edited if one is document else one for one in files.systems)
    register_of(dataclasses.replace(files, systems=systems))
    replace(file, text, before)
    return file


def _written(grading: Grading) -> dict[str, Any]:
    return {"information": _harm(grading.information), "service": _harm(grading.service)}


def _harm(harm: Harm) -> dict[str, str]:
    degrees = {harmed.value: degree.value for harmed, degree in harm.degrees}
    return {**degrees, **{name: text for name, text in (("what", harm.what), ("why", harm.why)) if text}}
