"""Which items a system owes: GB/T 22240-2020 grades information (S) and service (A) apart."""

from collections.abc import Iterable, Iterator, Mapping

from secaudit.model.content import Catalogue, Extension, Requirement
from secaudit.model.register import Grade
from secaudit.model.text import Text


def catalogue_for(
    catalogues: Mapping[int, Catalogue], grade: Grade, extensions: Iterable[Extension] = ()
) -> Catalogue:
    """The items of a grade: class S at the S level, class A at the A level, class G at the higher of both.

    In the order of the standard at the level of the system; an item of a lower level stands where its control
    point does. After them those of the extensions, which are of class G.
    """
    levels = {"S": grade.s, "A": grade.a, "G": grade.level}
    chosen = [
        requirement
        for level in sorted(set(levels.values()), reverse=True)
        for requirement in catalogues[level].requirements
        if levels[requirement.classification] == level
    ]
    own = catalogues[grade.level]
    places = _places(own)
    chosen.sort(key=lambda r: (places.get(_control_point(r), len(places)), r.item))
    chosen += [item for one in own.extensions if one in set(extensions) for item in own.extensions[one]]
    return Catalogue(own.standard, grade.level, tuple(chosen), _left(catalogues, chosen), own.extensions)


def _left(catalogues: Mapping[int, Catalogue], chosen: Iterable[Requirement]) -> dict[tuple[str, str], Text]:
    """What is left to people, of each step at the level at which it is owed."""
    owed = {(r.level, step.id) for r in chosen for step in r.steps}
    return {
        (step_id, kind): reason
        for level, catalogue in catalogues.items()
        for (step_id, kind), reason in catalogue.left_to_people.items()
        if (level, step_id) in owed
    }


def _places(catalogue: Catalogue) -> dict[tuple[str, Text], int]:
    points = dict.fromkeys(_control_point(requirement) for requirement in catalogue.requirements)
    return {point: place for place, point in enumerate(points)}


def _control_point(requirement: Requirement) -> tuple[str, Text]:
    return requirement.domain_abbr, requirement.control_point


def levels_of_steps(catalogue: Catalogue) -> dict[str, int]:
    """Step id → the level at which the system owes it."""
    return {step.id: r.level for r in catalogue.requirements for step in r.steps}


def every_item(catalogues: Mapping[int, Catalogue]) -> Iterator[Requirement]:
    """What any system may owe, level by level: the general items, then those of the extensions."""
    for catalogue in catalogues.values():
        yield from catalogue.requirements
        for items in catalogue.extensions.values():
            yield from items
