"""Rows of a Word template about the run: assets, visits, permissions, gaps, plug-ins."""

from collections.abc import Iterator
from typing import Final

from secaudit.report import tabular_assets
from secaudit.report.tabular import Row, View, said, yes
from secaudit.report.texts import Words
from secaudit.report.word_fields import listed, when

GAPS_SHOWN: Final = 5


def gaps(view: View, words: Words) -> Iterator[Row]:
    """What could not be collected, and why, asset by asset."""
    for gap in view["gaps"]:
        for place in gap["places"]:
            yield {
                "reason": said(words, gap["reason"]),
                "asset": place["asset"],
                "facts": listed([fact[words.language] for fact in place["facts"]], words),
                "details": "\n".join(place["details"][:GAPS_SHOWN]),
                "checks": len(place["checks"]),
            }


def assets(view: View, words: Words) -> Iterator[Row]:
    """The assets of the run, and the system that runs on each."""
    for row in tabular_assets.assets(view, words):
        yield {
            key: row[key] for key in ("id", "kind", "address", "zone", "os", "support", "updates", "reached")
        } | {"name": row["asset_name"]}


def visits(view: View, words: Words) -> Iterator[Row]:
    """How each asset was reached, by what permission, and what was judged there."""
    for asset in view["assets"]:
        verdicts = (f"{said(words, name)} {count}" for name, count in asset["verdicts"].items())
        yield {
            "id": asset["id"],
            "started": when(asset["started_at"]),
            "ended": when(asset["ended_at"]),
            "by": words("comma").join(filter(None, (asset["transport"], asset["channel"].get("user", "")))),
            "authorisation": asset["authorisation"],
            "evidence": len(asset["evidence"]),
            "verdicts": words("comma").join(verdicts),
            "reached": said(words, asset["gap"]["reason"]) if asset["gap"] else words("docx_reached"),
        }


def authorisations(view: View, words: Words) -> Iterator[Row]:
    """What the assets were visited under."""
    for one in view["document"]["authorisations"]:
        yield {
            "id": one["id"],
            "approver": one["approver"],
            "document": one["document"],
            "valid": f"{when(one['valid_from'])} – {when(one['valid_until'])}",
            "port_scan": yes(words, one["port_scan"]),
        }


def plugins(view: View, words: Words) -> Iterator[Row]:
    """What plug-ins took part, and which could not."""
    for one in view["document"]["versions"]["plugins"]:
        why = words("plugin_broken", why=one["reason"]) if one["reason"] else ""
        yield {
            "name": f"{one['group']}: {one['name']}",
            "version": f"{one['package']} {one['version']}",
            "state": why,
        }
