"""What no single value shows: ids that are there twice, references that lead nowhere, parts that do not fit.

Every function works on documents as read, so that these mistakes are named together with all the others.
"""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from secaudit.document import Document
from secaudit.document.reader import Place
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.register.duty_file import duty_problems
from secaudit.register.jumps import credential_problem, jump_problems
from secaudit.register.kinds import KINDS, LOGINLESS_KINDS, VISITED_KINDS
from secaudit.register.notice_joins import notice_problems
from secaudit.register.permission_joins import authorisation_problems, blackout_problems
from secaudit.register.places import EACH, entries, texts
from secaudit.register.shared_objects import shared_problems

Named = tuple[Document, Place, str]


def join_problems(
    workspace: Document | None, systems: Sequence[Document], authorisations: Sequence[Document]
) -> Iterator[Problem]:
    """All mistakes between the places and files of a workspace."""
    yield from _twice(_named(systems, "id"))
    objects = [*_named(systems, "assets", EACH, "id"), *_named(systems, "data_sets", EACH, "id")]
    yield from _twice(objects)
    yield from _former(systems)
    yield from _twice(_named(authorisations, "id"))
    assets = {name for _document, _place, name in _named(systems, "assets", EACH, "id")}
    for document in systems:
        yield from duty_problems(document)
        yield from _data_sets(document, assets)
        yield from _samples(document)
        for place, asset in entries(document, "assets", EACH):
            yield from _asset(document, place, asset)
    known = {name for _document, _place, name in _named(systems, "id")}
    for document in authorisations:
        yield from _unknown(document, known, _("the id of a registered system expected"), "systems", EACH)
        yield from authorisation_problems(document, systems)
    if workspace is not None:
        yield from _organisations(workspace, systems)
        yield from _twice(
            [*_named(systems, "assets", EACH, "id"), *_named([workspace], "jump_hosts", EACH, "id")]
        )
        yield from _twice([*objects, *_named([workspace], "organisations", EACH, "objects", EACH, "id")])
        yield from jump_problems(workspace, systems)
        if systems:
            yield from _zones(workspace, systems)
            yield from _nights(workspace, known)
            yield from shared_problems(workspace, systems)
        yield from blackout_problems(workspace, systems)
        yield from notice_problems(workspace, known)


def _named(documents: Sequence[Document], *path: Any) -> list[Named]:
    return [(document, place, name) for document in documents for place, name in texts(document, *path)]


