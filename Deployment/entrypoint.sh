#!/bin/sh
# What the container does: serve, train, predict, or anything that rubricator or rubricator-train does by its own name.
set -eu
what="${1:-serve}"
[ $# -eq 0 ] || shift
case "$what" in
    train) set -- fit "$@" ;;
    compare | tune | sync | average | evaluate-baseline) set -- "$what" "$@" ;;
    *) exec rubricator "$what" "$@" ;;
esac
command -v rubricator-train > /dev/null || {
    echo "this image serves and predicts; docker build --target train makes one that trains too" >&2
    exit 64
}
exec rubricator-train "$@"
