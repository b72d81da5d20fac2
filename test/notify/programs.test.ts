import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { plainName } from '../../src/model/text.ts';
import { createDesktop } from '../../src/notify/channels/desktop.ts';
import { createExec } from '../../src/notify/channels/exec.ts';
import type { Condition } from '../../src/notify/event.ts';
import { notificationsOf } from '../../src/notify/notification.ts';
import { hostileText } from '../helpers/hostile-text.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  await mkdir(directory.file('bin'));
});
afterAll(() => directory[Symbol.asyncDispose]());

const never = new AbortController().signal;
const tell = (name: string, text = 'which one?') =>
  notificationsOf(
    [
      {
        event: 'failed',
        place: name,
        signature: '1',
        stamp: null,
        id: 'runs/x',
        name: plainName(name),
        text: plainName(text),
        source: plainName('runs'),
        host: null,
      } satisfies Condition,
    ],
    0,
  )[0] as ReturnType<typeof notificationsOf>[number];

/** What a shell, a program's options or markup could take for theirs. */
const awkwardName = fc.oneof(
  hostileText,
  fc.constantFrom(
    '$(touch pwned)',
    '`touch pwned`',
    '"; touch pwned; "',
    "'; touch pwned; '",
    '--help',
    '-e',
    '%s%n',
    '<b>x</b>&',
    '\\',
    '$HOME',
    '语'.repeat(4_000),
  ),
);

/** A program that writes its arguments, variables and input down, and ends as it is told. */
async function program(name: string, ends = 'process.exit(0)'): Promise<string> {
  const file = join(directory.path, 'bin', name);
  const script = `#!${process.execPath} --single-threaded
const fs = require('node:fs');
const told = Object.fromEntries(Object.entries(process.env).filter(([key]) => /TASKGLASS/.test(key)));
fs.writeFileSync(${JSON.stringify(directory.file('told.json'))}, JSON.stringify({ args: process.argv.slice(2), env: told, input: fs.readFileSync(0, 'utf8') }));
${ends};
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

const written = async () => JSON.parse(await readFile(directory.file('told.json'), 'utf8'));
const context = () => ({
  env: {
    PATH: join(directory.path, 'bin'),
    TASKGLASS_NOTIFY: 'webhook:https://x/?secret',
    TASKGLASS_NTFY_TOKEN: 'secret',
  },
  cwd: directory.path,
  clock: systemClock,
});

describe('exec', () => {
  beforeEach(() => program('tell').then(() => {}));

  it('gives any names to the command as data, through a shell or without one', async () => {
    const file = directory.file('bin/tell');
    await fc.assert(
      fc.asyncProperty(awkwardName, fc.boolean(), async (name, hasShell) => {
        const told = tell(name);
        const command = hasShell ? `'${file}' "$TASKGLASS_TITLE"` : [file, 'fixed'];
        const channel = createExec(command, { ...context(), by: 'ann@door' });
        expect(await channel.tell?.(told, never)).toEqual({ kind: 'arrived' });
        const { args, env, input } = await written();
        expect(args).toEqual([hasShell ? told.title : 'fixed']);
        expect(env).toEqual({
          TASKGLASS_EVENT: 'failed',
          TASKGLASS_TITLE: told.title,
          TASKGLASS_TEXT: told.text,
          TASKGLASS_COUNT: '1',
          TASKGLASS_TASK_ID: 'runs/x',
          TASKGLASS_TASK_NAME: plainName(name),
          TASKGLASS_TASK_SOURCE: 'runs',
          TASKGLASS_TASK_HOST: '',
        });
        expect(JSON.parse(input)).toMatchObject({ title: told.title, items: [{ name: plainName(name) }] });
      }),
      { numRuns: 25 },
    );
    await expect(readFile(directory.file('pwned'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['exit 3', 'the command ended with 3'],
    ['echo "no route" >&2; exit 1', 'the command ended with 1: no route'],
    ['kill -9 $$', 'was ended by SIGKILL'],
  ])('says how a command failed: %s', async (command, said) => {
    const outcome = await createExec(command, { ...context(), by: '' }).tell?.(tell('x'), never);
    expect(outcome).toMatchObject({ problem: { message: expect.stringContaining(said) } });
  });

  it('says that there is no such program, and lets one go that does not read', async () => {
    const missing = createExec(['no-such-program'], { ...context(), by: '' });
    expect(await missing.check(never)).toMatchObject([
      { message: 'exec: there is no program no-such-program' },
    ]);
    expect(await missing.tell?.(tell('x'), never)).toMatchObject({ kind: 'failed' });
    const deaf = createExec('exec 0<&-; exit 0', { ...context(), by: '' });
    expect(await deaf.tell?.(tell('x'.repeat(10_000)), never)).toEqual({ kind: 'arrived' });
  });
});

describe('desktop', () => {
  it.each([
    ['linux', 'notify-send'],
    ['linux', 'gdbus'],
    ['linux', 'powershell.exe'],
    ['darwin', 'osascript'],
    ['win32', 'powershell.exe'],
  ] as const)('on %s gives any names to %s as arguments or variables', async (platform, name) => {
    for (const other of ['notify-send', 'gdbus', 'powershell.exe', 'osascript'])
      await writeFile(join(directory.path, 'bin', other), '', { mode: 0o644 }).then(() =>
        chmod(join(directory.path, 'bin', other), 0o644),
      );
    await program(name);
    await fc.assert(
      fc.asyncProperty(awkwardName, async (text) => {
        const told = tell(text, text);
        expect(await createDesktop(context(), platform).tell?.(told, never)).toEqual({ kind: 'sent' });
        const { args, env } = await written();
        const escaped = told.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const quoted = (one: string) => `'${one.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
        if (name === 'notify-send') expect(args.slice(-3)).toEqual(['--', told.title, escaped]);
        if (name === 'gdbus') expect(args.slice(-5, -3)).toEqual([quoted(told.title), quoted(escaped)]);
        if (name === 'osascript') expect(args.slice(-3)).toEqual(['--', told.title, told.text]);
        if (name === 'powershell.exe') {
          expect(env).toMatchObject({ TASKGLASS_TITLE: told.title, TASKGLASS_TEXT: told.text });
          if (text.length > 3) expect(args.join(' ')).not.toContain(text);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('says what is missing, and what a program complains of', async () => {
    const empty = createDesktop({ ...context(), env: { PATH: directory.path } }, 'linux');
    expect(await empty.check(never)).toMatchObject([
      { message: 'desktop: there is no notify-send and no gdbus' },
    ]);
    await program('notify-send', "console.error('no service'); process.exit(1)");
    const failing = createDesktop(context(), 'linux');
    expect(await failing.check(never)).toMatchObject([
      { message: expect.stringContaining('no desktop session') },
    ]);
    expect(await failing.tell?.(tell('x'), never)).toMatchObject({
      problem: { message: 'desktop: notify-send did not show it: no service' },
    });
  });
});
