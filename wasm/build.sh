#!/usr/bin/env bash
# Builds wasm/dist/hdf5.wasm, wasm/dist/reader.wasm and their manifest from pinned sources (sources.tsv) and the C in this folder.
#
#   wasm/build.sh            gets what is missing, compiles what changed, writes wasm/dist/
#   wasm/build.sh --fast [hdf5|reader]
#                            the same without wasm-opt, and no manifest: seconds, for trying the glue; hdf5 by default
#   wasm/build.sh --check    builds all again in a temporary folder: are the bytes those of wasm/dist/?
#   wasm/build.sh --stale    builds nothing: exit 0 where wasm/dist/ belongs to these inputs, 1 where not
#   wasm/build.sh --notices  writes the file NOTICES at the top, from the sources' own licence files
#   wasm/build.sh --sources  only gets and unpacks the sources
#
# NET=0 in front of a build leaves the net's countdown out (hdf5/net.c), to measure what it costs; never for dist.
# Needs emcc (Debian: emscripten; installed where missing and the user is root), make, patch, node, and to get the sources apt-get
# with its Debian archive keyring and cargo. MT_SOURCES=FOLDER: a folder that may hold the sources' files already.
# Everything lies in wasm/.build, which can be deleted at any time.
set -euo pipefail
export LC_ALL=C
unset EM_CACHE # Debian's system cache is complete and frozen

WASM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=$WASM/.build
DIST=$WASM/dist

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 2; }

# ---- tools ----

need_tools() {
  if command -v emcc >/dev/null && command -v make >/dev/null && command -v patch >/dev/null; then return; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "install Emscripten 3.1.6 (Debian bookworm: emscripten), make and patch"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq emscripten make patch >&2
}

# ---- sources ----

# The files that sources.tsv names, one row a line without comments.
rows() { grep -v '^#' "$WASM/sources.tsv"; }

is_good() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$2" ]; }

# apt with a source list of its own, made from this machine's: leaves the system's alone and needs no root.
debian() {
  local suite=$1 package=$2 dir=$BUILD/apt/$1 uri
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  uri=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '/^URIs:/ {print $2; exit}')
  [ -n "$uri" ] || uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^http/) {print $i; exit}}')
  [ -n "$uri" ] || { say "no Debian archive in this machine's apt sources"; return 1; }
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$dir/src.list"
  local apt=(apt-get -qq -o Dir::Etc::sourcelist="$dir/src.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$dir/lists"
    -o Dir::Cache="$dir/cache" -o APT::Sandbox::User="$(id -un)")
  [ -f "$dir/updated" ] || { "${apt[@]}" update >&2 && touch "$dir/updated"; }
  (cd "$BUILD/downloads" && "${apt[@]}" source --tar-only --download-only "$package" >&2)
}

