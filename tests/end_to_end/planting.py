"""A workspace with names that stand nowhere else, in every place that a report is made from, and packages read back."""

import html
import io
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Final

import yaml

from secaudit.audit import Asked, make_plan
from secaudit.cli.following import follow_all
from secaudit.cli.main import run
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.content.agencies import load_agencies
from secaudit.content.folder import content_dir
from secaudit.model.agency import Hidden, Section
from secaudit.model.evidence import Gap, GapReason, Observation, Probe, Visit
from secaudit.model.register import Authorisation
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import Expected, Run, RunState
from secaudit.model.text import Text
from secaudit.register.starting import start_workspace
from secaudit.register.times import in_zone
from tests.unit.handover.sealing import pair

RUN: Final = "20261101-1"
CANARIES: Final = {
    Hidden.HOSTS: ("canaryhost", "金丝雀主机", "canaryzone", "canaryset", "金丝雀数据", "canaryjump"),
    Hidden.ADDRESSES: (
        *("198.51.100.77", "203.0.113.77", "198.51.100.78", "2001:db8::77", "02:00:5e:00:53:77"),
        *("2001:db8:0:0:1:2:3:77", "198.51.100.0/25"),
    ),
    Hidden.ACCOUNTS: ("canarylogin", "canaryacct", "canaryhop"),
    Hidden.PATHS: ("/srv/canary/dump.sql", "/backup/canary", "/etc/canary.conf", "~/.canary/id"),
    Hidden.VERSIONS: ("7.7.77-canary3", "9.87.65p4"),
    Hidden.PEOPLE: (
        *("金丝雀联系人", "金丝雀答复人", "金丝雀批准人", "金丝雀裁定人", "金丝雀申请人"),
        *("canary@example.cn", "13912345677", "金丝雀许可人"),
    ),
    Hidden.RECORDS: (
        "金丝雀记录",
        "金丝雀理由",
        "金丝雀措施",
        "canaryproof.pdf",
        "canaryrisk.pdf",
        "canaryaccept.pdf",
    ),
}
# of findings: in no report at all
TOMORROW: Final = in_zone(datetime.now(UTC)).date() + timedelta(days=1)  # where the office is
OWNER: Final = "金丝雀负责人"
KNOWN: Final = tuple(name for kind, names in CANARIES.items() if kind is not Hidden.RECORDS for name in names)
EVERYTHING: Final = " ".join(KNOWN)
SYSTEM: Final = {
    "id": "oa",
    "name": "办公系统",
    "organisation": "office",
    "grade": "S2A2G2",
    "description": f"{EVERYTHING} 金丝雀记录",
    "filing_number": "31010000000-00001",
    "contacts": [
        {
            "role": "security-administrator",
            "name": "金丝雀联系人",
            "phone": "13912345677",
            "email": "canary@example.cn",
        }
    ],
    "assets": [
        {
            "id": "canaryhost",
            "kind": "linux",
            "name": "金丝雀主机",
            "address": "198.51.100.77",
            "zone": "canaryzone",
            "reach": {
                "transport": "ssh",
                "user": "canarylogin",
                "agent": True,
                "jump": ["canaryjump"],
            },
        },
        {
            "id": "second",
            "kind": "linux",
            "name": "第二台",
            "address": "2001:db8::77",
            "reach": {"transport": "ssh", "user": "canarylogin", "agent": True},
        },
    ],
    "data_sets": [
        {
            "id": "canaryset",
            "name": "金丝雀数据",
            "asset": "canaryhost",
            "rpo_h": 24,
            "rto_h": 24,
            "method": "dump",
            "artefacts": ["/srv/canary/dump.sql"],
            "targets": [{"address": "203.0.113.77", "path": "/backup/canary"}],
        }
    ],
}  # fmt: skip
JUMP: Final = {"id": "canaryjump", "address": "198.51.100.78", "user": "canaryhop", "agent": True}
START: Final = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
SHIPPED: Final = content_dir("reports") / "agencies"
ANSWERS: Final = {
    "os.release": f"ID=debian\nPRETTY_NAME='Debian {EVERYTHING}'\nVERSION_ID=12\n",
    "accounts.passwd": "p:root:none:0:0:/root:/bin/sh\np:canaryacct:none:1001:1001:/srv/canary:/bin/sh\nm:1000\n",
    "accounts.shadow": "root:hash:6:19700:0:99999:7:::\ncanaryacct:hash:6:19700:0:99999:7:::\n",
}
# results of a dozen that tell names; they are long, and what lays out pages takes its time
PLANTED: Final = {0: Verdict.FAIL, 3: Verdict.PARTIAL, 6: Verdict.UNKNOWN, 9: Verdict.MANUAL}
FORMATS: Final = ("html", "json", "csv", "xlsx", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str


def secaudit(folder: Path, *arguments: str) -> Done:
    """One command in this process: a start of the interpreter for each package would cost more than the package."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = run(["--workspace", str(folder), *arguments])
    return Done(code, printed.getvalue())


def make(folder: Path) -> Path:
    """The workspace: register, a run with evidence, answers, decisions, acceptances, agencies, a key."""
    start_workspace(folder, "办公室", "zh")
    system = {**SYSTEM, "agencies": [*load_agencies([SHIPPED]), "all"]}
    (folder / "systems" / "oa.yaml").write_text(yaml.safe_dump(system, allow_unicode=True), "utf-8")
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    key, certificate = pair(folder / "keys", "ed25519")
    sealing = {
        "key": f"keys/{key.name}",
        "certificate": f"keys/{certificate.name}",
        "number": "网安〔{year}〕{n}号",
    }
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(yaml.safe_dump({"handover": sealing, "jump_hosts": [JUMP]}, allow_unicode=True))
    _agencies(folder)
    _scanned(folder)
    _acts(folder)
    return folder


def _agencies(folder: Path) -> None:
    """Those that ship, each with every format; one that may see everything."""
    (folder / "agencies").mkdir(exist_ok=True)
    for shipped in SHIPPED.glob("*.yaml"):
        text = shipped.read_text("utf-8")
        text = re.sub(r"^formats: .*$", f"formats: [{', '.join(FORMATS)}]", text, flags=re.MULTILINE)
        (folder / "agencies" / shipped.name).write_text(text, encoding="utf-8")
        if shipped.stem == "public-security":
            text = re.sub(r"^sections: .*$", f"sections: [{', '.join(Section)}]", text, flags=re.MULTILINE)
            (folder / "agencies" / "all.yaml").write_text(text, encoding="utf-8")


def _scanned(folder: Path) -> None:
    """A complete run in which everything that was asked told of everything."""
    opened, rules = open_workspace(folder), load_rules(folder)
    allowed = Authorisation(
        "a1", ("oa",), "金丝雀许可人", "文 1", START, START + timedelta(days=30), zones=("canaryzone",)
    )
    plan = make_plan(opened.register, rules.content, rules.facts, Asked(), lambda _system, _asset: None)
    with opened.open_store() as store:
        store.create_run(Run(RUN, RunState.RUNNING, START, None, plan, rules.versions))
        for planned in plan.assets:
            evidence = tuple(_answer(probe) for probe in planned.probes)
            visit = Visit(
                *(planned.asset_id, START, START + timedelta(seconds=9), START, "a1", evidence),
                channel={"user": "canarylogin", "transport": "ssh", "via": "canaryjump 198.51.100.78"},
                authorised=allowed,
            )
            results = [_result(planned.asset_id, place, one) for place, one in enumerate(planned.expected)]
            store.save_visit(RUN, visit, results)
        store.finish_run(RUN, RunState.COMPLETE, START + timedelta(minutes=1))
        assert follow_all(opened, store, rules.content), "findings are opened"


def _answer(probe: Probe) -> Observation:
    said = ANSWERS.get(probe.id, f"{EVERYTHING}\n")
    return Observation(
        probe.id, probe.definition_hash, probe.command, None, said.encode(), EVERYTHING.encode(), 0
    )


def _result(asset_id: str, place: int, expected: Expected) -> Result:
    verdict = PLANTED.get(place % 12, Verdict.PASS)
    if verdict is Verdict.PASS or asset_id != "canaryhost":
        return Result(expected.check_id, asset_id, expected.object_id, Verdict.PASS)
    told = Text(f"实为 {EVERYTHING}", f"is {EVERYTHING}")
    name = KNOWN[place % len(KNOWN)]
    offenders = (
        Offender(name, told, Text("应为 0", "0 expected")),
        Offender(EVERYTHING, told, Text("0", "0")),
    )
    unknown = verdict is Verdict.UNKNOWN
    return Result(
        *(expected.check_id, asset_id, expected.object_id, verdict, () if unknown else offenders),
        Gap(GapReason.NEEDS_ROOT, EVERYTHING) if unknown else None,
        gap_source="accounts" if unknown else "",
        facts=("accounts",),
        probes=("accounts.passwd",),
    )


def _acts(folder: Path) -> None:
    """What people did: an answer, a decision and an acceptance, each with a file, and free texts that name all."""
    files = {name: folder / name for name in ("canaryproof.pdf", "canaryrisk.pdf", "canaryaccept.pdf")}
    for file in files.values():
        file.write_text(EVERYTHING, encoding="utf-8")
    record, reason, measure = (f"{word} {EVERYTHING}" for word in ("金丝雀记录", "金丝雀理由", "金丝雀措施"))
    given = ("--file", str(files["canaryproof.pdf"]), "--record", record, "--person", "金丝雀答复人")
    for step in ("pss.issuing.a#1", "cns.transmission.a#1", "mms.cryptography.a#1", "abs.boundary.a#1"):
        assert secaudit(folder, "attest", "set", "oa", step, "--answer", "符合", *given).code == 0, step
    decided = ("--person", "金丝雀裁定人", "--reason", reason, "--file", str(files["canaryrisk.pdf"]))
    yes = ("--relevant", "yes", "--severe", "yes", "--likely", "yes")
    assert secaudit(folder, "risk", "confirm", "oa", "HR-15", *decided, *yes).code == 0
    check = "linux.identity.password_max_age"
    asked = ("--kind", "risk", "--check", check, "--asset", "canaryhost", "--offender", "canaryacct")
    why = (
        "--reason",
        reason,
        "--measure",
        measure,
        "--requester",
        "金丝雀申请人",
        "--approver",
        "金丝雀批准人",
    )
    paper = (
        "--document",
        "文 2",
        "--file",
        str(files["canaryaccept.pdf"]),
        "--until",
        str(datetime.now(UTC).date() + timedelta(days=90)),
    )
    assert secaudit(folder, "accept", "add", "oa", *asked, *why, *paper).code == 0
    planned = ("--owner", OWNER, "--measure", measure, "--deadline", str(TOMORROW))
    assert secaudit(folder, "finding", "plan", "--system", "oa", "--source", "scan", *planned).code == 0
    for file in files.values():
        file.unlink()


def texts_of(package: Path) -> Iterator[tuple[str, str]]:
    """Where → what a reader of a package can find there: names of files, texts, properties, what is behind a page."""
    with zipfile.ZipFile(package) as opened:
        yield "names", "\n".join(opened.namelist())
        for name in opened.namelist():
            yield from _readable(name, opened.read(name))


def _readable(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    if name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield f"{name}: parts", "\n".join(parts.namelist())
            for part in parts.namelist():
                text = parts.read(part).decode()
                yield f"{name}: {part}", html.unescape(text)
                # a word may be split into runs
                yield f"{name}: {part}, text alone", html.unescape(re.sub(r"<[^>]+>", "", text))
    elif name.endswith(".pdf"):
        yield from _paper(name, content)
    elif not name.endswith(".sig"):
        text = content.decode()
        yield name, html.unescape(text)


def _paper(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The text of the pages, the properties, and the bookmarks and names of objects."""
    for program in ("pdftotext", "pdfinfo"):
        assert which(program), f"{program} is needed to read {name}"
        rest = ("-",) if program == "pdftotext" else ()
        done = subprocess.run([program, "-", *rest], input=content, capture_output=True, check=True)
        yield f"{name}: {program}", done.stdout.decode()
    streams = re.findall(rb"/Type /ObjStm.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    objects = b"\n".join(map(zlib.decompress, streams))
    yield f"{name}: objects", objects.decode("latin-1")
    bookmarks = (bytes.fromhex(found.decode()) for found in re.findall(rb"<feff([0-9a-f]+)>", objects))
    yield f"{name}: bookmarks", "\n".join(text.decode("utf-16-be") for text in bookmarks)


def left(text: str, names: tuple[str, ...]) -> list[str]:
    """Those of the names that stand in the text as whole tokens."""
    return [name for name in names if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)]
