"""What a bundle says of itself, read off its wheels: what they need, their hashes, their licences."""

import hashlib
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

# what every manylinux2014 wheel runs with
OLDEST_GLIBC: Final = (2, 17)
# what Python compiles beside the sources, and the environment itself
GROWTH: Final = 1.7


def glibc_needed(wheels: Iterable[Path]) -> tuple[int, int]:
    """The newest of what each wheel needs at least; a wheel names the glibcs that it runs with."""
    needed = [
        min((int(major), int(minor)) for major, minor in named)
        for wheel in wheels
        if (
            named := re.findall(
                r"manylinux_(\d+)_(\d+)", wheel.name.replace("manylinux2014", "manylinux_2_17")
            )
        )
    ]
    return max(needed, default=OLDEST_GLIBC)


def space_kib(bundle: Path, architectures: Sequence[str]) -> int:
    """What an installation takes, for the largest of the architectures and one Python."""
    own = [_unpacked(bundle / "wheels" / name) for name in architectures]
    return round((_unpacked(bundle / "wheels/any") + max(own)) * GROWTH / 1024)


def _unpacked(folder: Path) -> int:
    """Bytes in the wheels of a folder; of a package that is there for several Pythons the largest."""
    largest: dict[str, int] = defaultdict(int)
    for path in folder.glob("*.whl"):
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        largest[path.name.split("-")[0]] = max(size, largest[path.name.split("-")[0]])
    return sum(largest.values())


def requirements(wheels: Iterable[Path]) -> Iterator[str]:
    """``name==version --hash=sha256:…`` for pip, which takes nothing else."""
    files: dict[str, list[Path]] = defaultdict(list)
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        files[f"{name}=={version}"].append(wheel)
    for requirement, found in sorted(files.items()):
        yield " ".join([requirement, *(f"--hash=sha256:{sha256(path)}" for path in found)])


def licences(wheels: Iterable[Path]) -> Iterator[str]:
    """A line a package: name, version, licence as its own metadata states it."""
    stated = {}
    for path in wheels:
        with zipfile.ZipFile(path) as archive:
            (name,) = (
                name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)
            )
            metadata = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
        stated[metadata["Name"].lower(), metadata["Version"]] = _licence(metadata)
    yield "The licence texts are in each wheel (*.dist-info). As the packages state it:"
    yield ""
    for (name, version), licence in sorted(stated.items()):
        yield f"{name} {version}: {licence}"


def _licence(metadata: Message) -> str:
    """As an expression, else by its classifiers, else in words; the file that holds it where none is given."""
    kinds = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier", ())
        if line.startswith("License ::")
    ]
    words = (metadata["License"] or "").strip().partition("\n")[0]
    files = "see " + ", ".join(metadata.get_all("License-File", ("the project",)))
    return metadata["License-Expression"] or ", ".join(kinds) or words or files


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
