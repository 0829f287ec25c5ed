# Sourced by install and uninstall: what was installed, as a list that is installed with it. Paths are relative to the
# prefix, one a line; folders that were made end in a slash and stand behind what they hold, the prefix itself is `./`.
manifest=share/ipsh/manifest

# install_files FOLDER PREFIX: copies all files of FOLDER, and notes them and the folders that were not there.
install_files() {
  local path listed
  listed=$(files_of "$1"; echo "$manifest"; missing_folders "$1" "$2")
  mkdir -p "$2"
  # A link in the place of a file is replaced, not followed.
  while read -r path; do rm -f "$2/$path"; done < <(files_of "$1")
  cp -R "$1/." "$2"
  echo "$listed" >"$2/$manifest"
}

files_of() { (cd "$1" && find . ! -type d | sed 's|^\./||'); }

# missing_folders FOLDER PREFIX: those of FOLDER that PREFIX lacks, the deepest first.
missing_folders() {
  local path
  while read -r path; do
    [ -d "$2/$path" ] || echo "${path#./}/"
  done < <(cd "$1" && find . -depth -type d)
}

# remove_installed PREFIX
remove_installed() {
  local path listed
  listed=$(cat "$1/$manifest")
  while read -r path; do
    case $path in
      /* | *../*) echo "$1/$manifest: $path is not below the prefix" >&2; return 1 ;;
      ./) rmdir "$1" 2>/dev/null || true ;;
      */) rmdir "$1/$path" 2>/dev/null || true ;;
      *) rm -f "$1/$path" ;;
    esac
  done <<<"$listed"
}
