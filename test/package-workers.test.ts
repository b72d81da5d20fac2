/** What the built program has run in threads and in processes of its own: it is found beside it, and answers. */
import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LARGE_BYTES } from '../src/io/json-list/large.ts';
import { run } from './helpers/program.ts';
import { serving, startStubRelay } from './helpers/stub-relay.ts';
import { temporaryDirectory } from './helpers/temporary-directory.ts';

/** Loaded into the program: notes the script of each thread that has answered. */
const NOTING = `
const threads = require('node:worker_threads');
const { appendFileSync } = require('node:fs');
const { basename } = require('node:path');
if (threads.isMainThread) {
  threads.Worker = class extends threads.Worker {
    constructor(script, options) {
      super(script, options);
      this.once('message', () => appendFileSync(process.env.NOTES, basename(String(script)) + '\\n'));
      this.once('error', (error) => appendFileSync(process.env.NOTES, String(error) + '\\n'));
    }
  };
  require('node:module').syncBuiltinESMExports();
}`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
  await writeFile(directory.file('noting.cjs'), NOTING);
  await writeFile(directory.file('notes.txt'), '');
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Runs the program to its end; returns what it printed, and which threads have answered. */
async function runNoting(args: readonly string[]) {
  const env = {
    NODE_OPTIONS: `--require=${directory.file('noting.cjs')}`,
    NOTES: directory.file('notes.txt'),
  };
  const { stdout, stderr, code } = await run(args, { cwd: directory.path, env });
  const notes = await readFile(directory.file('notes.txt'), 'utf8');
  return { stdout, stderr, code, answered: [...new Set(notes.split('\n').filter(Boolean))] };
}

describe('the built program', () => {
  it('reads a large document in a thread', async () => {
    const tasks = Array.from({ length: 3_000 }, (_, index) => ({
      taskId: `t${index}`,
      taskName: `Task ${index} ${'·'.repeat(400)}`,
      status: 'running',
    }));
    const text = JSON.stringify({ version: 1, activeTasks: tasks });
    expect(Buffer.byteLength(text)).toBeGreaterThan(LARGE_BYTES);
    await writeFile(directory.file('state.json'), text);
    const { stdout, answered } = await runNoting(['--once', '--json', 'state.json']);
    expect(JSON.parse(stdout).counts.running).toBe(3_000);
    expect(answered).toEqual(['list-worker.js']);
  });

  it('verifies the events of a relay in threads', async () => {
    const [customer, provider] = [generateSecretKey(), generateSecretKey()];
    const since = Math.floor(Date.now() / 1_000) - 100;
    const events = Array.from({ length: 40 }, (_, index) => {
      const job = { kind: 5100, created_at: since + index, tags: [], content: `Job ${index}` };
      const request = finalizeEvent(job, customer);
      const tags = [
        ['e', request.id],
        ['p', request.pubkey],
        ['status', 'processing'],
      ];
      const report = { kind: 7000, created_at: since + index + 1, tags, content: '' };
      return [request, finalizeEvent(report, provider)];
    }).flat();
    await using relay = await startStubRelay({ behave: serving(events) });
    const { stdout, answered } = await runNoting(['--once', '--json', relay.url]);
    expect(JSON.parse(stdout).counts.running).toBe(40);
    expect(answered).toEqual(['verify-worker.js']);
  });

  it('reads a database that may take long in a process of its own', async () => {
    const database = new DatabaseSync(directory.file('jobs.db'));
    database.exec(`CREATE TABLE r (id INTEGER PRIMARY KEY, name TEXT);
      CREATE VIEW job_runs AS SELECT id, name AS job_name, 'failed' AS status FROM r;
      INSERT INTO r VALUES (1, 'copy')`);
    database.close();
    const { stdout, stderr } = await runNoting(['--once', '--json', 'jobs.db']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).counts.failed).toBe(1);
  });
});
