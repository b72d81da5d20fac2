import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { openExec, openExecd } from '../../../src/sources/exec/open.ts';
import { nameOfCommand, readExecPlace } from '../../../src/sources/exec/place.ts';
import type { Source } from '../../../src/sources/kit/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { isAlive } from '../../helpers/processes.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView, type View } from '../source-contract.ts';

const ONE = '{"activeTasks":[{"taskId":"a","taskName":"Hash","status":"running"}]}';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let view: View | null = null;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  await view?.close();
  view = null;
  await directory[Symbol.asyncDispose]();
});

function open(opener: typeof openExec, place: string, env: Record<string, string | undefined> = process.env) {
  const source = opener({ id: sourceId('it'), place, clock: hurriedClock, env, cwd: directory.path });
  expect(source).toHaveProperty('events');
  return source as Source;
}

describe('what follows exec:', () => {
  it.each([
    ['./tasks.sh', { command: './tasks.sh', everyMs: 30_000 }],
    ['10s:./tasks.sh a:b', { command: './tasks.sh a:b', everyMs: 10_000 }],
    ['5m:date', { command: 'date', everyMs: 300_000 }],
    ['1h:date', { command: 'date', everyMs: 3_600_000 }],
    ['curl http://x:1/y', { command: 'curl http://x:1/y', everyMs: 30_000 }],
  ])('%s', (place, expected) => {
    expect(readExecPlace(place)).toEqual(expected);
  });

  it.each([
    ['', /there is no command/u],
    ['10s: ', /there is no command/u],
    ['0s:date', /exec:0s: the interval must be from 1s to 1h/u],
    ['61m:date', /from 1s to 1h/u],
    ['99999999999999999999s:date', /from 1s to 1h/u],
  ])('%j is refused', (place, why) => {
    expect(readExecPlace(place)).toMatchObject({ message: expect.stringMatching(why) });
  });

  it.each([
    ['./bin/tasks.sh --token abc', 'tasks.sh'],
    ['TOKEN=abc KEY="x" curl -H "Authorization: Bearer abc" http://u:p@h/', 'curl'],
    ['env A=1 nice python3 x.py', 'python3'],
    ['"/opt/my tools/list" all', 'list'],
    ['kubectl get jobs -o json|jq .', 'kubectl'],
    ['{ echo a; }', 'echo'],
    ['$(cat secret)', 'command'],
    ['', 'command'],
  ])('%s is called %s', (command, name) => {
    expect(nameOfCommand(command)).toBe(name);
  });
});

describe('a command that is run again and again', () => {
  it.each([
    [
      'that ends badly',
      'echo first >&2; echo "no such board" >&2; exit 3',
      /ended with code 3: no such board$/u,
    ],
    ['that is not there', 'no-such-program-of-ours', /ended with code 127: .*not found$/u],
    ['that is killed', 'kill -KILL $$', /was ended by SIGKILL$/u],
    ['that hangs', 'sleep 1000', /has not ended within 10 s, and was stopped$/u],
    ['that prints nothing', 'true', /prints nothing$/u],
    ['that prints no JSON', 'echo "{"; echo "  oops"', /is not JSON \(line 2, column 3\)/u],
    ['that prints another JSON', 'echo "[]"', /is JSON, but it has no activeTasks$/u],
    ['that prints our own lines', 'echo \'{"type":"snapshot"}\'', /is what taskglass --json prints/u],
    [
      'that prints escape sequences',
      'printf "\\033]0;x\\007"; printf "\\033[31mbad\\n" >&2; exit 1',
      /code 1: bad$/u,
    ],
  ])(
    '%s is a problem beside what was shown last',
    async (_what, script, message) => {
      const file = directory.file('said');
      await writeFile(file, ONE);
      view = openView(open(openExec, `1s:if [ -f said ]; then cat said; rm said; else ${script}; fi`));
      await eventually(() => {
        expect(view?.record().problem?.message).toMatch(message);
        expect(view?.record().problem?.hint).toMatch(/taskglass source test CMD|execd:CMD/u);
      });
      expect(view.record().status).toBe('down');
      expect(view.statuses()).toEqual({ a: 'running' });
    },
    20_000,
  );

  it('is stopped if it prints without end', async () => {
    const place = { place: '60s:yes', cwd: directory.path, env: process.env };
    const source = openExec({ id: sourceId('it'), clock: systemClock, ...place }) as Source;
    view = openView(source);
    await eventually(() =>
      expect(view?.record().problem?.message).toBe('yes prints more than 64 MiB, and was stopped'),
    );
  }, 60_000);

  it('is run in our directory, without our secrets, and shows its name only', async () => {
    const env = { ...process.env, TASKGLASS_NSEC: 'nsec1secret' };
    const script = `printf '{"activeTasks":[{"taskId":"%s","taskName":"%s"}]}' "$PWD" "[$TASKGLASS_NSEC]"`;
    const source = open(openExec, `export TOKEN=abc; ${script}`, env);
    expect(source.location).not.toContain('abc');
    view = openView(source);
    await view.live();
    expect(view.names()).toEqual(['[]']);
    expect(Object.keys(view.statuses())[0]).toContain(directory.path.split('/').at(-1));
    expect(source.commands).toEqual({});
  });
});

