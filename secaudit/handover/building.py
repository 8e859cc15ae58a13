"""One package from views to a sealed file: documents, letter, digests, manifest, signature."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from secaudit.handover.letter import Letter, render_instructions, render_label, render_letter
from secaudit.handover.manifest import Manifest, Part
from secaudit.handover.package import part_of, write_package
from secaudit.handover.pseudonyms import Pseudonyms
from secaudit.handover.signer import Signer
from secaudit.model.agency import Agency
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.register.times import in_zone
from secaudit.report.output import write_bytes, write_text

View = dict[str, Any]
# writes a file; returns those that it wrote beside it
Write = Callable[[View, Path, Language], Sequence[Path] | None]

CHUNK_BYTES: Final = 1 << 20
INSTRUCTIONS: Final = {"zh": "验证说明.txt", "en": "verify.txt"}
LETTERS: Final = {"zh": "交接函.html", "en": "letter.html"}
LABELS: Final = {"zh": "光盘标签.html", "en": "label.html"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be packed, for whom, under which number.

    ``views``: system id → the view as the agency sees it; none where a statement is all that it gets.
    """

    agency: Agency
    office: str
    number: str
    sequence: int
    ledger: str
    systems: tuple[System, ...]
    views: Mapping[str, View]
    formats: Mapping[str, Write]
    language: Language


@dataclass(frozen=True, slots=True)
class Built:
    """A package on disk, its manifest, and the letter and label beside it."""

    file: Path
    manifest: Manifest
    manifest_sha256: str
    printed: tuple[Path, ...]


def build(order: Order, signer: Signer, target: Path, now: datetime, *, printed: bool = False) -> Built:
    """Write the package to ``target`` (it appears when it is whole). Raises UsageError."""
    with tempfile.TemporaryDirectory(prefix=".package-", dir=target.parent) as scratch:
        files = _documents(order, Path(scratch))
        letter = Letter(
            order.number,
            order.agency,
            order.office,
            in_zone(now).date(),
            order.sequence,
            order.ledger,
            signer.certificate,
            order.systems,
            order.views,
            [part_of(name, file) for name, file in files.items()],
        )
        files |= _about(letter, order.language, Path(scratch))
        manifest = _manifest(order, signer, now, [part_of(name, file) for name, file in files.items()])
        content = manifest.encode()
        whole = Path(scratch) / "package"
        with whole.open("wb") as stream:
            write_package(stream, content, signer.sign(content), files)
        sha256 = part_of("", whole).sha256
        _moved(whole, target)
    sheets = _sheets(letter, sha256, order.language, target) if printed else ()
    return Built(target, manifest, hashlib.sha256(content).hexdigest(), sheets)


def _documents(order: Order, folder: Path) -> dict[str, Path]:
    """Name in the package → file, of every format of every system."""
    found: dict[str, Path] = {}
    for system_id, view in order.views.items():
        for name, write in order.formats.items():
            file = folder / f"{system_id}.{name}"
            more = write(_headed(view, order), file, order.language)
            found |= {f"{system_id}/{one.name}": one for one in (file, *(more or ()))}
    return found


def _headed(view: View, order: Order) -> View:
    """The view with what stands at the head of every document of the package."""
    marking = order.agency.marking
    headed = {"number": order.number, "marking": {"zh": marking.zh, "en": marking.en}}
    return {**view, "document": {**view["document"], **headed}}


def _about(letter: Letter, language: Language, folder: Path) -> dict[str, Path]:
    """The letter, how to verify, the certificate and the list of digests, which is last and names all before it."""
    texts = {
        LETTERS[language]: render_letter(letter, language),
        INSTRUCTIONS[language]: render_instructions(letter, language),
        "issuer.crt": letter.certificate.pem.decode(),
    }
    found = {}
    for name, text in texts.items():
        found[name] = folder / name
        write_text(found[name], [text])
    parts = [*letter.files, *(part_of(name, file) for name, file in found.items())]
    sums = folder / "SHA256SUMS"
    write_text(sums, (f"{part.sha256}  {part.name}\n" for part in parts))
    return {**found, sums.name: sums}


def _manifest(order: Order, signer: Signer, now: datetime, parts: Sequence[Part]) -> Manifest:
    return Manifest(
        number=order.number,
        agency=order.agency.id,
        office=order.office,
        sequence=order.sequence,
        built_at=now.isoformat(timespec="seconds"),
        marking=order.agency.marking.of(order.language),
        systems=tuple(system.id for system in order.systems),
        ledger=order.ledger,
        signature=signer.certificate.algorithm,
        certificate_serial=signer.certificate.serial,
        facts={system_id: _facts(view) for system_id, view in order.views.items()},
        files=tuple(parts),
    )


def _facts(view: View) -> View:
    summary, document = view["summary"], view["document"]
    return {
        "items": summary["items"],
        "problems": summary["problems"],
        "planned": summary["planned"],
        "run": document["run"]["id"],
        **{name: document["run"][name] for name in ("started_at", "ended_at", "judged_at")},
        "tool": document["versions"]["tool"],
        "content": document["versions"]["content_hash"],
        "left_out": document["left_out"],
    }


def _moved(file: Path, target: Path) -> None:
    with file.open("rb") as stream:
        write_bytes(target, iter(lambda: stream.read(CHUNK_BYTES), b""))


def _sheets(letter: Letter, sha256: str, language: Language, target: Path) -> tuple[Path, ...]:
    """The letter and the label as files to be printed, beside the package."""
    sheets = {
        LETTERS[language]: render_letter(letter, language),
        LABELS[language]: render_label(letter, sha256, language),
    }
    paths = []
    for name, text in sheets.items():
        paths.append(target.with_name(f"{target.stem}-{name}"))
        write_text(paths[-1], [text])
    return tuple(paths)


def write_pseudonyms(pseudonyms: Pseudonyms, path: Path) -> None:
    """What every pseudonym stands for; it stays with the office. Raises UsageError."""
    told = {
        name: {"kind": kind.value, "name": real} for name, (kind, real) in sorted(pseudonyms.told.items())
    }
    write_text(path, [json.dumps(told, ensure_ascii=False, indent=1)])
