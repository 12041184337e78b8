# shellcheck shell=bash
# The programs that the tests need and Debian has. To be sourced; see install_parts.

# program:package
readonly PARTS=(
  python3:python3
  pip3:python3-pip
  mvn:maven
  tshark:tshark
  tcpdump:tcpdump
  nginx:nginx-light
  haproxy:haproxy
  chromium:chromium
  # What Chromium prints is read with it.
  pdftotext:poppler-utils
  # For axe-core, which the pages are checked with, and the gallery.
  npm:npm
  curl:curl
  openssl:openssl
  shellcheck:shellcheck
  go:golang-go
  lua5.1:lua5.1
  zsh:zsh
  fish:fish
  puma:puma
  php-fpm8.2:php8.2-fpm
  # Its kill, which is asked for as ps: every shell has a kill of its own.
  ps:procps
)

# Installs the Debian packages of the programs named that are not on PATH, where we are root on a Debian machine;
# elsewhere names them. Never fails: whoever needs a missing part says so itself.
install_parts() {
  local part missing=() packages=()
  for part in "${PARTS[@]}"; do
    if [[ " $* " == *" ${part%%:*} "* ]] && ! command -v "${part%%:*}" >/dev/null 2>&1; then
      missing+=("${part%%:*}")
      packages+=("${part##*:}")
    fi
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Debian packages: ${packages[*]}" >&2
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${packages[@]}"; } >&2 ||
      echo "${0##*/}: apt-get could not install them; going on without: ${packages[*]}" >&2
  else
    echo "${0##*/}: not installed here: ${missing[*]} (Debian packages: ${packages[*]})" >&2
  fi
}
