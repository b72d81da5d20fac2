import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { sourceId } from '../src/model/id.ts';
import { openExec, openExecd } from '../src/sources/exec/open.ts';
import { testText } from '../src/sources/exec/test-command.ts';
import type { Source } from '../src/sources/kit/source.ts';
import { runHere } from './helpers/console.ts';
import { eventually } from './helpers/eventually.ts';
import { temporaryDirectory } from './helpers/temporary-directory.ts';
import { commandContext, openView } from './sources/source-contract.ts';

const page = await readFile(new URL('../docs/your-own-source.md', import.meta.url), 'utf8');
/** The programs of the page, by the name in their first comment. */
const programs = new Map(
  [...page.matchAll(/^```(?:sh|python|ts)\n((?:#!.*\n)?(?:#|\/\/) ([\w.]+): [\s\S]*?)^```$/gmu)].map(
    ([, text = '', name = '']) => [name, text],
  ),
);

/** Lays a program of the page into a directory, with programs that it asks, each of which prints a text. */
async function lay(
  name: string,
  asked: Record<string, string> = {},
): Promise<{ cwd: string; env: Record<string, string | undefined> } & AsyncDisposable> {
  const directory = await temporaryDirectory();
  await writeFile(directory.file(name), programs.get(name) ?? '');
  await chmod(directory.file(name), 0o755);
  await mkdir(directory.file('bin'));
  for (const [program, prints] of Object.entries(asked)) {
    await writeFile(directory.file(`bin/${program}`), `#!/bin/sh\ncat <<'END'\n${prints}\nEND\n`);
    await chmod(directory.file(`bin/${program}`), 0o755);
  }
  const env = { ...process.env, PATH: `${directory.file('bin')}:${process.env.PATH}` };
  return { cwd: directory.path, env, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

const isThere = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

async function statusesOf(
  opener: typeof openExec,
  place: string,
  at: { cwd: string; env: typeof process.env },
) {
  const view = openView(opener({ id: sourceId('it'), place, clock: systemClock, ...at }) as Source);
  await view.live();
  const statuses = view.statuses();
  await view.close();
  return statuses;
}

describe('the page of one’s own sources', () => {
  it('has programs of ten lines, and no others than are run here', () => {
    expect([...programs.keys()].sort()).toEqual([
      'builds.ts',
      'bullmq.ts',
      'docker.sh',
      'downloads.sh',
      'gitlab.sh',
      'jobs.py',
      'kubernetes.sh',
    ]);
    for (const text of programs.values()) expect(text.trim().split('\n').length).toBeLessThanOrEqual(12);
  });

  it('has a document that is right', () => {
    const [, document = ''] = /^```json\n([\s\S]*?)^```$/mu.exec(page) ?? [];
    expect(testText(document, Date.now())).toEqual({
      wrong: [],
      said: ['1 task is read: 1 needs-input'],
    });
  });

  it('in shell', async () => {
    await using at = await lay('downloads.sh');
    expect(await statusesOf(openExec, './downloads.sh', at)).toEqual({});
    await mkdir(`${at.cwd}/downloads`);
    for (const part of ['a film.part', 'b.part', 'c']) await writeFile(`${at.cwd}/downloads/${part}`, '');
    expect(await statusesOf(openExec, './downloads.sh', at)).toEqual({
      'downloads/a film.part': 'running',
      'downloads/b.part': 'running',
    });
  });

  it('in TypeScript', async () => {
    await using at = await lay('builds.ts');
    for (const build of ['a', 'b']) await mkdir(`${at.cwd}/builds/${build}`, { recursive: true });
    await writeFile(`${at.cwd}/builds/b/done`, '');
    const place = `'${process.execPath}' builds.ts`;
    expect(await statusesOf(openExec, place, at)).toEqual({ a: 'running', b: 'completed' });
  });

  it.skipIf(!isThere('python3'))('in Python, with cancel and retry', async () => {
    await using at = await lay('jobs.py');
    const options = { id: sourceId('it'), place: 'python3 jobs.py', clock: systemClock, ...at };
    const source = openExecd(options) as Source;
    const view = openView(source);
    await view.live();
    expect(view.statuses()).toEqual({ nightly: 'running', weekly: 'queued' });
    expect(await source.commands.cancel?.('nightly', commandContext())).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.statuses()).toEqual({ nightly: 'cancelled', weekly: 'queued' }));
    expect(await source.commands.retry?.('nightly', commandContext())).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.statuses()).toEqual({ nightly: 'running', weekly: 'queued' }));
    await view.close();
  });

  it.skipIf(!isThere('jq')).each([
    [
      'gitlab.sh',
      {
        glab: JSON.stringify(
          ['success', 'failed', 'running', 'manual', 'skipped', 'canceled', 'created'].map((status, id) => ({
            id,
            ref: 'main',
            status,
            web_url: `https://gitlab.example/a/b/-/pipelines/${id}`,
            created_at: '2026-11-21T07:45:42.000Z',
            updated_at: '2026-11-21T07:46:42.000Z',
          })),
        ),
      },
      'completed failed running waiting cancelled cancelled queued',
    ],
    [
      'kubernetes.sh',
      {
        kubectl: JSON.stringify({
          items: [
            {
              status: {
                conditions: [{ type: 'Complete', status: 'True' }],
                completionTime: '2026-11-21T07:46:42Z',
              },
            },
            { status: { conditions: [{ type: 'Failed', status: 'True' }] } },
            { status: { active: 2, startTime: '2026-11-21T07:45:42Z' } },
            { status: {} },
          ].map((job, uid) => ({
            metadata: { uid: `u${uid}`, namespace: 'ns', name: `job-${uid}` },
            ...job,
          })),
        }),
      },
      'completed failed running queued',
    ],
    [
      'docker.sh',
      {
        docker: [
          ['running', 'Up 5 minutes'],
          ['exited', 'Exited (0) 2 hours ago'],
          ['exited', 'Exited (137) 2 hours ago'],
          ['paused', 'Up 5 minutes (Paused)'],
          ['created', 'Created'],
        ]
          .map(([State, Status], id) => JSON.stringify({ ID: `${id}`, Names: `c${id}`, State, Status }))
          .join('\n'),
      },
      'running completed failed waiting queued',
    ],
  ])('as the recipe %s', async (name, asked, statuses) => {
    await using at = await lay(name, asked as unknown as Record<string, string>);
    expect(Object.values(await statusesOf(openExec, `./${name}`, at)).join(' ')).toBe(statuses);
    const env = { PATH: at.env.PATH ?? '' };
    const tested = await runHere(['source', 'test', `./${name}`], { cwd: at.cwd, env });
    expect(tested).toMatchObject({ code: 0, stderr: '' });
  });
});
