"""Which run is meant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.audit import Asked, make_plan, run_audit
from secaudit.cli.wiring import command, find_run, newest_run_of
from secaudit.errors import UsageError
from secaudit.store import Store, open_store
from tests.unit.audit import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


def scan(store: Store, day: int, *assets: str, stop_after: int | None = None) -> str:
    """Audit the system, or these assets of it; returns the run."""
    rules, at = samples.rules(), samples.NOW + timedelta(days=day)
    asked = Asked(assets=assets)
    plan = make_plan(samples.register(), rules.content, rules.facts, asked, samples.allowed())
    steps = replace(samples.Hosts(stop_after=stop_after).steps(), clock=lambda: at)
    return run_audit(store, plan, rules, steps)


def test_the_newest_whole_run_is_meant(store: Store) -> None:
    part = scan(store, 0, "oa-1")
    assert newest_run_of(store, "oa").id == part
    whole = scan(store, 1)
    assert newest_run_of(store, "oa").id == whole
    again = scan(store, 2, "oa-2")
    with pytest.raises(KeyboardInterrupt):
        scan(store, 3, stop_after=1)
    assert newest_run_of(store, "oa").id == whole
    assert find_run(store, again).id == again
    assert find_run(store, "latest") == find_run(store, None) == store.runs()[0]


def test_what_was_never_scanned(store: Store) -> None:
    with pytest.raises(UsageError, match="Nothing was scanned"):
        find_run(store, None)
    scan(store, 0)
    with pytest.raises(UsageError, match="no run nope"):
        find_run(store, "nope")
    with pytest.raises(UsageError, match="System hr"):
        newest_run_of(store, "hr")


def test_a_command_names_its_workspace() -> None:
    assert command(Path(), "assess") == "secaudit assess"
    assert command(Path("my demo"), "assess") == "secaudit --workspace 'my demo' assess"