# cargo with a home of its own: downloads the one crate, builds nothing.
crate() {
  local name=$1 version=$2 dir=$BUILD/cargo
  mkdir -p "$dir/src" && : >"$dir/src/lib.rs"
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n%s = "=%s"\n' "$name" "$version" >"$dir/Cargo.toml"
  # A machine's own registry settings stay in force: only the cache moves.
  [ -f "${CARGO_HOME:-$HOME/.cargo}/config.toml" ] && mkdir -p "$dir/home" && cp "${CARGO_HOME:-$HOME/.cargo}/config.toml" "$dir/home/"
  (cd "$dir" && CARGO_HOME=$dir/home cargo fetch --quiet >&2)
  cp "$dir"/home/registry/cache/*/"$name-$version.crate" "$BUILD/downloads/"
}

fetch() {
  local name version file sha licence from upstream rest
  mkdir -p "$BUILD/downloads"
  while IFS=$'\t' read -r name version file sha licence from upstream rest; do
    local target=$BUILD/downloads/$file
    is_good "$target" "$sha" && continue
    rm -f "$target"
    say "getting $name $version"
    if [ -n "${MT_SOURCES:-}" ] && is_good "$MT_SOURCES/$file" "$sha"; then
      cp "$MT_SOURCES/$file" "$target"
    elif [ "$upstream" != - ] && ! command -v apt-get >/dev/null; then
      curl -sSfL -o "$target" "$upstream"
    else
      # shellcheck disable=SC2086
      ${from%% *} ${from#* } || true
      [ -f "$target" ] || [ "$upstream" = - ] || curl -sSfL -o "$target" "$upstream" || true
    fi
    is_good "$target" "$sha" || die "cannot get $file with sha256 $sha (from: $from); put it into a folder and set MT_SOURCES to that"
  done < <(rows)
}

# libhdf5's own faults are mended by hdf5/patches/*.patch, each with its reason on top. Files keep the age that they have in the archive,
# so those that a patch touches, or touched before, are made new for make's sake: where they differ from what lay there.
patches() { cat "$WASM"/hdf5/patches/*.patch; }

patch_hdf5() {
  local dir=$BUILD/src/hdf5 touched=$1 one
  for one in "$WASM"/hdf5/patches/*.patch; do
    patch -s -p1 -N -F0 -d "$dir" <"$one" || die "the patch $one does not fit"
  done
  touched+=$'\n'$(patches | sed -n 's#^+++ b/##p')
  for one in $touched; do
    if [ -f "$dir.old/.sha256" ] && cmp -s "$dir/$one" "$dir.old/$one"; then
      touch -r "$dir.old/$one" "$dir/$one"
      continue
    fi
    touch "$dir/$one"
    case $one in *.h) rm -rf "$BUILD/obj/hdf5" "$BUILD/obj/hdf5_quick" ;; esac # make doesn't know who includes it
  done
  patches | sed -n 's#^+++ b/##p' >"$dir/.patched"
}

unpack() {
  local name version file sha licence from upstream licences parts patched
  while IFS=$'\t' read -r name version file sha licence from upstream licences parts; do
    local dir=$BUILD/src/$name strip=1 top members=()
    [ "$name" = hdf5 ] && sha+=" $(patches | sha256sum | cut -d' ' -f1)"
    [ "$(cat "$dir/.sha256" 2>/dev/null)" = "$sha" ] && continue
    patched=$(cat "$dir/.patched" 2>/dev/null || true)
    rm -rf "$dir.old"
    [ ! -d "$dir" ] || mv "$dir" "$dir.old"
    mkdir -p "$dir"
    case $from in crate*) strip=2 ;; esac
    case $from in 'crate hdf5-'*) strip=3 ;; esac
    if [ "$parts" != - ]; then
      top=$(tar tf "$BUILD/downloads/$file" | sed -n '1s#/.*##p')
      for part in $parts; do members+=("$top/$part"); done
    fi
    tar xf "$BUILD/downloads/$file" -C "$dir" --no-same-owner --strip-components=$strip "${members[@]}"
    [ "$name" = hdf5 ] && patch_hdf5 "$patched"
    rm -rf "$dir.old"
    echo "$sha" >"$dir/.sha256"
  done < <(rows)
  # libdeflate takes size_t for the machine's word; wasm32 has 64-bit registers, and inflating with them is
  # up to a fifth faster. Its slowest levels (10 to 12), which HDF5 can't ask for, are left out by a switch that only the source has.
  local deflate=$BUILD/src/libdeflate
  sed -i 's/^typedef size_t machine_word_t;/typedef unsigned long long machine_word_t;/' "$deflate/common_defs.h"
  sed -i 's/^#define SUPPORT_NEAR_OPTIMAL_PARSING\t1$/#define SUPPORT_NEAR_OPTIMAL_PARSING\t0/' "$deflate/lib/deflate_compress.c"
  grep -q 'long machine_word_t' "$deflate/common_defs.h" && grep -q 'PARSING.0$' "$deflate/lib/deflate_compress.c" || die "libdeflate is not as expected"
  # What configure would write, of no content that matters here.
  local aec=$BUILD/src/libaec/include
  [ -f "$aec/libaec.h" ] || sed 's/@PROJECT_VERSION_MAJOR@/1/g; s/@PROJECT_VERSION_MINOR@/1/g; s/@PROJECT_VERSION_PATCH@/4/g' "$aec/libaec.h.in" >"$aec/libaec.h"
  [ -f "$aec/config.h" ] || printf '#define HAVE_DECL___BUILTIN_CLZLL 1\n#define HAVE_SNPRINTF 1\n' >"$aec/config.h"
  [ -f "$BUILD/src/hdf5/src/H5build_settings.c" ] || printf 'const char H5build_settings[] = "";\n' >"$BUILD/src/hdf5/src/H5build_settings.c"
}

# ---- build ----

# Compiles and links in folder $1; $2: 1 to skip wasm-opt.
compile() {
  mkdir -p "$1"
  make -k -C "$1" --no-print-directory -f "$WASM/hdf5/config/hdf5.mk" -j2 SRC="$BUILD/src" WASM="$WASM" FAST="$2" NET="${NET:-1}" hdf5.wasm >"$1/make.log" 2>&1 ||
    { grep -E 'error:|error |warning:|undefined|multiple' "$1/make.log" | grep -v '^emcc: error: .*failed (returned' | head -40 >&2; die "compiling failed: $1/make.log"; }
  grep -h 'loops of libhdf5' "$1/make.log" >&2 || true
  # Without it a damaged file can keep a call busy for ever.
  [ "${NET:-1}" = 0 ] || node "$WASM/manifest.mjs" net "$1/hdf5.wasm"
}

# The same for the reader, which needs nothing but this folder and takes a second.
compile_reader() {
  mkdir -p "$1"
  make -C "$1" --no-print-directory -f "$WASM/reader/reader.mk" -j2 WASM="$WASM" reader.wasm >"$1/make_reader.log" 2>&1 ||
    { grep -E 'error|warning' "$1/make_reader.log" | head -40 >&2; die "compiling failed: $1/make_reader.log"; }
}

# A folder's result in place of the old one at once, so that a reader never sees half of it.
publish() { cp "$1" "$2.new" && mv "$2.new" "$2"; }

# One hash over every input in this repository: cheap to compare in CI.
inputs() {
  (cd "$WASM" && find build.sh sources.tsv manifest.mjs hdf5 reader -type f \( -name '*.c' -o -name '*.h' -o -name '*.mk' -o -name '*.patch' -o -name '*.awk' -o -name '*.sh' -o -name '*.mjs' -o -name '*.tsv' \) |
    sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
}

# The licences of all that is compiled in, for the file NOTICES.
notices() {
  local name version file sha licence from upstream licences parts
  echo "wasm/dist/hdf5.wasm holds compiled code of the projects below, each under its own licence. Written by wasm/build.sh --notices."
  while IFS=$'\t' read -r name version file sha licence from upstream licences parts; do
    printf '\n================================================================\n%s %s (%s)\n================================================================\n\n' "$name" "$version" "$licence"
    for part in $licences; do tr -d '\r' <"$BUILD/src/$name/$part"; echo; done
  done < <(rows)
  printf '\n================================================================\n%s\n================================================================\n\n' "musl, the C library that Emscripten brings (MIT)"
  sed '/^Authors/,$d' /usr/share/emscripten/system/lib/libc/musl/COPYRIGHT
  printf '%s\n' "Emscripten's own parts of the C library are Copyright (c) 2010 Emscripten authors, under the same MIT licence. Its malloc is Doug Lea's" \
    "dlmalloc, in the public domain. Helpers of LLVM's compiler-rt are under Apache-2.0 with LLVM exceptions, which asks no notice of object code."
}

# One build at a time in this folder; others wait for it.
lock() {
  mkdir -p "$BUILD"
  exec 9>"$BUILD/lock"
  if command -v flock >/dev/null; then flock 9; fi
}

# Whether dist holds the modules that its manifest describes, built from these inputs.
is_current() {
  local recorded
  recorded=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).inputs' "$DIST/manifest.json") || return 1
  [ "$recorded" = "$(inputs)" ] || { say "wasm/dist is not built from these inputs: run wasm/build.sh"; return 1; }
  node "$WASM/manifest.mjs" verify "$DIST"
}

case ${1:-} in
  --stale) is_current
    ;;
  --notices) lock && fetch && unpack && notices | cat -s | sed 's/[ \t]*$//' >"$WASM/../NOTICES" ;;
  --sources) lock && fetch && unpack ;;
  --check)
    is_current
    need_tools && lock && fetch && unpack
    exec 9>&- # others may build here meanwhile
    temp=$(mktemp -d)
    trap 'rm -rf "$temp"' EXIT
    compile "$temp" ""
    compile_reader "$temp"
    node "$WASM/manifest.mjs" compare "$DIST" "$temp"
    ;;
  --fast)
    if [ "${2:-hdf5}" = reader ]; then
      need_tools && lock && compile_reader "$BUILD"
      mkdir -p "$DIST" && publish "$BUILD/reader.wasm" "$DIST/reader.wasm"
      ls -l "$DIST/reader.wasm" >&2
      exit
    fi
    [ "${2:-hdf5}" = hdf5 ] || die "no module $2: hdf5 or reader"
    need_tools && lock && fetch && unpack && compile "$BUILD" 1
    mkdir -p "$DIST" && publish "$BUILD/hdf5.wasm" "$DIST/hdf5.wasm"
    rm -f "$BUILD/hdf5.wasm" # so that the next full build links again
    ls -l "$DIST/hdf5.wasm" >&2
    ;;
  "")
    need_tools && lock && fetch && unpack
    before=$(inputs) # what is edited while it compiles shows as stale
    compile "$BUILD" ""
    compile_reader "$BUILD"
    mkdir -p "$DIST" && publish "$BUILD/hdf5.wasm" "$DIST/hdf5.wasm" && publish "$BUILD/reader.wasm" "$DIST/reader.wasm"
    node "$WASM/manifest.mjs" write "$DIST" "$WASM" "$before"
    ;;
  *) die "unknown option $1" ;;
esac
