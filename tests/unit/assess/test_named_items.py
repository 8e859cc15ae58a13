"""What an item of an outside report means."""

import pytest

from secaudit.assess.named_items import named_item
from secaudit.assess.selection import catalogue_for
from secaudit.content.catalogue import load_catalogues
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.model.content import Catalogue, Check, Severity
from secaudit.model.register import Asset, Grade
from secaudit.model.text import Text

HOST, SWITCH = Asset("web1", "linux", "门户"), Asset("sw", "network-device", "交换机")


def check(name: str, *proves: str) -> Check:
    return Check(name, Text("口令", "password"), Severity.HIGH, "linux", (), Text("改", "mend"), proves)


CHECKS = {
    one.id: one
    for one in (
        check("linux.a", "ces.authentication.a#4"),
        check("linux.b", "no.such#1"),
        check("linux.advice"),
    )
}


@pytest.fixture(scope="module")
def owed() -> Catalogue:
    return catalogue_for(load_catalogues(content_dir("profiles") / STANDARD_FOLDER), Grade(3, 3))


@pytest.mark.parametrize(
    "text",
    ["ces.authentication.a", "CES.authentication.a#4", "L3-CES1-01", "8.1.4.1 a", "8.1.4.1a)", "8.1.4.1 a）"],
)
def test_a_requirement_has_many_names(text: str, owed: Catalogue) -> None:
    assert named_item(text, None, owed, CHECKS) == ("ces.authentication.a", "")


@pytest.mark.parametrize(
    ("name", "item"), [("linux.a", "ces.authentication.a"), ("linux.b", ""), ("linux.advice", "")]
)
def test_a_check_is_bound_on_an_asset_that_it_looks_at(name: str, item: str, owed: Catalogue) -> None:
    assert named_item(name, HOST, owed, CHECKS) == (item, name)
    for asset in (None, SWITCH):
        with pytest.raises(ValueError, match="assets of kind linux"):
            named_item(name, asset, owed, CHECKS)


@pytest.mark.parametrize("text", ["linux.c", "8.1.4", "9.9.9.9 a", "#"])
def test_what_is_neither_is_refused(text: str, owed: Catalogue) -> None:
    with pytest.raises(ValueError, match="an item that the system owes"):
        named_item(text, HOST, owed, CHECKS)
