"""High-risk conditions, major hazards and support dates."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import HIGH_RISKS, LIFECYCLES, MENDED, PROTECTIONS, STANDARD_FOLDER
from secaudit.content.reference_tables import (
    load_hazards,
    load_high_risks,
    load_lifecycles,
    load_mended,
    load_protections,
)
from secaudit.errors import ContentError
from secaudit.model.content import Lifecycle

PROFILES = content_dir("profiles")
STANDARD = PROFILES / STANDARD_FOLDER


def test_high_risk_conditions_and_hazards_point_at_each_other() -> None:
    risks, hazards = load_high_risks(STANDARD / HIGH_RISKS), load_hazards(STANDARD / "major_hazards.csv")
    assert (len(risks), len(hazards)) == (71, 32)
    assert risks["HR-15"].hazard == "A-18"
    assert risks["HR-15"].keys == ("ces.authentication.a",)
    assert {risk for hazard in hazards.values() for risk in hazard.high_risks} <= set(risks)
    assert {risk.hazard for risk in risks.values() if risk.hazard} <= set(hazards)
    assert hazards["A-22"].high_risks == ("HR-21a", "HR-21b")


def test_the_steps_that_show_a_condition_are_steps_of_its_items() -> None:
    risks = load_high_risks(STANDARD / HIGH_RISKS)
    known = {
        step.id
        for catalogue in load_catalogues(STANDARD).values()
        for items in (catalogue.requirements, *catalogue.extensions.values())
        for requirement in items
        for step in requirement.steps
    }
    narrowed = [risk for risk in risks.values() if risk.steps]
    assert len(narrowed) == 21
    assert {step for risk in narrowed for step in risk.steps} <= known
    assert risks["HR-26"].shown_at("ces.backup.a#1")
    assert not risks["HR-26"].shown_at("ces.backup.a#4")
    assert risks["HR-42"].shown_at("mms.emergency-plans.b#3")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("HR-99,pes.fire.a#1", "id: a condition of high_risk.csv"),
        ("HR-02,pes.power.b#1", "steps of pes.fire.a expected"),
        ("HR-02,", "steps of pes.fire.a expected"),
    ],
)
def test_a_step_of_another_item_is_named(tmp_path: Path, row: str, told: str) -> None:
    shutil.copy(STANDARD / HIGH_RISKS, tmp_path)
    (tmp_path / "high_risk_steps.csv").write_text(f"id,steps\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"high_risk_steps\.csv:2: ") as refused:
        load_high_risks(tmp_path / HIGH_RISKS)
    assert told in str(refused.value)


def test_support_dates() -> None:
    lifecycles = load_lifecycles(PROFILES / LIFECYCLES)
    assert len(lifecycles) == 613
    assert Lifecycle("debian", "12", date(2026, 7, 11), date(2028, 6, 30)) in lifecycles
    assert Lifecycle("oracle-linux", "10", None, None) in lifecycles
    assert Lifecycle("nodejs", "3", date.min, None) in lifecycles


def test_a_bad_date_is_named(tmp_path: Path) -> None:
    path = tmp_path / "end_of_life.csv"
    text = (PROFILES / LIFECYCLES).read_text(encoding="utf-8")
    path.write_text(text.replace("2028-08-09", "2028-13-09", 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"end_of_life\.csv:2: end_of_life: a day"):
        load_lifecycles(path)


def test_products_that_protect_a_host() -> None:
    products = {p.product: p for p in load_protections(PROFILES / PROTECTIONS)}
    assert products["clamav"].documented
    assert "clamd" in products["clamav"].processes
    assert not products["qingteng"].documented
    assert {word for p in products.values() for word in p.does} == {
        *("malware", "blocks", "detects", "allows", "trusted")
    }
    assert all(p.packages or p.processes for p in products.values())


def test_every_mended_release_has_its_notice() -> None:
    rows = load_mended(PROFILES / MENDED)
    assert len({(row.flaw, row.system, row.package) for row in rows}) == len(rows) > 20
    notices = {"debian": "DSA-", "ubuntu": "USN-", "rhel": "RHSA-", "centos": "RHSA-"}
    for row in rows:
        assert row.source.startswith(notices[row.system.split()[0]]), row
        assert re.match(r"CVE-\d{4}-\d+ \(", row.flaw), row
