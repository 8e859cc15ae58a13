"""Packages for the agencies, from the scan to the receipt; openssl and our own verify agree."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from secaudit.content.folder import content_dir
from secaudit.register.times import office_day
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit
from tests.unit.handover.sealing import openssl, pair

pytestmark = pytest.mark.end_to_end

CANARIES = (
    "canary-asset",
    "金丝雀资产",
    "canary-login",
    "198.51.100.7",
    "金丝雀联系人",
    "canary-record",
    "canary-zone",
)
SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
profile: quick
description: 由 canary-login 从 198.51.100.7 维护
agencies: [cac, public-security, secrecy]
contacts:
  - {role: security-administrator, name: 金丝雀联系人, phone: "13900000000"}
assets:
  - {id: canary-asset, kind: linux, name: 金丝雀资产, zone: canary-zone, reach: {transport: local, sudo: none}}
  - id: down
    kind: linux
    name: 停用
    address: 127.0.0.1
    reach: {transport: ssh, port: 9, user: canary-login, agent: true, sudo: none}
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that was scanned, with an answer on record, a key and numbers."""
    folder = tmp_path_factory.mktemp("handover") / "w"
    workspaces.make(folder, {"here": 0})
    (folder / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    key, certificate = pair(folder / "keys", "ed25519")
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        sealing = {
            "key": f"keys/{key.name}",
            "certificate": f"keys/{certificate.name}",
            "number": "网安〔{year}〕{n}号",
        }
        settings.write(json.dumps({"handover": sealing}, ensure_ascii=False)[1:-1] + "\n")
    assert secaudit(folder, "scan").code in (1, 3)
    said = ("attest", "set", "oa", "pss.issuing.a#1", "--person", "金丝雀联系人", "--record", "canary-record")
    assert secaudit(folder, *said, "--answer", "符合").code == 0
    return folder


def build(office: Path, out: Path, *more: str, agency: str = "cac") -> Printed:
    arguments = (
        "handover",
        "build",
        "--agency",
        agency,
        "--system",
        "oa",
        "--person",
        "李四",
        "--lang",
        "zh",
    )
    return secaudit(office, *arguments, "--out", str(out), *more)


def test_a_package_goes_out_and_its_receipt_comes_back(office: Path, tmp_path: Path) -> None:
    done = build(office, tmp_path, "--print")
    assert done.code == 0, done.err
    package, letter, label = (Path(line) for line in done.out.splitlines())
    number = f"网安〔{office_day().year}〕1号"
    certificate = str(office / "keys" / "office-ed25519.crt")
    verified = secaudit(tmp_path, "handover", "verify", str(package), "--issuer", certificate)
    assert verified.code == 0, verified.err
    assert f"number: {number}" in verified.out
    (row,) = (
        row
        for row in json.loads(secaudit(office, "handover", "list", "--format", "json").out)
        if row["number"]
    )
    (run,) = row["runs"]
    assert f"oa: run {run}, 20" in verified.out
    assert run in letter.read_text("utf-8")
    assert number in letter.read_text("utf-8")
    assert number in label.read_text("utf-8")
    assert package.stat().st_mode & 0o077 == 0
    for event, more in (("sent", ()), ("received", ("--reference", "收〔2026〕88")), ("accepted", ())):
        assert secaudit(office, "handover", "record", number, event, "--person", "王五", *more).code == 0
    rows = json.loads(secaudit(office, "handover", "list", "--format", "json").out)
    (row,) = [row for row in rows if row["number"] == number]
    assert (row["state"], row["sequence"], row["systems"]) == ("accepted", 1, ["oa"])
    assert secaudit(office, "handover", "record", number, "sent", "--person", "王五").code == 2
    replayed = secaudit(tmp_path, "handover", "verify", str(package), "--issuer", certificate, "--after", "1")
    assert replayed.code == 1
    assert secaudit(office, "ledger", "verify").code == 0
    kinds = [row["kind"] for row in json.loads(secaudit(office, "ledger", "show", "--format", "json").out)]
    assert kinds.count("package") == 4


def test_openssl_alone_verifies_and_the_head_is_an_anchor(office: Path, tmp_path: Path) -> None:
    package = Path(build(office, tmp_path).out.splitlines()[0])
    with zipfile.ZipFile(package) as opened:
        opened.extractall(tmp_path / "out")
    out, certificate = tmp_path / "out", office / "keys" / "office-ed25519.crt"
    public = tmp_path / "public.pem"
    public.write_text(openssl("x509", "-in", str(certificate), "-pubkey", "-noout"), encoding="utf-8")
    given = ("-rawin", "-in", str(out / "manifest.json"), "-sigfile", str(out / "manifest.sig"))
    assert "Verified" in openssl("pkeyutl", "-verify", "-pubin", "-inkey", str(public), *given)
    sums = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=out, capture_output=True, text=True, check=True
    )
    assert "oa/oa.html: OK" in sums.stdout
    anchored = secaudit(office, "ledger", "verify", "--anchor", str(out / "manifest.json"))
    assert anchored.code == 0, anchored.out + anchored.err


