"""What somebody outside means by an item: a requirement of the system, or a check that can show it."""

from collections.abc import Mapping

from secaudit.language import _
from secaudit.model.content import Catalogue, Check, Requirement
from secaudit.model.register import Asset


def named_item(
    text: str, asset: Asset | None, catalogue: Catalogue, checks: Mapping[str, Check]
) -> tuple[str, str]:
    """(key of the requirement, id of the check), one of them perhaps ""; raises ValueError.

    A requirement is named by its key, a step of it, its unit (``L3-CES1-01``) or its clause (``8.1.4.1 a``); a check
    by its id, on an asset of the kind that it looks at.
    """
    if text in checks:
        return _proved(checks[text], catalogue), _bound(checks[text], asset)
    found = next((one for one in catalogue.requirements if _is_named(one, text)), None)
    if found is None:
        raise ValueError(
            _("an item that the system owes (key, unit or clause) or the id of a check expected")
        )
    return found.key, ""


def _bound(check: Check, asset: Asset | None) -> str:
    if asset is None or asset.kind != check.applies_to:
        raise ValueError(
            _("this check looks at assets of kind {kind}: name one").format(kind=check.applies_to)
        )
    return check.id


def _proved(check: Check, catalogue: Catalogue) -> str:
    """The first item that it proves a step of; "" where the system owes none."""
    owed = {step.id: one.key for one in catalogue.requirements for step in one.steps}
    return next((owed[step] for step in check.proves if step in owed), "")


def _is_named(requirement: Requirement, text: str) -> bool:
    plain = _squeezed(text)
    names = (requirement.key, requirement.unit, f"{requirement.clause}{requirement.item}")
    steps = (step.id for step in requirement.steps)
    return any(plain == _squeezed(name) for name in (*names, *steps))


def _squeezed(text: str) -> str:
    """``8.1.4.1 a)`` → ``8.1.4.1a``."""
    return "".join(text.split()).rstrip(")）").lower()
