import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { askCommand, type Question } from '../../src/io/ask-command.ts';
import { eventually } from '../helpers/eventually.ts';
import { isAlive } from '../helpers/processes.ts';

const env = process.env;

function ask(question: Partial<Question> & Pick<Question, 'words'>, signal = new AbortController().signal) {
  return askCommand({ env, ...question }, { clock: systemClock, signal });
}

const shell = (script: string) => ['/bin/sh', '-c', script];

describe('a program that is asked', () => {
  it('has its outputs told apart, and its code', async () => {
    const answer = await ask({ words: shell('echo said; echo wrong >&2; exit 3') });
    expect(answer).toEqual({ kind: 'ended', code: 3, signal: null, stdout: 'said\n', stderr: 'wrong\n' });
  });

  it('is not there', async () => {
    expect(await ask({ words: ['no-such-program-of-ours'] })).toEqual({
      kind: 'not-started',
      code: 'ENOENT',
    });
  });

  it('cannot wait for a login: it has no input', async () => {
    const answer = await ask({ words: shell('read -r name && echo "hello $name" || echo nobody') });
    expect(answer).toMatchObject({ kind: 'ended', stdout: 'nobody\n' });
  });

  it('does not get our secrets', async () => {
    const secret = { ...env, TASKGLASS_NSEC: 'nsec1secret' };
    const answer = await ask({ words: shell('echo "[$TASKGLASS_NSEC]"'), env: secret });
    expect(answer).toMatchObject({ stdout: '[]\n' });
  });

  it.each([
    ['hangs', shell('echo $$; exec sleep 1000'), { limitMs: 300 }, { kind: 'too-slow', limitMs: 300 }],
    [
      'hangs and ignores SIGTERM',
      shell("trap '' TERM; sleep 1000; sleep 1000"),
      { limitMs: 300 },
      { kind: 'too-slow', limitMs: 300 },
    ],
    ['prints without end', ['yes'], { limitBytes: 100_000 }, { kind: 'too-long', limitBytes: 100_000 }],
    [
      'complains without end',
      shell('yes >&2'),
      { limitBytes: 100_000 },
      { kind: 'too-long', limitBytes: 100_000 },
    ],
  ])('is stopped if it %s', async (_what, words, limits, expected) => {
    expect(await ask({ words, ...limits })).toEqual(expected);
  });

  it('takes what it has started with it', async () => {
    const answer = await ask({ words: shell('sleep 1000 & echo $!') });
    const left = Number((answer as { stdout: string }).stdout);
    expect(left).toBeGreaterThan(1);
    await eventually(() => expect(isAlive(left)).toBe(false));
  });

  it('is stopped when nobody waits for its answer any more', async () => {
    const abort = new AbortController();
    const answer = ask({ words: shell('exec sleep 1000') }, abort.signal);
    abort.abort();
    expect(await answer).toEqual({ kind: 'aborted' });
    expect(await ask({ words: shell('echo said') }, abort.signal)).toEqual({ kind: 'aborted' });
  });
});
