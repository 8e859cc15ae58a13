"""Bundles into runs: whose they are, when they count, what a scan makes of the newest one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from secaudit.audit import Steps, judge_again, run_audit
from secaudit.audit.importing import Received, Terms, receive, store_received, taken_over
from secaudit.audit.judging import moment_of
from secaudit.audit.planning import Asked, make_plan
from secaudit.collect.bundle_signature import Signer
from secaudit.errors import BundleError, UsageError
from secaudit.model.evidence import Gap, GapReason, Probe
from secaudit.model.register import Asset, Authorisation, Register
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from tests.unit.audit import samples
from tests.unit.audit.samples import AGE, NAME
from tests.unit.collect.collecting import WHO, run, write
from tests.unit.collect.test_collector import collect_with

# the little world's questions, as a machine can answer them
FIVE = (replace(AGE, command="echo 5"), replace(NAME, command="echo ada", root=False))

VERDICTS = {"linux.young": Verdict.PASS, "linux.named": Verdict.PASS, "linux.copied": Verdict.MANUAL}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'db'}") as opened:
        yield opened


@pytest.fixture(autouse=True)
def answerable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts ask what this machine can answer."""
    facts = {
        "age": replace(samples.FACTS["age"], probes=(FIVE[0],)),
        "name": replace(samples.FACTS["name"], probes=(FIVE[1],)),
        "copies": samples.FACTS["copies"],
    }
    monkeypatch.setattr(samples, "FACTS", facts)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return bundle_of(tmp_path, "oa-1")


def bundle_of(folder: Path, asset: str, probes: tuple[Probe, ...] = FIVE) -> Path:
    """A bundle collected on this machine for an asset."""
    ran = run(write(folder, probes), *WHO[:-1], asset)
    assert ran.code == 0
    file = folder / f"{asset}.bundle"
    file.write_bytes(ran.out)
    return file


def terms(**more: object) -> Terms:
    """Everything is authorised."""
    plain = Terms(lambda _system, _asset, _at: samples.authorisation(), datetime.now(UTC))
    return replace(plain, **more)  # type: ignore[arg-type]


def carried(*names: str) -> Register:
    """A register whose assets come by bundle."""
    return samples.register(samples.system("oa", *(samples.host(name, "bundle") for name in names)))


REGISTER = carried("oa-1", "oa-2")


def kept(store: Store, *received: Received) -> str:
    """The run of these bundles."""
    run_id, judged = store_received(store, received, REGISTER, samples.rules(), samples.NOW)
    assert [visit.asset_id for visit, _results in judged] == sorted(one.plan.asset_id for one in received)
    return run_id


def test_a_bundle_is_judged_like_a_visit(bundle: Path, store: Store) -> None:
    now = terms()
    run_id = kept(store, receive(bundle, REGISTER, samples.rules(), store, now))
    (record,) = store.records(run_id)
    assert {r.check_id: r.verdict for r in record.results} == VERDICTS
    assert record.channel["transport"] == "bundle"
    assert (record.channel["operator"], record.channel["place"]) == ("张三", "机房 1")
    assert (record.authorisation, record.ended_at) == ("a-1", now.now)
    assert record.authorised == samples.authorisation()
    assert record.started_at == record.target_time
    assert moment_of(record).ours == now.now


def test_the_same_bundle_is_imported_once(bundle: Path, store: Store) -> None:
    run_id = kept(store, receive(bundle, REGISTER, samples.rules(), store, terms()))
    with pytest.raises(BundleError, match=f"already, into run {run_id}") as error:
        receive(bundle, REGISTER, samples.rules(), store, terms(asset="oa-2"))
    assert run_id in str(error.value.hint)


def test_of_two_imports_at_once_one_keeps_the_bundle(bundle: Path, tmp_path: Path, store: Store) -> None:
    """Both had found it new; the other leaves no run behind, and keeps nothing else that came with it."""
    rules, both = samples.rules(), ["oa-1", "oa-2"]
    other = receive(bundle_of(tmp_path, "oa-2"), REGISTER, rules, store, terms())
    seen = [receive(bundle, REGISTER, rules, store, terms()) for _import in both]
    run_id = kept(store, seen[0])
    with pytest.raises(BundleError, match=f"bundle of oa-1 was imported already, into run {run_id}"):
        kept(store, other, seen[1])
    assert [run.id for run in store.runs()] == [run_id]
    assert store.newest_bundle("oa-2") is None


