"""The facts about who may do what: homes, groups, what root runs, sudo, mandatory access control."""

from secaudit.facts.capabilities import CAPABLE_PROGRAMS
from secaudit.facts.cron_users import CRON_USERS
from secaudit.facts.doas import DOAS_RULES
from secaudit.facts.fact import Fact
from secaudit.facts.file_acls import FILE_ACLS
from secaudit.facts.file_search import FILE_SEARCH_FACT
from secaudit.facts.homes import HOME_FILES, HOMES_FACT
from secaudit.facts.last_logins import LAST_USES
from secaudit.facts.login_umask import LOGIN_UMASKS
from secaudit.facts.mandatory_access import CONFINEMENT_FACT, MANDATORY_ACCESS
from secaudit.facts.polkit import POLKIT_RULES
from secaudit.facts.powerful_groups import POWERFUL_MEMBERS
from secaudit.facts.root_environment import ROOT_ENVIRONMENT
from secaudit.facts.root_programs import ROOT_PROGRAMS_FACT
from secaudit.facts.sudo_defaults import SUDO_DEFAULTS

ACCESS: tuple[Fact, ...] = (
    CAPABLE_PROGRAMS,
    CRON_USERS,
    DOAS_RULES,
    FILE_ACLS,
    FILE_SEARCH_FACT,
    LAST_USES,
    LOGIN_UMASKS,
    POLKIT_RULES,
    ROOT_ENVIRONMENT,
    HOMES_FACT,
    HOME_FILES,
    POWERFUL_MEMBERS,
    ROOT_PROGRAMS_FACT,
    SUDO_DEFAULTS,
    MANDATORY_ACCESS,
    CONFINEMENT_FACT,
)
