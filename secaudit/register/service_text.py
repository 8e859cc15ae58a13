"""Declared services in one cell of a list: ``443/tcp HTTPS; 22 SSH``."""

import re
from typing import Any, Final

_SERVICE: Final = re.compile(r"([0-9]+)(?:/(tcp|udp))?\s+(.+)", re.IGNORECASE)


def services_of(cell: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The services as a system file has them, and the parts that are none."""
    services: list[dict[str, Any]] = []
    wrong: list[str] = []
    for part in filter(None, (part.strip() for part in re.split("[;\\n\\uff1b]", cell))):
        match = _SERVICE.fullmatch(part)
        if match is None:
            wrong.append(part)
        else:
            services.append(_service(match))
    return services, wrong


def _service(match: re.Match[str]) -> dict[str, Any]:
    return {"port": int(match[1][:9]), "protocol": (match[2] or "tcp").lower(), "purpose": match[3]}


def services_of_lines(cell: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The same of a cell that :func:`services_text` wrote: a purpose may hold what else stands between two."""
    services: list[dict[str, Any]] = []
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in cell.split("\n"))):
        found, strange = services_of(line)
        if strange and (match := _SERVICE.fullmatch(line)):
            found, strange = [_service(match)], []
        services += found
        wrong += strange
    return services, wrong


def services_text(services: list[dict[str, Any]]) -> str:
    """The cell that says these services, one a line."""
    return "\n".join(
        f"{service.get('port')}/{service.get('protocol', 'tcp')} {service.get('purpose', '')}"
        for service in services
    )
