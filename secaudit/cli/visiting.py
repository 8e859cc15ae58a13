"""How assets are visited: transports, credentials and the look at ports from outside, put together."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import click

from secaudit import clock
from secaudit.audit import Rules, Subject
from secaudit.audit.importing import taken_over
from secaudit.audit.listening import listening_ports
from secaudit.collect import Allow, Means, Outside, Turns, visit_all, visit_asset
from secaudit.collect.alone import alone_at
from secaudit.language import _
from secaudit.model.evidence import BUNDLE, Gap, Visit
from secaudit.model.pace import Pace
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan, Plan
from secaudit.plugins import load_plugins
from secaudit.plugins.transports import opener
from secaudit.transport import Secrets, Transport, Transports
from secaudit.transport.protocol import Limits
from secaudit.transport.scanner import scan_ports

# two scans of one workspace are not at the same asset at the same moment
LOCK_FILE: Final = "secaudit.lock"

# asset → the visit by bundle that was collected last
NewestBundle = Callable[[str], Visit | None]


def no_bundles(_asset_id: str) -> Visit | None:
    """For assets that are all visited."""
    return None


def secrets_of(plan: Plan) -> Secrets:
    """The credentials that the assets of a plan refer to; asks for what is to be typed, on a terminal."""
    planned = {asset.asset_id for asset in plan.assets}
    return secrets_for(asset for system in plan.systems for asset in system.assets if asset.id in planned)


def secrets_for(assets: Iterable[Asset]) -> Secrets:
    """The credentials that these assets and the jump hosts before them refer to; asks on a terminal."""
    return Secrets(assets, os.environ, _ask if sys.stdin.isatty() else None)


def visits(
    folder: Path, pace: Pace, rules: Rules, secrets: Secrets, newest_bundle: NewestBundle
) -> Callable[[Sequence[AssetPlan], Mapping[str, Subject], Allow], Iterator[Visit]]:
    """What an audit is handed to visit assets, as many at once as the limits allow."""
    limits = Limits(visit_s=pace.visit_s)

    def visit(plans: Sequence[AssetPlan], subjects: Mapping[str, Subject], allow: Allow) -> Iterator[Visit]:
        def alone(asset: Asset) -> AbstractContextManager[None]:
            return alone_at(asset.id, folder / LOCK_FILE)

        transports = Transports(folder, secrets)

        def opened(asset: Asset) -> Transport:
            """One of ours or of a plug-in."""
            brought = load_plugins().transports.get(asset.reach.transport)
            return opener(*brought)(asset, folder, secrets) if brought else transports.open(asset)

        def visit_one(plan: AssetPlan, asset: Asset, transport: Transport, no_root: Gap | None) -> Visit:
            subject = subjects[asset.id]
            outside = Outside(scan_ports, lambda answers: listening_ports(subject, answers, rules))
            kind, reference = asset.reach.password_of_sudo
            return visit_asset(
                plan,
                asset,
                transport,
                no_root,
                limits,
                outside,
                sudo_password=lambda: secrets.value(kind, reference, asset.id),
            )

        reached = [plan for plan in plans if subjects[plan.asset_id].asset.reach.transport != BUNDLE]
        turns = Turns([(plan, subjects[plan.asset_id].asset) for plan in reached], pace)
        yield from visit_all(turns, Means(alone, allow, opened, visit_one), min(pace.jobs, len(reached)))
        for plan in (plan for plan in plans if subjects[plan.asset_id].asset.reach.transport == BUNDLE):
            yield taken_over(plan, newest_bundle(plan.asset_id), clock.now())

    return visit


def _ask(kind: str) -> str:
    prompts = {
        "password": _("Password of the hosts whose password is asked for"),
        "passphrase": _("Passphrase of the key"),
        "sudo password": _("Password for sudo of the hosts where it is asked for"),
    }
    secret, _colon, jump_host = kind.partition(":")
    if jump_host:
        prompts = {
            "password": _("Password of jump host {id}").format(id=jump_host),
            "passphrase": _("Passphrase of the key for jump host {id}").format(id=jump_host),
        }
    answer: str = click.prompt(prompts.get(secret, kind), hide_input=True, err=True)
    return answer
