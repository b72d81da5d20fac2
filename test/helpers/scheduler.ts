/** A scheduler that inserts a run every few milliseconds, as GutPunch does, until its input ends; then reports how it went. */
import { DatabaseSync } from 'node:sqlite';
import { sleep, systemClock } from '../../src/clock.ts';

const database = new DatabaseSync(process.argv[2] ?? '');
database.exec('PRAGMA busy_timeout = 5000'); // the default of the library that GutPunch uses
const insert = database.prepare(
  "INSERT INTO job_runs (job_name, queue_name, priority, status) VALUES ('ExampleJob', 'default', 1, 'pending')",
);
let isAsked = true;
process.stdin.on('end', () => {
  isAsked = false;
});
process.stdin.resume();
let inserted = 0;
const failures: string[] = [];
while (isAsked) {
  try {
    insert.run();
    inserted += 1;
  } catch (error) {
    failures.push(String(error));
  }
  if (inserted === 1) process.stdout.write('running\n');
  await sleep(systemClock, 5);
}
database.close();
process.stdout.write(JSON.stringify({ inserted, failures }));
