# shellcheck shell=bash
# The tests' programs that are Debian packages. To be sourced; see install_parts.

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
  # It reads the pages that Chromium prints.
  pdftotext:poppler-utils
  # For axe-core (accessibility of the pages) and the gallery.
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
  # For its kill; looked for as ps, because every shell has a kill of its own.
  ps:procps
)

# Installs the Debian packages of the given programs that are not on PATH, if we are root on a Debian machine; otherwise names
# them. Never fails: the caller reports a missing program itself.
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
