#!/bin/sh
# The ledger: tasks that count as done only when that is true. What docs/ledger.md shows, from top to bottom.
set -eu

# expect CODE COMMAND…: a command that is to end with this exit code.
expect() {
  wanted=$1
  shift
  "$@" && got=0 || got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit code $got instead of $wanted: $*" >&2; exit 1; }
}

# Two tasks, the second after the first. Each knows how to tell that it was done.
taskglass ledger register fetch --name 'Fetch the data' --verify 'test -s data.csv' --priority 1
taskglass ledger register report --name 'Write the report' --depends-on fetch --verify 'test -s report.txt'
[ "$(taskglass ledger next-task --id)" = fetch ]
expect 4 taskglass ledger complete-task fetch
expect 2 taskglass ledger start-task report
expect 6 taskglass ledger task-status fetch --exit-status

# A step of a script that counts only if it is true.
taskglass ledger start-task fetch
printf '1,2\n3,4\n' > data.csv
taskglass ledger update-task fetch --progress 50 --note 'half of it is here'
taskglass ledger complete-task fetch --result "$(wc -l < data.csv) lines"
expect 0 taskglass ledger task-status fetch --exit-status

# Definitions from a file: steps, hooks, a rollback, a time limit.
taskglass ledger template tasks.json
taskglass ledger register tasks.json --db nightly.db
taskglass ledger start-task fetch --db nightly.db
taskglass ledger update-task fetch --step download --step-status completed --db nightly.db
taskglass ledger fail-task fetch --error 'no disk space' --db nightly.db
[ ! -e data.csv ] # the rollback has removed it
taskglass ledger reset-task fetch --db nightly.db

# Several workers on one list: no two get the same task.
for id in a b c d; do taskglass ledger register "part-$id" --module parts --db parts.db > /dev/null; done
work() {
  while id=$(taskglass ledger next-task --start --id --db parts.db 2> /dev/null) && [ "$id" ]; do
    echo "$id" >> worked
    taskglass ledger complete-task "$id" --db parts.db > /dev/null
  done
}
work & work & wait
[ "$(sort worked | uniq | wc -l)" -eq 4 ] && [ "$(wc -l < worked)" -eq 4 ]

# To an agent's list and back, without loss.
taskglass ledger export --format breakdown --db nightly.db > task-breakdown.json
taskglass ledger import task-breakdown.json --db copy.db --allow-commands
taskglass ledger verify-task fetch --db copy.db > /dev/null || echo 'not done yet, as it should be'

# A command whose progress shows up in the ledger; run again, it is the next run of the same task.
taskglass run --to tasks.db --name 'Nightly build' -- sh -c 'for i in 1 2; do echo "Step $i/2 : part $i"; done'
taskglass ledger task-status 'Nightly build' --exit-status --db tasks.db

# Beside a scheduler, in its own database, whose tables stay as they are.
cat > scheduler.cjs << 'END'
const { DatabaseSync } = require('node:sqlite');
new DatabaseSync('jobs.db').exec(`
  CREATE TABLE jobs (id INTEGER PRIMARY KEY, job_name TEXT, status TEXT, reschedule INTEGER, reschedule_in INTEGER);
  CREATE TABLE scheduled_jobs (job_name TEXT PRIMARY KEY, next_run TEXT);
  INSERT INTO jobs VALUES (1, 'Import', 'pending', 1, 3600000);
  INSERT INTO scheduled_jobs VALUES ('Import', '2099-01-01T02:00:00.000Z');
`);
END
node --no-warnings scheduler.cjs
expect 3 taskglass ledger list-jobs --db jobs.db
taskglass ledger migrate --db jobs.db
taskglass ledger register rows --job Import --name 'The rows are there' --verify 'test -s data.csv' --db jobs.db
taskglass ledger list-jobs --db jobs.db
taskglass ledger upcoming --db jobs.db

# What a person looks at.
taskglass ledger list-tasks --db nightly.db
taskglass ledger task-status fetch --db nightly.db
taskglass ledger upcoming
taskglass ledger report --since 7d
taskglass ledger report --format markdown > report.md
