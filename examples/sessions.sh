#!/bin/sh
# Several agents on one list of tasks: each reports from inside its session, the user's own status stays the user's.
set -eu

# Outside a session nothing is reported.
taskglass task add 'Build the login page' --priority high
taskglass task add 'Deploy to staging' --after T1
if taskglass task queue T1 2> said.txt; then exit 1; fi
[ "$(cat said.txt)" = 'No session found.' ]

# What an agent does in its session.
export TASKGLASS_SESSION_ID=agent-1
taskglass task queue T1 T2
taskglass task update T1 --status working --notes 'Wiring OAuth'
taskglass task update T1 --status needs_input --notes 'Which provider?'
taskglass task show T1
[ "$(taskglass task list --status needs-input --json | grep -c '"id": "T1"')" = 1 ]

# What is not on a session's way is refused, with what is.
if taskglass task update T1 --status completed; then exit 1; fi

# Others work on the same board at the same time; nothing is lost.
for agent in a b c d; do
  TASKGLASS_SESSION_ID=agent-$agent taskglass task queue T2 > /dev/null &
done
wait
[ "$(taskglass task show T2 --json | grep -c '"status": "queued"')" = 6 ]

# A view of it all: taskglass .
taskglass --once
