# Sourced by the other scripts: installs what is missing on Debian, says what is missing elsewhere.

# ensure COMMAND-OR-HEADER=PACKAGE ...: installs each package whose command or header is absent.
ensure() {
  local missing=() pair probe
  for pair in "$@"; do
    probe=${pair%%=*}
    case "$probe" in
      *.h) compgen -G "/usr/include/$probe" >/dev/null || compgen -G "/usr/include/*/$probe" >/dev/null || missing+=("${pair#*=}") ;;
      *) command -v "$probe" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(uname)" = Darwin ]; then
    echo "missing: ${missing[*]} (on macOS: brew install openblas pcre2; libedit comes with the system)" >&2
    return
  fi
  command -v apt-get >/dev/null || { echo "missing: ${missing[*]}; install them with your package manager" >&2; exit 1; }
  local sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  echo "installing ${missing[*]}" >&2
  $sudo apt-get update -qq >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

# The libraries that the program is built on.
ensure_libraries() { ensure cblas.h=libopenblas-dev histedit.h=libedit-dev zlib.h=zlib1g-dev pcre2.h=libpcre2-dev; }

# ensure_swift [VERSION]: a toolchain of that version (6.0) or a later one. Debian has one (swiftlang) from Debian 13 on;
# elsewhere it comes from swift.org. It fetches packages with git, which swiftlang does not depend on.
ensure_swift() {
  local needed=${1:-6.0}
  ensure git=git
  command -v swift >/dev/null || ! swiftlang_has "$needed" || ensure swift=swiftlang
  at_least "$needed" "$(swift_version)" && return
  echo "Swift $needed or later is needed, here is $(swift_version | grep . || echo none):" \
    "install the toolchain from https://www.swift.org/install and put it on the PATH" >&2
  exit 1
}

swift_version() { swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p'; }

# swiftlang_has VERSION: whether Debian's package is of that version or a later one.
swiftlang_has() {
  command -v apt-get >/dev/null || return 1
  local sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq >&2
  at_least "$1" "$(apt-cache show swiftlang 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)"
}

# at_least NEEDED PRESENT
at_least() { [ -n "$2" ] && printf '%s\n' "$1" "$2" | sort -V -C; }