def test_imports_that_race_keep_a_bundle_once(bundle: Path, tmp_path: Path, store: Store) -> None:
    rules, racers = samples.rules(), 4
    seen = receive(bundle, REGISTER, rules, store, terms())
    start = threading.Barrier(racers)

    def race(_number: int) -> str:
        with open_store(f"sqlite:///{tmp_path / 'db'}") as own:
            start.wait()
            try:
                return kept(own, seen)
            except BundleError as error:
                return str(error)

    with ThreadPoolExecutor(racers) as threads:
        told = list(threads.map(race, range(racers)))
    (run,) = store.runs()
    assert (run.state, run.visits) == (RunState.COMPLETE, 1)
    assert sorted(run.id == one for one in told) == [False] * (racers - 1) + [True]
    assert all(run.id in one for one in told)


def test_another_run_of_the_collector_is_another_bundle(tmp_path: Path, store: Store) -> None:
    for _time in range(2):
        kept(store, receive(bundle_of(tmp_path, "oa-1"), REGISTER, samples.rules(), store, terms()))


def test_an_unknown_asset_is_refused_unless_one_is_named(tmp_path: Path, store: Store) -> None:
    file = bundle_of(tmp_path, "../../x")
    with pytest.raises(BundleError, match=r"asset \.\./\.\./x is not registered"):
        receive(file, REGISTER, samples.rules(), store, terms())
    received = receive(file, REGISTER, samples.rules(), store, terms(asset="oa-2"))
    assert received.plan.asset_id == "oa-2"
    assert received.visit.channel["named"] == "../../x"


def test_another_kind_is_refused(bundle: Path, store: Store) -> None:
    register = samples.register(samples.system("oa", samples.host("oa-1", "bundle", kind="windows")))
    with pytest.raises(BundleError, match="of kind linux; asset oa-1 is of kind windows"):
        receive(bundle, register, samples.rules(), store, terms())


def test_an_asset_that_is_not_audited_is_refused(bundle: Path, store: Store) -> None:
    register = samples.register(samples.system("oa", samples.host("oa-1", "none")))
    with pytest.raises(UsageError, match="its transport is none"):
        receive(bundle, register, samples.rules(), store, terms())


def test_who_allowed_it_is_asked_for_the_moment_of_collection(bundle: Path, store: Store) -> None:
    asked: list[datetime] = []

    def refuse(system_id: str, _asset: Asset, at: datetime) -> Authorisation:
        asked.append(at)
        raise UsageError(f"{system_id} was not allowed")

    with pytest.raises(UsageError, match="oa was not allowed"):
        receive(bundle, REGISTER, samples.rules(), store, terms(authorise=refuse))
    assert timedelta() <= datetime.now(UTC) - asked[0] < timedelta(minutes=5)
    assert store.runs() == ()


def test_a_clock_that_is_ahead_of_ours_needs_a_word(bundle: Path, store: Store) -> None:
    past = datetime.now(UTC) - timedelta(days=400)
    with pytest.raises(BundleError, match="still to come") as error:
        receive(bundle, REGISTER, samples.rules(), store, terms(now=past))
    assert "--collected-at" in str(error.value.hint)
    said = past - timedelta(days=1)
    visit = receive(bundle, REGISTER, samples.rules(), store, terms(now=past, collected_at=said)).visit
    assert visit.started_at == said
    assert visit.target_time is not None
    assert visit.clock_ahead_s == round((visit.target_time - said).total_seconds())


def test_a_required_signature_must_be_there(bundle: Path, store: Store) -> None:
    with pytest.raises(BundleError, match="not signed"):
        receive(
            bundle,
            REGISTER,
            samples.rules(),
            store,
            terms(signer=Signer(Ed25519PrivateKey.generate().public_key())),
        )


