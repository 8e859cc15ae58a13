"""``sampling:`` and ``platform:`` of a system file, ``objects:`` of an organisation: what items are judged on."""

import re
from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from secaudit.language import _
from secaudit.model.register import SharedObject
from secaudit.model.scope import Platform, Sample
from secaudit.register.duty_file import ReportNumber
from secaudit.register.part import Many, Part
from secaudit.register.values import (
    FilingNumber,
    FreeText,
    Id,
    Kind,
    Line,
    NamedLine,
    PastDate,
    past_date,
    said_text,
)

Day = date  # a field of a file is named date, too
# Policies, organisation and people are never the provider's; construction and operation never as a whole.
_PROVIDER: Final = re.compile(
    r"(pes|cns|abs|ces|smc)(\.[a-z-]+(\.[a-z][0-9]?)?)?|(cms|mms)\.[a-z-]+(\.[a-z][0-9]?)?"
    r"|L[1-4]-(PES|CNS|ABS|CES|SMC|CMS|MMS)[2-5](-[0-9]{2})?"
)


def _provider(text: str) -> str:
    if not _PROVIDER.fullmatch(text):
        raise ValueError(
            _(
                "an item or the beginning of its key expected, like pes, cns.architecture.a or L3-CES2-01; policies, "
                "organisation and people (pss, ors, hrs) are the tenant's own, construction and operation (cms, mms) "
                "as a whole, too: name their control points, like mms.environment"
            )
        )
    return text


ProviderItem = Annotated[str, AfterValidator(_provider)]


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


class PlatformPart(Part):
    """``platform:``: the cloud platform below a tenant. What is left out leaves the provider's items open."""

    name: Line
    provider: Annotated[tuple[ProviderItem, ...], Field(strict=False, min_length=1)]
    filing_number: FilingNumber = ""
    level: Annotated[int, Field(ge=0, le=4)] = 0
    report_number: ReportNumber = ""
    report_date: PastDate = None
    split: Annotated[FreeText, AfterValidator(lambda text: said_text(text) if text else text)] = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.filing_number and not (self.report_number or self.filing_number).startswith(
            self.filing_number
        ):
            raise ValueError(_("a report number that begins with the filing number expected"))
        return self

    def platform(self) -> Platform:
        return Platform(
            self.name,
            self.provider,
            self.filing_number,
            self.level,
            self.report_number,
            self.report_date,
            self.split.strip(),
        )