describe('a command that keeps running', () => {
  it('is ended with everything that it has started', async () => {
    view = openView(open(openExecd, `sleep 1000 & echo $! > left; echo '${ONE}'; wait`));
    await view.live();
    const left = Number(await readFile(directory.file('left'), 'utf8'));
    expect(isAlive(left)).toBe(true);
    await view.close();
    await eventually(() => expect(isAlive(left)).toBe(false));
  });

  it('is ended with everything that it has started, even against its will', async () => {
    view = openView(
      open(openExecd, `trap '' TERM; echo $$ > left; echo '${ONE}'; while :; do sleep 1; done`),
    );
    await view.live();
    const left = Number(await readFile(directory.file('left'), 'utf8'));
    await view.close();
    await eventually(() => expect(isAlive(left)).toBe(false));
  });

  it('is started again when it ends, and says what it ended with', async () => {
    view = openView(
      open(openExecd, `echo x >> starts; echo '${ONE}'; sleep 0.2; echo "lost it" >&2; exit 4`),
    );
    await eventually(() => expect(view?.record().problem?.message).toMatch(/ended with code 4: lost it$/u));
    await eventually(async () =>
      expect((await readFile(directory.file('starts'), 'utf8')).length).toBeGreaterThan(4),
    );
    expect(view.statuses()).toEqual({ a: 'running' });
  });

  it('shows the newest of what arrives together, whatever is in between', async () => {
    const state = (id: number) => `{"activeTasks":[{"taskId":"${id}","status":"running"}]}`;
    const lines = [...Array.from({ length: 500 }, (_, id) => state(id)), 'rubbish', ''].join('\\n');
    view = openView(open(openExecd, `printf '${lines}'; sleep 1000`));
    await eventually(() => {
      expect(view?.statuses()).toEqual({ 499: 'running' });
      expect(view?.record().problem?.message).toMatch(/^a line of printf is not JSON/u);
    });
    expect(view.record().status).toBe('live');
  });

  it.each([
    ['a line without end', "tr '\\0' x < /dev/zero", /^a line of echo is longer than 64 MiB$/u],
    ['lines without end', 'yes', /^a line of echo is not JSON/u],
  ])(
    'may print %s: what it showed before stays',
    async (_what, flood, message) => {
      view = openView(open(openExecd, `echo '${ONE}'; ${flood}`));
      await eventually(() => expect(view?.record().problem?.message).toMatch(message));
      expect(view.record().status).toBe('live');
      expect(view.statuses()).toEqual({ a: 'running' });
    },
    30_000,
  );

  it('is reported that has printed nothing yet', async () => {
    view = openView(open(openExecd, 'sleep 1000'));
    await eventually(() => expect(view?.record().problem?.message).toBe('sleep has printed no state so far'));
  });

  it('refuses a command that it cannot read', async () => {
    const source = open(openExecd, `exec 0<&-; echo '${ONE}'; exec sleep 1000`);
    view = openView(source);
    await view.live();
    const answer = await source.commands.cancel?.('a', commandContext());
    expect(answer).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringMatching(/does not read its standard input$/u) },
    });
  });
});
