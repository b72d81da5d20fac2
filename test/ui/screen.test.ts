import { afterEach, describe, expect, it } from 'vitest';
import { problem } from '../../src/model/problem.ts';
import { plainName, words } from '../../src/model/text.ts';
import { allEntries } from '../../src/store/state.ts';
import { ACTIONS } from '../../src/ui/actions.ts';
import { keyTableMarkdown } from '../../src/ui/keymap.ts';
import { everything, many, nothing } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

/** The selected row. */
const selected = (lines: string[]) => lines.find((line) => line.startsWith('›')) ?? '';
const message = (lines: string[]) => (lines.at(-2) ?? '').trimEnd();
const keys = (lines: string[]) => lines.at(-1) ?? '';

describe('moving', () => {
  it('goes by tasks, by pages and to the ends', async () => {
    const { press, lines } = await openScreen(many(100));
    await press('j', 'j', 'k', 'down');
    expect(selected(lines())).toContain('number 11 ');
    await press('pagedown');
    expect(selected(lines())).toContain('number 83 ');
    await press('G');
    expect(selected(lines())).toContain('number 98 ');
    await press('j');
    expect(selected(lines())).toContain('number 98 ');
    await press('g');
    expect(selected(lines())).toContain('number 3 ');
  });

  it('says how many are above and below', async () => {
    const { press, text } = await openScreen(many(100));
    expect(text()).toContain('↓ 81 more');
    expect(text()).not.toContain('↑');
    await press(...Array(50).fill('j'));
    const [above, below] = [/↑ (\d+) more/u, /↓ (\d+) more/u].map((mark) => Number(mark.exec(text())?.[1]));
    const listed = text().match(/task number/gu)?.length;
    expect((above ?? 0) + (below ?? 0) + (listed ?? 0)).toBe(100);
  });

  it('says what of it is alive or wrong', async () => {
    const { press, lines } = await openScreen(many(100));
    await press('G');
    expect(lines().join('\n')).toMatch(/↑ \d+ more · \d+ failed/u);
  });

  it('stays with its task when the order changes', async () => {
    const { press, lines, sources, settle } = await openScreen(many(8));
    await press('j', 'j', 'j');
    expect(selected(lines())).toContain('number 0 ');
    sources[0]?.put(
      makeTask('n9', {
        name: plainName('a new failure'),
        state: { status: 'failed', endedAt: 1, error: null },
      }),
    );
    await settle();
    expect(selected(lines())).toContain('number 0 ');
    sources[0]?.remove('n0');
    await settle();
    expect(selected(lines())).toContain('number 1 ');
  });
});

describe('without a choice', () => {
  it('the first row counts as selected, whichever that is', async () => {
    const { lines, sources, settle } = await openScreen(many(8));
    expect(selected(lines())).toContain('number 3 ');
    sources[0]?.remove('n3');
    await settle();
    expect(selected(lines())).toContain('number 7 ');
  });

  it('what is looked into stays', async () => {
    const { press, text, sources, settle } = await openScreen(many(8));
    await press('enter');
    const urgent = {
      name: plainName('urgent'),
      state: { status: 'failed', endedAt: 1, error: null },
      priority: -1,
    } as const;
    sources[0]?.put(makeTask('new', urgent));
    await settle();
    expect(text()).toContain('✗ task number 3');
    await press('esc');
    expect(selected(text().split('\n'))).toContain('number 3 ');
  });

  it('what was found by a filter stays when the filter goes', async () => {
    const { press, lines } = await openScreen(everything);
    await press('/', ...'film', 'enter', 'esc');
    expect(selected(lines())).toContain('Encode the holiday');
  });
});

describe('filtering', () => {
  it('happens as one types; enter keeps it, esc clears it', async () => {
    const { press, text, lines } = await openScreen(everything);
    await press('/', 'f', 'i', 'l', 'm');
    expect(message(lines())).toBe('filter: film_   1 task');
    expect(selected(lines())).toContain('Encode the holiday');
    await press('enter');
    expect(lines()[0]).toContain(' filter: film (9 hidden) ');
    await press('esc');
    expect(text()).not.toContain('filter: ');
  });

  it('that nothing passes says how to go on', async () => {
    const { press, text } = await openScreen(everything);
    await press('/', ...'nonsense');
    expect(text()).toContain('no task matches "nonsense" (10 hidden); esc clears the filter');
  });
});

