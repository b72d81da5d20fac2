import { describe, expect, it } from 'vitest';
import type { StatusFigures } from '../../src/model/status-figures.ts';
import { STATUS_FORMATS, statusLine } from '../../src/present/status-line.ts';

const NOTHING: StatusFigures = {
  version: 1,
  needsYou: 0,
  needsInput: 0,
  review: 0,
  running: 0,
  stalled: 0,
  waiting: 0,
  queued: 0,
  failed: 0,
  completed: 0,
  cancelled: 0,
  done: '',
  asking: [],
};
const BUSY = { ...NOTHING, needsYou: 1, needsInput: 1, running: 3, failed: 1, done: 'done in ~12m' };

describe('the status in one line', () => {
  it.each([
    [BUSY, '? 1 needs you · ⠋ 3 running · ✗ 1 failed · done in ~12m'],
    [{ ...NOTHING, needsYou: 2, review: 2 }, '? 2 need you'],
    [{ ...NOTHING, running: 2, stalled: 1 }, '⠋ 2 running (1 stalled)'],
    [{ ...NOTHING, queued: 4, waiting: 1 }, '◌ 1 waiting · ○ 4 queued'],
    [{ ...NOTHING, completed: 9, done: 'all done at 16:42' }, 'all done at 16:42'],
    [NOTHING, 'no tasks'],
  ])('says what matters: %j', (figures, line) => {
    expect(statusLine(figures, 'plain', false)).toBe(line);
  });

  it('is drawn with ASCII alone if asked', () => {
    for (const format of STATUS_FORMATS) expect(statusLine(BUSY, format, true)).toMatch(/^[\x20-\x7e]*$/u);
  });

  it('is short in a prompt, and absent if nothing is to be attended to', () => {
    expect(statusLine(BUSY, 'starship', false)).toBe('?1 ⠋3 ✗1 ~12m');
    expect(statusLine({ ...NOTHING, completed: 3, done: 'all done at 16:42' }, 'starship', false)).toBe('');
  });

  it('has tmux’s colours', () => {
    expect(statusLine(BUSY, 'tmux', false)).toBe(
      '#[fg=magenta]? 1 needs you#[fg=default] · #[fg=blue]⠋ 3 running#[fg=default] · #[fg=red]✗ 1 failed#[fg=default] · done in ~12m',
    );
  });

  it('is a module for waybar, in which no name is markup', () => {
    const asking = [{ id: 'a', name: '<b>Deploy</b> & go', why: 'Go\non?' }];
    expect(JSON.parse(statusLine({ ...BUSY, asking }, 'waybar', false))).toEqual({
      text: '?1 ⠋3 ✗1 ~12m',
      tooltip: `${statusLine(BUSY, 'plain', false)}\n&lt;b&gt;Deploy&lt;/b&gt; &amp; go: Go on?`,
      class: 'needs-you',
      alt: 'needs-you',
    });
    const classOf = (more: object) => JSON.parse(statusLine({ ...NOTHING, ...more }, 'waybar', false)).class;
    expect([classOf({ failed: 1, running: 1 }), classOf({ running: 1 }), classOf({})]).toEqual([
      'failed',
      'running',
      'idle',
    ]);
  });

  it('has at most 80 columns', () => {
    const counts = Object.entries(BUSY).filter(([, value]) => typeof value === 'number');
    const large = { ...BUSY, ...Object.fromEntries(counts.map(([key]) => [key, 99_999_999_999])) };
    expect(statusLine(large, 'plain', false).length).toBeLessThanOrEqual(80);
  });
});
