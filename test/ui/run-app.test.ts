import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type Problem, problem } from '../../src/model/problem.ts';
import { words } from '../../src/model/text.ts';
import { createMonitor, type Monitor } from '../../src/monitor.ts';
import type { Dismissals } from '../../src/store/dismissals.ts';
import { runApp } from '../../src/ui/run-app.ts';
import { eventually } from '../helpers/eventually.ts';
import { everything } from '../helpers/scenes.ts';

let monitor: Monitor;
afterEach(() => monitor.close());

/** The screen on streams that behave as a terminal's do. */
function open(given: { failure?: Problem } = {}) {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: vi.fn(),
    ref: () => {},
    unref: () => {},
  });
  const written: string[] = [];
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    }),
    { isTTY: true, columns: 100, rows: 30 },
  );
  const ending = new AbortController();
  const saved: Dismissals[] = [];
  const seen: Dismissals[] = [];
  const sources = everything(systemClock);
  monitor = createMonitor({ sources, clock: systemClock });
  const ended = runApp({
    monitor,
    clock: systemClock,
    options: {
      host: words`user@host`,
      readOnly: false,
      ascii: false,
      color: true,
      fps: 60,
      stallAfterMs: 30_000,
      filter: words``,
      sort: 'urgency',
    },
    dismissals: {
      load: async () => ({}),
      save: async (next) => {
        saved.push(next);
        return given.failure ?? null;
      },
    },
    seen: {
      load: async () => ({}),
      save: async (next) => {
        seen.push(next);
        return null;
      },
    },
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    signal: ending.signal,
  });
  return { stdin, stdout, ending, ended, saved, seen, sources, text: () => written.join('') };
}

const shows = (app: ReturnType<typeof open>, words: string) =>
  eventually(() => expect(stripVTControlCharacters(app.text())).toContain(words));

describe('runApp', () => {
  it('takes the terminal, and gives it back with the last state in it', async () => {
    const app = open();
    await shows(app, '✗ Nightly backup');
    expect(app.text()).toContain('\u001b[?1049h');
    expect(app.stdin.setRawMode).toHaveBeenLastCalledWith(true);
    app.stdin.write('q');
    expect(await app.ended).toEqual({ reason: 'quit' });
    const left = app.text().split('\u001b[?1049l')[1];
    expect(left).toContain('\u001b[?25h');
    expect(left).toContain('  ✗ Nightly backup ');
    expect(left).not.toContain('q quit');
    expect(app.stdin.setRawMode).toHaveBeenLastCalledWith(false);
  });

  it('ends by a signal, and says which', async () => {
    const app = open();
    await shows(app, 'Nightly backup');
    app.ending.abort('SIGTERM');
    expect(await app.ended).toEqual({ reason: 'SIGTERM' });
  });

  it('does not begin where the signal came first', async () => {
    const app = open();
    app.ending.abort('SIGINT');
    expect(await app.ended).toEqual({ reason: 'SIGINT' });
  });

  it.each([
    ['standard input ends', (app: ReturnType<typeof open>) => app.stdin.end()],
    ['a write fails', (app: ReturnType<typeof open>) => app.stdout.emit('error', new Error('EIO'))],
  ])('ends as a hang-up does when %s', async (_what, lose) => {
    const app = open();
    await shows(app, 'Nightly backup');
    lose(app);
    expect(await app.ended).toEqual({ reason: 'SIGHUP' });
    expect(app.text().split('\u001b[?1049l')[1]).not.toContain('Nightly backup');
  });

  it('says once that nothing is kept, and goes on', async () => {
    const failure = problem('unreadable', 'degraded', words`dismissals cannot be saved: no room`);
    const app = open({ failure });
    await shows(app, '✗ Nightly backup');
    app.stdin.write('j');
    await shows(app, '› ✗ Nightly');
    app.stdin.write('d');
    await shows(app, 'dismissals cannot be saved: no room');
    app.stdin.write('u');
    await eventually(() => expect(app.saved).toHaveLength(2));
    expect(monitor.getState().problems).toEqual([failure]);
    app.stdin.write('q');
    expect(await app.ended).toEqual({ reason: 'quit' });
  });

  it('has looked at what is open when it ends', async () => {
    const app = open();
    await shows(app, '✗ Nightly backup');
    app.stdin.write('j');
    await shows(app, '› ✗ Nightly');
    app.stdin.write('\r');
    await shows(app, 'failed at');
    expect(app.seen).toEqual([]);
    app.stdin.write('q');
    await app.ended;
    expect(app.seen.map((each) => Object.values(each))).toEqual([[expect.stringMatching(/^failed /u)]]);
  });

  it('fits a new size, and remembers what is dismissed', async () => {
    const app = open();
    await shows(app, '✗ Nightly backup');
    app.stdin.write('j');
    await shows(app, '› ✗ Nightly');
    app.stdin.write('d');
    await eventually(() => expect(app.saved).toHaveLength(1));
    Object.assign(app.stdout, { columns: 30, rows: 8 });
    app.stdout.emit('resize');
    await shows(app, 'this is 30x8');
    app.stdin.write('q');
    await app.ended;
  });
});