describe('a command', () => {
  it('asks first, shows its way, and is over when the source reports', async () => {
    const { press, lines, text, pass } = await openScreen(everything);
    await press('/', ...'film', 'enter', 'c');
    expect(message(lines())).toBe('cancel "Encode the holiday film"? y/n');
    await press('y');
    expect(message(lines())).toMatch(/^cancel: signed, accepted by 2 of 3 relays, waiting for the worker/u);
    expect(selected(lines())).toContain('cancel: signed');
    await pass(1_500);
    expect(selected(lines())).toContain('⊘ Encode');
    expect(text()).not.toContain('cancel: signed');
  });

  it('is left alone by n', async () => {
    const { press, lines, monitor } = await openScreen(everything);
    await press('/', ...'film', 'enter', 'c', 'n');
    expect(message(lines())).toMatch(/^cancel: not sent/u);
    const entries = [...monitor.getState().sources.values()].flatMap((source) => [...source.tasks.values()]);
    expect(entries.filter(({ pending }) => pending)).toEqual([]);
  });

  it('that is refused says why, and what to do', async () => {
    const { press, lines, pass } = await openScreen(everything, { columns: 100 });
    const refusal = 'retry: a signing key is needed (make one: taskglass key new)';
    await press('j', 'r');
    expect(message(lines())).toBe(refusal);
    await press('k');
    expect(message(lines())).toBe('');
    await press('j', 'r');
    expect(message(lines())).toBe(refusal);
    await pass(11_000);
    expect(message(lines())).toBe('');
  });

  it('that can not be sent says why before and after the key', async () => {
    const { press, lines } = await openScreen(everything);
    await press('/', ...'archive', 'enter');
    expect(message(lines())).toMatch(/^cancel: not writable: owned by root/u);
    expect(keys(lines())).not.toContain('cancel');
    await press('c');
    expect(message(lines())).toMatch(/^cancel: not writable: owned by root/u);
  });

  it('answers no question that is not open, and says so', async () => {
    const { press, lines } = await openScreen((clock) => {
      const sources = many(1)(clock);
      const state = { status: 'needs-input', reason: null } as const;
      sources[0]?.put(makeTask('n0', { name: plainName('answered'), state, question: null }));
      return sources;
    });
    await press('a');
    expect(message(lines())).toBe('answer: no question is open; it may have been answered already');
  });

  it('that its source never takes is told from one that does not fit now', async () => {
    const { press, lines } = await openScreen((clock) => {
      const sources = many(1)(clock);
      sources[0]?.put(makeTask('n0', { name: plainName('piped in') }));
      return sources;
    });
    await press('c');
    expect(message(lines())).toBe('cancel: many does not support it');
    await press('t');
    expect(message(lines())).toBe('set status: many does not support it');
    await press('r');
    expect(message(lines())).toBe('still running: nothing to retry');
  });

  it('is not sent with --read-only', async () => {
    const { press, lines, text } = await openScreen(everything, { readOnly: true });
    expect(lines()[0]).toContain(' read-only ');
    await press('/', ...'film', 'enter', 'c');
    expect(message(lines())).toMatch(/^cancel: this view is read-only \(--read-only\)/u);
    await press('r');
    expect(text()).toContain('retry: this view is read-only (--read-only)');
  });

  it('t offers the words of the source, and sends the chosen one', async () => {
    const sent: unknown[] = [];
    const { press, lines } = await openScreen((clock) => {
      const sources = everything(clock);
      const [, board] = sources;
      Object.assign(board?.commands ?? {}, {
        setStatus: async (id: string, { argument }: { argument?: string }) => {
          sent.push([id, argument]);
          return { kind: 'sent' };
        },
      });
      board?.put(
        makeTask('licence', {
          name: plainName('Which licence?'),
          offers: [{ command: 'setStatus', refusal: null, choices: [words`todo`, words`doing`] }],
        }),
      );
      return sources;
    });
    await press('/', ...'licence', 'enter', 't');
    expect(message(lines())).toBe('status: [todo]  doing');
    await press('down', 'enter');
    expect(sent).toEqual([['licence', 'doing']]);
  });
});

