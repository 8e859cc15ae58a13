"""What is stored comes back as it was, and nothing that was stored is ever lost."""

import hashlib
import stat
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from secaudit.errors import StoreError, UsageError
from secaudit.model.content import Extension
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset
from secaudit.model.result import Offender, Verdict
from secaudit.model.run import RunState, Versions
from secaudit.model.scope import Platform, Sample
from secaudit.model.text import Text
from secaudit.store import Form, Store, look_at, open_store
from tests.unit.store import samples


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path}/secaudit.db")


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    run = samples.run()
    store.create_run(run)
    assert store.run("r1") == run


def test_what_is_judged_comes_back_with_the_run(store: Store) -> None:
    """A report on an old run says what was sampled, shared and the platform's when it was made."""
    run = samples.run()
    judged = replace(
        run.plan.systems[0],
        extensions=(Extension.CLOUD,),
        samples=(Sample("linux", ("a1",), "张三", date(2026, 3, 1), "同型号"),),
        shared=(Asset("nginx", "middleware", "甲", own_login=False),),
        platform=Platform("云", ("pes",), report_date=date(2026, 2, 1)),
    )
    run = replace(run, plan=replace(run.plan, systems=(judged,)))
    store.create_run(run)
    assert store.run(run.id).plan.systems == (judged,)


def test_an_unknown_run_is_named(store: Store) -> None:
    with pytest.raises(UsageError, match="r9"):
        store.run("r9")


def test_evidence_comes_back_byte_by_byte(store: Store) -> None:
    store.create_run(samples.run())
    visit = samples.visit("h1", noise=b"\xff\xfe\x00<script>")
    store.save_visit("r1", visit, samples.results("h1"))
    assert store.observations("r1", "h1") == visit.observations
    assert store.observations("r1", "h2") == ()


def test_records_hold_results_and_circumstances(store: Store) -> None:
    store.create_run(samples.run())
    lost, visit = samples.unreached("h2"), samples.visit("h1")
    store.save_visit("r1", lost, samples.results("h2"))
    store.save_visit("r1", visit, samples.results("h1"))
    first, second = store.records("r1")  # in the order of the plan, not of the visits
    assert (first.asset_id, first.gap, first.channel) == ("h1", None, visit.channel)
    assert (first.started_at, first.ended_at, first.target_time) == (
        visit.started_at,
        visit.ended_at,
        visit.target_time,
    )
    assert (first.clock_ahead_s, second.clock_ahead_s) == (-4, None)
    assert first.results == samples.results("h1")
    assert (second.gap, second.target_time, second.authorisation) == (lost.gap, None, "2026-001")
    assert second.results == samples.results("h2")


def test_runs_are_listed_newest_first(store: Store) -> None:
    store.create_run(samples.run("r1"), owner="host/1")
    store.save_visit("r1", samples.visit("h1"), ())
    store.finish_run("r1", RunState.INTERRUPTED, samples.START + timedelta(hours=1))
    store.create_run(samples.run("r2", started_at=samples.START + timedelta(days=1)))
    newest, oldest = store.runs()
    assert (newest.id, newest.state, newest.ended_at, newest.visits) == ("r2", RunState.RUNNING, None, 0)
    assert (oldest.id, oldest.state, oldest.visits) == ("r1", RunState.INTERRUPTED, 1)
    assert (oldest.owner, oldest.systems) == ("host/1", ("oa",))
    assert oldest.ended_at == samples.START + timedelta(hours=1)


def test_a_run_is_taken_over(store: Store) -> None:
    store.create_run(samples.run(), owner="host/1")
    store.finish_run("r1", RunState.INTERRUPTED, samples.START)
    store.resume_run("r1", "host/2")
    assert (store.runs()[0].state, store.runs()[0].owner) == (RunState.RUNNING, "host/2")


def test_an_asset_is_visited_once_a_run(store: Store) -> None:
    store.create_run(samples.run())
    store.save_visit("r1", samples.visit("h1"), samples.results("h1"))
    with pytest.raises(StoreError, match="already"):
        store.save_visit("r1", samples.visit("h1"), ())
    assert next(store.records("r1")).results == samples.results("h1")


def test_a_visit_needs_its_run(store: Store) -> None:
    with pytest.raises(StoreError):
        store.save_visit("r1", samples.visit("h1"), ())


def test_a_naive_moment_is_our_bug(store: Store) -> None:
    with pytest.raises(StatementError, match="aware"):
        store.create_run(replace(samples.run(), started_at=samples.START.replace(tzinfo=None)))


def test_a_later_judgement_stands_beside_the_first(store: Store) -> None:
    store.create_run(samples.run())
    for asset in ("h1", "h2"):
        store.save_visit("r1", samples.visit(asset), samples.results(asset))
    store.finish_run("r1", RunState.COMPLETE, samples.START)
    own = store.latest_judgement("r1")
    assert (own.number, own.judged_at, own.versions) == (0, samples.START, samples.VERSIONS)
    later, newer = samples.START + timedelta(days=9), Versions("2.0", "3.12", "cd" * 32)
    judged = [("h1", samples.results("h1", Verdict.PASS))]
    assert store.save_judgement("r1", judged, newer, later) == 1
    assert store.save_judgement("r1", iter(()), newer, later) == 2
    latest = store.latest_judgement("r1")
    assert (latest.number, latest.judged_at, latest.versions) == (2, later, newer)
    assert [r.results[0].verdict for r in store.records("r1", 1)] == [Verdict.PASS, Verdict.FAIL]
    assert [r.results[0].verdict for r in store.records("r1", 0)] == [Verdict.FAIL, Verdict.FAIL]
    assert [r.results[0].verdict for r in store.records("r1")] == [Verdict.FAIL, Verdict.FAIL]


