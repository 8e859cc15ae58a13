# shellcheck shell=bash
# What services run as, and who could take over from them.

f_databaseroot() { lab_named_daemon mysqld; }

# Looks like Redis as root: it is somebody's own program.
f_strayredis() {
  cp "$R/bin/sleep" "$R/home/audit/redis-server"
  chown 1000:1000 "$R/home/audit/redis-server"
  lab_daemon 'su audit -s /bin/sh -c "exec /home/audit/redis-server infinity" &'
}

# The cluster is there, and its other node is not.
f_clusteralone() {
  printf '#!/bin/sh\nprintf "%%s\\n" "Node List:" "  * Online: [ %s ]" "  * OFFLINE: [ standby ]"\n' "$NAME" >"$R/usr/sbin/crm_mon"
  chmod 755 "$R/usr/sbin/crm_mon"
}

# An address that floats: the other side is not seen from here.
f_floating() { lab_named_daemon keepalived; }

# Docker's interface for whoever comes, by a program that has its name.
f_dockeropen() {
  cp "$R/bin/busybox" "$R/usr/local/sbin/dockerd"
  mkdir -p "$R/srv/www"
  lab_daemon 'bash -c "exec -a httpd /usr/local/sbin/dockerd -p 0.0.0.0:2375 -h /srv/www"'
}
