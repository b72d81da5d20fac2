import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { npubEncode, nsecEncode } from 'nostr-tools/nip19';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createRelay, type Relay } from '../../src/relay/create-relay.ts';
import { keyPair } from '../helpers/events.ts';
import { eventually } from '../helpers/eventually.ts';
import { type Running, run, start } from '../helpers/program.ts';

const operator = keyPair(7);

let home: string;
let relay: Relay;
let machines: Running[];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'publish-'));
  relay = await createRelay({ clock: systemClock });
  machines = [];
});
afterEach(async () => {
  for (const machine of machines) machine.process.kill('SIGKILL');
  for (const machine of machines) await machine.ended;
  await relay.close();
  await rm(home, { recursive: true, force: true });
});

const listOf = (name: string) => path.join(home, `${name}-breakdown.json`);

async function writeTask(name: string, status: string): Promise<void> {
  const task = { id: 'T1', description: `Work of ${name}`, module: 'm', priority: 1, status };
  await writeFile(
    listOf(name),
    JSON.stringify({ generated_at: '2026-11-21T07:43:42.382686', total_tasks: 1, tasks: [task] }),
  );
}

/** A machine with a key of its own that publishes its list; resolves with the key that it tells to watch. */
async function startMachine(name: string, number: number, ...more: string[]): Promise<[Running, string]> {
  const machine = start(['publish', '--to', relay.url, listOf(name), '--as', name, ...more], {
    cwd: home,
    env: { TASKGLASS_NSEC: nsecEncode(keyPair(number).secretKey) },
  });
  machines.push(machine);
  const lines = createInterface({ input: machine.process.stdout as Readable });
  return [machine, await new Promise((resolve) => lines.once('line', resolve))];
}

/** What a view of the fleet shows: each machine's tasks by name. */
async function look(npubs: readonly string[], nsec?: Uint8Array): Promise<Record<string, string>> {
  const keys = npubs.flatMap((npub) => ['--pubkey', npub]);
  const env = nsec ? { TASKGLASS_NSEC: nsecEncode(nsec) } : {};
  const { stdout } = await run([relay.url, ...keys, '--once', '--json', '--wait', '10'], { cwd: home, env });
  const { tasks } = JSON.parse(stdout) as {
    tasks: { name: string; status: string; labels: Record<string, string> }[];
  };
  return Object.fromEntries(tasks.map(({ name, status, labels }) => [`${name} @${labels.host}`, status]));
}

it('shows the tasks of several machines in one view, and cancels one of them from there', async () => {
  await writeTask('alpha', 'in_progress');
  await writeTask('beta', 'completed');
  const allow = ['--allow', npubEncode(operator.pubkey)];
  const [alpha, alphaKey] = await startMachine('alpha', 1, ...allow);
  const [, betaKey] = await startMachine('beta', 2, ...allow);
  expect(alphaKey).toBe(npubEncode(keyPair(1).pubkey));
  await eventually(async () =>
    expect(await look([alphaKey, betaKey])).toEqual({
      'Work of alpha @alpha': 'running',
      'Work of beta @beta': 'completed',
    }),
  );

  const snapshot = await run([relay.url, '--pubkey', alphaKey, '--once', '--json'], { cwd: home });
  const { nativeId } = JSON.parse(snapshot.stdout).tasks[0];
  const send = (secretKey: Uint8Array) =>
    run(['send', 'cancel', nativeId, relay.url, '--pubkey', alphaKey], {
      cwd: home,
      env: { TASKGLASS_NSEC: nsecEncode(secretKey) },
    });
  expect(await send(keyPair(9).secretKey)).toMatchObject({ code: 1 });
  expect(await send(operator.secretKey)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('is now cancelled'),
  });
  expect(JSON.parse(await readFile(listOf('alpha'), 'utf8')).tasks[0]).toMatchObject({
    status: 'failed',
    result: 'Cancelled',
  });
  alpha.process.kill('SIGTERM');
  const { code, stderr } = await alpha.ended;
  expect(code).toBe(143);
  expect(stderr).toMatch(/^taskglass: publish: cancel: alpha-breakdown\.json\/T1 \(asked by npub1/);
  expect(stderr).not.toContain('nsec');
});

