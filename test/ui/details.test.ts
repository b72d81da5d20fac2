import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/model/log.ts';
import { forty } from '../helpers/look-scenes.ts';
import { everything, type Scene } from '../helpers/scenes.ts';
import { closeScreens, HALF_PAST_TWO, openScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

/** The same, where each task has printed its own id; `opened` notes whose log is read, `closed` whose no more. */
function printing(scene: Scene) {
  const opened: string[] = [];
  const closed: string[] = [];
  const withLogs: Scene = (clock) =>
    scene(clock).map((source) =>
      Object.assign(source, {
        async log(id: string, { signal }: { signal: AbortSignal }) {
          opened.push(id);
          signal.addEventListener('abort', () => closed.push(id));
          async function* lines(): AsyncGenerator<readonly LogLine[]> {
            yield [{ at: HALF_PAST_TWO, stream: 'stdout', text: `printed by ${id}` }];
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
          }
          return { kind: 'opened', lines: lines() } as const;
        },
      }),
    );
  return { withLogs, opened, closed };
}

const WIDE = { columns: 120, rows: 30 };
const chosen = (lines: string[]) => lines.find((line) => line.startsWith('›')) ?? '';
/** What stands right of the divider. */
const pane = (lines: string[]) => lines.flatMap((line) => line.split(' │ ')[1]?.trimEnd() ?? []);

describe('details beside the list', () => {
  it('show the selected task, whichever that becomes, and the last it has printed', async () => {
    const { withLogs, opened, closed } = printing(forty);
    const { press, lines } = await openScreen(withLogs, WIDE);
    await press('enter');
    expect(pane(lines())).toContain('question  asked 9m ago');
    await press('j');
    expect(chosen(lines())).toContain('./deploy.sh');
    expect(pane(lines())).toContain('  cat: /etc/nope.conf: No such file or directory');
    expect(pane(lines())).toContain('  printed by deploy');
    expect([opened, closed]).toEqual([['licence', 'deploy'], ['licence']]);
    await press('esc');
    expect(lines().join('')).not.toContain('│');
    expect(closed).toEqual(['licence', 'deploy']);
  });

  it('fill the screen with | and where there is no room, and have their document behind x', async () => {
    const { press, lines, text, screen } = await openScreen(everything, WIDE);
    await press('enter', '|');
    expect(text()).not.toContain('│');
    expect(lines()).toContain('? Which licence should the fonts have?');
    await press('|');
    expect(text()).toContain('│');
    screen.resize({ columns: 109, rows: 30 });
    expect(text()).not.toContain('│');
    await press('|');
    expect(lines().at(-2)).toMatch(/^too narrow to show both/u);
    await press('x');
    expect(text()).toContain('raw document');
    await press('esc', 'x');
    expect(lines().at(-2)).toMatch(/^open the details first: enter/u);
  });

  it('of a task that is gone are those of the next', async () => {
    const { press, lines, text } = await openScreen(forty, WIDE);
    await press('j', 'enter', 'd');
    expect(text()).toContain('│');
    expect(chosen(lines())).toContain('Rewrite the importer');
    expect(pane(lines())[0]).toBe('✓ Rewrite the importer');
  });

  it('let what failed sink once they are left', async () => {
    const { press, lines, text } = await openScreen(forty, WIDE);
    const placeOf = (name: string) => lines().findIndex((line) => line.includes(name));
    await press('j', 'enter');
    expect(placeOf('✗ ./deploy.sh')).toBeLessThan(placeOf('make -j2'));
    await press('esc');
    expect(placeOf('✗ ./deploy.sh')).toBeGreaterThan(placeOf('ended'));
    expect(text()).toContain('1 failed');
  });
});

describe('the log beside the list', () => {
  it('stays with its task, and takes the keys', async () => {
    const { withLogs } = printing(forty);
    const { press, lines } = await openScreen(withLogs, WIDE);
    await press('j', 'l');
    expect(pane(lines())[0]).toMatch(/^log of \.\/deploy\.sh {2}1 line/u);
    expect(pane(lines())[1]).toContain('printed by deploy');
    await press('j');
    expect(chosen(lines())).toContain('./deploy.sh');
  });
});
