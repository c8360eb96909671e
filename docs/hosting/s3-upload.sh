#!/usr/bin/env bash
# Puts dist/ into a bucket: docs/hosting/s3-upload.sh s3://bucket/speed
# S3 sends a file as it was stored, so each is stored in its brotli form under its own name.
# Files that others name go last, so that nobody meets a page whose programs are not there yet.
set -euo pipefail
target=${1:?usage: s3-upload.sh s3://bucket/folder [dist]}
dist=${2:-dist}

kind() {
    case $1 in
        *.html) echo "text/html; charset=utf-8" ;;
        *.webmanifest) echo "application/manifest+json" ;;
        *.css) echo "text/css; charset=utf-8" ;;
        *.js) echo "text/javascript; charset=utf-8" ;;
        *.json) echo "application/json" ;;
        *.wasm) echo "application/wasm" ;;
        *.svg) echo "image/svg+xml" ;;
        *.png) echo "image/png" ;;
        *.xml) echo "application/xml" ;;
        *) echo "text/plain; charset=utf-8" ;;
    esac
}

put() {
    local file=$1 cache="no-cache" source="$dist/$1" encoding=()
    case $file in
        tokscope-page-* | tokscope-whole-* | tokscope-import-* | index-shards/*) cache="public, max-age=31536000, immutable" ;;
    esac
    if [ -f "$source.br" ]; then
        source="$source.br"
        encoding=(--content-encoding br)
    fi
    aws s3 cp "$source" "$target/$file" --content-type "$(kind "$file")" --cache-control "$cache" \
        ${encoding[@]+"${encoding[@]}"}
}

names() {
    (cd "$dist" && find . -type f ! -name '*.br' ! -name _headers | sed 's|^\./||' | sort)
}

names | grep -v -e '^index\.html$' -e '^foreign\.html$' -e '^index\.json$' | while read -r file; do put "$file"; done
put index.json
put foreign.html
put index.html
