#!/bin/sh
# What the container does: serve, train, predict, or anything that rubricator or rubricator-train does by its own name.
set -eu
# The image's own checkpoint, unless another is named or the best of an experiment is.
if [ -z "${RUBRICATOR_EXPERIMENT:-}" ]; then
    if [ -z "${MLFLOW_EXPERIMENT_NAME:-}" ] || [ -z "${RUBRICATOR_TRACKING_URI:-${MLFLOW_TRACKING_URI:-}}" ]; then
        export RUBRICATOR_MODEL="${RUBRICATOR_MODEL:-/usr/share/rubricator}"
    fi
fi
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
