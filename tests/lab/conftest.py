"""The lab of real Debian hosts: brought up once a session, or left out with the reason."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from secaudit.model.result import Verdict
from tests.lab.audits import Watched, watched_scan
from tests.lab.hosts import TRUTH_HOSTS, Lab, lab_session, why_unavailable
from tests.lab.levels import other_levels

HERE = Path(__file__).parent


def lab_available() -> str | None:
    """None when the lab can be had on this machine, else the reason in one line."""
    return why_unavailable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the lab; leave it out where there can be none.

    Under CI=true nothing is left out: the fixture then fails with the reason.
    """
    mine = [
        item for item in items if HERE in item.path.parents and "lab" in getattr(item, "fixturenames", ())
    ]
    reason = lab_available() if mine else None
    for item in mine:
        item.add_marker(pytest.mark.lab)
        if reason and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason=f"no lab: {reason}"))


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The lab, all its hosts fresh."""
    reason = lab_available()
    if reason:
        pytest.fail(f"CI=true and no lab: {reason}")
    with lab_session() as up:
        yield up


@pytest.fixture(scope="session")
def audited(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """One scan of all hosts with a truth."""
    return watched_scan(lab, tmp_path_factory.mktemp("truth") / "workspace", TRUTH_HOSTS)


@pytest.fixture(scope="session")
def found(audited: Watched) -> Mapping[str, Mapping[str, Verdict]]:
    """Host → check → verdict, of all levels: what level 3 does not ask is judged on the same evidence."""
    further = other_levels(audited.audit)
    return {
        host: {**further[host], **{r.check_id: r.verdict for r in record.results}}
        for host, record in audited.audit.records.items()
    }