it('continues after it was killed, and publishes no task twice', async () => {
  await writeTask('alpha', 'in_progress');
  const [first, key] = await startMachine('alpha', 1);
  await eventually(async () => expect(await look([key])).toEqual({ 'Work of alpha @alpha': 'running' }));
  first.process.kill('SIGKILL');
  await first.ended;
  await writeTask('alpha', 'completed');
  await startMachine('alpha', 1);
  await eventually(async () => expect(await look([key])).toEqual({ 'Work of alpha @alpha': 'completed' }));
  const { stdout } = await run([relay.url, '--pubkey', key, '--once', '--json'], { cwd: home });
  expect(JSON.parse(stdout).tasks).toHaveLength(1);
});

it('tells only its readers, where it is private', async () => {
  await writeTask('alpha', 'in_progress');
  const [, key] = await startMachine('alpha', 1, '--private', npubEncode(operator.pubkey));
  await eventually(async () =>
    expect(await look([key], operator.secretKey)).toEqual({ 'Work of alpha @alpha': 'running' }),
  );
  expect(await look([key])).toEqual({ 'kind 5900 job @undefined': 'queued' });
});

it('says what it lacks', async () => {
  const key = { TASKGLASS_NSEC: nsecEncode(keyPair(1).secretKey) };
  const said = async (args: string[], env = {}) => {
    const { code, stderr } = await run(['publish', ...args], { cwd: home, env });
    return `${code} ${stderr}`;
  };
  expect(await said([])).toBe(
    '2 taskglass: publish: --to must name one or more relays (for example --to wss://relay.example)\n',
  );
  expect(await said(['--to', 'state.json'])).toMatch(/^2 .*--to must name one or more relays/);
  expect(await said(['--to', relay.url, '--allow', key.TASKGLASS_NSEC])).toBe(
    '2 taskglass: publish: --allow: a secret key is not a public key (write npub1… or 64 hex digits)\n',
  );
  expect(await said(['--to', relay.url, relay.url], key)).toMatch(
    /^2 .*is a relay: its tasks are already published/,
  );
  expect(
    await said(['--to', relay.url], { ...key, TASKGLASS_HOME: '/dev/null/home', TASKGLASS_HISTORY: 'false' }),
  ).toMatch(/^2 taskglass: publish: \/dev\/null\/home\/.*: ENOTDIR.* \(check that it can be written\)\n$/);
  expect(await said(['--to', relay.url])).toMatch(/^2 .*needs a key of its own \(taskglass key new/);
  await writeTask('alpha', 'pending');
  await startMachine('alpha', 1);
  expect(await said(['--to', relay.url, listOf('alpha')], key)).toMatch(
    /^2 .*another taskglass is already publishing these tasks there/,
  );
});

it('publishes nothing again that was already on relays, even if a server reports it', async () => {
  await writeTask('alpha', 'in_progress');
  await writeTask('beta', 'in_progress');
  const server = start(['serve', listOf('alpha'), relay.url, '--port', '0'], { cwd: home });
  machines.push(server);
  const lines = createInterface({ input: server.process.stdout as Readable });
  const url: string = await new Promise((resolve) => lines.once('line', resolve));
  const [, key] = await startMachine('beta', 2, url);
  await eventually(async () => expect(Object.keys(await look([key]))).toHaveLength(2));

  await writeTask('beta', 'completed');
  await eventually(async () =>
    expect(await look([key])).toEqual({
      'Work of alpha @beta': 'running',
      'Work of beta @beta': 'completed',
    }),
  );
  const { stdout } = await run([relay.url, '--once', '--json'], { cwd: home });
  expect(JSON.parse(stdout).tasks).toHaveLength(2);
});
