"""Builds ``dist/secaudit-VERSION-offline.tar.gz``: secaudit, all it needs as wheels, and an installer.

Run by ``make bundle``; needs the package index. ``--python`` and ``--arch`` (each may be repeated) make a smaller one.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scripts.offline.describe import (
    OLDEST_GLIBC,
    glibc_needed,
    licences,
    requirements,
    sha256,
    space_kib,
)

ROOT: Final = Path(__file__).parents[2]
PYTHONS: Final = ("3.11", "3.12", "3.13")
ARCHITECTURES: Final = ("x86_64", "aarch64")
# openEuler 20.03, Kylin V10, RHEL 8 and their like; older systems (CentOS 7 has 2.17) lack wheels of google-re2
GLIBC: Final = (2, 28)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A package in the version that was chosen; ``as_source`` where the index has no wheel of it."""

    name: str
    version: str
    as_source: bool

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Build it and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", choices=PYTHONS)
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("SOURCE_DATE_EPOCH", _time_of_source())
    with tempfile.TemporaryDirectory(prefix="secaudit-bundle-") as work:
        archive = build(Path(work), asked.python or PYTHONS, asked.arch or ARCHITECTURES, asked.out)
    sys.stdout.write(f"{archive} ({archive.stat().st_size // 1_048_576} MiB)\n")


def build(work: Path, pythons: Sequence[str], architectures: Sequence[str], out: Path) -> Path:
    """The archive, with its checksum beside it."""
    own = _own_wheel(work)
    version = own.name.split("-")[1]
    bundle = work / f"secaudit-{version}-offline"
    (bundle / "wheels/any").mkdir(parents=True)
    shutil.copy(own, bundle / "wheels/any")
    pinned = _resolved(own)
    _fetch(pinned, bundle / "wheels", pythons, architectures)
    _describe(bundle, version, pythons, architectures)
    return _packed(bundle, out)


def _time_of_source() -> str:
    git = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=False)
    return git.stdout.decode().strip() or "1577836800"


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments], check=True)


def _own_wheel(work: Path) -> Path:
    """Our wheel, built from the sdist: an old build/ would ship deleted files."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(work / "own"), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = (work / "own").glob("*.whl")
    return wheel


def _resolved(own: Path) -> list[Pinned]:
    """Every package that ours needs, each in the version that pip chooses today, and pip itself."""
    report = own.parent / "report.json"
    _pip("install", "--dry-run", "--ignore-installed", "--report", str(report), str(own), "pip")
    installs = json.loads(report.read_text("utf-8"))["install"]
    return [_pinned(item) for item in installs if item["metadata"]["name"] != "secaudit"]


def _pinned(item: dict[str, Any]) -> Pinned:
    as_source = not item["download_info"]["url"].endswith(".whl")
    return Pinned(item["metadata"]["name"], item["metadata"]["version"], as_source)


def _fetch(
    pinned: Iterable[Pinned], wheels: Path, pythons: Sequence[str], architectures: Sequence[str]
) -> None:
    """Wheels of any machine once, those of one architecture into its folder."""
    sources = [str(package) for package in pinned if package.as_source]
    if sources:
        _pip("wheel", "--no-deps", "--wheel-dir", str(wheels / "any"), *sources)
    for architecture in architectures:
        for python in pythons:
            _fetch_for(python, architecture, pinned, wheels)
    strange = [path.name for path in (wheels / "any").iterdir() if not path.name.endswith("-any.whl")]
    if strange:
        raise SystemExit(f"no wheel for every machine can be made of: {', '.join(strange)}")


def _fetch_for(python: str, architecture: str, pinned: Iterable[Pinned], wheels: Path) -> None:
    """The wheels of one target that are not there yet as wheels of any machine."""
    there = {_normal(path.name.split("-")[0]) for path in (wheels / "any").iterdir()}
    wanted = [str(package) for package in pinned if _normal(package.name) not in there]
    folder = wheels / architecture
    target = ["--python-version", python, "--only-binary", ":all:", "--no-deps", "--dest", str(folder)]
    _pip("download", *target, *_platforms(architecture), *wanted)
    for wheel in folder.glob("*-any.whl"):
        wheel.replace(wheels / "any" / wheel.name)


def _normal(name: str) -> str:
    """``ruamel.yaml`` as in the name of its wheel (PEP 503)."""
    return name.lower().replace("-", "_").replace(".", "_")


def _platforms(architecture: str) -> Iterator[str]:
    yield from ("--platform", f"manylinux2014_{architecture}")
    for minor in range(OLDEST_GLIBC[1], GLIBC[1] + 1):
        yield from ("--platform", f"manylinux_{GLIBC[0]}_{minor}_{architecture}")


def _describe(bundle: Path, version: str, pythons: Sequence[str], architectures: Sequence[str]) -> None:
    """Everything beside the wheels, the checksums last."""
    wheels = sorted(bundle.glob("wheels/*/*.whl"))
    for name in ("install.sh", "check_bundle.py"):
        shutil.copy(Path(__file__).with_name(name), bundle)
    for language in ("", ".zh-CN"):
        shutil.copy(ROOT / f"docs/offline-install{language}.md", bundle / f"README{language}.md")
    needs = {
        "version": version,
        "architectures": list(architectures),
        "glibc": list(glibc_needed(wheels)),
        "space_kib": space_kib(bundle, architectures),
    }
    _write(bundle / "needs.json", json.dumps(needs, indent=1))
    _write(bundle / "pythons", " ".join(pythons))
    _write(bundle / "requirements.txt", "\n".join(requirements(wheels)))
    _write(bundle / "LICENSES.txt", "\n".join(licences(wheels)))
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    _write(
        bundle / "SHA256SUMS",
        "\n".join(f"{sha256(path)}  {path.relative_to(bundle).as_posix()}" for path in files),
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", "utf-8")


def _packed(bundle: Path, out: Path) -> Path:
    """The same bytes for the same content: sorted, nobody's files, the time of the source."""
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{bundle.name}.tar.gz"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        entry.mode = 0o755 if entry.isdir() or entry.name.endswith(".sh") else 0o644
        return entry

    with (
        archive.open("wb") as stream,
        gzip.GzipFile("", "wb", 6, stream, moment) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path in (bundle, *sorted(bundle.rglob("*"))):
            tar.add(path, path.relative_to(bundle.parent).as_posix(), recursive=False, filter=plain)
    _write(archive.with_name(f"{archive.name}.sha256"), f"{sha256(archive)}  {archive.name}")
    return archive


if __name__ == "__main__":
    main()
