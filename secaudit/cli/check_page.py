"""One check on a page of text: what it proves, what it asks the asset, how it decides, its examples."""

from collections.abc import Iterator, Mapping, Sequence

from secaudit.cli.words import seen_by_words, severity_word
from secaudit.cli.wrapping import wrapped
from secaudit.content import Content
from secaudit.facts.fact import Fact, with_uses
from secaudit.judge import run_examples
from secaudit.language import _, in_use
from secaudit.model.content import Check, Step
from secaudit.model.evidence import Probe

WIDTH = 110


def check_page(check: Check, content: Content, facts: Mapping[str, Fact]) -> Iterator[str]:
    """The lines of the page."""
    language = in_use()
    yield f"{check.id}  {check.title.of(language)}"
    yield _("file: {file}").format(file=check.file)
    if check.broken:
        yield _("cannot be judged: {why}").format(why=check.broken)
    levels = ", ".join(map(str, check.levels))
    yield _("severity {severity}, levels {levels}, on {kind}").format(
        severity=severity_word(check.severity), levels=levels, kind=check.applies_to
    )
    yield from _steps(check, content)
    yield from _parameters(check, content)
    yield from _conditions(check)
    yield from _probes(check, facts)
    yield from _block(_("remedy"), [check.remedy.of(language)])
    yield from _block(_("references"), check.references)
    yield from _examples(check)


def _steps(check: Check, content: Content) -> Iterator[str]:
    if check.advisory:
        yield _("advisory: good practice beyond the items; it never moves an item")
    lines = [line for step_id in check.proves for line in _step(step_id, check, content)]
    if check.veto:
        lines.append(_("a failure fails the whole item (veto)"))
    for risk in check.high_risk:
        lines.append(
            _("candidate for high risk {id}: {case}").format(id=risk.id, case=risk.case.of(in_use()))
        )
        lines.append(f"  {content.high_risks[risk.id].condition.of(in_use())}")
    yield from _block(_("proves"), lines)


def _step(step_id: str, check: Check, content: Content) -> Iterator[str]:
    """A line for each wording that the step has at the check's levels."""
    wordings: dict[Step, list[str]] = {}
    for level in check.levels:
        for requirement in content.catalogues[level].requirements:
            for step in requirement.steps:
                if step.id == step_id:
                    wordings.setdefault(step, []).append(requirement.unit)
    for step, units in wordings.items():
        yield f"{step_id} ({', '.join(units)}; {seen_by_words()[step.seen_by]}): {step.question.of(in_use())}"


def _parameters(check: Check, content: Content) -> Iterator[str]:
    lines = []
    for name, parameter in check.parameters.items():
        text = _("{name} = {value} (source: {source}; a profile may make it: {direction})")
        lines.append(
            text.format(
                name=name, value=parameter.default, source=parameter.source, direction=parameter.tighten
            )
        )
        for profile in content.profiles.values():
            if name in profile.parameters.get(check.id, {}):
                lines.append(f"  {profile.id}: {profile.parameters[check.id][name]}")
    yield from _block(_("parameters"), lines)


def _conditions(check: Check) -> Iterator[str]:
    fields = ("applies_when", "manual_when", "pass_when", "partial_when", "offenders")
    lines = [f"each: {check.each}"] if check.each else []
    lines += [f"{field}: {' '.join(text.split())}" for field in fields if (text := getattr(check, field))]
    yield from _block(_("decides"), lines)


def _probes(check: Check, facts: Mapping[str, Fact]) -> Iterator[str]:
    used = with_uses(check.needs, facts)
    titles = [f"{name}: {facts[name].title.of(in_use())}" for name in used]
    yield from _block(_("facts"), titles)
    probes: dict[str, Probe] = {probe.id: probe for name in used for probe in facts[name].probes}
    lines = []
    for probe in probes.values():
        user = _("as root") if probe.root else _("as the login user")
        lines.append(f"{probe.id} ({user})")
        if probe.reduces:
            lines.append("  " + _("reduces: {how}").format(how=probe.reduces.of(in_use())))
        lines += [f"  | {line}" for line in probe.command.strip().splitlines()]
    yield from _block(_("probes"), lines, wrap=False)


def _examples(check: Check) -> Iterator[str]:
    lines: list[str] = []
    for outcome in run_examples(check):
        mark = outcome.fault or _("holds")
        lines.append(f"{outcome.example.expect}: {outcome.example.name} ({mark})")
        lines += [f"  {name}: {value}" for name, value in outcome.example.given.items()]
    yield from _block(_("examples"), lines)


def _block(heading: str, lines: Sequence[str], *, wrap: bool = True) -> Iterator[str]:
    """A heading with indented lines, long ones wrapped; nothing when there are no lines."""
    if not lines:
        return
    yield ""
    yield heading
    for line in lines:
        indent = "  " + " " * (len(line) - len(line.lstrip()))
        if not wrap:
            yield "  " + line
            continue
        first, *more = wrapped(line, WIDTH - len(indent))
        yield indent + first
        yield from (f"{indent}  {rest}" for rest in more)
