"""How assets are visited: transports, credentials and the look at ports from outside, put together."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from secaudit.audit import Rules, Subject
from secaudit.audit.listening import listening_ports
from secaudit.collect import Outside, visit_all, visit_asset
from secaudit.language import _
from secaudit.model.evidence import Visit
from secaudit.model.run import AssetPlan
from secaudit.transport import Secrets, Transport, open_transport
from secaudit.transport.scanner import scan_ports


def visits(
    folder: Path, jobs: int, rules: Rules
) -> Callable[[Sequence[AssetPlan], Mapping[str, Subject]], Iterator[Visit]]:
    """What an audit is handed to visit assets, that many at once."""

    def visit(plans: Sequence[AssetPlan], subjects: Mapping[str, Subject]) -> Iterator[Visit]:
        assets = [subjects[plan.asset_id].asset for plan in plans]
        secrets = Secrets(assets, os.environ, _ask if sys.stdin.isatty() else None)

        def opened(plan: AssetPlan) -> Transport:
            return open_transport(subjects[plan.asset_id].asset, folder, secrets)

        def visit_one(plan: AssetPlan, transport: Transport) -> Visit:
            subject = subjects[plan.asset_id]
            outside = Outside(scan_ports, lambda answers: listening_ports(subject, answers, rules))
            return visit_asset(plan, subject.asset, transport, outside=outside)

        return visit_all(plans, opened, visit_one, min(jobs, len(plans)))

    return visit


def _ask(kind: str) -> str:
    prompts = {
        "password": _("Password of the hosts whose password is asked for"),
        "passphrase": _("Passphrase of the key"),
    }
    answer: str = click.prompt(prompts.get(kind, kind), hide_input=True, err=True)
    return answer
