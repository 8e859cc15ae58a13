"""What was changed between the machine and the office is noticed: a gap for the answer, or all is refused."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.collect.outside import OUTSIDE_ID
from secaudit.errors import BundleError
from secaudit.model.evidence import GapReason, Probe
from tests.unit.collect.collecting import PROBES, Read, collect, nonce_of, read

ALL = {probe.id for probe in PROBES}
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return collect(tmp_path_factory.mktemp("bundle"))


def answer(bundle: bytes, probe_id: str) -> bytes:
    """The answer with its digest, from its first frame to the next one's."""
    mark = b"\n" + nonce_of(bundle)
    begin = bundle.index(mark + b" B " + probe_id.encode())
    digest = bundle.index(mark + b" D " + probe_id.encode(), begin)
    return bundle[begin : bundle.index(b"\n", digest + 1)]


def without_digest(bundle: bytes, probe_id: str) -> bytes:
    """The answer alone."""
    return re.split(rb"\n[0-9a-f]{32} D ", answer(bundle, probe_id))[0]


def refused(folder: Path, bundle: bytes) -> str:
    """Why nothing of it is taken."""
    with pytest.raises(BundleError) as error:
        read(folder, bundle)
    return str(error.value)


def test_an_untouched_bundle_is_whole(bundle: bytes, tmp_path: Path) -> None:
    seen = read(tmp_path, bundle)
    assert seen.known == ALL
    assert seen.collected.login.keys() == {"user", "uid", "limiter"}


@pytest.mark.parametrize("old", [b"it's", b"$HOME", b"eoops", b"\ns3"])
def test_a_changed_byte_in_an_answer_makes_it_tampered(old: bytes, bundle: bytes, tmp_path: Path) -> None:
    part = answer(bundle, "a.plain")
    assert old in part
    changed = part.replace(old, old[:-1] + b"~", 1)
    seen = read(tmp_path, bundle.replace(part, changed))
    assert seen.gap("a.plain").reason is GapReason.TAMPERED
    assert seen.known == ALL - {"a.plain"}


def test_a_lost_byte_and_an_added_one_too(bundle: bytes, tmp_path: Path) -> None:
    assert read(tmp_path, bundle.replace(b"it's\n", b"its\n")).known == ALL - {"a.plain"}
    assert read(tmp_path, bundle.replace(b"it's\n", b"it''s\n")).known == ALL - {"a.plain"}


def test_an_answer_that_was_swapped_with_another_is_tampered(bundle: bytes, tmp_path: Path) -> None:
    one, other = without_digest(bundle, "a.plain"), without_digest(bundle, "a.bytes")
    swapped = bundle.replace(one, b"@").replace(other, one).replace(b"@", other)
    seen = read(tmp_path, swapped)
    assert {seen.gap(name).reason for name in ("a.plain", "a.bytes")} == {GapReason.TAMPERED}
    assert seen.known == ALL - {"a.plain", "a.bytes"}


def test_an_answer_that_claims_another_probe_is_tampered(bundle: bytes, tmp_path: Path) -> None:
    seen = read(tmp_path, bundle.replace(b" B a.plain ", b" B a.bytes "))
    assert "a.plain" not in seen.known


def test_an_answer_that_was_taken_out_is_tampered(bundle: bytes, tmp_path: Path) -> None:
    seen = read(tmp_path, bundle.replace(without_digest(bundle, "a.plain"), b""))
    assert seen.gap("a.plain").reason is GapReason.TAMPERED


