#!/bin/sh
# A deploy to watch: packs the configuration folder, checks the archive after copying it, unpacks it and compares the
# result with the original. The steps go to standard output, the progress to standard error.
set -eu

pause() { sleep 1; }
step() { printf '==> %s\n' "$*"; }
progress() { printf '    %s\n' "$*" >&2; }

source=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/demo.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
mkdir "$work/packed" "$work/received" "$work/release"

step "Deploy ${TIDEGATE_DEPLOY_ID:-by hand}: the configuration folder"
pause

step 'Packing'
tar -cf "$work/packed/conf.tar" -C "$source" .
progress "$(tar -tf "$work/packed/conf.tar" | wc -l | tr -d ' ') entries, $(wc -c <"$work/packed/conf.tar" | tr -d ' ') bytes"
pause

step 'Taking the checksum'
(cd "$work/packed" && sha256sum conf.tar) | tee "$work/packed/conf.tar.sha256"
pause

step 'Copying the archive'
cp "$work/packed/conf.tar" "$work/packed/conf.tar.sha256" "$work/received/"
progress 'copied'
pause

step 'Checking the copy'
(cd "$work/received" && sha256sum -c conf.tar.sha256)
pause

step 'Unpacking'
tar -xf "$work/received/conf.tar" -C "$work/release"
progress 'unpacked'
pause

step 'Comparing each file with its original'
tar -tf "$work/received/conf.tar" | while IFS= read -r name; do
    if [ -f "$source/$name" ]; then
        cmp "$source/$name" "$work/release/$name"
        progress "same: $name"
    fi
done
pause

step 'Comparing the folders as a whole'
for percent in 25 50 75; do
    progress "$percent %"
    pause
done
if ! diff -r "$source" "$work/release"; then
    step 'The release differs from the original'
    exit 1
fi
progress '100 %'

step 'Done: the release equals the original'
