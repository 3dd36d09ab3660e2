#!/bin/sh
# What the container does: serve, train, predict, or anything that rubricator or rubricator-train does by its own name.
set -eu
what="${1:-serve}"
[ $# -eq 0 ] || shift
case "$what" in
    train) exec rubricator-train fit "$@" ;;
    compare | tune | sync | average) exec rubricator-train "$what" "$@" ;;
    *) exec rubricator "$what" "$@" ;;
esac
