"""What an agency may see of a view: its sections, and pseudonyms where the rest would tell too much.

Nothing of what is counted or concluded changes. What content says (titles, questions, remedies) stays as it is; what
came from a host, the register or a person is replaced whole where it is a name, and within running text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from secaudit.handover.pseudonyms import Masker
from secaudit.model.agency import Agency, Hidden, Section

View = dict[str, Any]

WITHHELD: Final = {"zh": "（不在本次提供范围）", "en": "(not part of this package)"}
# sections of the view → what stands there where a package has none
EMPTY: Final[dict[Section, tuple[str, Any]]] = {
    Section.ITEMS: ("items", []),
    Section.PROBLEMS: ("problems", []),
    Section.RISKS: ("risks", []),
    Section.ACCEPTANCES: ("acceptances", []),
    Section.GAPS: ("gaps", []),
    Section.MANUAL: ("manual", []),
    Section.ASSETS: ("assets", []),
    Section.TABLES: ("tables", []),
}
NAMES: Final = frozenset({Hidden.HOSTS, Hidden.ACCOUNTS, Hidden.PATHS})


def share(view: View, agency: Agency, mask: Masker) -> View:
    """The view for an agency. ``mask`` was made for what the agency must not see."""
    kept = _within(view, agency)
    for section, (key, empty) in EMPTY.items():
        if section not in agency.sections:
            kept[key] = empty
    if Section.PROBLEMS not in agency.sections:
        kept["rectification"] = _counted({**kept["rectification"], "findings": []})
    left_out = sorted(section.value for section in Section if section not in agency.sections)
    kept["document"]["left_out"] = left_out
    if Section.EVIDENCE not in agency.sections:
        kept["outputs"] = {}
        kept["assets"] = [{**asset, "evidence": []} for asset in kept["assets"]]
    if not agency.hidden:
        return kept
    return _Redaction(agency.hidden, mask).of(kept)


def _within(view: View, agency: Agency) -> View:
    """The view with those items alone that the agency supervises, and what was found by their checks."""
    kept = {**view, "document": dict(view["document"])}
    if not agency.requirements:
        return kept
    told = {
        check: any(agency.is_told_of(step.partition("#")[0]) for step in known["steps"])
        for check, known in view["checks"].items()
    }
    kept["items"] = [item for item in view["items"] if agency.is_told_of(item["key"])]
    for section in ("problems", "manual"):
        kept[section] = [one for one in view[section] if told.get(one["check"])]
    known = view["rectification"]
    kept["rectification"] = _counted(
        {**known, "findings": [one for one in known["findings"] if _is_told(one, told, agency)]}
    )
    kept["document"]["limited_to"] = [
        {"zh": zh, "en": en}
        for zh, en in dict.fromkeys(
            (item["control_point"]["zh"], item["control_point"]["en"]) for item in kept["items"]
        )
    ]
    return kept


def _is_told(finding: View, told: Mapping[str, bool], agency: Agency) -> bool:
    """Of a check as its problems are; of an answer by its step; nothing of what others reported."""
    if finding["source"] == "answer":
        return agency.is_told_of(str(finding["check"]).partition("#")[0])
    return bool(finding["source"] == "scan" and told.get(finding["check"]))


def _counted(said: View) -> View:
    """With the counts of what is left of it."""
    findings = said["findings"]
    closed = sum(one["stage"] == "closed" for one in findings)
    overdue = sum(one["overdue"] for one in findings)
    return {
        **said,
        "all": len(findings),
        "closed": closed,
        "open": len(findings) - closed,
        "overdue": overdue,
    }


class _Redaction:
    def __init__(self, hidden: frozenset[Hidden], mask: Masker) -> None:
        self._hidden = hidden
        self._mask = mask

    def of(self, view: View) -> View:
        parts: dict[str, Callable[[Any], Any]] = {
            "document": self._document,
            "system": self._system,
            "summary": self._summary,
            "problems": self._problems,
            "gaps": self._gaps,
            "manual": self._problems,
            "assets": self._assets,
            "tables": self._tables,
            "items": self._items,
            "outputs": self._masked,
            "acceptances": self._act,
            "risks": self._act,
            "rectification": self._rectification,
        }
        # what this version does not know of the view is masked too, whatever it is
        safe = {"schema", "schema_version", "title", "kind", "coverage", "checks", "prediction"}
        return {
            key: value if key in safe else parts.get(key, self._masked)(value) for key, value in view.items()
        }

    def _name(self, kind: Hidden, name: str) -> str:
        return self._mask.pseudonyms.of(kind, name) if kind in self._hidden else self._mask.text(name)

    def _host(self, name: str) -> str:
        return self._name(Hidden.HOSTS, name)

    def _hosts(self, names: Iterable[str]) -> list[str]:
        return [self._host(name) for name in names]

    def _masked(self, value: Any) -> Any:
        """Every text in it with names replaced."""
        if isinstance(value, str):
            return self._mask.text(value)
        if isinstance(value, list):
            return [self._masked(one) for one in value]
        if isinstance(value, dict):
            return {self._mask.text(key): self._masked(one) for key, one in value.items()}
        return value

    def _document(self, said: View) -> View:
        kept = {"generated_at", "standards", "run", "versions", "left_out", "limited_to"}
        return {
            **{key: value if key in kept else self._masked(value) for key, value in said.items()},
            "authorisations": [self._authorisation(one) for one in said["authorisations"]],
        }

    def _authorisation(self, said: View) -> View:
        return {
            **said,
            "id": self._mask.text(said["id"]),
            "approver": self._name(Hidden.PEOPLE, said["approver"]),
            "document": self._mask.text(said["document"]),
            "zones": self._hosts(said["zones"]),
        }

    def _system(self, said: View) -> View:
        """A system keeps its name, its agencies know it; so does the platform that it stands on."""
        known = {
            "id",
            "name",
            "organisations",
            "grade",
            "level",
            "filing_number",
            "filed_on",
            "agencies",
            "platform",
        }
        return {
            **{key: value if key in known else self._act(value) for key, value in said.items()},
            "description": self._record(said["description"]),
            "data_sets": self._hosts(said["data_sets"]),
            "shared": [
                {**one, "id": self._host(one["id"]), "name": self._host(one["name"])}
                for one in said["shared"]
            ],
            "contacts": [] if Hidden.PEOPLE in self._hidden else self._masked(said["contacts"]),
        }

    def _act(self, value: Any, key: str = "") -> Any:
        """What people decided: who, where, why, and the files that it rests on, by the names of its fields."""
        if isinstance(value, dict):
            return {name: self._act(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._act(one, key) for one in value]
        if not isinstance(value, str):
            return value
        match key:
            case "person" | "requester" | "approver" | "owner":
                return self._name(Hidden.PEOPLE, value)
            case "asset" | "assets" | "object" | "objects" | "gone":
                return self._host(value)
            case "offenders":
                return self._name(Hidden.PATHS, value)
            case "reason" | "measure" | "record" | "case":
                return self._record(value)
            case "name":
                return self._name(Hidden.RECORDS, value)
            case "zh" | "en" | "sha256":
                return value
            case _:
                return self._mask.text(value)

    def _rectification(self, said: View) -> View:
        """What others reported is their text; the titles of checks are ours."""
        return {**said, "findings": [self._known_finding(one) for one in said["findings"]]}

    def _known_finding(self, one: View) -> View:
        ours = one["source"] in ("scan", "answer")
        withheld = WITHHELD if Hidden.RECORDS in self._hidden else self._masked(one["title"])
        title = one["title"] if ours else dict(withheld)
        kept = {"title": title, "number": one["number"], "opened": one["opened"], "closed": one["closed"]}
        if Hidden.HOSTS in self._hidden:  # the names of today have pseudonyms, those of before have none
            kept["moved"] = ""
        return {**self._act(one), **kept}

    def _record(self, text: str) -> str:
        """What a person wrote may name anything."""
        return WITHHELD["zh"] if text and Hidden.RECORDS in self._hidden else self._mask.text(text)

    def _summary(self, said: View) -> View:
        lists = ("unreachable", "not_visited", "unsampled")
        return {key: self._hosts(value) if key in lists else value for key, value in said.items()}

    def _problems(self, problems: list[View]) -> list[View]:
        return [
            {**problem, **self._places(problem), "groups": [self._group(one) for one in problem["groups"]]}
            if "groups" in problem
            else {**problem, **self._places(problem)}
            for problem in problems
        ]

    def _group(self, group: View) -> View:
        return {**group, **self._places(group)}

    def _places(self, said: View) -> View:
        found: View = {}
        if isinstance(said.get("objects"), list):
            found["objects"] = [
                {**one, "asset": self._host(one["asset"]), "object": self._host(one["object"])}
                for one in said["objects"]
            ]
        if "offenders" in said:
            found["offenders"] = [self._offender(one) for one in said["offenders"]]
        return found

    def _offender(self, offender: View) -> View:
        if not NAMES & self._hidden:
            masked: View = self._masked(offender)
            return masked
        return {
            **offender,
            "id": self._name(Hidden.PATHS, offender["id"]),
            "seen": self._told(offender["seen"]),
            "expected": self._masked(offender["expected"]),
        }

    @staticmethod
    def _told(told: View) -> View:
        """A number names nobody; any other text of a target may."""
        return told if all(str(text).strip("-").isdigit() for text in told.values()) else dict(WITHHELD)

    def _gaps(self, gaps: list[View]) -> list[View]:
        return [
            {
                **gap,
                "places": [
                    {**place, "asset": self._host(place["asset"]), "details": []} for place in gap["places"]
                ],
            }
            for gap in gaps
        ]

    def _assets(self, assets: list[View]) -> list[View]:
        return [
            {
                **asset,
                "id": self._host(asset["id"]),
                "name": self._host(asset["name"]),
                "address": self._name(Hidden.ADDRESSES, asset["address"]),
                "zone": self._host(asset["zone"]),
                "authorisation": self._mask.text(asset["authorisation"]),
                "channel": {},
                "gap": self._gap(asset["gap"]),
                "evidence": self._masked(asset["evidence"]),
            }
            for asset in assets
        ]

    @staticmethod
    def _gap(gap: View | None) -> View | None:
        return gap and {**gap, "detail": ""}

    def _tables(self, tables: list[View]) -> list[View]:
        return [
            {
                "asset": self._host(table["asset"]),
                "facts": {name: self._fact(fact) for name, fact in table["facts"].items()},
            }
            for table in tables
        ]

    def _fact(self, fact: View) -> View:
        return {"gap": self._gap(fact["gap"])} if "gap" in fact else {"value": self._masked(fact["value"])}

    def _items(self, items: list[View]) -> list[View]:
        return [{**item, "groups": [self._objects(group) for group in item["groups"]]} for item in items]

    def _objects(self, group: View) -> View:
        """Objects that nobody registered are named by their kind, which tells nothing."""
        objects = self._hosts(group["objects"]) if group["registered"] else group["objects"]
        return {
            **group,
            "objects": objects,
            "members": self._hosts(group["members"]),
            "steps": [self._step(step) for step in group["steps"]],
        }

    def _step(self, step: View) -> View:
        return {**step, "unseen": self._hosts(step["unseen"]), "attestation": self._act(step["attestation"])}
