#!/bin/sh
# Runs a command of rubricator or rubricator-train by its name; "train" stands for rubricator-train fit. Default: serve.
set -eu
# Use the checkpoint in the image, unless another is named or an MLflow experiment is to provide it.
if [ -z "${RUBRICATOR_EXPERIMENT:-}" ]; then
    if [ -z "${MLFLOW_EXPERIMENT_NAME:-}" ] || [ -z "${RUBRICATOR_TRACKING_URI:-${MLFLOW_TRACKING_URI:-}}" ]; then
        export RUBRICATOR_MODEL="${RUBRICATOR_MODEL:-/usr/share/rubricator}"
    fi
fi
what="${1:-serve}"
[ $# -eq 0 ] || shift
case "$what" in
    train) set -- fit "$@" ;;
    compare | tune | sync | average | calibrate | evaluate-baseline) set -- "$what" "$@" ;;
    *) exec rubricator "$what" "$@" ;;
esac
command -v rubricator-train > /dev/null || {
    echo "rubricator-train is not in this image; build the image that has it: docker build --target train ." >&2
    exit 64
}
exec rubricator-train "$@"
