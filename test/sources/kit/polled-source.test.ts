import { expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { problem } from '../../../src/model/problem.ts';
import { plainName } from '../../../src/model/text.ts';
import { createPolledSource, type Look } from '../../../src/sources/kit/polled-source.ts';
import { BARE_DRAFT, type TaskDraft } from '../../../src/sources/kit/task-draft.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openView } from '../source-contract.ts';

const draft = (nativeId: string): TaskDraft => ({
  ...BARE_DRAFT,
  nativeId,
  name: plainName(nativeId),
  state: { status: 'running', reason: null },
  updatedAt: null,
  raw: null,
});

it('looks at once, again after a while, and as soon as there is a hint', async () => {
  const clock = createFakeClock();
  let answer: Look = { kind: 'read', tasks: [draft('one')], problem: null };
  let looks = 0;
  let hint = () => {};
  let watches = 0;
  const source = createPolledSource({
    id: sourceId('polled'),
    kind: 'exec',
    location: 'here',
    clock,
    everyMs: 30_000,
    async look() {
      looks += 1;
      return answer;
    },
    watch(lookSoon) {
      hint = lookSoon;
      watches += 1;
      return {
        close() {
          watches -= 1;
        },
      };
    },
  });
  const view = openView(source);
  const rested = () => clock.advance(20);
  await view.live();
  expect([looks, watches]).toEqual([1, 1]);

  clock.advance(29_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBe(1);
  answer = { kind: 'failed', problem: problem('unreadable', 'down', 'not now', 'wait') };
  clock.advance(2_000);
  await eventually(() => expect(view.record().problem?.message).toBe('not now'));
  expect(view.statuses()).toEqual({ one: 'running' });
  rested();

  answer = { kind: 'read', tasks: [draft('two')], problem: null };
  hint();
  await eventually(() => expect(view.statuses()).toEqual({ two: 'running' }));
  expect(view.record().problem).toBeNull();
  rested();
  await view.close();
  expect(watches).toBe(0);
  const before = looks;
  clock.advance(120_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBe(before);
});