def test_what_an_agency_may_not_see_is_nowhere_in_its_package(office: Path, tmp_path: Path) -> None:
    package = Path(build(office, tmp_path).out.splitlines()[0])
    with zipfile.ZipFile(package) as opened:
        texts = {name: opened.read(name).decode() for name in opened.namelist() if not name.endswith(".sig")}
    for canary in CANARIES:
        assert [name for name, text in texts.items() if canary in text] == []
    full = Path(build(office, tmp_path / "full", agency="public-security").out.splitlines()[0])
    with zipfile.ZipFile(full) as opened:
        text = opened.read("oa/oa.json").decode()
    assert [canary for canary in CANARIES if canary not in text] == []
    real = json.loads((office / "keys" / f"{package.stem}.json").read_text("utf-8"))
    assert "canary-asset" in {told["name"] for told in real.values()}


def test_a_package_for_one_recipient(office: Path, tmp_path: Path) -> None:
    key, certificate = pair(tmp_path, "rsa", name="recipient")
    package, closed = build(office, tmp_path, "--recipient", str(certificate)).out.splitlines()
    opened = tmp_path / "opened.zip"
    openssl("cms", "-decrypt", "-inform", "DER", "-in", closed, "-inkey", str(key), "-out", str(opened))
    assert opened.read_bytes() == Path(package).read_bytes()
    refused = secaudit(office, "handover", "verify", closed, "--issuer", str(certificate))
    assert "openssl cms -decrypt" in refused.err


def test_the_secrecy_administration_gets_a_statement_alone(office: Path, tmp_path: Path) -> None:
    package = Path(build(office, tmp_path, agency="secrecy").out.splitlines()[0])
    with zipfile.ZipFile(package) as opened:
        names = opened.namelist()
        letter, manifest = opened.read("交接函.html").decode(), json.loads(opened.read("manifest.json"))
    assert sorted(names) == sorted(
        ["manifest.json", "manifest.sig", "交接函.html", "验证说明.txt", "issuer.crt", "SHA256SUMS"]
    )
    assert "非涉密系统" in letter
    assert "办公系统" in letter
    assert "待核实" not in letter
    assert "canary" not in letter
    assert (manifest["systems"], manifest["facts"]) == (["oa"], {})
    certificate = str(office / "keys" / "office-ed25519.crt")
    assert secaudit(tmp_path, "handover", "verify", str(package), "--issuer", certificate).code == 0


def test_a_document_says_its_number_and_the_marking_of_its_agency(office: Path, tmp_path: Path) -> None:
    package = Path(build(office, tmp_path, "--number", "特〔2026〕10号").out.splitlines()[0])
    with zipfile.ZipFile(package) as opened:
        page, view = opened.read("oa/oa.html").decode(), json.loads(opened.read("oa/oa.json"))
    assert "特〔2026〕10号" in page
    assert '<p class="marking">内部资料</p>' in page
    schema = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(view)] == []


def test_an_agency_told_of_what_no_standard_has_is_refused(office: Path, tmp_path: Path) -> None:
    shipped = (content_dir("reports") / "agencies" / "cryptography.yaml").read_text("utf-8")
    (office / "agencies").mkdir(exist_ok=True)
    own = office / "agencies" / "cac.yaml"
    own.write_text(shipped.replace("cns.transmission", "cns.transmision"), encoding="utf-8")
    try:
        refused = build(office, tmp_path)
    finally:
        own.unlink()
    assert refused.code == 2
    assert "cac is told of cns.transmision: no requirement" in refused.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--agency", "nobody", "--system", "oa"), "nobody is no agency"),
        (("--agency", "miit", "--system", "oa"), "miit is not told of oa"),
        (("--agency", "cac", "--system", "nope"), "nope is not registered"),
        (("--agency", "cac"), "Name the systems"),
    ],
)
def test_what_cannot_be_built_is_told(office: Path, arguments: tuple[str, ...], told: str) -> None:
    refused = secaudit(office, "handover", "build", "--person", "李四", *arguments)
    assert refused.code == 2
    assert told in refused.err


def test_a_number_is_given_once(office: Path, tmp_path: Path) -> None:
    assert build(office, tmp_path, "--number", "特〔2026〕9号").code == 0
    again = build(office, tmp_path, "--number", "特〔2026〕9号")
    assert again.code == 2
    assert "already" in again.err
    assert secaudit(office, "handover", "record", "没有的号", "sent", "--person", "王五").code == 2
    returned = secaudit(office, "handover", "record", "特〔2026〕9号", "returned", "--person", "王五")
    assert "after that comes sent" in returned.err


def test_a_changed_package_is_refused(office: Path, tmp_path: Path) -> None:
    package = Path(build(office, tmp_path).out.splitlines()[0])
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    package.write_bytes(content)
    certificate = str(office / "keys" / "office-ed25519.crt")
    refused = secaudit(tmp_path, "handover", "verify", str(package), "--issuer", certificate)
    assert refused.code == 1
    assert "is not what was sealed" in refused.err


def test_a_key_that_others_may_read_seals_nothing(office: Path, tmp_path: Path) -> None:
    key = office / "keys" / "office-ed25519.key"
    key.chmod(0o644)
    try:
        refused = build(office, tmp_path)
    finally:
        key.chmod(0o600)
    assert refused.code == 2
    assert "others may read" in refused.err
    assert not list(tmp_path.glob("*.zip"))
