"""Secrets planted in all the places where secrets lie about: none of them may ever leave the host."""

import secrets
from collections.abc import Callable

from tests.lab.hosts import Lab

Plant = Callable[[Lab, str, str], None]


def plant(lab: Lab, host: str) -> dict[str, bytes]:
    """Plant a secret of its own in every place on a host: place → bytes that must never be found."""
    planted = {}
    for place, write in PLACES.items():
        secret = f"Kanarienvogel{place.replace('_', '')}{secrets.token_hex(8)}"
        write(lab, host, secret)
        planted[place] = secret.encode()
    planted["password_hash"] = _hash_of_account(lab, host)
    return planted


def _append(path: str, line: str, mode: str = "644") -> Plant:
    def write(lab: Lab, host: str, secret: str) -> None:
        script = f"mkdir -p $(dirname {path}) && cat >>{path} && chmod {mode} {path}"
        lab.exec(host, "sh", "-c", script, given=line.format(secret=secret).encode())

    return write


def _process(lab: Lab, host: str, secret: str) -> None:
    script = f"busybox sh -c 'sleep 86400; : --password={secret}' --password={secret} >/dev/null 2>&1 &"
    lab.exec(host, "sh", "-c", script)


def _environment(lab: Lab, host: str, secret: str) -> None:
    lab.exec(host, "sh", "-c", f"DB_PASSWORD={secret} sleep 86400 >/dev/null 2>&1 &")


def _sshd_option(lab: Lab, host: str, secret: str) -> None:
    """A second daemon, which listens to its own host only."""
    options = f"-p 2299 -o ListenAddress=127.0.0.1 -o PidFile=none -o VersionAddendum={secret}"
    lab.exec(host, "sh", "-c", f"/usr/sbin/sshd {options}")


def _root_crontab(lab: Lab, host: str, secret: str) -> None:
    line = f"15 2 * * * /usr/bin/mysqldump --user=backup --password={secret} app\n"
    lab.exec(host, "crontab", "-u", "root", "-", given=line.encode())


def _locked_hash(lab: Lab, host: str, secret: str) -> None:
    """A locked account keeps its old hash behind the exclamation mark."""
    lab.exec(host, "useradd", "-m", "canary0")
    lab.exec(host, "usermod", "-p", f"!{secret}", "canary0")


def _group_password(lab: Lab, host: str, secret: str) -> None:
    lab.exec(host, "groupadd", "-p", f"$6$salt${secret}", "canaries")


def _firewall_comment(lab: Lab, host: str, secret: str) -> None:
    """A rule that is really loaded."""
    chain = "add table inet canary\nadd chain inet canary input { type filter hook input priority 5; }\n"
    rules = f'{chain}add rule inet canary input accept comment "{secret}"\n'
    lab.exec(host, "nft", "-f", "-", given=rules.encode())


def _hash_of_account(lab: Lab, host: str) -> bytes:
    """Give an account a known password and return the random part of its hash in /etc/shadow."""
    lab.exec(host, "useradd", "-m", "canary")
    salt, digest = secrets.token_hex(8), secrets.token_hex(43)
    lab.exec(host, "usermod", "-p", f"$6${salt}${digest}", "canary")
    return digest.encode()


UNIT = "[Service]\nEnvironment=TOKEN={secret}\nExecStart=/usr/bin/app --password={secret}\n"

