#!/bin/sh
# Write .env from .env.example: every empty value becomes a fresh secret. Never overwrites.
#
#   sh docker/write-env.sh [FILE]     default: .env beside docker-compose.yml
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
target=${1:-$root/.env}

if [ -e "$target" ]; then
    echo "$target is there already; its secrets belong to the volumes, so it stays as it is" >&2
    exit 1
fi

# Random bytes as URL-safe base64 on one line.
random() {
    head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

umask 077
while IFS= read -r line; do
    case $line in
        \#*) ;;
        # A Fernet key is 32 bytes, padding included; 48 bytes need no padding.
        *FERNET_KEY=) line=$line$(random 32) ;;
        *=) line=$line$(random 48) ;;
    esac
    printf '%s\n' "$line"
done < "$root/.env.example" > "$target.new"
mv "$target.new" "$target"
echo "wrote $target" >&2
