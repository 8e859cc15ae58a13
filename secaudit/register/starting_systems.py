"""The texts of system files and permissions that a person starts from, commented for whoever edits them."""

from typing import Final

SYSTEM: Final = """\
# 定级对象示例：复制为 systems/portal.yaml 后修改，再运行 secaudit system validate
# Example of a system: copy it to systems/portal.yaml, edit it, then run: secaudit system validate
id: portal
name: 门户网站系统
organisation: office
# SxAyGz，G = max(S, A)：S1A1G1 … S3A3G3 … S4A4G4
grade: S3A3G3
description: 对外发布信息，不处理涉密信息
# 定级依据（GB/T 22240-2020），secaudit system grade 由它得出等级和理由 / why it has its grade
# citizens | society | state: general | serious | especially-serious
# grading:
#   information: {society: serious, what: 办事人信息, why: 泄露后严重影响公众办事}
#   service: {society: serious, what: 网上办事, why: 中断后全市不能办理}
# 定级日期、投入运行日期：30 日内备案 / to be filed within 30 days
# graded_on: 2025-01-15
# in_operation_on: 2025-02-10
# 备案 filed | not-filed | exempt（写明 filing_reason） / exempt needs a filing_reason
filing_state: filed
# 备案编号：11 位数字-5 位数字 / number of the filing certificate
filing_number: 11010099999-00001
filed_on: 2025-03-01
# filing_organ: 市公安局网络安全保卫支队
# filing_valid_until: 2028-02-28
# 最近一次等级测评、自查、密评、演练；期限见 secaudit system due / done last; when they are due: secaudit system due
# evaluated_on: 2025-09-15
# evaluation_institution: 测评机构名称
# 优 良 中 差（2021 版）；符合 基本符合 不符合（2025 版）/ conclusion of the template of 2021 or 2025
# evaluation_conclusion: 基本符合
# evaluation_score: 92.5%
# evaluation_report: 11010099999-00001-25-0001-01
# self_assessed_on: 2025-06-30
# cryptography_assessed_on: 2025-10-20
# cryptography_conclusion: 基本符合
# emergency_drilled_on: 2025-11-05
# recovery_drilled_on: 2025-11-06
internet_facing: true
# 扩展要求：云计算、移动互联、物联网、工业控制 / extension requirements: cloud mobile iot industrial-control
# extensions: [cloud]
# 自己的检查配置，默认是其等级的 / a profile of your own; that of its level by default
# profile: nightly
# public-security cac miit secrecy cryptography state-security data-bureau line-ministry
agencies: [public-security, cac]
# leader system-owner system-administrator security-administrator audit-administrator operations …
contacts:
  - {role: security-administrator, name: 安全管理员, phone: "010-00000000"}

assets:
  - id: portal-web1
    # linux windows database middleware application network-device security-device machine-room document …
    kind: linux
    name: 门户 Web 服务器 1
    address: 192.0.2.11
    zone: dmz
    importance: high
    # 所在宿主机：同一宿主机上不同时访问过多虚拟机 / the machine it runs on: few of its guests are visited at once
    # hypervisor: kvm-1
    # 曾用编号：改编号后问题及整改记录随之延续 / ids that it had: its findings and their history follow it
    # formerly: [portal-old1]
    # 如何到达 / how it is visited. transport: none | local | ssh | bundle
    # 凭据只写引用，绝不写口令 / credentials are references: env:NAME  file:/PATH  agent  prompt
    # sudo: none | all | listed | password
    #   all 免口令 sudo / sudo without a password；listed 只限 sudoers 清单 / only what a sudoers file lists
    #   password 须输入口令，引用写在 sudo_password / with a password, its reference in sudo_password
    reach: {transport: ssh, port: 22, user: audit, key: "file:~/.ssh/id_ed25519", sudo: all}
    # 声明的服务：为什么开放该端口 / why a port is open
    services:
      - {port: 443, protocol: tcp, purpose: 门户 HTTPS}
      - {port: 22, protocol: tcp, purpose: 运维 SSH}
  - {id: portal-app, kind: application, name: 门户应用}
  # 无自身登录的软件不单独测身份鉴别 / software without a login of its own: authentication is judged at its host
  # - {id: portal-nginx, kind: middleware, name: 门户反向代理, own_login: false}

# 云租户：平台方负责的测评项凭以下记录判不适用，缺一即待核实
# Tenants of a cloud: the provider's items are 不适用 by this record, and open while any of it is missing
# platform:
#   name: 市政务云
#   filing_number: 11010099999-00009
#   level: 3
#   report_number: 11010099999-00009-26-0001-01
#   report_date: 2026-02-01
#   split: 责任划分书（编号）
#   provider: [pes, cns.architecture.a, L3-CES2-07]

# 抽样：某类资产只测评其中几台；一般用命令生成 / only some assets of a kind are judged; usually written by:
#   secaudit system sample portal --kind linux --count 2 --person 抽样人 --reason 同型号同配置
# sampling:
#   - {kind: linux, assets: [portal-web1], person: 抽样人, date: 2026-03-01, reason: 同型号同配置}

# 需要备份的数据 / data that must survive
data_sets:
  - id: portal-content
    name: 门户内容库
    # business | configuration
    kind: business
    # 备份文件所在资产与位置，可用 * ? [ ] / where the backups lie
    asset: portal-web1
    artefacts: ["/backup/portal-*.gz"]
    method: 每日全量备份
    # 备份任务的命令行或单元名中包含的文字 / a text in the job's command line or unit name
    job: portal-backup
    rpo_h: 24
    rto_h: 8
    # 其他位置的副本 / copies elsewhere
    targets:
      - {address: backup.example, path: /vault/portal, off_site: true}
    # 数据摸底 / for the data survey: general | important | core; none | personal | sensitive
    # category: 政务服务数据
    # data_grade: general
    # personal: personal
    # persons: 120000
    # volume_gb: 300
    # monthly_growth_gb: 5
    # origin: 网上办事
    # storage: 市政务云
    # recipients: 市大数据局
    # cross_border: false
    # responsible: 信息中心
"""

