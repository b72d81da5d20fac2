import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import { placed, type TaskDraft } from '../../src/sources/kit/task-draft.ts';
import { decodeSessionTask } from '../../src/sources/sessions/format.ts';
import { userOffers } from '../../src/sources/sessions/offers.ts';
import { closeScreens, HALF_PAST_TWO, openScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

const AGO = (minutes: number) => new Date(HALF_PAST_TWO - minutes * 60_000).toISOString();
const TASKS = [
  {
    id: 'T1',
    title: 'Build the login page',
    status: 'inprogress',
    sessionProgress: [
      { sessionId: 's-81f2', status: 'working', lastUpdated: AGO(3), notes: 'Wiring OAuth' },
      { sessionId: 's-9c', status: 'completed', lastUpdated: AGO(125), notes: 'Form done\nand tested' },
      { sessionId: 's-a0', status: 'queued', lastUpdated: AGO(0) },
    ],
  },
  { id: 'T2', title: 'Write the README', status: 'todo' },
  {
    id: 'T3',
    title: 'Choose a region',
    status: 'todo',
    sessionProgress: [{ sessionId: 's-9c', status: 'needs_input', lastUpdated: AGO(9), notes: 'Which one?' }],
  },
];

const BOARD = sourceId('board.json');
const placedWith = (draft: TaskDraft, offers: Task['offers']) =>
  placed(BOARD, draft, { revision: 0, offers });

const sent: unknown[] = [];
function board(_clock: Clock): MemorySource[] {
  sent.length = 0;
  const source = createMemorySource({
    id: BOARD,
    commands: {
      async setStatus(id, { argument }) {
        sent.push([id, argument]);
        return { kind: 'sent' };
      },
    },
  });
  for (const raw of TASKS) {
    const decoded = decodeSessionTask(raw);
    if ('item' in decoded) source.put(placedWith(decoded.item, userOffers(decoded.item, 'design', null)));
  }
  source.live();
  return [source];
}

/** Between header and footer, without what the estimator says. */
const body = (lines: string[]) =>
  lines
    .slice(1, -2)
    .map((line) => line.replace(/ · first run|first run/u, '').trimEnd())
    .filter((line) => line !== '' && !line.startsWith('    TASK'));
const message = (lines: string[]) => (lines.at(-2) ?? '').trimEnd();

describe('a session board', () => {
  it('shows a line for each session below its task, questions first, and says nothing twice', async () => {
    const { lines } = await openScreen(board);
    expect(body(lines())).toEqual([
      '› ? Choose a region         Which one?                            9m',
      '    ? s-9c                  needs_input                                   9m ago',
      '  ⠋ Build the login page    Wiring OAuth',
      '    ⠋ s-81f2                working                                       3m ago',
      '    ✓ s-9c                  completed: Form done …                     2h05m ago',
      '    ○ s-a0                  queued                                        0s ago',
      '  ○ Write the README',
    ]);
  });

  it('shows them in 40 columns, and folds them', async () => {
    const { lines, press } = await openScreen(board, { columns: 40, rows: 16 });
    expect(body(lines())).toContain('    ✓ completed: Form done …   2h05m ago');
    await press('j', ' ');
    expect(body(lines())).not.toContain('    ✓ completed: Form done …   2h05m ago');
  });

  it('tells the user’s status and each session’s whole note in the details', async () => {
    const { lines, press } = await openScreen(board, { rows: 30 });
    await press('j', 'enter');
    expect(body(lines()).slice(0, 11)).toEqual([
      '⠋ Build the login page',
      '  running · user status: inprogress',
      'reason',
      '  Wiring OAuth',
      'sessions',
      '  ⠋ s-81f2  working       3m ago  Wiring OAuth',
      '  ✓ s-9c    completed  2h05m ago  Form done',
      '    and tested',
      '  ○ s-a0    queued        0s ago',
      'about',
      '  board.json/T1 · memory memory',
    ]);
  });

  it('sets the user’s status along its way at once', async () => {
    const { lines, press } = await openScreen(board);
    await press('j', 't');
    expect(message(lines())).toBe('status: [completed]  cancelled   todo');
    await press('right', 'left', 'enter');
    expect(sent).toEqual([['T1', 'completed']]);
  });

  it('asks back before it leaves the way', async () => {
    const { lines, press } = await openScreen(board);
    await press('j', 't', 'left', 'enter');
    expect(message(lines())).toBe('set status todo for "Build the login page"? y/n');
    await press('n');
    expect(message(lines())).toBe('set status: not sent');
    await press('t', 'up', 'enter', 'y');
    expect(sent).toEqual([['T1', 'todo']]);
  });

  it('keeps the chosen status in sight where there is no room for all', async () => {
    const { lines, press, sources, settle } = await openScreen(board, { columns: 40, rows: 10 });
    const words = ['in_progress', 'in_review', 'blocked', 'completed', 'archived'].map(plainName);
    const decoded = decodeSessionTask({ ...TASKS[1], id: 'T9', title: 'nine', agentStatus: 'needs_input' });
    if ('item' in decoded)
      sources[0]?.put({
        ...placedWith(decoded.item, [{ command: 'setStatus', refusal: null, choices: words }]),
        name: plainText('nine'),
      });
    await settle();
    await press('/', ...'nine', 'enter', 't', 'up');
    expect(message(lines())).toBe('status: … [archived]');
  });
});