def test_a_signature_over_no_digests_proves_nothing(tmp_path: Path, store: Store) -> None:
    """The seal holds a nonce and a count then: all answers could be other ones."""
    absent = dict.fromkeys(("sha256sum", "busybox", "openssl", "shasum"), "exit 127")
    sealed = tmp_path / "sealed.bundle"
    armour = b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
    sealed.write_bytes(collect_with(tmp_path, **absent) + armour)
    trusted = terms(asset="oa-1", signer=Signer(Ed25519PrivateKey.generate().public_key()))
    with pytest.raises(BundleError, match="its signature says nothing of its answers"):
        receive(sealed, REGISTER, samples.rules(), store, trusted)
    unchecked = receive(sealed, REGISTER, samples.rules(), store, terms(asset="oa-1"))
    assert unchecked.visit.channel["signature"] == "unchecked"


def test_nobody_collects_tomorrow(bundle: Path, store: Store) -> None:
    """It would stay the newest bundle of its asset, whatever comes."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(UsageError, match="still to come"):
        receive(bundle, REGISTER, samples.rules(), store, terms(collected_at=tomorrow))


def test_a_scan_takes_the_newest_bundle_over(tmp_path: Path, store: Store) -> None:
    rules = samples.rules()
    for name in ("oa-1", "oa-2"):
        kept(store, receive(bundle_of(tmp_path, name), REGISTER, rules, store, terms()))
    newest = store.newest_bundle("oa-1")
    assert newest is not None
    plan = make_plan(REGISTER, rules.content, rules.facts, Asked(), samples.allowed())
    night = samples.NOW + timedelta(days=30)
    steps = Steps(
        lambda plans, _s, _a: (taken_over(p, store.newest_bundle(p.asset_id), night) for p in plans),
        samples.allowed(),
        lambda: night,
        lambda _v, _r: None,
    )
    for _night in range(2):
        run_id = run_audit(store, plan, rules, steps)
        records = {record.asset_id: record for record in store.records(run_id)}
        assert set(records) == {"oa-1", "oa-2"}
        assert (records["oa-1"].started_at, records["oa-1"].ended_at) == (newest.started_at, night)
        assert {r.check_id: r.verdict for r in records["oa-1"].results} == VERDICTS
        assert judge_again(store, run_id, rules, night).changes == ()


def test_without_a_bundle_the_asset_is_unknown_and_does_not_vanish() -> None:
    rules = samples.rules()
    plan = make_plan(REGISTER, rules.content, rules.facts, Asked(), samples.allowed()).assets[0]
    visit = taken_over(plan, None, samples.NOW)
    assert visit.gap == Gap(
        GapReason.NOT_COLLECTED, "no bundle of it was imported yet (secaudit collector build)"
    )
    assert {o.gap for o in visit.observations} == {visit.gap}
    assert len(visit.observations) == len(plan.probes)


def test_a_scan_without_a_bundle_is_no_bundle(store: Store) -> None:
    rules = samples.rules()
    plan = make_plan(REGISTER, rules.content, rules.facts, Asked(), samples.allowed())
    steps = Steps(
        lambda plans, _s, _a: (taken_over(p, None, samples.NOW) for p in plans),
        samples.allowed(),
        lambda: samples.NOW,
        lambda _v, _r: None,
    )
    run_audit(store, plan, rules, steps)
    assert store.newest_bundle("oa-1") is None
    assert store.run_of_bundle("") is None


def test_questions_that_are_new_since_the_bundle_are_not_collected(bundle: Path, store: Store) -> None:
    rules = samples.rules()
    visit = receive(bundle, REGISTER, rules, store, terms()).visit
    plan = make_plan(REGISTER, rules.content, rules.facts, Asked(), samples.allowed()).assets[0]
    later = replace(plan, probes=(*plan.probes, Probe("new", "true")))
    (new,) = (o for o in taken_over(later, visit, samples.NOW).observations if o.probe_id == "new")
    assert new.gap == Gap(GapReason.NOT_COLLECTED, "the collector did not ask this")