AUTHORISATION: Final = """\
# 扫描授权示例；一般用命令生成 / example of an authorisation; usually written by:
#   secaudit authorise add --system portal --until 2027-01-31 --approver 审批人 --document 文号
id: a-example
systems: [portal]
approver: 审批人
document: 网安〔2026〕1号
# 日期含当天；不带时区的时间按 secaudit.yaml 的 time_zone / a time without an offset is of its time_zone
valid_from: 2026-01-01
valid_until: 2027-01-31
# 只限这些区域、类别；不写则不限 / only these zones and kinds; all when left out
# zones: [dmz]
# kinds: [linux]
# 每周的时间窗（time_zone 的钟点，可跨午夜）；不写则全天 / weekly windows, over midnight too; always open when left out
# windows:
#   - {days: mon-fri, from: "22:00", until: "05:00"}
# 批件扫描件（相对路径）及其 SHA-256；变动后授权无效 / the approval; the authorisation is void when it is changed
# file: approvals/a-example.pdf
# file_sha256: …
# 是否允许从外部看端口 / whether ports may be looked at from outside
port_scan: false
"""

DEMO_SYSTEM: Final = """\
# 演示：把本机登记为三级系统 / demo: this machine as a level-3 system
id: demo
name: 本机演示系统
organisation: demo
grade: S3A3G3
description: secaudit init --demo

assets:
  - id: this-machine
    kind: linux
    name: {name}
    zone: demo
    # 演示不用 sudo；要回答需要 root 的问题，以 root 运行或配置免口令 sudo 后改为 sudo: all
    # The demo uses no sudo: run as root, or allow sudo without a password and write sudo: all
    reach: {{transport: local, sudo: none}}
    # 未声明任何服务：每个开放端口都会被指出 / nothing is declared, so every open port is named
    services: []
    # services:
    #   - {{port: 22, protocol: tcp, purpose: 运维 SSH}}

# 未声明数据集：备份由人回答 / none declared: a person is asked about backups
data_sets: []
# data_sets:
#   - id: etc
#     name: 系统配置
#     kind: configuration
#     asset: this-machine
#     artefacts: ["/var/backups/etc-*.tar.gz"]
#     method: 每日打包
#     job: etc-backup
#     rpo_h: 24
#     rto_h: 24
#     targets: [{{address: backup.example, off_site: true}}]
"""


NEW_SYSTEM: Final = """\
# 完整示例见 examples/system.yaml / a full example is examples/system.yaml
{fields}
{assets}
# 需要备份的数据；未声明时由人回答 / data that must survive; a person is asked when none is declared
data_sets: []
"""

NEW_ASSETS: Final = """\
# 资产：逐个填写，或 secaudit system import / write them here, or: secaudit system import
assets: []
# assets:
#   - id: web1
#     kind: linux
#     name: Web 服务器 1
#     address: 192.0.2.11
#     reach: {transport: ssh, user: audit, key: agent, sudo: none}
#     services:
#       - {port: 443, protocol: tcp, purpose: HTTPS}
"""
