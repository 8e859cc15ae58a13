"""Software of its makers, and until when they mend it."""

from datetime import date

import pytest

from secaudit.content.folder import content_dir
from secaudit.content.load import load_references
from secaudit.facts.packages import Package
from secaudit.facts.software_support import SoftwareSupport, software_support
from secaudit.model.content import Lifecycle

REFERENCES = load_references(content_dir("profiles"))


def found(name: str, version: str) -> list[tuple[str, str]]:
    packages = (Package(name, version, "amd64", "dpkg"),)
    rows = software_support(packages, REFERENCES.makers_packages, REFERENCES.lifecycles)
    return [(row.line, row.until) for row in rows]


@pytest.mark.parametrize(
    ("name", "version", "line", "until"),
    [
        ("mysql-community-server", "5.7.44-1.el7", "mysql 5.7", "2023-10-31"),
        ("mongodb-org-server", "4.4.29", "mongodb 4.4", "2024-02-29"),
        ("kubelet", "1.28.2-1.1", "kubernetes 1.28", "2024-10-28"),
        ("nodejs", "16.20.2-1nodesource1", "nodejs 16", "2023-09-11"),
        ("nodejs", "3.1.0-1nodesource1", "nodejs 3", "over"),
        ("nginx", "1:1.24.0-1.el9.ngx", "nginx 1.24", "2024-04-23"),
        ("nginx", "1.24.0-1~bookworm", "nginx 1.24", "2024-04-23"),
        ("nginx", "1.30.1-1~trixie", "nginx 1.30", "open"),
        ("redis-server", "6:6.0.16-1rl1~bookworm1", "redis 6.0", "2022-05-31"),
        (
            "php7.4-fpm",
            "1:7.4.33-16+0~20240606.95+debian12~1.gbp0f0d0d+deb.sury.org",
            "php 7.4",
            "2022-11-28",
        ),
        ("postgresql12-server", "12.20-1PGDG.rhel8", "postgresql 12", "2024-11-21"),
        ("elasticsearch", "0.1", "elasticsearch", "unlisted"),
    ],
)
def test_packages_of_makers(name: str, version: str, line: str, until: str) -> None:
    assert found(name, version) == [(line, until)]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("nginx", "1.18.0-6.1+deb11u3"),
        ("nginx", "1.22.1-9~bpo11+1"),
        ("nginx", "1:1.14.1-9.module+el8.0.0+4108+af250afe"),
        ("nodejs", "12.22.12~dfsg-1~deb11u5"),
        ("php7.4-fpm", "7.4.33-1+deb11u7"),
        ("php-fpm", "7.2.24-1.module_el8.2.0+313+b04d0a66"),
        ("redis-server", "5:6.0.16-1+deb11u5"),
        ("mysql-server", "8.0.36-1.module+el8"),
        ("mariadb-server", "1:10.5.23-0+deb11u1"),
        ("postgresql-12", "12.20-0ubuntu0.20.04.1"),
    ],
)
def test_packages_of_distributions_are_theirs_to_mend(name: str, version: str) -> None:
    assert found(name, version) == []


def test_support_that_is_paid_for() -> None:
    lines = [Lifecycle("mariadb", "10.6", date(2026, 7, 6), date(2029, 8, 23))]
    packages = (Package("MariaDB-server", "10.6.1-1.el8", "x86_64", "rpm"),)
    assert software_support(packages, REFERENCES.makers_packages, lines) == (
        SoftwareSupport("MariaDB-server", "10.6.1-1.el8", "mariadb 10.6", "2026-07-06", 20640, 21784),
    )


def test_every_pattern_names_a_product_with_dates() -> None:
    products = {row.product for row in REFERENCES.lifecycles}
    assert {row.product for row in REFERENCES.makers_packages} <= products
    assert all(row.source for row in REFERENCES.makers_packages)
