"""One audit a night of the system of the samples, in a store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from secaudit.audit import Asked, Rules, make_plan, run_audit
from secaudit.model.register import Register
from secaudit.store import Store
from tests.unit.audit import samples


class Nights:
    """One run a night, each of the system with two hosts, ``oa-1`` and ``oa-2``."""

    def __init__(self, store: Store) -> None:
        self.store, self.count = store, 0

    def run(
        self,
        age: int = 5,
        *,
        down: tuple[str, ...] = (),
        rules: Rules | None = None,
        register: Register | None = None,
        asked: Asked | None = None,
        stop_after: int | None = None,
    ) -> str:
        """The id of the run; hosts answer ``age`` (fails from 10 on)."""
        rules = rules or samples.rules(samples.YOUNG)
        plan = make_plan(
            register or samples.register(), rules.content, rules.facts, asked or Asked(), samples.allowed()
        )
        hosts = samples.Hosts({"age": str(age)}, down=down, stop_after=stop_after)
        begin, ticks = samples.NOW + timedelta(days=self.count), iter(range(1000))
        self.count += 1
        steps = replace(hosts.steps(), clock=lambda: begin + timedelta(seconds=next(ticks)))
        if stop_after is None:
            return run_audit(self.store, plan, rules, steps)
        with pytest.raises(KeyboardInterrupt):
            run_audit(self.store, plan, rules, steps)
        return self.store.runs()[0].id