CHANGES: dict[str, Change] = {
    "an answer taken out with its digest": lambda b: b.replace(answer(b, "a.plain"), b""),
    "an answer doubled": lambda b: b.replace(answer(b, "a.plain"), answer(b, "a.plain") * 2),
    "answers in another order": lambda b: (
        b.replace(answer(b, "a.plain"), b"@")
        .replace(answer(b, "a.bytes"), answer(b, "a.plain"), 1)
        .replace(b"@", answer(b, "a.bytes"))
    ),
    "a digest": lambda b: re.sub(rb"( D a.plain )[0-9a-f]{4}", rb"\g<1>0000", b),
    "the operator": lambda b: b.replace("张三".encode(), "李四".encode()),
    "the asset": lambda b: b.replace(b"\nasset h1\n", b"\nasset h2\n"),
    "the hash of a probe": lambda b: re.sub(rb"(\nprobe a.plain )[0-9a-f]{4}", rb"\g<1>0000", b),
    "the clock": lambda b: re.sub(rb"( H user \S+ \S+ )[0-9]+", rb"\g<1>1700000000", b),
    "who asked": lambda b: b.replace(b"\n0\nroot\n", b"\n0\ntoor\n"),
    "a mark": lambda b: b.replace(b" Z user", b" Z root"),
    "the number of answers": lambda b: re.sub(rb" end 5 ", b" end 4 ", b),
    "the seal": lambda b: re.sub(rb"( end 5 )[0-9a-f]{4}", rb"\g<1>0000", b),
    "no digests": lambda b: b.replace(b"\ndigest sha256\n", b"\ndigest none\n"),
    "text between answers": lambda b: b.replace(answer(b, "a.plain"), answer(b, "a.plain") + b"\nx"),
    "a second end": lambda b: b + b"\n" + nonce_of(b) + b" end 5 " + b"0" * 64 + b"\n",
    "another bundle behind it": lambda b: b + b * 40,
    "an answer that never ends": lambda b: b.replace(b" D b.root ", b" E b.root "),
    "marks without end": lambda b: b.replace(b" Z user", (b" X a\n\n" + nonce_of(b)) * 30_000 + b" Z user"),
    "a head that never ends": lambda b: b.replace(b" Z user", b" Z user" + b"x" * 2000),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_seal_holds_cannot_be_changed(name: str, bundle: bytes, tmp_path: Path) -> None:
    changed = CHANGES[name](bundle)
    assert changed != bundle
    assert refused(tmp_path, changed)


def test_a_bundle_cut_anywhere_is_refused(bundle: bytes, tmp_path: Path) -> None:
    end = bundle.index(b" end 5 ")
    for size in range(0, end + 50, 37):
        assert refused(tmp_path, bundle[:size])


def test_a_cut_bundle_says_what_to_do(bundle: bytes, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="ends before its last line") as error:
        read(tmp_path, bundle[:-100])
    assert "Copy it again" in str(error.value.hint)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b"", "ends within its head"),
        (lambda b: b"hello\n" + b, "no bundle"),
        (lambda b: b"\0" * 4000, "no bundle"),
        (lambda b: b.replace(b"\n", b"\r\n"), "line ends were changed"),
        (lambda b: b.replace(b"secaudit-bundle 1 ", b"secaudit-bundle 7 ", 1), "has format 7"),
        (lambda b: b.replace(b"\nplace ", b"\nwhere ", 1), "head is not understood: 'where'"),
        (lambda b: b.replace(b"\nplace ", b"\nplace x\nplace ", 1), "head is not understood: 'place'"),
        (lambda b: re.sub(rb"\nplace [^\n]*", b"", b, count=1), "head is not understood: 'place'"),
        (lambda b: b.replace(b"\nsudo none", b"\nsudo some", 1), "head is not understood"),
        (lambda b: b.replace(b"\nprobe a.plain", b"\nprobe ../../etc", 1), "marks do not fit"),
        (lambda b: b.replace(b"\nprobe a.plain ", b"\nprobe a.plain x", 1), "head is not understood"),
        (lambda b: b.replace(b"\nnote ", b"\nnote " + b"x" * 2000, 1), "head is not understood"),
        (lambda b: b[:50] + b"\nx" * 200_000, "head does not end"),
    ],
)
def test_what_is_no_bundle_is_told(change: Change, said: str, bundle: bytes, tmp_path: Path) -> None:
    assert said in refused(tmp_path, change(bundle))


def test_a_question_that_is_asked_otherwise_today_is_not_collected(bundle: bytes, tmp_path: Path) -> None:
    today = replace(PROBES[0], command="echo other")
    seen = read(tmp_path, bundle, (today, *PROBES[1:]))
    assert (seen.gap(today.id).reason, seen.gap(today.id).detail) == (
        GapReason.NOT_COLLECTED,
        "asked in an older wording",
    )
    assert seen[today.id].probe_hash == PROBES[0].definition_hash
    assert seen.known == ALL - {today.id}


def test_a_question_that_is_new_today_is_not_collected(bundle: bytes, tmp_path: Path) -> None:
    seen = read(tmp_path, bundle, (*PROBES, Probe("new", "true"), Probe(OUTSIDE_ID, "nmap")))
    assert seen.gap("new").detail == "the collector did not ask this"
    assert seen.gap(OUTSIDE_ID).detail == "a bundle has no view from outside"
    assert seen.known == ALL


def test_a_question_that_is_gone_today_is_passed_over(bundle: bytes, tmp_path: Path) -> None:
    assert read(tmp_path, bundle, PROBES[1:]).known == ALL - {"a.plain"}


def test_what_a_visit_finds_missing_is_missing_here_too(tmp_path: Path) -> None:
    probes = (Probe("slow", "sleep 20", timeout_s=1), Probe("big", "head -c 9999 /dev/zero", limit_bytes=99))
    seen: Read = read(tmp_path, collect(tmp_path, probes), probes)
    assert seen.gap("slow").reason is GapReason.PROBE_TIMEOUT
    assert seen.gap("big").reason is GapReason.TRUNCATED
