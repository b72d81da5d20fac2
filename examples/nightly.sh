#!/bin/sh
# A shell script whose work can be watched from any terminal of this user: type `taskglass` there.
# Progress is found in what the commands print; the exit code stays theirs.
set -eu

taskglass run --name 'Nightly: make the archive' -- sh -c '
  for step in 1 2 3; do
    echo "Step $step/3 : part $step"
    head -c 2000000 /dev/urandom | sha256sum > "part-$step"
  done'

# A script can ask for the outcome, of this run or of everything that is going on.
taskglass --once
taskglass wait
