import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import { placed } from '../../src/sources/kit/task-draft.ts';
import { decodeSessionTask } from '../../src/sources/sessions/format.ts';
import { userOffers } from '../../src/sources/sessions/offers.ts';
import { hostileText, UNSAFE } from '../helpers/hostile-text.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';

afterEach(closeScreens);

/** A board's task, with the same text in each of its places. */
function taskOf(raw: string): object {
  return {
    id: raw,
    title: raw,
    status: 'in_progress',
    description: raw,
    priority: raw,
    dependencies: [raw],
    sessionIds: [raw],
    sessionProgress: { [raw]: { status: raw, notes: raw, updatedAt: 1 } },
    notes: [{ at: 1, text: raw }],
  };
}

describe('a screen of what a stranger has written', () => {
  it('draws, says and copies none of it as it came', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (raw) => {
        const board = sourceId(`board ${raw}`);
        const decoded = decodeSessionTask(taskOf(`a${raw}b`));
        expect(decoded).toHaveProperty('item');
        const { press, lines, copied, monitor, settle } = await openScreen(
          () => {
            const source = createMemorySource({ id: board, location: raw });
            if ('item' in decoded)
              source.put(
                placed(board, decoded.item, {
                  revision: 0,
                  offers: userOffers(decoded.item, 'design', null),
                }),
              );
            source.live();
            return [source];
          },
          { columns: 100, rows: 30, host: plainName(`me@${raw}`), filter: plainName('') },
        );
        const seen = [...lines()];
        for (const keys of [['y'], [' '], ['enter'], ['esc'], ['c'], ['n'], ['/', 'x', 'esc']]) {
          await press(...keys);
          seen.push(...lines());
        }
        monitor.complain(problem('malformed', 'down', words`${plainName(raw)} is wrong`, plainName(raw)));
        await settle();
        seen.push(...lines());
        expect(copied).toHaveLength(1);
        for (const text of [...seen, ...copied]) expect(text).not.toMatch(UNSAFE);
        await closeScreens();
      }),
      { numRuns: 25 },
    );
  });
});
