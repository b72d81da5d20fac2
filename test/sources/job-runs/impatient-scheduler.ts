/**
 * A scheduler in a process of its own, which gives up at the first lock: it writes a run and its end, again and again,
 * until its standard input ends; then it prints how many writes went well and the first that did not.
 */
import { setInterval } from 'node:timers';
import { openJobDatabase } from '../../helpers/job-database.ts';

const [path = '', mode = 'DELETE', everyMs = '100'] = process.argv.slice(2);
const scheduler = openJobDatabase(path);
scheduler.database.exec(`PRAGMA journal_mode = ${mode}`);
scheduler.addJob('Backup', { everyMs: 100 });
let writes = 0;
let failure: string | null = null;

const timer = setInterval(() => {
  try {
    const id = scheduler.addRun({ job: 'Backup', status: 'running', startedAt: Date.now() });
    scheduler.database
      .prepare("UPDATE job_runs SET status = 'success', finished_at = ? WHERE id = ?")
      .run(new Date().toISOString(), id);
    scheduler.schedule('Backup', Date.now() + 100);
    writes += 3;
  } catch (error) {
    failure ??= String(error);
  }
}, Number(everyMs));

process.stdin.resume().on('end', () => {
  clearInterval(timer);
  scheduler.close();
  console.log(JSON.stringify({ writes, failure }));
});
console.log('ready');
