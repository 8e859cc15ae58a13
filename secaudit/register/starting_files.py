"""What a new workspace holds: its folders and the commented text of its settings."""

from typing import Final

IGNORED: Final = (
    "secaudit.db*",
    "secaudit-watch.db*",
    "secaudit.lock",
    "nightly.lock",
    "upkeep.*",
    "reports/",
    "keys/",
    "notices/",
)
# what an office is called until somebody writes its name
OFFICES: Final = {"zh": "本单位", "en": "Our office"}
FOLDERS: Final = (
    "systems",
    "authorisations",
    "attestations",
    "acceptances",
    "risks",
    "agencies",
    "packages",
    "rectification",
    "reported",
    "reports",
    "examples",
)

WORKSPACE: Final = """\
# 工作区设置 / settings of this workspace
# 单位名称，印在报告上 / the office, printed on reports
office: {office}
# 报告语言 zh 或 en / language of reports
language: {language}
# 时区：不带时区的日期和时间、显示的时间都按它 / dates and times without an offset, and all that are shown
time_zone: {time_zone}
# SQLite 或 PostgreSQL；含口令的地址写 env:变量名 / a URL with a password is written env:NAME
# database: sqlite:///secaudit.db
# 自己的检查项目录 / folders with checks of your own
# content_folders: [content]
# 扫描的并发与时限，0 为不限，详见 docs/limits.md / how many at once and for how long, 0 is no limit
# limits:
#   jobs: 10
#   per_hypervisor: 2
#   jitter_s: 600
#   run_s: 14400
#   zones: {{dmz: {{jobs: 2, failures: 5}}}}

# 风险接受和延期整改最长多少天 / how many days an acceptance may hold at most
# acceptance_days: 365

# 交接材料的签名密钥、证书与文号，详见 docs/handover.md / key, certificate and numbers of packages for agencies
# handover: {{key: keys/office.key, certificate: keys/office.crt, number: "网安〔{{year}}〕{{n}}号"}}

# 整改通知书的文号、期限（天）、联系方式，详见 docs/rectification.md / notices that demand rectification
# findings:
#   notice_number: "网安整改〔{{year}}〕{{n}}号"
#   deadline_days: {{high: 15, medium: 30, low: 60}}
#   contact: 网络安全科

# 2021 版评分的权重表和技术占比，详见 docs/assess.md / weights for the score of the 2021 template
# weights: {{source: 评分细则, technical_share: 0.5, table: weights.csv}}

# 夜间任务，详见 docs/nightly.md / nights: when, how often each system is scanned (daily | weekly | sat,sun | never)
# nightly:
#   window: "23:00-05:00"
#   last_start: "04:30"
#   scan: daily
#   systems: {{portal: weekly}}
#   formats: [html, json]

# 留存多少个月，到期由 prune 清理，日志不得少于六个月，详见 docs/upkeep.md / months that each kind is kept
# retention: {{runs: 36, reports: 36, evidence: 36, notices: 6, logs: 6}}

# 备份目录、保留几份、最多隔几天；口令或证书二选一 / where backups go, how many stay, how many days apart at most
# backup: {{folder: /mnt/backup, keep: 7, days: 7, passphrase: "env:SECAUDIT_BACKUP"}}

# 跳板机：资产的 reach.jump 按经过的顺序写这里的 id / jump hosts; reach.jump of an asset lists their ids in order
# jump_hosts:
#   - {{id: gate-1, address: 192.0.2.10, user: audit, key: "file:~/.ssh/gate_ed25519"}}

# 自定的周期（月），只能比规定更严 / cycles of your own in months, by level; never longer than the rules in force
# cycles:
#   evaluation: {{2: 12}}
#   emergency_drill: {{3: 6, 4: 6}}

# 通知：把每夜的结果以数字告诉责任人，详见 docs/notices.md / whom the nights are told, in figures only
# notices:
#   mail: {{host: mail.example.gov.cn, security: starttls, sender: audit@example.gov.cn}}
#   rules:
#     - {{events: [digest, deadline, overdue], roles: [security-administrator]}}
#     - {{events: [overdue, night-failed], roles: [leader]}}

# 单位树（省、市、县、部门）/ the tree of organisations
organisations:
  - {{id: {organisation}, name: {office}}}
  # - id: branch
  #   name: 下级单位
  #   parent: {organisation}
  #   # 供其各系统共用的机房、制度、人员（systems 限定其中几个）/ what serves its systems: rooms, rules, people
  #   objects: [{{id: room-1, kind: machine-room, name: 一号机房}}]
  #   # 责任人，获知本单位及下级各系统的通知 / who is told of its systems and of all below
  #   contacts: [{{role: leader, name: 分管负责人, email: leader@example.gov.cn}}]

# 封网期，日期含当天 / periods in which nothing is scanned; the last day is included
# blackouts:
#   - {{start: 2027-02-15, end: 2027-02-21, reason: 春节保障}}
#   # 只限这些系统、区域 / only these systems and zones
#   - {{start: 2027-03-05T08:00+08:00, end: 2027-03-05T20:00+08:00, reason: 重要会议, systems: [portal], zones: [dmz]}}
"""
