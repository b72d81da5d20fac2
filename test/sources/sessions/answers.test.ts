import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createFakeClock, systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { applyReport } from '../../../src/sources/sessions/session-report.ts';
import { createBoardSource } from '../../../src/sources/sessions/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView, type View } from '../source-contract.ts';

const NOW = Date.UTC(2026, 10, 21, 8, 0, 0);
const AT = '2026-11-21T08:00:00.000Z';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
let view: View | null;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('board.json');
  view = null;
});
afterEach(async () => {
  await view?.close();
  await directory[Symbol.asyncDispose]();
});

const asks = (sessionId: string, notes: string, minute: number) => ({
  sessionId,
  status: 'needs_input',
  lastUpdated: new Date(NOW - 3_600_000 + minute * 60_000).toISOString(),
  notes,
});

async function openBoard(...sessions: object[]) {
  return openBoardAt(createFakeClock(NOW), sessions);
}

async function openBoardAt(clock: Clock, sessions: readonly object[]) {
  await writeFile(
    path,
    JSON.stringify({ tasks: [{ id: 'T1', title: 'a', status: 'todo', sessionProgress: sessions }] }),
  );
  const source = createBoardSource({ id: sourceId('board'), path, clock });
  const shown = openView(source);
  view = shown;
  await shown.live();
  const say = (text: string) => source.commands.answer?.('T1', { ...commandContext(), argument: text });
  const stored = async () => JSON.parse(await readFile(path, 'utf8')).tasks[0];
  return { say, stored, task: () => shown.task('T1') };
}

describe('the answer to a question on a board', () => {
  it('is in the file for the session that asked, and in the notes', async () => {
    const { say, stored, task } = await openBoard(asks('s1', 'Which colour?', 1));
    expect(task().offers).toContainEqual({ command: 'answer', refusal: null, choices: [] });
    expect(await say('Blue')).toEqual({ kind: 'sent' });
    expect(await stored()).toMatchObject({
      status: 'todo',
      sessionProgress: [asks('s1', 'Which colour?', 1)],
      answers: [{ sessionId: 's1', question: 'Which colour?', text: 'Blue', at: AT, by: expect.any(String) }],
    });
    await eventually(() => expect(task().question).toBeNull());
    expect(task().state).toEqual({ status: 'needs-input', reason: 'answered: Blue' });
    expect(task().notes).toEqual([{ at: NOW, text: expect.stringMatching(/ answered: Blue$/u) }]);
    expect(task().offers.map(({ command }) => command)).not.toContain('answer');
  });

  it('is accepted once: the second person is told the first one’s', async () => {
    // They wait for each other's lock.
    const { say, stored } = await openBoardAt(systemClock, [asks('s1', 'Which colour?', 1)]);
    const results = await Promise.all([say('Blue'), say('Red')]);
    const [answer] = (await stored()).answers;
    expect((await stored()).answers).toHaveLength(1);
    expect(results.filter((result) => result?.kind === 'sent')).toHaveLength(1);
    expect(results).toContainEqual({
      kind: 'refused',
      problem: expect.objectContaining({ message: `answer: it was answered already: ${answer.text}` }),
    });
  });

  it('goes to nobody once the question is closed, or is another', async () => {
    const { say, stored, task } = await openBoard(asks('s1', 'Which colour?', 1));
    const seen = task();
    const changed = await stored();
    applyReport(changed, { sessionId: 's1', status: 'working', notes: null }, 'design', NOW);
    await writeFile(path, JSON.stringify({ tasks: [changed] }));
    expect(seen.question?.text).toBe('Which colour?');
    expect(await say('Blue')).toMatchObject({
      kind: 'refused',
      problem: { message: 'answer: the question is no longer open' },
    });
    expect(await stored()).not.toHaveProperty('answers');
  });

  it('answers one session after the other, the newest question first', async () => {
    const { say, task } = await openBoard(asks('s1', 'Which colour?', 1), asks('s2', 'Which size?', 2));
    expect(task().question?.text).toBe('Which size?');
    await say('Large');
    await eventually(() => expect(task().question?.text).toBe('Which colour?'));
    await say('Blue');
    await eventually(() => expect(task().question).toBeNull());
    expect(task().notes).toHaveLength(2);
  });

  it('does not count for the next question of the same session', async () => {
    const { say, stored, task } = await openBoard(asks('s1', 'Which colour?', 1));
    await say('Blue');
    const [session] = (await stored()).sessionProgress;
    const again = { ...session, notes: 'And the border?', lastUpdated: new Date(NOW + 60_000).toISOString() };
    await writeFile(path, JSON.stringify({ tasks: [{ ...(await stored()), sessionProgress: [again] }] }));
    await eventually(() => expect(task().question?.text).toBe('And the border?'));
  });
});
