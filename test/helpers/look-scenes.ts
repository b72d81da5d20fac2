import type { CommandOffer } from '../../src/model/command.ts';
import { sourceId, taskId } from '../../src/model/id.ts';
import type { Task, TaskState } from '../../src/model/task.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import { makeSteps, type Scene } from './scenes.ts';
import { makeTask } from './task.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const CAN_CANCEL: CommandOffer[] = [{ command: 'cancel', refusal: null }];
const CAN_RETRY: CommandOffer[] = [{ command: 'retry', refusal: null, needsConsent: true }];

/** What a task had printed when it ended: an exit code says less. */
const DEPLOY_ERROR = plainText(
  'exit code 1\nStep 4/5: reload\ncat: /etc/nope.conf: No such file or directory',
);

/** One command that runs, as `taskglass run` reports it. */
export const oneRun: Scene = (clock) => {
  const runs = createMemorySource({ id: sourceId('runs') });
  const nowMs = clock.now();
  put(runs, {
    nativeId: 'make',
    name: words`make -j2`,
    startedAt: nowMs - 41 * SECOND_MS,
    steps: [{ ...oneStep(words`make -j2`), progress: 48 }],
    lastLine: words`Building C object zstd_ddict.c.o`,
    offers: CAN_CANCEL,
  });
  runs.live();
  return [runs];
};

/** What somebody sees who keeps it open all day: some of everything, most of it over. Forty tasks. */
export const forty: Scene = (clock) => {
  const runs = createMemorySource({ id: sourceId('runs') });
  const nowMs = clock.now();
  const site = taskId(runs.id, 'site');
  put(runs, {
    nativeId: 'deploy',
    name: words`./deploy.sh`,
    startedAt: nowMs - 9 * SECOND_MS,
    state: { status: 'failed', endedAt: nowMs - 5 * SECOND_MS, error: DEPLOY_ERROR },
    reportedProgress: 80,
    offers: CAN_RETRY,
  });
  put(runs, {
    nativeId: 'licence',
    name: words`Choose a licence for the fonts`,
    state: { status: 'needs-input', reason: null },
    question: {
      text: words`Which licence should the fonts have?`,
      choices: [words`OFL`, words`MIT`],
      askedAt: nowMs - 9 * MINUTE_MS,
    },
  });
  for (const [index, [name, progress, line]] of RUNNING.entries()) {
    put(runs, {
      nativeId: index === 1 ? 'site' : `run${index}`,
      name,
      startedAt: nowMs - (index + 1) * 47 * SECOND_MS,
      ...(index === 1
        ? {
            steps: makeSteps(
              ['+Fetch the pages', '+Read them', `>Index the words@${progress}`, '-Pack', '-Check'],
              nowMs - 94_000,
              30_000,
            ),
          }
        : { steps: [{ ...oneStep(name), progress }] }),
      lastLine: line,
      updatedAt: nowMs,
      offers: CAN_CANCEL,
    });
  }
  put(runs, {
    nativeId: 'pack',
    name: words`Pack the release`,
    state: { status: 'waiting', reason: null },
    waitsFor: [site],
  });
  put(runs, {
    nativeId: 'later',
    name: words`Sign off the release`,
    state: { status: 'queued', reason: null },
  });
  put(runs, {
    nativeId: 'agent',
    name: words`Rewrite the importer`,
    startedAt: nowMs - 50 * MINUTE_MS,
    review: true,
    state: { status: 'completed', endedAt: nowMs - 4 * MINUTE_MS, result: words`12 files changed` },
  });
  for (let n = 0; n < 30; n += 1) put(runs, endedTask(n, nowMs));
  runs.live();
  return [runs];
};

const RUNNING = [
  [words`make -j2`, 48, words`Building C object zstd_ddict.c.o`],
  [words`Build the site`, 50, words`indexing`],
  [words`npm test`, 17, words`test/ui/screen.test.ts · 23 of 139`],
  [words`rsync -a /srv/photos backup:`, null, words`2019/07/IMG_2231.jpg`],
  [words`Translate the manual into 日本語`, 63, words`第三章`],
] as const;

