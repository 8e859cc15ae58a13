"""``sampling:`` of a system file and ``objects:`` of an organisation: what items are judged on."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from secaudit.model.register import SharedObject
from secaudit.model.scope import Sample
from secaudit.register.part import Many, Part
from secaudit.register.values import Id, Kind, Line, NamedLine, past_date

Day = date  # a field of a file is named date, too


class SamplePart(Part):
    """A choice of ``sampling:``: these assets stand for all of their kind."""

    kind: Kind
    assets: Annotated[tuple[Id, ...], Field(strict=False, min_length=1)]
    person: NamedLine
    date: Annotated[Day, BeforeValidator(past_date)]
    reason: NamedLine

    def sample(self) -> Sample:
        return Sample(self.kind, self.assets, self.person, self.date, self.reason)


class SharedPart(Part):
    """An object of ``objects:`` that serves all systems of an organisation, or those it names."""

    id: Id
    kind: Kind
    name: Line
    systems: Many[Id] = ()

    def shared(self) -> SharedObject:
        return SharedObject(self.id, self.kind, self.name, self.systems)
