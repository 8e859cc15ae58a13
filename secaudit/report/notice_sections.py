"""The impact notice of a scan as sections: which sentences it holds, whatever it is printed on."""

from collections.abc import Iterator
from typing import Any

from secaudit.model.evidence import BUNDLE
from secaudit.report.notice_blocks import (
    Blanks,
    Block,
    Bullets,
    Fields,
    Grid,
    Listing,
    Paragraph,
    Section,
)
from secaudit.report.safe import shown_lines
from secaudit.report.texts import Words

View = dict[str, Any]


def head_of(view: View, t: Words) -> Fields:
    """What stands under the title."""
    names = (t("grade_of", name=system["name"], grade=system["grade"]) for system in view["systems"])
    return Fields(
        (
            (t("office"), view["office"]),
            (t("systems"), t("comma").join(names)),
            (t("count_in_all"), t("count_assets", number=view["load"]["assets"])),
            (t("generated_at"), _minute(view["generated_at"])),
        )
    )


def sections_of(view: View, t: Words) -> tuple[Section, ...]:
    """The sections in order; the last one is the appendix."""
    return (
        Section(t("targets"), tuple(_targets(view, t))),
        Section(t("when"), tuple(_when(view, t))),
        Section(t("actions"), tuple(_actions(view, t))),
        Section(t("rights"), tuple(_rights(view, t))),
        Section(t("secrets"), tuple(_secrets(view, t))),
        Section(t("ports"), (Paragraph(_ports(view, t)),)),
        Section(t("load"), (Fields(tuple(_load(view, t))),)),
        Section(t("traces"), (Paragraph(t("traces_text")), Paragraph(t("results_kept")))),
        Section(t("stop"), (Bullets(tuple(_stop(view, t))), Paragraph(t("contacts")), *_contacts(view, t))),
        Section(t("approval"), tuple(_approval(view, t))),
        Section(t("appendix"), tuple(_appendix(view, t))),
    )


def _assets(view: View) -> list[View]:
    return [asset for system in view["systems"] for asset in system["assets"]]


def _minute(stamp: str) -> str:
    """``2026-03-02T23:00:00+08:00`` → ``2026-03-02 23:00 +08:00``."""
    return f"{stamp[:10]} {stamp[11:16]} {stamp[19:]}"


def _targets(view: View, t: Words) -> Iterator[Block]:
    headings = ("asset", "address", "zone", "login", "sudo", "commands", "as_root", "permission")
    for system in view["systems"]:
        yield Paragraph(t("grade_of", name=system["name"], grade=system["grade"]))
        rows = tuple(_target(asset, t) for asset in system["assets"])
        yield Grid(tuple(map(t, headings)), rows, right=(5, 6))


def _target(asset: View, t: Words) -> tuple[str, ...]:
    place = f"{asset['address']}:{asset['port']}" if asset["port"] else t("this_machine")
    if asset["transport"] == BUNDLE:
        place = t("by_bundle")
    name = asset["id"] if asset["name"] in ("", asset["id"]) else f"{asset['id']} {asset['name']}"
    return (
        name,
        place,
        asset["zone"],
        asset["user"],
        asset["sudo"],
        str(asset["commands"]),
        str(asset["as_root"]),
        asset["authorisation"] or t("not_yet"),
    )


def _when(view: View, t: Words) -> Iterator[Block]:
    if not view["authorisations"]:
        yield Paragraph(t("none_on_record"))
    for item in view["authorisations"]:
        period = t("period", start=_minute(item["valid_from"]), end=_minute(item["valid_until"]))
        hours = t("comma").join(window[t.language] for window in item["windows"]) or t("any_hour")
        yield Fields(
            (
                (t("permission"), f"{item['id']} {item['approver']} {item['document']}"),
                (t("valid_period"), period),
                (t("hours"), hours),
            )
        )
    yield Paragraph(t("window_rule", limit=round(view["load"]["visit_limit_s"])))
    if view["blackouts"]:
        yield Paragraph(t("blackouts"))
        yield Bullets(tuple(_blackout(period, t) for period in view["blackouts"]))


def _blackout(period: View, t: Words) -> str:
    times = t("period", start=_minute(period["start"]), end=_minute(period["end"]))
    scope = t("comma").join((*period["systems"], *period["zones"]))
    return f"{times} {scope} {period['reason']}" if scope else f"{times} {period['reason']}"