describe('dismissing', () => {
  it('puts an ended task away, remembers it, and undoes it', async () => {
    const { press, text, lines, saved } = await openScreen(everything);
    await press('j', 'd');
    expect(text()).not.toContain('✗ Nightly backup');
    expect(lines()[0]).not.toContain('✗');
    expect(message(lines())).toMatch(/^dismissed Nightly backup \(u brings it back\) +1 dismissed$/u);
    expect(saved.map((each) => Object.keys(each))).toEqual([['memory ws://127.0.0.1:7777 backup']]);
    await press('D');
    expect(message(lines())).toBe('dismiss 2 ended tasks? y/n');
    await press('y');
    expect(text()).not.toContain('Build the site');
    await press('u');
    expect(text()).toContain('Build the site');
    await press('u');
    expect(text()).toContain('✗ Nightly backup');
    await press('u');
    expect(message(lines())).toMatch(/^nothing was dismissed: nothing to undo/u);
  });

  it('of all asks first; what has moved on by then stays', async () => {
    const { press, text, lines, saved, sources, monitor, settle } = await openScreen(everything);
    await press('D', 'n');
    expect(message(lines())).toMatch(/^dismiss: nothing was dismissed/u);
    await press('D');
    const failed = allEntries(monitor.getState()).find(({ task }) => task.state.status === 'failed');
    if (!failed) throw new Error('the scene has a failed task');
    sources[0]?.put({ ...failed.task, state: { status: 'running', reason: null } });
    await settle();
    await press('y');
    expect(text()).toContain('Nightly backup');
    expect(text()).not.toContain('Build the site');
    expect(saved.map((each) => Object.keys(each).length)).toEqual([2]);
  });

  it('is not for what has not ended', async () => {
    const { press, lines } = await openScreen(everything);
    await press('d');
    expect(message(lines())).toMatch(/^not ended yet: nothing to dismiss/u);
  });

  it('of an earlier day is still in force, and u brings it back', async () => {
    const first = await openScreen(everything);
    await first.press('j', 'd');
    const { press, text } = await openScreen(everything, { dismissals: first.saved[0] ?? {} });
    expect(text()).not.toContain('✗ Nightly backup');
    await press('u');
    expect(text()).toContain('✗ Nightly backup');
  });
});

describe('the frozen screen', () => {
  it('stands still while commands still work', async () => {
    const { press, text, lines, sources, pass } = await openScreen(everything, { columns: 120 });
    await press('/', ...'film', 'enter', 'p');
    expect(lines()[0]).toMatch(/ frozen at 14:30:00 .* filter: film \(9 hidden\) /u);
    const row = selected(lines());
    sources[0]?.put(makeTask('film', { name: plainName('Encode the holiday film'), reportedProgress: 99 }));
    await pass(120_000);
    expect(selected(lines())).toBe(row);
    await press('p');
    expect(text()).toContain('99%');
  });

  it('sends what is asked', async () => {
    const { press, lines } = await openScreen(everything);
    await press('/', ...'film', 'enter', 'p', 'c', 'y');
    expect(message(lines())).toMatch(/^cancel: signed, accepted by 2 of 3/u);
  });
});

