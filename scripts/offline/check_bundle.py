"""Holds a bundle and a machine against each other before anything is installed; it is part of the bundle.

``check_bundle.py BUNDLE PREFIX en|zh`` names every fault, one a line, and exits 1 where there is one;
``check_bundle.py --name BUNDLE`` prints the name under which this very bundle is installed.
"""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHUNK_BYTES = 1_048_576
# stands in our folder of releases
MARK = ".secaudit"

# what is said in English and in Chinese
Fault = tuple[str, str]


def faults(bundle: Path, prefix: Path) -> Iterator[Fault]:
    """Everything that stands against an installation."""
    try:
        needs = json.loads((bundle / "needs.json").read_text("utf-8"))
    except (OSError, ValueError):
        yield "needs.json cannot be read: unpack the bundle again.", "无法读取 needs.json：请重新解开离线包。"
        return
    yield from _machine(needs)
    yield from _place(prefix)
    yield from _space(prefix, needs["space_kib"])
    yield from _files(bundle)


def _machine(needs: dict[str, Any]) -> Iterator[Fault]:
    machine, known = os.uname().machine, needs["architectures"]
    if machine not in known:
        listed = ", ".join(known)
        yield (
            f"This machine is {machine}, the bundle is for {listed}.",
            f"本机架构为 {machine}，离线包适用于 {listed}。",
        )
    oldest, found = needs["glibc"], _glibc()
    if found < oldest:
        wanted, has = ".".join(map(str, oldest)), ".".join(map(str, found)) or "none (musl?)"
        yield (
            f"glibc {wanted} or newer is needed, this system has {has}.",
            f"需要 glibc {wanted} 或更新版本，本系统为 {has}。",
        )


def _glibc() -> list[int]:
    """``glibc 2.28`` → [2, 28]; [] where the C library is another."""
    try:
        name, _space, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (ValueError, OSError):
        return []
    return [int(part) for part in version.split(".")[:2]] if name == "glibc" else []


def _place(prefix: Path) -> Iterator[Fault]:
    """What is installed runs with the rights of whoever calls it: nobody else may put something in its place.

    Nor may a folder of other releases be taken for ours, which are removed when they are old.
    """
    there = next(folder for folder in (prefix, *prefix.parents) if os.path.lexists(folder))
    if not there.is_dir():
        yield f"{there} is no folder: choose another --prefix.", f"{there} 不是目录：请用 --prefix 另选位置。"
        return
    for folder in (prefix, *prefix.parents):
        if folder.exists() and (others := _others_may_change(folder)):
            yield others
            break
    releases = prefix / "releases"
    if (
        releases.exists()
        and not (releases / MARK).is_file()
        and not (prefix / "current/bin/secaudit").exists()
    ):
        yield (
            f"{releases} is there already and belongs to something else: choose another --prefix.",
            f"{releases} 已经存在且不属于本安装：请用 --prefix 另选位置。",
        )


def _others_may_change(folder: Path) -> Fault | None:
    found = folder.stat()
    if found.st_uid not in (0, os.geteuid()):
        return f"{folder} belongs to another user.", f"{folder} 属于其他用户。"
    others = stat.S_IWOTH | (stat.S_IWGRP if os.geteuid() == 0 else 0)
    if found.st_mode & others and not found.st_mode & stat.S_ISVTX:
        return f"{folder} can be changed by other users.", f"其他用户可以改动 {folder}。"
    return None


def _space(prefix: Path, needed_kib: int) -> Iterator[Fault]:
    there = prefix
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK):
        yield f"{there} cannot be written by this user.", f"当前用户不能写入 {there}。"
    found = os.statvfs(there)
    free_kib = found.f_bavail * found.f_frsize // 1024
    if free_kib < needed_kib:
        need_mib, have_mib = needed_kib // 1024, free_kib // 1024
        yield (
            f"{there} has {have_mib} MiB free, {need_mib} MiB are needed.",
            f"{there} 剩余 {have_mib} MiB，需要 {need_mib} MiB。",
        )


def _files(bundle: Path) -> Iterator[Fault]:
    """Every file as it was packed, and no other beside the wheels."""
    listed = _sums(bundle)
    for name, digest in listed.items():
        if _digest(bundle / name) != digest:
            yield (
                f"{name} is damaged or missing: fetch the bundle again.",
                f"{name} 损坏或缺失：请重新获取离线包。",
            )
    found = {
        path.relative_to(bundle).as_posix()
        for path in (bundle / "wheels").rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    for name in sorted(found - set(listed)) if listed else ():
        yield f"{name} does not belong to the bundle.", f"{name} 不属于该离线包。"
    if not listed:
        yield "SHA256SUMS cannot be read: unpack the bundle again.", "无法读取 SHA256SUMS：请重新解开离线包。"


def _sums(bundle: Path) -> dict[str, str]:
    try:
        lines = (bundle / "SHA256SUMS").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {name: digest for digest, _space, name in (line.partition("  ") for line in lines) if name}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def name_of(bundle: Path) -> str:
    """Version and content: the same bundle has the same name, another one never."""
    version = json.loads((bundle / "needs.json").read_text("utf-8"))["version"]
    return f"{version}-{_digest(bundle / 'SHA256SUMS')[:12]}"


def main(arguments: list[str]) -> int:
    """See the top."""
    if arguments[0] == "--name":
        sys.stdout.write(name_of(Path(arguments[1])) + "\n")
        return 0
    bundle, prefix, language = Path(arguments[0]), Path(arguments[1]), arguments[2]
    found = list(faults(bundle, prefix))
    for english, chinese in found:
        sys.stdout.write(f"install.sh: {chinese if language == 'zh' else english}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
