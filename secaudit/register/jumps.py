"""The ways to assets as read: jump hosts that are not there, ways that pass one twice, missing credentials."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from secaudit.document import Document
from secaudit.document.reader import Place
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.register.places import EACH, entries, texts


def jump_problems(workspace: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    """All mistakes of jump hosts and of the ways that pass them."""
    for place, jump_host in entries(workspace, "jump_hosts", EACH):
        if isinstance(jump_host, dict):
            yield from credential_problem(workspace, place, jump_host)
    known = {name for _place, name in texts(workspace, "jump_hosts", EACH, "id")}
    for document in systems:
        for place, reach in entries(document, "assets", EACH, "reach"):
            if isinstance(reach, dict) and reach.get("jump"):
                yield from _way(document, place, reach, known, workspace.file)


def credential_problem(document: Document, place: Place, login: dict[str, Any]) -> Iterator[Problem]:
    """A login over SSH without anything to log in with."""
    if not any(login.get(name) for name in ("key", "agent", "agent_key", "password")):
        yield document.problem(place, None, _("one of key, agent, password is required for transport: ssh"))


def _way(
    document: Document, place: Place, reach: dict[str, Any], known: set[str], file: str
) -> Iterator[Problem]:
    if reach.get("transport") != "ssh":
        yield document.problem((*place, "jump"), None, _("only assets with transport: ssh are jumped to"))
    passed = list(_names(place, reach["jump"]))
    counts = Counter(name for _where, name in passed)
    for where, name in passed:
        if name not in known:
            expected = _("the id of a jump host in {file} expected").format(file=file)
            yield document.problem(where, name, expected)
        elif counts[name] > 1:
            yield document.problem(where, name, _("each jump host once expected"))


def _names(place: Place, jump: Any) -> Iterator[tuple[Place, str]]:
    """``gate`` or ``[gate, inner]`` → where each id stands, and the id."""
    if isinstance(jump, str):
        yield (*place, "jump"), jump
    elif isinstance(jump, list):
        for index, name in enumerate(jump):
            if isinstance(name, str):
                yield (*place, "jump", index), name
