"""The view as tables: assets with how they were reached, and what was seen of their ports, backups and patches."""

from collections.abc import Iterator
from typing import Any

from secaudit.report.tabular import Row, View, kinds, said, yes
from secaudit.report.texts import Words


def _facts(view: View, name: str) -> Iterator[tuple[str, Any]]:
    """Asset → the fact's value; None where it is a gap, which the sheet of gaps tells."""
    for table in view["tables"]:
        yield table["asset"], table["facts"].get(name, {}).get("value")


def ports(view: View, words: Words) -> Iterator[Row]:
    """Ports that are declared or that something listens on."""
    for asset, found in _facts(view, "ports"):
        for port in found or ():
            yield {
                "asset": asset,
                "port": port["port"],
                "protocol": port["protocol"],
                **{key: yes(words, port[key]) for key in ("declared", "listening", "exposed")},
                "purpose": port["purpose"],
                "outside": said(words, f"port_{port['outside']}"),
                "process": port["process"],
                "high_risk_port": yes(words, port["high_risk"]),
            }


def backups(view: View, words: Words) -> Iterator[Row]:
    """Data sets and their newest backups."""
    for asset, found in _facts(view, "data_set_backups"):
        for row in found or ():
            yield {
                "data_set": row["name"],
                "asset": asset,
                "newest": row["newest_date"] if row["count"] else "",
                "rpo": row["rpo_h"],
                "size": row["newest_size_bytes"] if row["count"] else "",
                "job": row["job_where"],
                "copies": row["copies_elsewhere"],
                "targets": row["targets_elsewhere"],
            }


def patches(view: View, words: Words) -> Iterator[Row]:
    """Packages with a newer version, security updates first."""
    for asset, found in _facts(view, "pending_updates"):
        updates = (found or {}).get("updates", ())
        for one in sorted(updates, key=lambda one: (not one["security"], one["name"])):
            yield {
                "asset": asset,
                "package": one["name"],
                "installed": one["installed"],
                "candidate": one["candidate"],
                "security": yes(words, one["security"]),
            }


def assets(view: View, words: Words) -> Iterator[Row]:
    """The assets of the run, how each was reached, and how far it is patched."""
    facts = {name: dict(_facts(view, name)) for name in ("os", "support", "kernel", "pending_updates")}
    for asset in view["assets"]:
        own = {name: found.get(asset["id"]) or {} for name, found in facts.items()}
        updates = own["pending_updates"].get("updates")
        yield {
            "id": asset["id"],
            "asset_name": asset["name"],
            "kind": kinds(asset["kind"], words),
            "address": asset["address"],
            "zone": asset["zone"],
            "reached": said(words, asset["gap"]["reason"]) if asset["gap"] else words("ok"),
            "started": asset["started_at"],
            "ended": asset["ended_at"],
            "os": own["os"].get("name", ""),
            "support": own["support"].get("end_of_life", ""),
            "kernel": own["kernel"].get("running", ""),
            "updates": "" if updates is None else len(updates),
            "security_updates": "" if updates is None else sum(one["security"] for one in updates),
        }
