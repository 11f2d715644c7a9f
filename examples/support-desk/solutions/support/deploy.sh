#!/bin/sh
# What Ringway runs to place, activate, bring back and take away a version: it only talks to the machine.
if ! command -v node >/dev/null; then
  echo 'deploy.sh needs node 20 or newer on the PATH of the job; on GitHub add actions/setup-node before this step.' >&2
  exit 127
fi
exec node "$(dirname "$0")/deploy.mjs"