PLACES: dict[str, Plant] = {
    "user_crontab": _root_crontab,
    "cron_file": _append(
        "/etc/cron.d/canary", "20 3 * * * root curl -u backup:{secret} https://backup.invalid/\n"
    ),
    "cron_environment": _append("/etc/cron.d/canary-env", "API_TOKEN={secret}\n25 3 * * * root true\n"),
    "cron_url": _append(
        "/etc/cron.d/canary-url", "30 3 * * * root rsync -a /srv rsync://b:{secret}@10.0.0.1/b\n"
    ),
    "unit": _append("/etc/systemd/system/canary.service", UNIT),
    "timer": _append("/etc/systemd/system/canary.timer", "[Timer]\nOnCalendar=daily\n# password={secret}\n"),
    "process": _process,
    "process_environment": _environment,
    "application": _append("/etc/app/app.conf", "[db]\npassword = {secret}\n", "600"),
    "sshd": _append("/etc/ssh/sshd_config.d/50-canary.conf", "# old password: {secret}\n"),
    "sudoers": _append("/etc/sudoers.d/canary", "# the password of root is {secret}\n", "440"),
    "sudoers_command": _append(
        "/etc/sudoers.d/canary2", "nobody ALL=(root) /usr/bin/app --password={secret}\n", "440"
    ),
    "rsyslog": _append("/etc/rsyslog.d/80-canary.conf", '# action(type="omelasticsearch" pwd="{secret}")\n'),
    "profile": _append("/etc/profile.d/canary.sh", "MYSQL_PWD={secret}\n"),
    "apt": _append(
        "/etc/apt/auth.conf.d/canary.conf", "machine apt.invalid login u password {secret}\n", "600"
    ),
    "apt_source": _append(
        "/etc/apt/sources.list.d/canary.list", "# deb https://u:{secret}@apt.invalid/debian bookworm main\n"
    ),
    "nftables": _append("/etc/nftables.conf", '# comment "{secret}"\n'),
    "chrony": _append("/etc/chrony/chrony.keys", "1 MD5 {secret}\n", "600"),
    "home": _append("/home/audit/.pgpass", "db:5432:app:app:{secret}\n", "600"),
    "locked_hash": _locked_hash,
    "group_password": _group_password,
    "firewall_comment": _firewall_comment,
    "environment": _append("/etc/environment", "DB_PASSWORD={secret}\n"),
    "bashrc": _append("/home/audit/.bashrc", "export TMOUT=60 TOKEN={secret}\n"),
    "sshd_environment": _append("/etc/ssh/sshd_config.d/51-canary.conf", "SetEnv TOKEN={secret}\n"),
    "sshd_option": _sshd_option,
    "sshd_command": _append(
        "/etc/ssh/sshd_config.d/52-canary.conf", "Match User nobody\n ForceCommand /x --password={secret}\n"
    ),
    "authorized_keys": _append(
        "/root/.ssh/authorized_keys",
        'environment="TOKEN={secret}",command="/x --password={secret}" ssh-ed25519 AAAA {secret}\n',
        "600",
    ),
    "apt_credentials": _append(
        "/etc/apt/sources.list.d/canary2.list",
        "deb [trusted=yes] http://u:{secret}@apt.invalid/debian bookworm main\n",
    ),
    "fstab": _append("/etc/fstab", "//nas/share /mnt cifs noauto,username=u,password={secret} 0 0\n"),
    "inetd": _append("/etc/inetd.conf", "9999 stream tcp nowait root /usr/bin/app app --password={secret}\n"),
    "rsyslog_action": _append(
        "/etc/rsyslog.d/81-canary.conf",
        'action(type="omfwd" target="10.0.0.1" port="514" password="{secret}")\n',
    ),
    "unit_option": _append(
        "/etc/systemd/system/cron.service.d/canary.conf", "[Service]\nEnvironment=PASSWORD={secret}\n"
    ),
    "failed_login": _append(
        "/var/log/auth.log",
        "Nov 23 01:02:03 h23 sshd[9]: Failed password for invalid user {secret} from 10.0.0.9 port 9 ssh2\n",
        "640",
    ),
    "logrotate": _append(
        "/etc/logrotate.d/canary",
        "/var/log/auth.log {{\n postrotate\n x --password={secret}\n endscript\n}}\n",
    ),
    "idle_message": _append("/etc/profile.d/canary2.sh", "readonly TMOUT=600; export TOKEN={secret}\n"),
}


def found_in(planted: dict[str, bytes], name: str, content: bytes) -> list[str]:
    """One line for each planted secret that ``content`` holds; the secret itself is not repeated."""
    return [
        f"{name} holds the secret planted in {place}"
        for place, secret in planted.items()
        if secret in content
    ]