def test_the_latest_judgement_is_what_records_give(store: Store) -> None:
    store.create_run(samples.run())
    store.save_visit("r1", samples.visit("h1"), samples.results("h1"))
    store.save_judgement("r1", [("h1", samples.results("h1", Verdict.PASS))], samples.VERSIONS, samples.START)
    assert [r.results[0].verdict for r in store.records("r1")] == [Verdict.PASS]


def test_the_files_are_the_owners_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as store:
        store.create_run(samples.run())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert "secaudit.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_an_unchanged_second_night_adds_next_to_nothing(tmp_path: Path) -> None:
    url, hosts = f"sqlite:///{tmp_path}/secaudit.db", 10
    first = _night(url, "r1", hosts, 0, tmp_path)
    second = _night(url, "r2", hosts, 1, tmp_path)
    assert second - first <= first * 0.05, (first, second)


def test_a_night_stores_only_what_changed(tmp_path: Path) -> None:
    """One output of every host grows by a line: the difference is stored, and all comes back."""
    url = f"sqlite:///{tmp_path}/secaudit.db"
    first = _night(url, "r1", 10, 0, tmp_path)
    sizes = [_night(url, f"r{day + 1}", 10, day, tmp_path, b"line\n" * day) for day in (1, 2, 3)]
    assert sizes[-1] - first <= first * 0.15, (first, sizes)
    with open_store(url) as store:
        for day in (1, 2, 3):
            grown = store.observations(f"r{day + 1}", "h3")[0].output
            assert grown == store.observations("r1", "h3")[0].output + b"line\n" * day


def test_what_drifts_away_is_stored_whole_again(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db") as store:
        outputs = [_incompressible(str(day // 2), day % 2) * 2 for day in range(6)]
        for day, output in enumerate(outputs):
            at = samples.START + timedelta(days=day)
            store.create_run(samples.run(f"r{day}", 1, at))
            answers = (replace(samples.visit("h1").observations[0], output=output + b"!" * day),)
            visit = replace(samples.visit("h1", at), observations=answers)
            store.save_visit(f"r{day}", visit, samples.results("h1"))
        for day, output in enumerate(outputs):
            assert store.observations(f"r{day}", "h1")[0].output == output + b"!" * day


def _night(url: str, run_id: str, hosts: int, day: int, folder: Path, grown: bytes = b"") -> int:
    at = samples.START + timedelta(days=day, microseconds=day)
    with open_store(url) as store:
        store.create_run(samples.run(run_id, hosts, at))
        for n in range(1, hosts + 1):
            visit = samples.visit(f"h{n}", at + timedelta(seconds=n))
            answers = tuple(
                replace(o, output=o.output + _incompressible(o.probe_id, n), duration_ms=o.duration_ms + day)
                for o in visit.observations
            )
            answers = (replace(answers[0], output=answers[0].output + grown), *answers[1:])
            store.save_visit(run_id, replace(visit, observations=answers), samples.results(f"h{n}"))
        store.finish_run(run_id, RunState.COMPLETE, at)
    return (folder / "secaudit.db").stat().st_size


def _incompressible(probe_id: str, n: int) -> bytes:
    """What a host of its own says: about 1 KiB that nothing shares, as package lists and logs do."""
    return b"".join(hashlib.sha256(f"{probe_id}/{n}/{i}".encode()).digest() for i in range(32))


def test_many_write_at_the_same_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/secaudit.db"
    failures: list[StoreError] = []

    def scan(run_id: str) -> None:
        try:
            with open_store(url) as store:
                store.create_run(samples.run(run_id, 5))
                for n in range(1, 6):
                    store.save_visit(run_id, samples.visit(f"h{n}"), samples.results(f"h{n}"))
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=scan, args=(f"r{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_store(url) as store:
        assert [run.visits for run in store.runs()] == [5, 5, 5, 5]


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(), max_size=30), output=st.binary(max_size=200))
def test_whatever_a_target_says_is_kept(text: str, output: bytes) -> None:
    """Lone surrogates cannot be UTF-8: they come back as text that shows them; everything else as it was."""
    with open_store("sqlite://") as store:
        store.create_run(samples.run())
        visit = samples.visit("h1")
        answer = replace(visit.observations[0], gap=Gap(GapReason.FAILED, text), output=output)
        results = (
            replace(samples.results("h1")[0], offenders=(Offender(text, Text(text, text), Text("", text)),)),
        )
        store.save_visit("r1", replace(visit, observations=(answer,)), results)
        (stored,) = store.observations("r1", "h1")
        shown = "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
        assert stored == replace(answer, gap=Gap(GapReason.FAILED, shown))
        assert next(store.records("r1")).results[0].offenders == (
            Offender(shown, Text(shown, shown), Text("", shown)),
        )


def test_how_long_the_newest_visit_of_each_asset_took(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db") as store:
        assert store.last_visits() == {}
        for night in range(2):
            at = samples.START + timedelta(days=night)
            store.create_run(samples.run(f"r{night}", started_at=at))
            visit = samples.visit("h1", at)
            store.save_visit(f"r{night}", replace(visit, ended_at=at + timedelta(seconds=5 - night)), ())
        unreached = replace(samples.visit("h2"), target_time=None)
        store.save_visit("r1", unreached, ())
        assert store.last_visits() == {"h1": 4.0}


def test_a_database_is_looked_at_without_being_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    assert look_at(url) is None
    (tmp_path / "x.db").touch()
    assert look_at(url) is Form.EMPTY
    open_store(url).close()
    assert look_at(url) is Form.CURRENT
