"""What an agency may not see stands nowhere in its package, whatever the format and wherever it came from."""

from pathlib import Path

import pytest

from secaudit.content.agencies import load_agencies
from secaudit.model.agency import Hidden
from tests.end_to_end import planting
from tests.end_to_end.planting import CANARIES, OWNER, left, secaudit, texts_of
from tests.unit.report.test_pdf import lacking

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planting.make(tmp_path_factory.mktemp("redaction") / "w")


def package(office: Path, agency: str, out: Path) -> Path:
    built = secaudit(
        *(office, "handover", "build", "--agency", agency, "--system", "oa", "--person", "经办人"),
        *("--out", str(out)),
    )
    assert built.code == 0, agency
    return Path(built.out.splitlines()[0])


def test_no_package_holds_what_its_agency_may_not_see(office: Path, tmp_path: Path) -> None:
    if lacking():
        pytest.skip(f"PDF is among the formats: {lacking()}")
    agencies = load_agencies([office / "agencies"])
    assert len(agencies) == 9
    for agency in (one for one in agencies.values() if one.hidden or one.id in ("secrecy", "all")):
        read = list(texts_of(package(office, agency.id, tmp_path)))
        hidden = (OWNER, *(name for kind in agency.hidden for name in CANARIES[kind]))
        found = {where: names for where, text in read if (names := left(text, hidden))}
        assert found == {}, agency.id
        if agency.sections:
            assert {where.partition(":")[0].rpartition(".")[2] for where, _text in read} >= set(
                agency.formats
            )
        if agency.id == "all":
            whole = "\n".join(text for _where, text in read)
            missing = [name for kind in Hidden for name in CANARIES[kind] if not left(whole, (name,))]
            assert missing == [], "planted, and nobody could have found them"
