"""Recorded answers: our own beside this file, and the public ones of the jc project where they lie on this machine."""

from pathlib import Path

import pytest

OWN = Path(__file__).parent / "recorded"
PUBLIC = Path(__file__).parents[4] / "shared" / "data"


def recorded(system: str, name: str) -> str:
    """Our own recording of a probe on a real root."""
    return (OWN / system / name).read_text()


def public(path: str) -> str:
    """A public recording; the test is left out, with the path that is missing, where it is not there."""
    file = PUBLIC / path
    if not file.exists():
        pytest.skip(f"no public recording {file}")
    return file.read_text()
