# shellcheck shell=bash
# Age of apt's lists. A host without the layer "lists" has none at all, as debootstrap leaves it.

# As if apt-get update had run just now: it touches the directories, a list keeps the date of the server.
f_lists_fresh() { touch "$R/var/lib/apt/lists/partial" "$R/var/lib/apt/lists"; }

f_lists_stale() {
  find "$R/var/lib/apt/lists" -type f -exec touch -d '60 days ago' {} +
  touch -d '60 days ago' "$R/var/lib/apt/lists/partial" "$R/var/lib/apt/lists"
}
