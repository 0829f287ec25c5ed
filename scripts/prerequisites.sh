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
    echo "missing: ${missing[*]} (on macOS: brew install openblas; libedit comes with the system)" >&2
    return
  fi
  command -v apt-get >/dev/null || { echo "missing: ${missing[*]}; install them with your package manager" >&2; exit 1; }
  local sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  echo "installing ${missing[*]}" >&2
  $sudo apt-get update -qq >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

# Swift 6 is a Debian package (swiftlang) from Debian 13 on; before that it comes from swift.org.
ensure_swift() {
  swift --version 2>/dev/null | grep -qE 'Swift version ([6-9]|[1-9][0-9])' && return
  if ! command -v swift >/dev/null && command -v apt-get >/dev/null; then
    local sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update -qq >&2
    if apt-cache show swiftlang >/dev/null 2>&1; then
      ensure swift=swiftlang
      return
    fi
  fi
  echo "Swift 6 is missing: install the toolchain from https://www.swift.org/install and put it on the PATH" >&2
  exit 1
}
