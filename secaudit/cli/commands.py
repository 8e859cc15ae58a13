"""The commands of ``secaudit``: imported when they are named, so that whoever asks for help waits for none."""

from dataclasses import dataclass

from secaudit.cli.click_words import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is (``module:attribute``), and the help that it has there: its list imports none of them."""

    place: str
    help: str


COMMANDS = {
    "init": Entry(
        "secaudit.cli.init:init",
        N_("Make a workspace in DIR: settings and commented examples to edit."),
    ),
    "system": Entry("secaudit.cli.system:system", N_("Register systems and see what is registered.")),
    "authorise": Entry(
        "secaudit.cli.authorise:authorise",
        N_("Put on record who allowed which scan until when."),
    ),
    "hostkeys": Entry(
        "secaudit.cli.hostkeys:hostkeys",
        N_("See and trust the host keys of assets; a scan refuses every other key."),
    ),
    "plan": Entry(
        "secaudit.cli.plan:plan",
        N_("Show every command that a scan would run, and what it means for the assets."),
    ),
    "preflight": Entry(
        "secaudit.cli.preflight:preflight",
        N_(
            "See whether a scan would succeed, and what mends each failure: one login an asset, "
            "nothing is judged or stored."
        ),
    ),
    "scan": Entry(
        "secaudit.cli.scan:scan",
        N_("Visit the assets of systems, judge them, and store evidence and results."),
    ),
    "nightly": Entry(
        "secaudit.cli.nightly:nightly",
        N_(
            "Carry out this night: scan what is due, judge, assess, write reports and packages, tell.\n\n"
            "What is done is not done again: after a kill, a full disk or a restart the same command goes on."
        ),
    ),
    "schedule": Entry(
        "secaudit.cli.schedule:schedule",
        N_("Have the nights started by systemd or cron, see when, and end that."),
    ),
    "collector": Entry(
        "secaudit.cli.collector:collector",
        N_("Audit machines that no network reaches: make the file that is run there by hand."),
    ),
    "import": Entry(
        "secaudit.cli.import_bundles:import_bundles",
        N_("Take in bundles that collectors made: judge them, store evidence and results."),
    ),
    "results": Entry(
        "secaudit.cli.results:results",
        N_("List the verdicts of a run (of the newest complete one, when none is named)."),
    ),
    "assess": Entry(
        "secaudit.cli.assess:assess",
        N_(
            "Show the items of the standard, the figures of a report template and the predicted conclusion.\n\n"
            "While a step is open or a risk undecided, no conclusion is final: assess says what is open and exits "
            "with 6. With --provisional it shows the range between worst and best and exits with 0."
        ),
    ),
    "diff": Entry(
        "secaudit.cli.diff:diff",
        N_(
            "Show what differs between two runs: RUN RUN, or SYSTEM… since a day or a run, or between the two "
            "newest whole runs of each system (the default)."
        ),
    ),
    "trend": Entry(
        "secaudit.cli.trend:trend",
        N_("Show how systems did over time, from the stored runs as they were judged last."),
    ),
    "attest": Entry(
        "secaudit.cli.attest:attest",
        N_("Answer the steps that a machine cannot decide, and see what was answered."),
    ),
    "risk": Entry(
        "secaudit.cli.risk:risk",
        N_(
            "See the high-risk conditions and major hazards that failed steps propose, and decide on each.\n\n"
            "Every act is kept as a file of its own in risks/. It holds for what was found when it was made: "
            "where more is found later, the risk is undecided again."
        ),
    ),
    "accept": Entry(
        "secaudit.cli.accept:accept",
        N_(
            "Put on record that a failure is accepted, or its rectification deferred, until a day. That changes exit "
            "codes and reminders, never an outcome, a risk or a conclusion."
        ),
    ),
    "finding": Entry(
        "secaudit.cli.finding:finding",
        N_(
            "Follow failures until they are closed. Only a later pass of the same check on the same asset closes one, "
            "or, where no check can decide, a reviewer with evidence."
        ),
    ),
    "judge": Entry(
        "secaudit.cli.judge:judge",
        N_("Judge the stored evidence of a run again with today's checks."),
    ),
    "report": Entry(
        "secaudit.cli.report:report",
        N_("Write the self-assessment report of systems, or of one run (default: every system's newest)."),
    ),
    "handover": Entry(
        "secaudit.cli.handover:handover",
        N_("Seal packages for the agencies, verify them, and keep what became of each on record."),
    ),
    "ledger": Entry(
        "secaudit.cli.ledger:ledger",
        N_("What happened to the workspace, in a chain in which no change goes unseen."),
    ),
    "notices": Entry(
        "secaudit.cli.notices:notices",
        N_("See, send and test the notices of the nights: mail, webhook, syslog."),
    ),
    "doctor": Entry(
        "secaudit.cli.doctor:doctor",
        N_("Hold the tool and its workspace against their own rules, with what mends each breach."),
    ),
    "backup": Entry(
        "secaudit.cli.backup:backup",
        N_(
            "Write the whole workspace to FILE, encrypted if you say so, and read it back. Without FILE it goes where "
            "backup: in secaudit.yaml says, and the oldest there make room for it."
        ),
    ),
    "restore": Entry(
        "secaudit.cli.restore:restore",
        N_("Bring a workspace back from a backup, into a DIRECTORY that is new or empty."),
    ),
    "prune": Entry(
        "secaudit.cli.prune:prune_workspace",
        N_("Take away what has been kept long enough; nothing goes that something rests on."),
    ),
    "checks": Entry("secaudit.cli.checks:checks", N_("List, show, test and start checks.")),
    "requirements": Entry(
        "secaudit.cli.requirements:requirements",
        N_("List and show the requirements, and what checks prove of them."),
    ),
    "plugins": Entry(
        "secaudit.cli.plugins:plugins",
        N_("List the plug-ins of other packages, and what is wrong with them."),
    ),
}