def _actions(view: View, t: Words) -> Iterator[Block]:
    transports = {asset["transport"] for asset in _assets(view)}
    lines = [t("action_login")] if transports - {"local", BUNDLE} else []
    lines += [t("action_local")] if "local" in transports else []
    lines += [t("action_bundle")] if BUNDLE in transports else []
    yield Bullets((*lines, t("action_writes"), t("action_limits")))
    rows = tuple(
        (topic["title"][t.language], str(topic["commands"]), str(topic["as_root"]))
        for topic in view["topics"]
    )
    yield Grid((t("topic"), t("commands"), t("as_root")), rows, right=(1, 2))
    yield Paragraph(t("topics_note"))


def _rights(view: View, t: Words) -> Iterator[Block]:
    by_mode: dict[str, list[str]] = {}
    for asset in _assets(view):
        by_mode.setdefault(asset["sudo"], []).append(asset["id"])
    yield Bullets(tuple(t(f"sudo_{mode}", assets=t("comma").join(names)) for mode, names in by_mode.items()))


def _secrets(view: View, t: Words) -> Iterator[Block]:
    yield Paragraph(t("secrets_note"))
    rows = tuple((", ".join(row["commands"]), row["how"][t.language]) for row in view["secrets"])
    if rows:
        yield Grid((t("commands"), t("secrets")), rows)


def _ports(view: View, t: Words) -> str:
    looked_at = [asset for asset in _assets(view) if asset["outside_ports"]]
    if not looked_at:
        return t("ports_none")
    ports = sorted({port for asset in looked_at for port in asset["outside_ports"]})
    return t(
        "ports_text",
        assets=t("comma").join(asset["id"] for asset in looked_at),
        more=view["load"]["outside_ports_more"],
        ports=", ".join(map(str, ports)),
    )


def _load(view: View, t: Words) -> Iterator[tuple[str, str]]:
    load = view["load"]
    yield t("at_once"), t("at_once_value", jobs=load["jobs"])
    ports = load["outside_ports"]
    yield t("connections"), t("connections_value", ports=ports) if ports else t("connections_ssh")
    measured = load["commands_s"] is not None
    seconds = load["commands_s"] if measured else round(load["visit_limit_s"])
    yield t("busy"), t("busy_measured" if measured else "busy_limit", seconds=seconds)
    most = max((asset["limit_bytes"] for asset in _assets(view)), default=0)
    size = load["answered_bytes"] if measured else most
    yield (
        t("transferred"),
        t("transferred_measured" if measured else "transferred_limit", kib=-(-size // 1024)),
    )
    longest = _span(load["at_most_s"], t)
    if load["expected_s"] is None:
        yield t("duration"), t("duration_limit", most=longest)
    else:
        yield t("duration"), t("duration_measured", expected=_span(load["expected_s"], t), most=longest)


def _span(seconds: int, t: Words) -> str:
    return t("seconds", number=seconds) if seconds < 120 else t("minutes", number=-(-seconds // 60))


def _stop(view: View, t: Words) -> Iterator[str]:
    yield t("stop_ctrl_c")
    names = [item["id"] for item in view["authorisations"]] or ["ID"]
    for name in names:
        yield t("stop_revoke", command=f"secaudit authorise revoke {name} --reason …")
    yield t("stop_target")


def _contacts(view: View, t: Words) -> Iterator[Block]:
    for system in view["systems"]:
        lines = tuple(
            " ".join(filter(None, (t(f"role_{c['role']}"), c["name"], c["phone"], c["email"])))
            for c in system["contacts"]
        )
        yield Bullets(lines or (t("no_contacts", system=system["name"]),))


def _approval(view: View, t: Words) -> Iterator[Block]:
    yield Blanks(tuple(map(t, ("decision", "valid_period", "hours", "document", "approver", "date", "seal"))))
    systems = " ".join(f"--system {system['id']}" for system in view["systems"])
    command = f"secaudit authorise add {systems} --until … --window … --approver … --document … --file …"
    yield Paragraph(t("record_with", command=command))


def _visible(command: str) -> str:
    """Whole, with what could make it look like another command as ``\\uNNNN``."""
    return shown_lines(command, len(command))


def _appendix(view: View, t: Words) -> Iterator[Block]:
    for group in view["commands"]:
        names = t("comma").join(group["assets"])
        yield Paragraph(t("appendix_of", assets=names, count=len(group["commands"])))
        for command in group["commands"]:
            kib = -(-command["limit_bytes"] // 1024)
            limits = t("limits_of", seconds=command["timeout_s"], kib=kib)
            root = t("comma") + t("root") if command["root"] else ""
            yield Listing(f"{command['id']} ({limits}{root})", _visible(command["command"]))