describe('the other keys', () => {
  it('unfold and fold steps', async () => {
    const { press, text } = await openScreen(everything, { columns: 120, rows: 40 });
    await press('j');
    expect(text()).toContain('✗ upload');
    await press(' ');
    expect(text()).not.toContain('✗ upload');
    await press(' ');
    expect(text()).toContain('✗ upload');
  });

  it('sort and group', async () => {
    const { press, text, lines } = await openScreen(everything);
    await press('s');
    expect(message(lines())).toMatch(/by name$/u);
    expect(text().indexOf('A name of ten')).toBeLessThan(text().indexOf('Build the site'));
    await press('v');
    expect(text()).toMatch(/^ {2}needs input · 1$/mu);
    await press('v');
    expect(text()).toMatch(/^ {2}board\.json · 6$/mu);
    await press('v');
    expect(text()).not.toContain('board.json ·');
  });

  it('copy the id', async () => {
    const { press, lines, copied } = await openScreen(everything);
    await press('y');
    expect(copied).toEqual(['licence']);
    expect(message(lines())).toMatch(/^copied licence/u);
  });

  it('what is wrong beside the sources stands below them, once', async () => {
    const { monitor, text, settle } = await openScreen(everything, { columns: 120, rows: 40 });
    const broken = problem('unreadable', 'degraded', 'no earlier runs for ETAs', 'start anew');
    monitor.complain(broken);
    monitor.complain(broken);
    await settle();
    expect(text().match(/! no earlier runs for ETAs · start anew/gu)).toHaveLength(1);
  });

  it('open the details, scroll in them, and close them', async () => {
    const { press, text } = await openScreen(everything);
    await press('/', ...'film', 'enter', 'enter');
    expect(text()).toContain('running for 4m · 52% · ');
    expect(text()).toContain('14:27  12 scenes found');
    expect(text()).not.toContain('"content"');
    await press('x', 'G');
    expect(text()).toContain('"content": "Encode the holiday film"');
    await press('x');
    expect(text()).toContain('running for 4m · 52% · ');
    await press('G', 'k', 'pageup');
    expect(text()).toContain('worker-1  processing  0s ago  scene 7 of 12');
    await press('esc');
    expect(selected(text().split('\n'))).toContain('Encode');
  });

  it('details close when their task is gone', async () => {
    const { press, text, lines, sources, settle } = await openScreen(many(8));
    await press('enter');
    expect(text()).toContain('failed at');
    sources[0]?.remove('n3');
    await settle();
    expect(selected(lines())).toContain('number 7 ');
    await press('enter', 'd');
    expect(selected(lines())).toContain('number 4 ');
  });

  it('quit', async () => {
    const { press, quits } = await openScreen(nothing);
    await press('q', 'ctrl-c');
    expect(quits).toEqual(['quit', 'SIGINT']);
  });

  it('are all in the help, each with its name', async () => {
    const { press, text } = await openScreen(everything, { columns: 120, rows: 60 });
    await press('?');
    for (const { shown, name } of ACTIONS)
      expect(text()).toMatch(new RegExp(`^  ${escaped(shown)} +${escaped(name)}  `, 'mu'));
    await press('?');
    expect(text()).toContain('Nightly backup');
  });

  it('show what they do, also where the help is open', async () => {
    const { press, text } = await openScreen(everything, { columns: 120, rows: 60 });
    await press('?', 'j', 'G');
    expect(text()).toContain('dismiss all that ended');
    await press('D');
    expect(text()).not.toContain('dismiss all that ended');
    await press('y');
    expect(text()).toMatch(/^dismissed \d+ \(u brings them back\)/mu);
    await press('?', 'enter');
    expect(text()).toMatch(/│ \? Which licence should the fonts have\? *$/mu);
    expect(text()).not.toContain('dismiss all that ended');
  });

  it('are in the help of a small screen without what does not fit', async () => {
    const { press, lines } = await openScreen(everything, { columns: 40, rows: 10 });
    await press('?');
    const keysWithNames = ACTIONS.map(({ shown, name }) => `  ${shown.padEnd(13)}  ${name}`);
    expect(lines().slice(0, 4)).toEqual(['keys', ...keysWithNames.slice(0, 3)]);
  });

  it('are in the table for the README', () => {
    expect(keyTableMarkdown()).toContain("| `y` | copy the id | to the terminal's clipboard (OSC 52) |");
    expect(keyTableMarkdown().split('\n')).toHaveLength(ACTIONS.length + 2);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