def _twice(names: Sequence[Named]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for document, place, name in names:
        if name in first:
            expected = _("an id of its own expected, this one is taken at {place}").format(place=first[name])
            yield document.problem(place, name, expected)
        first.setdefault(name, f"{document.file}:{document.line(place)}")


def _former(systems: Sequence[Document]) -> Iterator[Problem]:
    """An id that an asset had before is one that nothing else has or had."""
    former = _named(systems, "assets", EACH, "formerly", EACH)
    assets = _named(systems, "assets", EACH, "id")
    registered = {name for _document, _place, name in assets}
    told = _("the id that this asset had before, and no registered asset has, expected")
    yield from (document.problem(place, name, told) for document, place, name in former if name in registered)
    yield from _twice([one for one in former if one[2] not in registered])


def _unknown(document: Document, known: Collection[str], expected: str, *path: Any) -> Iterator[Problem]:
    for place, name in texts(document, *path):
        if name not in known:
            yield document.problem(place, name, expected)


def _data_sets(document: Document, assets: Collection[str]) -> Iterator[Problem]:
    own = {name for _place, name in texts(document, "assets", EACH, "id")}
    expected = _("the id of an asset of this system expected")
    yield from _unknown(document, own, expected, "data_sets", EACH, "asset")
    expected = _("the id of a registered asset expected")
    yield from _unknown(document, assets, expected, "data_sets", EACH, "targets", EACH, "asset")
    for place, target in entries(document, "data_sets", EACH, "targets", EACH):
        if isinstance(target, dict) and bool(target.get("asset")) == bool(target.get("address")):
            yield document.problem(place, None, _("either asset or address expected"))


def _samples(document: Document) -> Iterator[Problem]:
    """A sample is of assets of its kind, each once; a kind is sampled once."""
    kinds = {a["id"]: a.get("kind") for _place, a in entries(document, "assets", EACH) if _has_id(a)}
    seen: set[str] = set()
    for place, sample in entries(document, "sampling", EACH):
        kind = str(sample.get("kind")) if isinstance(sample, dict) else ""
        if kind in seen:
            yield document.problem((*place, "kind"), kind, _("each kind once expected"))
        seen.add(kind)
        chosen: set[str] = set()
        for inner, name in texts(Document(document.file, sample, {}), "assets", EACH):
            if name in chosen or kinds.get(name) != kind:
                told = _("assets of this system and kind, each once, expected")
                yield document.problem((*place, *inner), name, told)
            chosen.add(name)


def _has_id(asset: Any) -> bool:
    return isinstance(asset, dict) and isinstance(asset.get("id"), str)


def _asset(document: Document, place: Place, asset: Any) -> Iterator[Problem]:
    reach = asset.get("reach") if isinstance(asset, dict) else None
    transport = reach.get("transport") if isinstance(reach, dict) else None
    yield from _same_service(document, place)
    yield from _login(document, place, asset)
    if transport not in ("local", "ssh", "bundle"):
        return
    if asset.get("kind") in KINDS and asset["kind"] not in VISITED_KINDS:
        yield document.problem(
            (*place, "kind"),
            asset.get("kind"),
            _("kind: linux expected: other kinds cannot be visited yet (leave reach out)"),
        )
    if isinstance(reach, dict):
        yield from _sudo(document, (*place, "reach"), reach)
    if transport == "ssh" and isinstance(reach, dict):
        yield from _ssh(document, place, asset, reach)


def _login(document: Document, place: Place, asset: Any) -> Iterator[Problem]:
    if (
        isinstance(asset, dict)
        and asset.get("own_login") is False
        and asset.get("kind") not in LOGINLESS_KINDS
    ):
        expected = _("only software may be without a login of its own: {kinds}")
        told = expected.format(kinds=", ".join(LOGINLESS_KINDS))
        yield document.problem((*place, "own_login"), False, told)


def _ssh(document: Document, place: Place, asset: dict[str, Any], reach: dict[str, Any]) -> Iterator[Problem]:
    if not asset.get("address"):
        yield document.problem((*place, "address"), None, _("is required for transport: ssh"))
    if not reach.get("user"):
        yield document.problem((*place, "reach", "user"), None, _("is required for transport: ssh"))
    yield from credential_problem(document, (*place, "reach"), reach)


def _sudo(document: Document, place: Place, reach: dict[str, Any]) -> Iterator[Problem]:
    if reach.get("sudo") == "password":
        if not reach.get("sudo_password") and not reach.get("password"):
            expected = _("a reference is required for sudo: password (sudo_password: env:NAME)")
            yield document.problem((*place, "sudo_password"), None, expected)
    elif reach.get("sudo_password"):
        expected = _("only together with sudo: password")
        yield document.problem((*place, "sudo_password"), None, expected)


def _same_service(document: Document, place: Place) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    asset = Document(document.file, _at(document.data, place), {})
    for inner, service in entries(asset, "services", EACH):
        if isinstance(service, dict):
            key = (str(service.get("port")), str(service.get("protocol", "tcp")))
            if key in seen:
                where = (*place, *inner, "port")
                yield document.problem(where, service.get("port"), _("each port and protocol once expected"))
            seen.add(key)


def _at(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _zones(workspace: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    """Limits of a zone that no asset is in limit nothing: it is mistyped."""
    known = {name for document in systems for _place, name in texts(document, "assets", EACH, "zone")}
    for place, zones in entries(workspace, "limits", "zones"):
        for name in zones if isinstance(zones, dict) else ():
            if name not in known:
                near = ", ".join(get_close_matches(str(name), known, n=3))
                expected = _("the zone of an asset expected") + (f" ({near})" if near else "")
                yield workspace.problem((*place, name), None, expected)


def _nights(workspace: Document, known: Collection[str]) -> Iterator[Problem]:
    """A rhythm of a system that is not registered is mistyped, and so is a watch over one."""
    expected = _("the id of a registered system expected")
    for place, systems in entries(workspace, "nightly", "systems"):
        for name in systems if isinstance(systems, dict) else ():
            if name not in known:
                yield workspace.problem((*place, name), None, expected)
    for place, name in texts(workspace, "nightly", "watch", EACH, "systems", EACH):
        if name not in known:
            yield workspace.problem(place, name, expected)


def _organisations(workspace: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    yield from _twice(_named([workspace], "organisations", EACH, "id"))
    known = {name for _place, name in texts(workspace, "organisations", EACH, "id")}
    expected = _("the id of an organisation in {file} expected").format(file=workspace.file)
    yield from _unknown(workspace, known, expected, "organisations", EACH, "parent")
    for document in systems:
        yield from _unknown(document, known, expected, "organisation")
    yield from _cycles(workspace)


def _cycles(workspace: Document) -> Iterator[Problem]:
    parents: dict[str, str] = {}
    places: dict[str, Place] = {}
    for place, item in entries(workspace, "organisations", EACH):
        if isinstance(item, dict) and isinstance(item.get("id"), str) and isinstance(item.get("parent"), str):
            parents[item["id"]] = item["parent"]
            places[item["id"]] = (*place, "parent")
    for name in parents:
        above, steps = parents[name], 0
        while above in parents and above != name and steps <= len(parents):
            above, steps = parents[above], steps + 1
        if above == name:
            yield workspace.problem(places[name], parents[name], _("a tree without a cycle expected"))
