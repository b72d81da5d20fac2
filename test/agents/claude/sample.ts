import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownProcess } from '../../../src/io/process-identity.ts';
import { createFakeProgram, type FakeProgram } from '../../helpers/fake-program.ts';

/** A home of Claude Code, made from what is known of its files, in which things happen as a test wants. */
export interface SampleHome {
  session(pid: number, fields?: object): Promise<void>;
  job(id: string, fields?: object): Promise<void>;
  task(list: string, number: number, fields?: object): Promise<void>;
  /** Puts any file there, at once, as the program does it. */
  put(path: string, text: string): Promise<void>;
}

export function sampleHome(home: string): SampleHome {
  async function put(path: string, text: string): Promise<void> {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.tmp`, text);
    await rename(`${file}.tmp`, file);
  }
  const text = (...parts: object[]) => JSON.stringify(Object.assign({}, ...parts), null, 2);
  return {
    put,
    session: (pid, fields = {}) => put(`sessions/${pid}.json`, text(sampleSession(pid), fields)),
    job: (id, fields = {}) => put(`jobs/${id}/state.json`, text(sampleJob(id), fields)),
    task: (list, number, fields = {}) =>
      put(`tasks/${list}/${number}.json`, text(sampleTask(number), fields)),
  };
}

/** The session id that belongs to a number, or to a job. */
export function sessionIdOf(of: number | string): string {
  const digits = typeof of === 'number' ? String(of).padStart(8, '0') : of;
  return `${digits}-1111-4111-8111-111111111111`;
}

/** A session whose file is named by `pid`; its process is this one. */
export function sampleSession(pid: number): Record<string, unknown> {
  return {
    pid: process.pid,
    sessionId: sessionIdOf(pid),
    cwd: '/home/ada/parser',
    startedAt: Date.now() - 60_000,
    procStart: `${ownProcess()?.startTicks}`,
    version: '2.1.265',
    peerProtocol: 1,
    kind: 'interactive',
    entrypoint: 'cli',
    name: `session ${pid}`,
    nameSource: 'derived',
    status: 'busy',
    updatedAt: Date.now() - 1_000,
    statusUpdatedAt: Date.now() - 2_000,
  };
}

/** A background job that works. */
export function sampleJob(id: string): Record<string, unknown> {
  return {
    state: 'working',
    tempo: 'active',
    detail: 'reading the tests',
    output: null,
    inFlight: { tasks: 0, queued: 0, kinds: [] },
    fan: [],
    tokens: 1_234,
    children: null,
    name: `job ${id}`,
    nameSource: 'auto',
    intent: 'Add a parser.\nIt has to stream.',
    sessionId: sessionIdOf(id),
    resumeSessionId: sessionIdOf(id),
    cwd: '/home/ada/parser',
    template: 'bg',
    backend: 'daemon',
    cliVersion: '2.1.265',
    createdAt: new Date(Date.now() - 120_000).toISOString(),
    updatedAt: new Date().toISOString(),
    firstTerminalAt: null,
    lastTerminalAt: null,
    providerEnv: { ANTHROPIC_API_KEY: 'sk-of-the-provider' },
    respawnFlags: ['--model', 'opus', '--settings', '{"env":{"TOKEN":"sk-of-a-flag"}}'],
    linkScanPath: '/home/ada/.claude/projects/x.jsonl',
  };
}

export function sampleTask(number: number): Record<string, unknown> {
  const [id, subject] = [`${number}`, `Task ${number}`];
  return { id, subject, description: '', status: 'pending', blocks: [], blockedBy: [] };
}

/** Makes a `claude` that tells its version, ends and begins jobs once it obeys, and lists the agents of its state. */
export function createFakeClaude(): Promise<FakeProgram<readonly object[]>> {
  return createFakeProgram<readonly object[]>('claude', {
    initial: [],
    broken: 'Not logged in',
    body: `
const [verb, id] = args;
const home = process.env.CLAUDE_CONFIG_DIR || process.env.HOME + '/.claude';
const path = home + '/jobs/' + id + '/state.json';
const put = (fields) => {
  const text = JSON.stringify({ ...JSON.parse(fs.readFileSync(path, 'utf8')), ...fields, updatedAt: new Date() });
  fs.writeFileSync(path + '.tmp', text);
  fs.renameSync(path + '.tmp', path);
};
if (verb === '--version') print('2.1.265 (Claude Code)\\n');
else if (verb === 'agents') print(state);
else if (!fs.existsSync(path)) fail("No session matching '" + id + "'");
else if (verb === 'stop') obeys && put({ state: 'stopped', tempo: 'idle', lastTerminalAt: new Date() });
else if (verb === 'respawn') obeys && put({ state: 'running', tempo: 'active' });
else fail('unknown command');
`,
  });
}
