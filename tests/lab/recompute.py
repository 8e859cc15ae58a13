"""Every figure of an assessment again, from raw rows: results, answers, decisions, tables of the standard.

An independent reckoning: nothing of secaudit's assess is imported, and the words of a state are numbers here (0 not
met, 1/2 partly, 1 met, None does not apply). It knows what a level-3 system S3A3G3 of Linux hosts needs.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

LEVEL: Final = 3
HALF: Final = Fraction(1, 2)
VALUES: Final = {"符合": Fraction(1), "部分符合": HALF, "不符合": Fraction(0), "不适用": None}
NOT_ASSETS: Final = ("record", "person", "document", "design-document")
DATA: Final = ("business-data", "configuration-data", "personal-data")
MANAGEMENT: Final = ("PSS", "ORS", "HRS", "CMS", "MMS")

Value = Fraction | None
Pair = tuple[Value, Value]


@dataclass(frozen=True)
class Raw:
    """Rows as they lie: ``results`` (asset, object, check, verdict), ``answers`` and ``acts`` of files, ``checks``."""

    results: Sequence[Mapping[str, Any]]
    answers: Sequence[Mapping[str, Any]]
    acts: Sequence[Mapping[str, Any]]
    checks: Mapping[str, Mapping[str, Any]]
    hosts: Sequence[str]
    data_sets: Mapping[str, Mapping[str, Any]]


def read(workspace: Path, project: Path, results: str) -> Raw:
    """``results``: what ``secaudit results --format json`` printed."""
    checks = {
        ".".join(path.relative_to(project / "checks").with_suffix("").parts): _yaml(path)
        for path in (project / "checks").rglob("*.yaml")
    }
    (system,) = (_yaml(path) for path in (workspace / "systems").glob("*.yaml"))
    answers = [answer for path in _acts(workspace / "attestations") for answer in _yaml(path)["answers"]]
    return Raw(
        json.loads(results),
        answers,
        [_yaml(path) for path in _acts(workspace / "risks")],
        checks,
        [asset["id"] for asset in system["assets"]],
        {one["id"]: one for one in system.get("data_sets", [])},
    )


def _acts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"), key=lambda path: path.stat().st_mtime_ns)


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _table(project: Path, name: str) -> list[dict[str, str]]:
    path = project / "profiles" / "standards" / "gbt22239-2019" / name
    with path.open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Reckoned:
    """Figures: counts of items by conclusion, n, then pairs at worst and at best."""

    conclusions: Counter[str]
    items: int
    strict: tuple[Fraction, Fraction]
    weighted: tuple[Fraction, Fraction]
    technical: tuple[Fraction, Fraction]
    management: tuple[Fraction, Fraction]
    open_steps: set[tuple[str, str]]
    hazards: set[str]


def reckon(raw: Raw, project: Path, rule: str) -> Reckoned:
    """``rule``: ``mean`` or ``tri``."""
    rules = {row["eval_unit"]: row["rule"] for row in _table(project, "unit_rules.csv")}
    steps: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _table(project, "steps.csv"):
        if any(unit.startswith(f"L{LEVEL}-") for unit in row["units"].split(";")):
            steps[row["key"]].append({**row, "step": _number(row["step"])})
    owed = [row for row in _table(project, "requirements.csv") if int(row["level"]) == LEVEL]
    found: list[tuple[str, list[Pair], str]] = []
    open_steps: set[tuple[str, str]] = set()
    for row in owed:
        pairs, word = _item(raw, steps[row["key"]], rules[row["eval_unit"]], open_steps)
        found.append((row["domain_abbr"], pairs, word))
    return _figures(found, rule, open_steps, _hazards(raw))


def _number(text: str) -> str:
    """``2``, or ``L3:2 L4:1`` where levels count otherwise."""
    levels = dict(part.split(":") for part in text.split() if ":" in part)
    return levels.get(f"L{LEVEL}", text)


def _item(
    raw: Raw, steps: Sequence[Mapping[str, str]], rule: str, open_steps: set[tuple[str, str]]
) -> tuple[list[Pair], str]:
    pairs, settled = [], []
    for name, tellers, subjects, absent in _objects(raw, steps):
        ranges = [_step(raw, step, name, tellers, subjects, absent) for step in steps]
        worst = _unit(rule, [found[0] for found in ranges])
        best = _unit(rule, [found[1] for found in ranges])
        is_open = [found[0] != found[1] or found[2] for found in ranges]
        if any(found[3] for found in ranges):
            worst = best = Fraction(0)
            is_open = [False]
        open_steps |= {
            (step["key"] + "#" + step["step"], name) for step, o in zip(steps, ranges, strict=True) if o[2]
        }
        pairs.append((worst, best))
        settled.append(not any(is_open) or worst == 1)
    lowest = [low for low, _high in pairs if low is not None]
    if not lowest and all(high is None for _low, high in pairs):
        return pairs, "不适用"
    if not all(settled) and not (lowest and min(lowest) == 1):
        return pairs, "待核实"
    if len(set(lowest)) > 1 or HALF in lowest:
        return pairs, "部分符合"
    return pairs, "符合" if lowest[0] == 1 else "不符合"


def _objects(
    raw: Raw, steps: Sequence[Mapping[str, str]]
) -> Iterable[tuple[str, Sequence[str], Sequence[str], bool]]:
    """Object, the hosts that tell of it, whom a result must be about, whether an asset would be it but none is."""
    kinds = list(dict.fromkeys(kind for step in steps for kind in step["objects"].split(";")))
    if "host" in kinds:
        for host in raw.hosts:
            yield host, [host], [], False
        return
    data = [one for one in raw.data_sets.values() if f"{one.get('kind', 'business')}-data" in kinds]
    if set(kinds) <= set(DATA[:2]) and data:
        for one in data:
            yield one["id"], [one["asset"]], [one["id"], one["asset"]], False
        return
    asset = [kind for kind in kinds if kind not in NOT_ASSETS + DATA and not kind.startswith("other:")]
    yield ";".join(kinds), raw.hosts, [], bool(asset)


def _step(
    raw: Raw,
    step: Mapping[str, str],
    name: str,
    tellers: Sequence[str],
    subjects: Sequence[str],
    absent: bool,
) -> tuple[Value, Value, bool, bool]:
    """At worst, at best, open, and whether a veto closes the item."""
    step_id = f"{step['key']}#{step['step']}"
    about = [
        row
        for row in raw.results
        if step_id in _proves(raw.checks.get(row["check"], {}))
        and row["asset"] in tellers
        and (not subjects or row["object"] in subjects)
    ]
    verdicts = {row["verdict"] for row in about}
    partly = "PARTIAL" in verdicts
    if "FAIL" in verdicts:
        veto = any(raw.checks[row["check"]].get("veto") for row in about if row["verdict"] == "FAIL")
        return Fraction(0), Fraction(0), False, veto
    if "UNKNOWN" in verdicts:
        return Fraction(0), HALF if partly else Fraction(1), True, False
    silent = about and (
        absent or (set(tellers) - {row["asset"] for row in about} and "linux" in step["kinds"])
    )
    machine = verdicts & {"PASS", "PARTIAL"}
    if machine and "MANUAL" not in verdicts and step["seen_by"] == "machine" and not silent:
        proved = HALF if partly else Fraction(1)
        return proved, proved, False, False
    answer = _answer(raw, step_id, name)
    if answer is None:
        return Fraction(0), HALF if partly else Fraction(1), True, False
    value = VALUES[answer]
    if partly and value in (None, Fraction(1)):
        value = HALF
    return value, value, False, False


def _proves(check: Mapping[str, Any]) -> list[str]:
    """The steps that a check decides at level 3."""
    if check.get("advisory") or LEVEL not in check.get("levels", (1, 2, 3, 4)):
        return []
    return list(check.get("proves", []))


def _answer(raw: Raw, step_id: str, name: str) -> str | None:
    """The newest about the object, else the newest about all."""
    for asked in (name, ""):
        own = [one for one in raw.answers if one["step"] == step_id and one.get("object", "") == asked]
        if own:
            return str(max(own, key=lambda one: str(one["date"]))["answer"])
    return None


def _unit(rule: str, values: Sequence[Value]) -> Value:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if rule in ("any", "any-binary"):
        value = max(known)
    elif rule in ("all", "binary", "single-partial"):
        value = _together(known)
    else:
        assert len(known) == 3, "answered 不适用 in a unit whose rule this reckoning does not know"
        ways = {"1|(2&3)": ((0,), (1, 2)), "(1&3)|(2&3)": ((0, 2), (1, 2))}[rule]
        value = max(_together([known[place] for place in way]) for way in ways)
    return Fraction(0) if rule in ("binary", "any-binary") and value == HALF else value


def _together(values: Sequence[Fraction]) -> Fraction:
    return values[0] if len(set(values)) == 1 else HALF


def _figures(
    found: Sequence[tuple[str, list[Pair], str]],
    rule: str,
    open_steps: set[tuple[str, str]],
    hazards: set[str],
) -> Reckoned:
    applicable = [(domain, pairs) for domain, pairs, word in found if word != "不适用"]
    n = len(applicable)
    x = [
        tuple(_over([pair[side] for pair in pairs], rule) for side in (0, 1)) for _domain, pairs in applicable
    ]
    all_met = [
        tuple(all(pair[side] == 1 for pair in pairs if pair[side] is not None) for side in (0, 1))
        for _domain, pairs in applicable
    ]
    halves = []
    for wanted in (False, True):
        own = [
            value
            for value, (domain, _pairs) in zip(x, applicable, strict=True)
            if (domain in MANAGEMENT) is wanted
        ]
        lost = [sum((1 - value[side] for value in own), Fraction(0)) * Fraction(100, n) for side in (0, 1)]
        halves.append((max(Fraction(0), 50 - lost[0]), max(Fraction(0), 50 - lost[1])))
    return Reckoned(
        Counter(word for _domain, _pairs, word in found),
        n,
        (Fraction(sum(one[0] for one in all_met), n), Fraction(sum(one[1] for one in all_met), n)),
        (sum((one[0] for one in x), Fraction(0)) / n, sum((one[1] for one in x), Fraction(0)) / n),
        halves[0],
        halves[1],
        open_steps,
        hazards,
    )


def _over(values: Sequence[Value], rule: str) -> Fraction:
    known = [value for value in values if value is not None]
    if rule == "tri":
        return known[0] if set(known) in ({Fraction(0)}, {Fraction(1)}) else HALF
    return sum(known, Fraction(0)) / len(known)


def _hazards(raw: Raw) -> set[str]:
    """What people confirmed as relevant, severe and likely."""
    criteria = ("relevant", "severe", "likely")
    return {
        act["risk"]
        for act in raw.acts
        if act["act"] == "confirm" and all((act.get("hazard") or {}).get(key) for key in criteria)
    }
