"""Whether a package is what an office sealed: needs nothing but the office's certificate."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from secaudit.handover import manifest as manifests
from secaudit.handover.certificate import Certificate
from secaudit.handover.manifest import Manifest, Part, is_plain
from secaudit.handover.package import MANIFEST, SIGNATURE, is_as_written, opened, part_in
from secaudit.language import _

MOST_FILES: Final = 10_000
SIGNATURE_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What a package says of itself, None where that cannot be believed, and everything that is wrong with it."""

    manifest: Manifest | None
    faults: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class _Broken(Exception):
    """A package of which nothing more can be said; the text says why."""


def verify(package: Path, issuer: Certificate, now: datetime, *, after: int = 0) -> Verified:
    """The whole package held against its manifest, the manifest against the certificate.

    ``after``: the sequence of the newest package received before; one that is not newer is a replay. Raises
    UsageError only where the file cannot be read.
    """
    with opened(package) as stream:
        try:
            with zipfile.ZipFile(stream) as opened_zip:
                manifest = _manifest(opened_zip, issuer)
                faults = [*_of_the_seal(manifest, issuer, after), *_of_files(opened_zip, manifest)]
        except _Broken as broken:
            return Verified(None, (str(broken),))
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
            EOFError,
        ) as error:
            return Verified(None, (_("it is no whole zip: {reason}").format(reason=error),))
        if not faults and not is_as_written(stream):
            faults.append(_("bytes between the files were changed or added"))
    return Verified(manifest, tuple(faults), tuple(_warnings(issuer, now)))


def _manifest(package: zipfile.ZipFile, issuer: Certificate) -> Manifest:
    """Raises _Broken."""
    names = package.namelist()
    if names[:2] != [MANIFEST, SIGNATURE] or len(names) > MOST_FILES:
        raise _Broken(_("it is no package: manifest.json and manifest.sig are not its first files"))
    for entry in package.infolist():
        if entry.compress_type != zipfile.ZIP_STORED or not is_plain(entry.filename):
            raise _Broken(
                _("the name or form of {name} is none of a package").format(name=repr(entry.filename))
            )
    content = _limited(package, MANIFEST, manifests.LIMIT_BYTES)
    signature = _limited(package, SIGNATURE, SIGNATURE_BYTES)
    if not issuer.made(signature, content):
        raise _Broken(_("{holder} did not sign its manifest").format(holder=issuer.holder))
    manifest = manifests.decode(content)
    if manifest is None:
        raise _Broken(_("its manifest is not in the form of this version"))
    return manifest


def _limited(package: zipfile.ZipFile, name: str, limit_bytes: int) -> bytes:
    if package.getinfo(name).file_size > limit_bytes:
        raise _Broken(_("{name} is too large").format(name=name))
    return package.read(name)


def _of_the_seal(manifest: Manifest, issuer: Certificate, after: int) -> Iterator[str]:
    try:
        built = datetime.fromisoformat(manifest.built_at).astimezone(UTC)
    except ValueError:
        yield _("the moment when it was built is no moment")
        return
    if not issuer.covers(built):
        told = _("it was built on {built}; the certificate is valid from {begin} to {end}")
        days = (f"{moment:%Y-%m-%d}" for moment in (built, issuer.valid_from, issuer.valid_until))
        yield told.format(**dict(zip(("built", "begin", "end"), days, strict=True)))
    if manifest.sequence <= after:
        told = _(
            "it is number {sequence} in the row of packages, {after} was received before: an old one again"
        )
        yield told.format(sequence=manifest.sequence, after=after)


def _of_files(package: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    there, named = package.namelist()[2:], [part.name for part in manifest.files]
    for name in sorted(set(there) - set(named)):
        yield _("{name} was added").format(name=name)
    for name in sorted(set(named) - set(there)):
        yield _("{name} is missing").format(name=name)
    if set(there) == set(named) and there != named:
        yield _("the order of the files was changed, or one stands there twice")
    for part in manifest.files:
        if part.name in there and not _same(package, part):
            yield _("{name} is not what was sealed").format(name=part.name)


def _same(package: zipfile.ZipFile, part: Part) -> bool:
    try:
        with package.open(part.name) as stream:
            return part_in(part.name, stream, part.size) == part
    except (zipfile.BadZipFile, OSError, EOFError):
        return False


def _warnings(issuer: Certificate, now: datetime) -> Iterator[str]:
    if not issuer.covers(now):
        yield _("the certificate is not valid any more; it was when the package was built")
