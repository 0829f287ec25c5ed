# Sourced by the scripts that need the release program, so that all of them build the same one in the same place.

# build_release: installs what is missing and builds; the folder of the program is then in $built.
# The Swift runtime becomes a part of the program, which then runs where no toolchain is.
build_release() {
  ensure_libraries
  # The Swift runtime in the program is linked with the C++ library.
  ensure strip=binutils c++=g++
  ensure_swift
  local options=(--package-path "$root" --configuration release --product ipsh --disable-local-rpath)
  [ "$(uname)" = Darwin ] || options+=(--static-swift-stdlib)
  export IPSH_COMMIT=${IPSH_COMMIT:-$(commit)}
  swift build "${options[@]}" >&2
  built=$(swift build "${options[@]}" --show-bin-path)
}

# The commit of the checkout, -dirty behind it when what is built differs from it; `unknown` outside of one.
commit() {
  local name changes
  if [ -e "$root/.git" ] && name=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null); then
    changes=$(git -C "$root" status --porcelain -- Package.swift Sources)
    echo "$name${changes:+-dirty}"
  else
    echo unknown
  fi
}

# The version, from the one place that states it.
version() { find "$root/Sources" -name Release.swift -exec sed -n 's/.*let version = "\(.*\)"/\1/p' {} +; }

# lay_out FOLDER: the files of an installation, as they lie below its prefix.
lay_out() {
  local share=$1/share
  mkdir -p "$1/bin" "$share/ipsh" "$share/man/man1"
  cp "$built/ipsh" "$1/bin/ipsh"
  strip "$1/bin/ipsh"
  cp -R "$root/Sources/Checkpoints/Resources" "$share/ipsh/models"
  cp "$root/Sources/ipsh/ipsh.1" "$share/man/man1/ipsh.1"
  lay_out_completion bash "$share/bash-completion/completions/ipsh"
  lay_out_completion zsh "$share/zsh/site-functions/_ipsh"
  lay_out_completion fish "$share/fish/vendor_completions.d/ipsh.fish"
  lay_out_syntax "$share"
  chmod -R u=rwX,go=rX "$1"
}

# lay_out_syntax SHARE: what editors know of the language, made by the program itself.
lay_out_syntax() {
  local vim=$1/vim/vimfiles
  mkdir -p "$vim/syntax" "$vim/ftdetect"
  "$built/ipsh" --editor-syntax vim >"$vim/syntax/ipscript.vim"
  echo 'autocmd BufNewFile,BufRead *.ipscript,ipshrc setfiletype ipscript' >"$vim/ftdetect/ipscript.vim"
  "$built/ipsh" --editor-syntax textmate >"$1/ipsh/ipscript.tmLanguage.json"
}

# lay_out_completion SHELL FILE
lay_out_completion() {
  mkdir -p "$(dirname "$2")"
  "$built/ipsh" --generate-completion-script "$1" >"$2"
}
