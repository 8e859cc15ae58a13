"""What an agency does not see: names in every place of a view, and in running text."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from secaudit.content.agencies import load_agencies
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.errors import ContentError, UsageError
from secaudit.handover.pseudonyms import KEY_FILE, Pseudonyms, masker, read_key
from secaudit.handover.redaction import WITHHELD, share
from secaudit.model.agency import Hidden, Section
from secaudit.model.content import Catalogue

ALL = frozenset(Hidden)
NAMES = {
    Hidden.HOSTS: ("canary-host", "金丝雀主机", "canary-zone", "canary-set"),
    Hidden.ADDRESSES: ("canary.example.gov.cn",),
    Hidden.ACCOUNTS: ("canaryuser",),
    Hidden.PEOPLE: ("金丝雀人",),
}
CANARIES = (
    *(name for names in NAMES.values() for name in names),
    *(
        "198.51.100.77",
        "2001:db8::77",
        "02:00:5e:00:53:77",
        "/srv/canary/file",
        "1.2.3-canary",
        "canary@example.cn",
    ),
)
EVERYWHERE = " ".join(CANARIES)
RECORDS = ("canary record", "canary-file.pdf", "canary reason", "someone canary", "canary offender")


def told(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def known(source: str, check: str, title: dict[str, str], **more: Any) -> dict[str, Any]:
    """A finding from before."""
    said = {"number": "F000001", "document": "", "asset": "canary-host", "object": "canary-set"}
    said |= {"opened": "2026-01-01T00:00:00+08:00", "closed": "", "stage": "open", "notice": ""}
    return {
        **said,
        "source": source,
        "check": check,
        "title": title,
        "offenders": ["canary offender"],
        "overdue": False,
        **more,
    }


def view() -> dict[str, Any]:
    """A view with canaries in every text that does not come from content."""
    offender = {"id": EVERYWHERE, "seen": told(EVERYWHERE), "expected": told("90")}
    place = {"asset": "canary-host", "object": "canary-set"}
    answer = {
        "answer": "符合",
        "person": "金丝雀人",
        "date": "2026-11-01",
        "valid_until": "2027-11-01",
        "record": "canary record",
        "files": [{"name": "canary-file.pdf", "sha256": "ab" * 32}],
        "organisation": "office",
    }
    group = {
        "objects": ["canary-host"],
        "kind": "host",
        "registered": True,
        "members": ["canary-host"],
        "conclusion": "不符合",
        "steps": [{"id": "ces.audit.a#1", "state": "met", "unseen": ["canary-host"], "attestation": answer}],
    }
    return {
        "schema": "secaudit/self-assessment",
        "schema_version": "1.3",
        "title": told("报告"),
        "kind": "self-assessment",
        "document": {
            "office": "办公室",
            "generated_at": "2026-11-28T10:00:00+08:00",
            "standards": ["GB/T 22239-2019"],
            "run": {"id": "20261128-1"},
            "versions": {"tool": "0.1.0"},
            "authorisations": [
                {"id": "a1", "approver": "金丝雀人", "document": "文 1", "zones": ["canary-zone"]}
            ],
        },
        "system": {
            "id": "oa",
            "name": "办公系统",
            "description": EVERYWHERE,
            "data_sets": ["canary-set"],
            "shared": [{"id": "canary-host", "kind": "machine-room", "name": "金丝雀主机"}],
            "sampling": [
                {
                    "kind": "linux",
                    "assets": ["canary-host"],
                    "person": "someone canary",
                    "reason": "canary reason",
                }
            ],
            "contacts": [{"name": "金丝雀人", "phone": "123", "email": "canary@example.cn"}],
        },
        "summary": {"planned": 1, "unreachable": ["canary-host"], "not_visited": ["canary-host"]},
        "coverage": [],
        "checks": {
            "linux.a": {"title": told("标题 1.2.3.4"), "steps": ["ces.audit.a#1"]},
            "linux.b": {"title": told("标题"), "steps": ["pes.fire.a#1"]},
        },
        "problems": [
            {"check": "linux.a", "objects": 1, "groups": [{"offenders": [offender], "objects": [place]}]},
        ],
        "rectification": {
            "since": "2026-01-01",
            "date": "2026-11-28",
            "all": 4,
            "closed": 1,
            "open": 3,
            "overdue": 1,
            "findings": [
                known("scan", "linux.a", told("标题 1.2.3.4"), stage="closed"),
                known("scan", "linux.b", told("标题")),
                known("answer", "ces.audit.a#1", told("步骤")),
                known("police", "", told(f"canary record {EVERYWHERE}"), overdue=True),
            ],
        },
        "acceptances": [
            {
                "assets": ["canary-host"],
                "offenders": ["canary offender"],
                "reason": "canary reason",
                "measure": "canary reason",
                "requester": "someone canary",
                "approver": "someone canary",
                "document": "文 2",
                "files": [{"name": "canary-file.pdf", "sha256": "ab" * 32}],
                "revoked": {"person": "someone canary", "date": "2026-11-01", "reason": "canary reason"},
            }
        ],
        "risks": [
            {
                "id": "HR-15",
                "text": told("空口令"),
                "groups": [
                    {
                        "objects": ["canary-host"],
                        "case": told("情形"),
                        "decision": {
                            "person": "someone canary",
                            "reason": "canary reason",
                            "case": "canary reason",
                        },
                        "reopened": None,
                    }
                ],
            }
        ],
        "gaps": [
            {"reason": "refused", "count": 1, "places": [{"asset": "canary-host", "details": [EVERYWHERE]}]}
        ],
        "manual": [{"check": "linux.b", "objects": [place], "offenders": [offender]}],
        "assets": [
            {
                "id": "canary-host",
                "name": "金丝雀主机",
                "address": "198.51.100.77",
                "zone": "canary-zone",
                "authorisation": "a1",
                "channel": {"cipher": "aes"},
                "gap": {"reason": "refused", "detail": EVERYWHERE},
                "evidence": [{"probe": "os", "errors": EVERYWHERE}],
            }
        ],
        "tables": [
            {
                "asset": "canary-host",
                "facts": {
                    "ports": {"value": [{"addresses": ["198.51.100.77"], "process": EVERYWHERE}]},
                    "os": {"gap": {"reason": "refused", "detail": EVERYWHERE}},
                },
            }
        ],
        "items": [
            {
                "key": "ces.audit.a",
                "clause": "8.1.4.3",
                "control_point": {"zh": "安全审计", "en": "Audit"},
                "groups": [group],
            }
        ],
        "outputs": {"ab": EVERYWHERE},
        "of_a_later_version": [{"note": EVERYWHERE}],
    }


def shared(agency_id: str = "cac", **changes: Any) -> dict[str, Any]:
    agency = replace(load_agencies([content_dir("reports") / "agencies"])[agency_id], **changes)
    return share(view(), agency, masker(Pseudonyms(b"k" * 32), agency.hidden, NAMES))


def test_no_canary_is_left_wherever_it_stood() -> None:
    found = json.dumps(shared(sections=frozenset(Section), hidden=ALL), ensure_ascii=False)
    assert [canary for canary in (*CANARIES, *RECORDS) if canary in found] == []
    assert "标题 1.2.3.4" in found
    assert '"clause": "8.1.4.3"' in found
    assert "空口令" in found
    assert "情形" in found


def test_names_are_the_same_in_every_place() -> None:
    found = shared(sections=frozenset(Section), hidden=ALL)
    host = found["assets"][0]["id"]
    assert host.startswith("H-")
    assert found["summary"]["unreachable"] == found["items"][0]["groups"][0]["objects"] == [host]
    assert found["problems"][0]["groups"][0]["objects"][0]["asset"] == found["tables"][0]["asset"] == host


def test_figures_stay() -> None:
    found = shared()
    assert found["summary"]["planned"] == 1
    assert found["problems"][0]["groups"][0]["offenders"][0]["expected"] == told("90")
    assert found["problems"][0]["groups"][0]["offenders"][0]["seen"] == WITHHELD


def test_a_section_that_is_not_shared_is_named() -> None:
    found = shared("secrecy")
    assert found["items"] == found["problems"] == found["assets"] == []
    assert found["document"]["left_out"] == sorted(section.value for section in Section)
    assert found["rectification"]["findings"] == []
    assert found["rectification"]["all"] == found["rectification"]["overdue"] == 0


def test_an_agency_sees_the_items_that_it_supervises_and_what_their_checks_found() -> None:
    told = shared(
        requirements=("ces.audit",), sections=frozenset({Section.ITEMS, Section.PROBLEMS, Section.MANUAL})
    )
    assert [item["key"] for item in told["items"]] == ["ces.audit.a"]
    assert [one["check"] for one in told["problems"]] == ["linux.a"]
    assert told["manual"] == []
    earlier = told["rectification"]
    assert [one["check"] for one in earlier["findings"]] == ["linux.a", "ces.audit.a#1"]
    assert [earlier[name] for name in ("all", "closed", "open", "overdue")] == [2, 1, 1, 0]
    assert told["document"]["limited_to"] == [{"zh": "安全审计", "en": "Audit"}]
    assert told["summary"]["planned"] == 1
    none = shared(
        requirements=("ces.aud", "ces.audit.b"), sections=frozenset({Section.ITEMS, Section.PROBLEMS})
    )
    assert none["items"] == none["problems"] == none["document"]["limited_to"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"formats": "[]"}, "formats"),
        ({"sections": "[]"}, "formats"),
        ({"sections": "[items, risks]", "requirements": "[ces.audit]"}, "requirements"),
    ],
)
def test_an_agency_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: dict[str, str], field: str
) -> None:
    said = {
        "name": "{zh: 甲, en: A}",
        "receives": "{zh: 乙, en: B}",
        "sections": "[items]",
        "formats": "[html]",
        "marking": "{zh: 内部, en: Internal}",
        "due": "{every: year}",
        "statement": "{zh: 说明, en: Statement}",
    }
    text = "".join(f"{key}: {value}\n" for key, value in (said | changes).items())
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load_agencies([tmp_path])
    assert [problem.field for problem in refused.value.problems] == [field]


def test_what_shipped_agencies_are_told_of_is_in_the_standard() -> None:
    keys = {item.key for catalogue in standard().values() for item in catalogue.requirements}
    for agency in load_agencies([content_dir("reports") / "agencies"]).values():
        for part in agency.requirements:
            assert [key for key in keys if replace(agency, requirements=(part,)).is_told_of(key)], part


def standard() -> dict[int, Catalogue]:
    return load_catalogues(content_dir("profiles") / "standards" / "gbt22239-2019")


def test_who_may_see_everything_sees_it() -> None:
    found = shared("public-security", sections=frozenset(Section))
    expected = view()
    expected["document"]["left_out"] = []
    assert found == expected
    assert shared("public-security")["outputs"] == {}


def test_pseudonyms_are_stable_and_rest_on_the_key() -> None:
    one, same, other = Pseudonyms(b"k" * 32), Pseudonyms(b"k" * 32), Pseudonyms(b"x" * 32)
    made = one.of(Hidden.HOSTS, "web1")
    assert made == same.of(Hidden.HOSTS, "web1") != other.of(Hidden.HOSTS, "web1")
    assert made != one.of(Hidden.ACCOUNTS, "web1")
    assert one.told[made] == (Hidden.HOSTS, "web1")
    assert one.of(Hidden.HOSTS, "") == ""
    assert "k" * 32 not in repr(one)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("on web10 and web1", "web10"),
        ("see 8.8.8.8, port 53", "port 53"),
        ("at 10:30 on 2026-11-28", "10:30 on 2026-11-28"),
        ("fe80::1%eth0", "eth0"),
        ("a/b c", "a/b c"),
        ("~/.ssh/id_ed25519", ""),
        ("主机web1上", "上"),
        ("服务器8.8.8.8上", "上"),
        ("由8.8.8.8:8443转发", "转发"),
        ("addr:8.8.8.8", "addr:"),
        ("地址fe80::1的主机", "的主机"),
        ("配置文件~/.ssh/config的", "配置文件"),
    ],
)
def test_running_text(text: str, left: str) -> None:
    mask = masker(
        Pseudonyms(b"k" * 32),
        frozenset({Hidden.HOSTS, Hidden.ADDRESSES, Hidden.PATHS}),
        {Hidden.HOSTS: ["web1"]},
    )
    masked = mask.text(text)
    assert left in masked
    assert "8.8.8.8" not in masked
    assert "fe80" not in masked
    assert ".ssh" not in masked
    assert "web1" not in masked.replace("web10", "")


def test_the_key_is_made_once_and_never_replaced(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    assert read_key(tmp_path) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(UsageError, match="no key of pseudonyms"):
        read_key(tmp_path)


def test_an_office_puts_its_own_agency_in_place(tmp_path: Path) -> None:
    shipped = content_dir("reports") / "agencies"
    (tmp_path / "cac.yaml").write_text(
        (shipped / "cac.yaml").read_text("utf-8").replace("half-year", "quarter"), encoding="utf-8"
    )
    assert load_agencies([shipped, tmp_path])["cac"].every.value == "quarter"
    assert len(load_agencies([shipped, tmp_path])) == len(load_agencies([shipped]))
    (tmp_path / "cac.yaml").write_text("name: x\nsections: [all]\n", encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load_agencies([shipped, tmp_path])
    assert {problem.field for problem in refused.value.problems} >= {"name", "receives", "marking", "due"}