function endedTask(n: number, nowMs: number): Partial<Task> & { nativeId: string } {
  const endedAt = nowMs - (n + 1) * 7 * MINUTE_MS;
  const states: readonly TaskState[] = [
    { status: 'completed', endedAt, result: n % 4 === 0 ? words`214 pages` : null },
    { status: 'completed', endedAt, result: null },
    { status: 'cancelled', endedAt, reason: words`by alice` },
  ];
  const names = [
    words`Build the site`,
    words`encode test`,
    words`tar czf all.tgz -C / usr/share/doc`,
  ] as const;
  const state = states[n % 5 === 4 ? 2 : n % 2] as TaskState;
  return {
    nativeId: `old${n}`,
    name: names[n % 3] ?? words``,
    state,
    startedAt: endedAt - (n + 2) * 9 * SECOND_MS,
    attempts: n === 1 ? 2 : 1,
    offers: state.status === 'cancelled' ? CAN_RETRY : [],
  };
}

/** Three machines, each with its own source; one of them is gone. */
export const fleet: Scene = (clock) => {
  const nowMs = clock.now();
  const sources = ['gpu-1', 'gpu-2', 'build'].map((host, machine) => {
    const source = createMemorySource({ id: sourceId(`ssh:${host}`), location: `ssh:${host}` });
    for (let n = 0; n < 5; n += 1) {
      put(source, {
        nativeId: `t${n}`,
        name: plainName(`${['train', 'evaluate', 'render', 'upload', 'index'][n]} batch ${machine * 5 + n}`),
        host: plainName(host),
        startedAt: nowMs - (n * 7 + machine + 1) * MINUTE_MS,
        updatedAt: nowMs,
        reportedProgress: (n * 23 + machine * 11) % 100,
        state:
          n === 3
            ? { status: 'queued', reason: null }
            : n === 4
              ? { status: 'completed', endedAt: nowMs - machine * 60 * MINUTE_MS, result: null }
              : { status: 'running', reason: null },
      });
    }
    source.live();
    return source;
  });
  return sources;
};

/** Three thousand tasks, most of them running, some of them broken. */
export const flood: Scene = (clock) => {
  const source = createMemorySource({ id: sourceId('jobs.db') });
  const nowMs = clock.now();
  for (let n = 0; n < 3_000; n += 1) {
    put(source, {
      nativeId: `n${n}`,
      name: plainName(`job ${n}: resize ${n * 3} photographs`),
      startedAt: nowMs - (3_000 - n) * SECOND_MS,
      updatedAt: nowMs,
      reportedProgress: n % 100,
      state:
        n % 200 === 7
          ? { status: 'failed', endedAt: nowMs - n * SECOND_MS, error: words`no space left on device` }
          : n % 3 === 0
            ? { status: 'queued', reason: null }
            : { status: 'running', reason: null },
    });
  }
  source.live();
  return [source];
};

/** Names that break screens. */
export const HOSTILE_NAMES: readonly string[] = [
  `a name of ten kilobytes ${'lorem ipsum '.repeat(900)}`,
  '日本語のとても長い名前でありましてまだまだ続きます、どこまでも続きます',
  '한국어 이름이 아주 깁니다 그리고 계속됩니다',
  'e\u0301\u0302\u0303\u0304 cafe\u0301 combining marks on every letter',
  'שלום עולם mixed with English and ١٢٣ العربية',
  '\u202eright to left override\u202c and isolates \u2067x\u2069',
  '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 ❤️ 1️⃣ 🇩🇪 🇩 flags and families',
  `Beta${'\u1100'.repeat(60)}`,
  '\u{1fae9}\u{1f6d8}\u{1fa8e} not yet invented when this was built',
  '\u0e01\u0e33\u0e01\u0e33 ไทย and \u0915\u094d\u0937 हिन्दी',
  'zero\u200bwidth\u200d\u2060\ufeff everywhere',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 and \u009b5m',
  'ﷺ ﷽ 𒐫 very wide signs',
  '',
];

export const hostile: Scene = (clock) => {
  const source = createMemorySource({ id: sourceId('hostile') });
  const nowMs = clock.now();
  for (const [index, text] of HOSTILE_NAMES.entries()) {
    put(source, {
      nativeId: `h${index}`,
      name: plainName(text),
      startedAt: nowMs - index * SECOND_MS,
      updatedAt: nowMs,
      lastLine: plainName(text),
      reportedProgress: index * 7,
    });
  }
  source.live();
  return [source];
};

function oneStep(name: Task['name']): Task['steps'][number] {
  return { index: 0, name, status: 'running', progress: null, weight: 1, startedAt: null, endedAt: null };
}

function put(source: MemorySource, task: Partial<Task> & { nativeId: string }): void {
  source.put(makeTask(task.nativeId, task));
}
