import { afterEach, describe, expect, it } from 'vitest';
import type { CommandName } from '../../src/model/command.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import type { Scene } from '../helpers/scenes.ts';
import { closeScreens, HALF_PAST_TWO, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

const minutesAgo = (minutes: number) => HALF_PAST_TWO - minutes * 60_000;
const offers = (...commands: CommandName[]) => commands.map((command) => ({ command, refusal: null }));

/** What was asked of the source, in order. */
let asked: string[];

const scene: Scene = () => {
  asked = [];
  const handler =
    (command: string) =>
    async (nativeId: string, { argument }: { argument?: string }) => {
      asked.push([command, nativeId, ...(argument === undefined ? [] : [argument])].join(' '));
      return { kind: 'sent' as const };
    };
  const source = createMemorySource({
    id: sourceId('board'),
    commands: { cancel: handler('cancel'), retry: handler('retry'), answer: handler('answer') },
  });
  const put = (nativeId: string, given: Partial<Task>) => source.put(makeTask(nativeId, given));
  const question = { text: words`Which colour?`, choices: [words`red`, words`blue`], askedAt: minutesAgo(4) };
  put('asking', {
    name: plainName('Paint the door'),
    state: { status: 'needs-input', reason: question.text },
    question,
    cwd: plainName('/srv/door'),
    offers: [...offers('cancel'), { command: 'answer', refusal: null, choices: question.choices }],
  });
  put('failed', {
    name: plainName('Hash the archive'),
    state: { status: 'failed', error: words`disk full`, endedAt: minutesAgo(10) },
    offers: offers('retry'),
  });
  put('built', {
    name: plainName('Build the page'),
    state: { status: 'completed', endedAt: minutesAgo(3), result: null },
    review: true,
    url: plainName('https://ci.example/run/1'),
  });
  put('one', {
    name: plainName('Sort the index'),
    state: { status: 'running', reason: null },
    offers: offers('cancel'),
  });
  put('two', {
    name: plainName('Send the report'),
    state: { status: 'queued', reason: null },
    offers: offers('cancel'),
  });
  source.live();
  return [source];
};

const message = (lines: string[]) => (lines.at(-2) ?? '').trimEnd();
const selected = (lines: string[]) => lines.find((line) => line.startsWith('›')) ?? '';

describe('i', () => {
  it('goes round through what needs somebody, and says why and for how long', async () => {
    const { press, lines } = await openScreen(scene);
    const seen: string[] = [];
    for (let times = 0; times < 4; times += 1) {
      await press('i');
      seen.push(`${selected(lines()).slice(4, 20).trim()}: ${message(lines())}`);
    }
    expect(seen).toEqual([
      'Paint the door: 1 of 3: needs input for 4m',
      'Hash the archive: 2 of 3: failed for 10m',
      'Build the page: 3 of 3: for review for 3m',
      'Paint the door: 1 of 3: needs input for 4m',
    ]);
  });
});

describe('a', () => {
  it.each([
    [['2', 'enter'], ['answer asking blue']],
    [['G', 'r', 'e', 'e', 'n', 'enter'], ['answer asking Green']],
    [['x', 'backspace', 'enter'], []],
    [['x', 'esc'], []],
  ])('answers with %j: %j', async (keys, expected) => {
    const { press, lines } = await openScreen(scene);
    await press('i', 'a');
    expect(message(lines())).toBe('answer: _   1 red  2 blue');
    await press(...keys);
    expect(asked).toEqual(expected);
  });

  it('shows the end of a long answer, and its keys on the narrowest screen', async () => {
    const { press, lines } = await openScreen(scene, { columns: 40, rows: 10 });
    await press('i', 'a', ...'an answer that is longer than the screen is wide');
    expect(message(lines())).toBe('answer: …longer than the screen is wide_');
    expect(lines().at(-1)).toBe('1-2 or text  enter send  esc leave');
  });

  it('says that nothing is asked', async () => {
    const { press, lines } = await openScreen(scene);
    await press('i', 'i', 'a');
    expect(message(lines())).not.toContain('answer: _');
    expect(message(lines())).not.toBe('');
  });
});

describe('m', () => {
  it('marks tasks, and one question that counts sends for all of them', async () => {
    const { press, lines } = await openScreen(scene);
    await press('g', 'm', 'm', 'm', 'm', 'm');
    expect(lines().filter((line) => line.startsWith('■'))).toHaveLength(5);
    await press('c');
    expect(message(lines())).toBe('cancel 3 tasks (of 5 marked)? y/n');
    await press('n');
    expect(asked).toEqual([]);
    await press('c', 'y');
    expect(asked.sort()).toEqual(['cancel asking', 'cancel one', 'cancel two']);
    expect(message(lines())).toContain('cancel: 3 of 3 sent');
    expect(lines().filter((line) => line.startsWith('■'))).toEqual([]);
  });

  it('dismisses what is marked and has ended; esc takes the marks away', async () => {
    const { press, lines, text } = await openScreen(scene);
    await press('i', 'm', 'm', 'm');
    expect(lines().filter((line) => line.startsWith('■'))).toHaveLength(3);
    await press('esc');
    expect(lines().filter((line) => line.startsWith('■'))).toEqual([]);
    await press('i', 'm', 'm', 'm', 'd');
    expect(text()).not.toContain('Hash the archive');
    expect(text()).toContain('Paint the door');
  });
});

describe('o', () => {
  it.each([
    [true, ['i'], '/srv/door'],
    [true, ['i', 'i', 'i'], 'https://ci.example/run/1'],
    [false, ['i', 'i', 'i'], 'https://ci.example/run/1'],
  ])('opens where there is a desktop (%s), else copies: %j', async (hasDesktop, keys, target) => {
    const { press, opened, copied } = await openScreen(scene, { hasDesktop });
    await press(...keys, 'o');
    expect(hasDesktop ? opened : copied).toEqual([target]);
    expect(hasDesktop ? copied : opened).toEqual([]);
  });
});

describe(':', () => {
  it('finds actions and tasks by some of their letters', async () => {
    const { press, lines } = await openScreen(scene);
    await press(':', 's', 'o', 'r', 't', ' ', 't', 'h', 'e');
    expect(message(lines())).toContain(':sort the_   [Sort the index (running)]');
    await press('enter');
    expect(selected(lines())).toContain('Sort the index');
    await press(':', 'h', 'e', 'l', 'p', 'enter');
    expect(lines().join('\n')).toContain('undo dismiss');
  });
});

describe('the help', () => {
  it('fits 80 columns and 24 rows as a whole', async () => {
    const { press, lines } = await openScreen(scene, { columns: 80, rows: 24 });
    await press('?');
    const shown = lines().join('\n');
    for (const name of [
      'move',
      'details',
      'cancel',
      'dismiss all that ended',
      'quit',
      'next that needs you',
      'mark',
    ])
      expect(shown).toContain(name);
    expect(shown).toContain('needs input');
    expect(shown).toContain('first run');
    expect(shown).not.toMatch(/more (above|below)|↓ \d/u);
  });
});
