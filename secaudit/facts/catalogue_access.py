"""The facts about who may do what: homes, groups, what root runs, sudo, mandatory access control."""

from secaudit.facts.fact import Fact
from secaudit.facts.file_search import FILE_SEARCH_FACT
from secaudit.facts.homes import HOME_FILES, HOMES_FACT
from secaudit.facts.mandatory_access import CONFINEMENT_FACT, MANDATORY_ACCESS
from secaudit.facts.powerful_groups import POWERFUL_MEMBERS
from secaudit.facts.root_programs import ROOT_PROGRAMS_FACT
from secaudit.facts.sudo_defaults import SUDO_DEFAULTS

ACCESS: tuple[Fact, ...] = (
    FILE_SEARCH_FACT,
    HOMES_FACT,
    HOME_FILES,
    POWERFUL_MEMBERS,
    ROOT_PROGRAMS_FACT,
    SUDO_DEFAULTS,
    MANDATORY_ACCESS,
    CONFINEMENT_FACT,
)
