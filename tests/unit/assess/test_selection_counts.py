"""How many items a grade owes, counted by hand in the table of contents of GB/T 22239-2019.

S: 电磁防护, 可信验证 of three domains; of 安全计算环境 身份鉴别, 访问控制, 数据完整性, 数据保密性, 剩余信息保护,
个人信息保护.

| level | electromagnetic | trusted | authentication | access | integrity | confidentiality | residual | personal | S |
|-------|-----------------|---------|----------------|--------|-----------|-----------------|----------|----------|----|
| 1     | 0               | 3       | 2              | 3      | 1         | 0               | 0        | 0        | 9  |
| 2     | 1               | 3       | 3              | 4      | 1         | 0               | 1        | 2        | 15 |
| 3     | 2               | 3       | 4              | 7      | 2         | 2               | 2        | 2        | 24 |
| 4     | 2               | 3       | 4              | 7      | 3         | 2               | 2        | 2        | 25 |

A: 电力供应 and 数据备份恢复, as many items each as the level: 2, 4, 6, 8.
G is the rest of 55, 135, 211, 228: 44, 116, 181, 195.
"""

from collections import Counter

import pytest

from secaudit.assess.selection import catalogue_for
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.model.content import Catalogue, Requirement
from secaudit.model.register import Grade


@pytest.fixture(scope="module")
def catalogues() -> dict[int, Catalogue]:
    return load_catalogues(content_dir("profiles") / STANDARD_FOLDER)


def owed(catalogues: dict[int, Catalogue], grade: str) -> tuple[Requirement, ...]:
    """What ``S2A3G3`` owes."""
    return catalogue_for(catalogues, Grade(int(grade[1]), int(grade[3]))).requirements


@pytest.mark.parametrize(
    ("grade", "g", "s", "a", "items"),
    [
        ("S1A1G1", 44, 9, 2, 55),
        ("S2A2G2", 116, 15, 4, 135),
        ("S2A1G2", 116, 15, 2, 133),
        ("S1A2G2", 116, 9, 4, 129),
        ("S3A3G3", 181, 24, 6, 211),
        ("S3A2G3", 181, 24, 4, 209),
        ("S3A1G3", 181, 24, 2, 207),
        ("S2A3G3", 181, 15, 6, 202),
        ("S1A3G3", 181, 9, 6, 196),
        ("S4A4G4", 195, 25, 8, 228),
        ("S4A3G4", 195, 25, 6, 226),
        ("S4A2G4", 195, 25, 4, 224),
        ("S4A1G4", 195, 25, 2, 222),
        ("S3A4G4", 195, 24, 8, 227),
        ("S2A4G4", 195, 15, 8, 218),
        ("S1A4G4", 195, 9, 8, 212),
    ],
)
def test_items_of_a_grade(
    catalogues: dict[int, Catalogue], grade: str, g: int, s: int, a: int, items: int
) -> None:
    found = owed(catalogues, grade)
    assert Counter(r.classification for r in found) == {"G": g, "S": s, "A": a}
    assert len(found) == items


# Physical: G 17, 电磁防护 2 (S3) or 1 (S2), 电力供应 2 (A2) or 3 (A3).
# Network: G 7 and 可信验证. Border: G 19 and 可信验证.
# Computing: G 11; S3 20 = 4 + 7 + 1 + 2 + 2 + 2 + 2, S2 12 = 3 + 4 + 1 + 1 + 1 + 2; 数据备份恢复 2 or 3.
@pytest.mark.parametrize(
    ("grade", "domains"),
    [
        ("S3A2G3", {"PES": 17 + 2 + 2, "CNS": 7 + 1, "ABS": 19 + 1, "CES": 11 + 20 + 2}),
        ("S2A3G3", {"PES": 17 + 1 + 3, "CNS": 7 + 1, "ABS": 19 + 1, "CES": 11 + 12 + 3}),
    ],
)
def test_items_of_a_grade_by_domain(
    catalogues: dict[int, Catalogue], grade: str, domains: dict[str, int]
) -> None:
    management = {"SMC": 12, "PSS": 7, "ORS": 14, "HRS": 12, "CMS": 34, "MMS": 48}
    assert Counter(r.domain_abbr for r in owed(catalogues, grade)) == {**domains, **management}


def test_a_lower_level_of_information_owes_the_items_of_that_level(
    catalogues: dict[int, Catalogue],
) -> None:
    """At S2 nothing is owed about confidentiality, and authentication is asked in three units of level 2."""
    found = owed(catalogues, "S2A3G3")
    points = Counter(r.control_point.zh for r in found)
    assert points["数据保密性"] == 0
    assert [r.unit for r in found if r.control_point.zh == "身份鉴别"] == [
        "L2-CES1-01",
        "L2-CES1-02",
        "L2-CES1-03",
    ]
    assert (points["电磁防护"], points["电力供应"], points["数据备份恢复"]) == (1, 3, 3)


def test_a_lower_level_of_service_owes_the_power_and_backup_of_that_level(
    catalogues: dict[int, Catalogue],
) -> None:
    found = owed(catalogues, "S4A1G4")
    assert {r.unit for r in found if r.classification == "A"} == {"L1-PES1-07", "L1-CES1-11"}
