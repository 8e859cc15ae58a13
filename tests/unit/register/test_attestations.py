"""Answers as files: what is written is read again, what is wrong is named, evidence is kept once and watched."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secaudit.document.reader import SIZE_LIMIT_BYTES
from secaudit.errors import ContentError, UsageError
from secaudit.model.attestation import Answer, Attestation, EvidenceFile
from secaudit.model.register import Organisation, Register, System
from secaudit.register import acts
from secaudit.register.acts import LIMIT_BYTES, evidence_place, read_evidence
from secaudit.register.attestations import (
    altered_files,
    last_valid,
    load_attestations,
    supported,
)
from secaudit.register.attesting import add_attestations
from secaudit.register.folder import write_new
from tests.unit.assess.samples import system

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
DAY = date(2026, 11, 28)
OA: System = system()
REGISTER = Register(organisations=(Organisation("office", "局"),), systems=(OA,))


def said(
    answer: Answer = Answer.MET,
    *,
    record: str = "",
    object_id: str = "",
    person: str = "张三",
    files: tuple[EvidenceFile, ...] = (),
    organisation: str = "",
) -> Attestation:
    """An answer of the system, or of an organisation."""
    system_id = "" if organisation else "oa"
    last = last_valid(DAY)
    return Attestation(
        "ces.x.a#1", answer, person, DAY, last, record, object_id, system_id, organisation, files
    )


def written(workspace: Path, text: str, name: str = "oa-1.yaml") -> None:
    (workspace / "attestations").mkdir(exist_ok=True)
    (workspace / "attestations" / name).write_text(text, encoding="utf-8")


def complaint(workspace: Path) -> str:
    with pytest.raises(ContentError) as refused:
        load_attestations(workspace, REGISTER)
    return str(refused.value)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    proof = tmp_path / "记录.pdf"
    proof.write_bytes(b"%PDF")
    file, content = read_evidence(proof)
    first = said(record='第一行\n第二行: "引号"', object_id="h1", files=(file,))
    second = said(Answer.NOT_APPLICABLE, record="没有无线网")
    (place,) = add_attestations(tmp_path, [first, second], {file.sha256: content}, NOW)
    assert place == tmp_path / "attestations" / "oa-20261128-1.yaml"
    assert place.stat().st_mode & 0o777 == 0o600
    assert load_attestations(tmp_path, REGISTER) == (first, second)
    assert (tmp_path / evidence_place(file.sha256)).read_bytes() == b"%PDF"


def test_every_act_is_a_file_of_its_own_and_evidence_is_kept_once(tmp_path: Path) -> None:
    proof = tmp_path / "a.txt"
    proof.write_bytes(b"x")
    file, content = read_evidence(proof)
    for number in (1, 2):
        (place,) = add_attestations(tmp_path, [said(files=(file,))], {file.sha256: content}, NOW)
        assert place.name == f"oa-20261128-{number}.yaml"
    assert len(list((tmp_path / "evidence").iterdir())) == 1
    assert len(load_attestations(tmp_path, REGISTER)) == 2


def test_an_organisation_answers(tmp_path: Path) -> None:
    one = said(organisation="office")
    (place,) = add_attestations(tmp_path, [one], {}, NOW)
    assert place.name == "office-20261128-1.yaml"
    assert load_attestations(tmp_path, REGISTER) == (one,)


def test_changed_or_missing_evidence_answers_nothing(tmp_path: Path) -> None:
    proof = tmp_path / "a.txt"
    proof.write_bytes(b"x")
    file, content = read_evidence(proof)
    with_file, without = said(files=(file,)), said()
    add_attestations(tmp_path, [with_file, without], {file.sha256: content}, NOW)
    found = load_attestations(tmp_path, REGISTER)
    assert altered_files(tmp_path, found) == frozenset()
    (tmp_path / evidence_place(file.sha256)).write_bytes(b"y!")
    assert supported(found, altered_files(tmp_path, found)) == [without]
    (tmp_path / evidence_place(file.sha256)).unlink()
    assert altered_files(tmp_path, found) == {file.sha256}
    (tmp_path / evidence_place(file.sha256)).symlink_to("/etc/hostname")
    assert altered_files(tmp_path, found) == {file.sha256}


GOOD = {
    "step": "ces.x.a#1",
    "answer": "符合",
    "person": "张三",
    "date": "2026-11-01",
    "valid_until": "2027-11-01",
}


@pytest.mark.parametrize("record", ["...", "—", "  "])
def test_punctuation_is_no_reason(tmp_path: Path, record: str) -> None:
    fields = "".join(f"    {key}: {text}\n" for key, text in (GOOD | {"answer": "不适用"}).items())
    written(tmp_path, f"system: oa\nanswers:\n  -\n{fields}    record: '{record}'\n")
    assert "a reason is required" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("step", "nonsense", "a step like"),
        ("answer", "yes", "one of 符合"),
        ("person", "---", "punctuation alone"),
        ("date", "2999-01-01", "not in the future"),
        ("date", "2026-02-30", "a real date"),
        ("valid_until", "2026-10-31", "on or after date"),
        ("valid_until", "soon", "a real date"),
        ("valid_until", "2099-01-01", "at most three years"),
        ("answer", "不适用", "a reason is required"),
        ("colour", "red", "colour"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, field: str, value: str, expected: str) -> None:
    fields = "".join(f"    {key}: {text}\n" for key, text in (GOOD | {field: value}).items())
    written(tmp_path, "system: oa\nanswers:\n  -\n" + fields)
    assert expected in complaint(tmp_path)
    assert "attestations/oa-1.yaml" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("system: nope", "one that is registered"),
        ("organisation: nope", "one that is registered"),
        ("system: oa\norganisation: office", "either system or organisation"),
        ("{}", "either system or organisation"),
    ],
)
def test_an_owner_that_is_none_is_named(tmp_path: Path, head: str, expected: str) -> None:
    written(tmp_path, head + "\n")
    assert expected in complaint(tmp_path)


def test_a_link_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "attestations").mkdir()
    (tmp_path / "attestations" / "oa-1.yaml").symlink_to("/etc/passwd")
    assert "not a link out of it" in complaint(tmp_path)


def test_what_is_no_evidence_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    for path, expected in (
        (tmp_path, "is no file"),
        (tmp_path / "nope", "cannot be read"),
        (empty, "is no evidence"),
    ):
        with pytest.raises(UsageError, match=expected):
            read_evidence(path)
    with empty.open("wb") as stream:
        stream.truncate(LIMIT_BYTES + 1)
    with pytest.raises(UsageError, match="is no evidence"):
        read_evidence(empty)


# What YAML writes longest: quotes in every line, what it escapes, and the longest record.
LONG = [
    said(record=('"' + "'说\U0001f600\\" * 200 + "\n") * 2 + "记" * 1500, object_id=f"h{n}")
    for n in range(150)
]


def test_many_answers_are_as_many_files_as_can_be_read_again(tmp_path: Path) -> None:
    places = add_attestations(tmp_path, LONG, {}, NOW)
    assert len(places) > 1
    assert all(place.stat().st_size <= SIZE_LIMIT_BYTES for place in places)
    assert load_attestations(tmp_path, REGISTER) == tuple(LONG)


def test_of_many_files_none_is_left_where_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = iter([False, True])

    def refusing(file: Path, content: str | bytes) -> None:
        if next(full):
            raise UsageError("no space left")
        write_new(file, content)

    monkeypatch.setattr(acts, "write_new", refusing)
    with pytest.raises(UsageError, match="no space left"):
        add_attestations(tmp_path, LONG, {}, NOW)
    assert not list((tmp_path / "attestations").iterdir())


def test_a_wrong_answer_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        add_attestations(tmp_path, [said(), said(person="\x1b")], {"0" * 64: b"x"}, NOW)
    assert not (tmp_path / "attestations").exists()
    assert not (tmp_path / "evidence").exists()
