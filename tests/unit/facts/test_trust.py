"""Roots of trust and what is verified from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.trust import TRUST, Trust, build_trust, parse_trust
from tests.unit.facts.answers import evidence

NAMES = {"secure": "secure boot", "log": "boot log"}


def trust(**parts: str) -> Trust:
    return parse_trust(text_of(parts))


def text_of(parts: dict[str, str]) -> str:
    return "".join(f"@@ {NAMES.get(name, name)}\n{text}\n" for name, text in parts.items()) + "@@ end\n"


def test_a_host_with_nothing() -> None:
    assert trust() == Trust((), False, False, "none", "none", True, "none", False, True, False)


def test_the_fact_rests_on_its_probe() -> None:
    assert build_trust(evidence({TRUST: "@@ roots\ntpm0\n@@ end\n"})).roots == ("tpm0",)


@pytest.mark.parametrize(
    ("secure", "shim", "on"), [("1", "", True), ("1", "1", False), ("0", "", False), ("", "", False)]
)
def test_secure_boot_counts_only_with_the_shim_verifying(secure: str, shim: str, on: bool) -> None:
    assert trust(secure=secure, shim=shim).secure_boot == on


@pytest.mark.parametrize(
    ("parts", "measures", "appraises"),
    [
        ({"measured": "1", "policy": ""}, "none", "none"),
        ({"measured": "812", "policy": ""}, "untold", "untold"),
        ({"measured": "812", "start": "ima_policy=tcb"}, "programs", "untold"),
        ({"measured": "812", "start": "ima_tcb"}, "programs", "untold"),
        ({"measured": "1", "start": "ima_policy=appraise_tcb"}, "none", "programs"),
        ({"measured": "1", "policy": "file"}, "none", "untold"),
        ({"measured": "812", "policy": "measure func=BPRM_CHECK mask=MAY_EXEC\nshown"}, "programs", "none"),
        ({"measured": "812", "policy": "measure func=MODULE_CHECK\nshown"}, "some", "none"),
        ({"measured": "812", "policy": "dont_measure func=BPRM_CHECK\nshown"}, "none", "none"),
        (
            {"measured": "812", "policy": "appraise func=BPRM_CHECK\nmeasure func=KEY_CHECK\nshown"},
            "some",
            "programs",
        ),
        ({"measured": "812", "policy": "measure func=BPRM_CHECKS\nshown"}, "some", "none"),
    ],
)
def test_what_ima_does(parts: dict[str, str], measures: str, appraises: str) -> None:
    found = trust(**parts)
    assert (found.measures, found.appraises) == (measures, appraises)


@pytest.mark.parametrize("word", ["fix", "log", "off"])
def test_appraisal_that_only_notes(word: str) -> None:
    assert not trust(measured="2", start=f"ima_appraise={word}").enforced
    assert trust(measured="2", start="ima_appraise=enforce").enforced


@pytest.mark.parametrize(
    ("lockdown", "modules", "mode", "signed"),
    [
        ("[none] integrity confidentiality", "N", "none", False),
        ("none [integrity] confidentiality", "N", "integrity", True),
        ("", "Y", "none", True),
        ("", "", "none", False),
    ],
)
def test_lockdown_and_modules(lockdown: str, modules: str, mode: str, signed: bool) -> None:
    found = trust(lockdown=lockdown, modules=modules)
    assert (found.lockdown, found.signed_modules) == (mode, signed)


def test_fapolicyd() -> None:
    assert not trust(listed="permissive=1").listed_only
    assert trust(listed="permissive=0\nintegrity=sha256").hashes
    assert not trust(listed="integrity=size").hashes


@pytest.mark.parametrize(
    "parts", [{"secure": "x"}, {"lockdown": "none integrity"}, {"measured": "many"}, {"lockdown": "[all]"}]
)
def test_what_is_strange_is_a_gap(parts: dict[str, str]) -> None:
    with pytest.raises(GapFound):
        trust(**parts)


def test_an_answer_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_trust("@@ roots\ntpm0\n")


@given(
    st.text(max_size=80),
    st.sampled_from(
        ["", "@@ start\nima_policy=", "@@ policy\nshown\n", "@@ lockdown\n[", "@@ measured\n", "@@ listed\n"]
    ),
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_trust(f"{prefix}{text}\n@@ end\n")
    except GapFound:
        return
