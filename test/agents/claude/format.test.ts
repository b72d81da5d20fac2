import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAgents } from '../../../src/agents/claude/agents-format.ts';
import { decodeJob, decodeListedTask, decodeSession } from '../../../src/agents/claude/format.ts';
import { joinRows } from '../../../src/agents/claude/join.ts';
import { NO_TIMELINE } from '../../../src/agents/claude/kept-job.ts';
import { readJson } from '../../../src/model/json.ts';
import { hostileText, UNSAFE } from '../../helpers/hostile-text.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { sampleJob, sampleSession, sampleTask } from './sample.ts';

const NOW = 1_795_950_000_000;

/** Reads a document as each of the four kinds of file, and makes rows of what is understood. */
function readAsAny(raw: unknown) {
  const [session, value, task] = [
    decodeSession(raw, 1_000),
    decodeJob(raw, '07ad8f70'),
    decodeListedTask(raw),
  ];
  const file = { identity: '', modifiedAt: NOW, problem: null };
  const lists = new Map([
    [
      'team',
      {
        problem: null,
        tasks: [{ name: '1.json', startedAt: null, endedAt: null, file: { ...file, value: task } }],
      },
    ],
  ]);
  const jobs = value ? [{ state: { ...file, value }, timeline: NO_TIMELINE }] : [];
  const rows = joinRows({ sessions: session ? [session] : [], jobs, lists }, NOW).rows;
  const agents = decodeAgents([raw]);
  return { rows, agents };
}

const SAMPLES: Readonly<Record<string, object>> = {
  session: sampleSession(1_000),
  job: {
    ...sampleJob('07ad8f70'),
    needs: 'commit?',
    fan: [{ id: 'a', kind: 'agent', label: 'Implement', startedAt: NOW, doneAt: NOW }],
    children: [{ id: '1', href: 'https://example.org/1', kind: 'pr' }],
    output: { result: 'done' },
  },
  task: sampleTask(1),
};

describe('any content of a file of Claude Code', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(null, true, -1, 1e308, '', '\u0000', [], {}, [[]], { toString: {} }, 'x'.repeat(100_000)),
    hostileText,
  );

  it.each(Object.entries(SAMPLES))('a %s with a value of any type anywhere is read', (_what, sample) => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sample)), anything, (key, value) => {
        const { rows } = readAsAny({ ...sample, [key]: value });
        for (const row of rows) {
          for (const text of [
            row.name,
            row.cwd,
            row.lastLine,
            row.question?.text,
            ...row.steps.map(({ name }) => name),
          ])
            expect(text?.replaceAll('\n', '') ?? '').not.toMatch(UNSAFE);
          expect(JSON.stringify(row.startedAt)).toMatch(/^(?:null|\d+)$/u);
        }
      }),
    );
  });

  it('and no document at all crashes it', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (raw) => void readAsAny(raw)));
    const deep = (levels: number) => readJson(`${'{"fan":['.repeat(levels)}${']}'.repeat(levels)}`);
    readAsAny(deep(5_000));
    readAsAny({ ...SAMPLES.job, fan: deep(5_000), children: [deep(5_000)], output: deep(5_000) });
    const many = Array.from({ length: 1_000_000 }, (_, n) => ({ label: `${n}` }));
    expect(decodeJob({ ...SAMPLES.job, fan: many }, 'x')?.fan).toHaveLength(1_000);
  });

  it('and none of its secrets are kept', () => {
    const secret = 'sk-planted-secret';
    const keys = fc.constantFrom(
      'env',
      'envs',
      'providerEnv',
      'respawnFlags',
      'apiKey',
      'key',
      'linkScanPath',
      'x',
    );
    const holder = fc.oneof(
      fc.constant(secret),
      fc.constant([secret]),
      fc.record({ ANTHROPIC_API_KEY: fc.constant(secret), env: fc.constant({ deep: [secret] }) }),
    );
    const planted = fc.tuple(fc.constantFrom(...Object.values(SAMPLES)), keys, holder);
    fc.assert(
      fc.property(planted, ([sample, key, value]) => {
        const inEach = Object.fromEntries(
          Object.entries(sample).map(([name, own]) => [name, withKey(own, key, value)]),
        );
        expect(JSON.stringify(readAsAny({ ...inEach, [key]: value }))).not.toContain(secret);
      }),
    );
  });
});

/** Puts a key into an object, and into each one in a list. */
function withKey(raw: unknown, key: string, value: unknown): unknown {
  if (Array.isArray(raw)) return raw.map((one) => withKey(one, key, value));
  return typeof raw === 'object' && raw !== null ? { ...raw, [key]: value } : raw;
}

describe('what the program itself lists', () => {
  it('is sessions and jobs, as it has joined them itself', () => {
    const listed = decodeAgents([
      {
        pid: 10,
        cwd: '/p',
        kind: 'interactive',
        startedAt: NOW,
        sessionId: 's1',
        name: 'one',
        status: 'waiting',
        waitingFor: 'dialog open',
      },
      {
        pid: 11,
        id: '07ad8f70',
        cwd: '/p',
        kind: 'background',
        startedAt: NOW,
        sessionId: 's2',
        name: 'two',
        status: 'idle',
        state: 'blocked',
      },
      {
        id: '17ad8f70',
        cwd: '/p',
        kind: 'background',
        startedAt: NOW,
        name: 'three',
        state: 'done',
        env: { KEY: 'sk' },
      },
      { id: '--help', cwd: '/p', kind: 'background', startedAt: NOW, state: 'working' },
    ]);
    expect(listed?.sessions.map(({ pid, jobId, waitingFor }) => [pid, jobId, waitingFor])).toEqual([
      [10, null, 'dialog open'],
      [11, '07ad8f70', null],
    ]);
    expect(listed?.jobs.map(({ id, state, tempo }) => [id, state, tempo])).toEqual([
      ['07ad8f70', 'blocked', 'blocked'],
      ['17ad8f70', 'done', 'idle'],
    ]);
    expect(JSON.stringify(listed)).not.toContain('sk');
  });

  it.each([{}, 'Usage: claude', null, [1], [{ items: [] }], [{ cwd: '/p', kind: 'interactive' }, null]])(
    'is nothing of its own: %j',
    (document) => expect(decodeAgents(document)).toBeNull(),
  );

  it('may be empty', () => expect(decodeAgents([])).toEqual({ sessions: [], jobs: [] }));
});

describe.runIf(hasSharedFixtures)('the samples', () => {
  const sample = (name: string) => sharedFixture(`agents/claude-code/${name}`);

  it('are understood', () => {
    expect(decodeSession(JSON.parse(sample('sessions-1001.json')), 1_001)).toMatchObject({
      pid: 1_001,
      startTicks: 111_111,
      status: 'busy',
      name: 'proj-1',
      isSpare: false,
    });
    const job = decodeJob(JSON.parse(sample('synthetic-job-state.json')), '07ad8f70');
    expect(job).toMatchObject({ needs: 'commit on a branch?', tokens: 38_259, template: 'bg' });
    expect(job?.fan).toHaveLength(2);
    expect(decodeListedTask(JSON.parse(sample('synthetic-task-list/2.json')))).toEqual({
      subject: 'Add the tokenizer',
      status: 'running',
      owner: 'implementer',
    });
  });

  it.each([
    'sessions-1001.json',
    'sessions-1002.json',
    'synthetic-job-state.json',
    'synthetic-task-list/1.json',
  ])('%s is read or refused wherever it is cut', (name) => {
    const text = sample(name);
    for (let end = 0; end <= text.length; end += 1) readAsAny(readJson(text.slice(0, end)));
  });
});
