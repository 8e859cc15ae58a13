"""OpenSCAP, its content and Lynis: fetched once with apt, unpacked apart from this machine, copied into lab hosts."""

import re
import shutil
import subprocess
from pathlib import Path

from bench.figures import NotHere

TREE = Path(__file__).parents[2]
FOLDER = TREE / ".bench/agreement"
# Debian 13's package: that of Debian 12 has no content for Debian 12
CONTENT_RELEASE = "trixie"
# where all of it lies on a host
PLACE = "opt/oscap"
# what a package manager needs to be there before it may depend on it, and no program of ours loads
_LEFT_OUT = re.compile(r"^(debconf|cdebconf|libdebconf|dpkg|tar|perl|libtext|mawk|base-files|sysuser|<)")

# Started by its own loader with its own libraries, so that every release runs the same program.
_START = r"""D=/opt/oscap
cd /tmp || exit
libraries=$D/lib/x86_64-linux-gnu:$D/usr/lib/x86_64-linux-gnu:$D/usr/lib
exec $D/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path $libraries $D/usr/bin/oscap "$@"
"""
# Hosts of the lab have no kernel package, by which the content knows a machine from a container: half its rules
# would not apply.
_KERNEL = """
Package: linux-base
Status: install ok installed
Priority: optional
Section: kernel
Maintainer: nobody
Architecture: all
Version: 99
Description: stands for the kernel of the machine

"""


def fetch() -> None:
    """Fetch and unpack what is missing. Raises NotHere when apt cannot."""
    if (FOLDER / "complete").exists():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    packages = FOLDER / "packages"
    packages.mkdir(parents=True)
    _run("apt-get", "download", "lynis", *_closure("openscap-scanner"), folder=packages)
    _fetch_content(packages)
    for package in packages.glob("*.deb"):
        part = "lynis" if package.name.startswith("lynis_") else "oscap"
        _run("dpkg-deb", "-x", str(package), str(FOLDER / part), folder=FOLDER)
    (FOLDER / "oscap/run").write_text(_START)
    (FOLDER / "complete").touch()


def install(root: Path) -> None:
    """Put the tools on a host, for good: it is thrown away afterwards."""
    _copy(FOLDER / "oscap", root / PLACE)
    _copy(FOLDER / "oscap/usr/share/openscap", root / "usr/share/openscap")
    for part in ("etc/lynis", "usr/sbin", "usr/share/lynis"):
        _copy(FOLDER / "lynis" / part, root / part)
    # Lynis has apt refresh its lists, and would wait for servers that nobody reaches from there.
    (root / "etc/resolv.conf").write_text("")
    with (root / "var/lib/dpkg/status").open("a") as status:
        status.write(_KERNEL)


def versions() -> str:
    """``lynis 3.0.8-1.1, openscap-scanner …``"""
    names = sorted(package.name for package in (FOLDER / "packages").glob("*.deb"))
    shown = [
        name.split("_")[:2] for name in names if name.startswith(("lynis_", "openscap-scanner_", "ssg-"))
    ]
    return ", ".join(" ".join(parts) for parts in shown)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)


def _closure(package: str) -> list[str]:
    asked = [
        f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    ]
    said = _run("apt-cache", "depends", "--recurse", *asked, package, folder=FOLDER)
    names = {line for line in said.splitlines() if line and not line.startswith(" ")}
    return sorted(name for name in names if not _LEFT_OUT.match(name))


def _fetch_content(packages: Path) -> None:
    """ssg-debian of CONTENT_RELEASE, from the archive that this machine's apt names."""
    archive = _run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Component: main", folder=FOLDER)
    uris = [line for line in archive.splitlines() if "security" not in line]
    if not uris:
        raise NotHere("apt names no Debian archive")
    own = FOLDER / "apt"
    (own / "lists/partial").mkdir(parents=True)
    (own / "cache/archives/partial").mkdir(parents=True)
    (own / "sources.list").write_text(f"deb {uris[0]} {CONTENT_RELEASE} main\n")
    options = [
        f"Dir::Etc::sourcelist={own / 'sources.list'}",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={own / 'lists'}",
        f"Dir::Cache={own / 'cache'}",
    ]
    given = [word for option in options for word in ("-o", option)]
    _run("apt-get", *given, "update", folder=packages)
    _run("apt-get", *given, "download", "ssg-debian", folder=packages)


def _run(*command: str, folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True)
    except OSError as problem:
        raise NotHere(f"{command[0]} cannot run: {problem}") from problem
    if done.returncode:
        raise NotHere(f"{' '.join(command[:2])}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout
