import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SourceId, sourceId, taskId } from '../../src/model/id.ts';
import { TASK_STATUSES, type TaskState } from '../../src/model/task.ts';
import { words } from '../../src/model/text.ts';
import { type ArrangeOptions, arrange } from '../../src/store/arrange.ts';
import { type Dismissals, withDismissed } from '../../src/store/dismissals.ts';
import { reduce, type Update } from '../../src/store/reduce.ts';
import { SORT_KEYS } from '../../src/store/select.ts';
import { allEntries, EMPTY_STATE, type State } from '../../src/store/state.ts';
import { makeTask } from '../helpers/task.ts';

const SOURCES = [sourceId('one'), sourceId('two')];
const FILTERS = ['', '1', 'status:running', '-status:completed 2', 'is:needs-you | 3'];

/** Something that happens to the tasks, or that a person does with the list. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('change' as const),
      source: fc.constantFrom(...SOURCES),
      ids: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
      status: fc.constantFrom(...TASK_STATUSES),
      at: fc.nat(4),
      priority: fc.option(fc.nat(2)),
      isStuck: fc.boolean(),
    }),
  },
  fc.record({ does: fc.constant('remove' as const), source: fc.constantFrom(...SOURCES), id: fc.nat(30) }),
  fc.record({ does: fc.constantFrom('dismiss' as const, 'see' as const), nth: fc.nat(30) }),
  fc.record({ does: fc.constant('filter' as const), filter: fc.constantFrom(...FILTERS) }),
  fc.record({ does: fc.constant('sort' as const), sort: fc.constantFrom(...SORT_KEYS) }),
  fc.record({ does: fc.constant('undo' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function stateOf(status: (typeof TASK_STATUSES)[number], at: number): TaskState {
  if (status === 'completed') return { status, endedAt: at, result: null };
  if (status === 'failed') return { status, endedAt: at === 0 ? null : at, error: null };
  return status === 'cancelled' ? { status, endedAt: at, reason: null } : { status, reason: null };
}

interface Scene {
  readonly state: State;
  readonly options: ArrangeOptions;
}

function apply({ state, options }: Scene, given: Step, revision: number): Scene {
  const at = (source: SourceId, event: Update['event']): Update => ({ source, at: revision, event });
  switch (given.does) {
    case 'change': {
      const { source, priority, isStuck } = given;
      const stuck = {
        id: 's',
        status: words`stuck`,
        meaning: 'waiting',
        updatedAt: null,
        notes: null,
      } as const;
      const updates = given.ids.map((id) =>
        at(source, {
          type: 'changed',
          task: makeTask(`t${id}`, {
            source,
            id: taskId(source, `t${id}`),
            revision,
            priority,
            startedAt: given.at === 0 ? null : given.at,
            state: stateOf(given.status, given.at),
            sessions: isStuck ? [stuck] : [],
          }),
        }),
      );
      return { options, state: reduce(state, updates) };
    }
    case 'remove': {
      const id = taskId(given.source, `t${given.id}`);
      return { options, state: reduce(state, [at(given.source, { type: 'removed', id, revision })]) };
    }
    case 'dismiss':
    case 'see': {
      const entries = allEntries(state).slice(given.nth, given.nth + 2);
      const key = given.does === 'dismiss' ? 'dismissals' : 'seen';
      const marked: Dismissals = withDismissed(options[key], state, entries);
      return { state, options: { ...options, [key]: marked } };
    }
    case 'filter':
      return { state, options: { ...options, filter: given.filter } };
    case 'sort':
      return { state, options: { ...options, sort: given.sort } };
    case 'undo':
      return { state, options: { ...options, dismissals: {} } };
    default:
      return given satisfies never;
  }
}

describe('arrange', () => {
  it('puts what has changed where sorting everything would put it', () => {
    let patched = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (steps, atOnce) => {
          const opened = SOURCES.map(
            (source): Update => ({
              source,
              at: 0,
              event: { type: 'opened', kind: source, location: 'here' },
            }),
          );
          const crowd = Array.from({ length: 60 }, (_, index): Update => {
            const task = makeTask(`c${index}`, {
              source: SOURCES[index % 2] as SourceId,
              startedAt: index % 5,
            });
            return { source: task.source, at: 0, event: { type: 'changed', task } };
          });
          let scene: Scene = {
            state: reduce(EMPTY_STATE, [...opened, ...crowd]),
            options: { filter: '', sort: 'urgency', dismissals: {}, seen: {} },
          };
          let before = arrange(scene.state, scene.options);
          for (const [index, given] of steps.entries()) {
            scene = apply(scene, given, index + 2);
            if (index % atOnce !== 0) continue; // several things may have happened since
            const next = arrange(scene.state, scene.options, before);
            expect(next).toEqual(arrange(scene.state, scene.options));
            if (next.sorted.length > 0 && next.sorted !== before.sorted) patched += 1;
            before = next;
          }
        },
      ),
    );
    expect(patched).toBeGreaterThan(100);
  });

  it('finds the place of a task past others that have left theirs since', () => {
    const source = SOURCES[0] as SourceId;
    const failed = (id: number, endedAt: number, revision: number): Update => ({
      source,
      at: revision,
      event: {
        type: 'changed',
        task: makeTask(`f${id}`, { source, revision, state: { status: 'failed', endedAt, error: null } }),
      },
    });
    const ids = Array.from({ length: 63 }, (_, id) => id);
    const state = reduce(
      EMPTY_STATE,
      ids.map((id) => failed(id, 10 * (1 + id), 1)),
    );
    const options: ArrangeOptions = { filter: '', sort: 'urgency', dismissals: {}, seen: {} };
    const before = arrange(state, options);
    for (const [seenAt, moved, endedAt] of [
      [31, 0, 155],
      [31, 62, 155],
      [31, 0, 475],
      [47, 3, 5],
      [15, 3, 625],
    ] as const) {
      const seen = withDismissed({}, state, before.sorted.slice(seenAt, seenAt + 2));
      const now = reduce(state, [failed(moved, endedAt, 2)]);
      const after = arrange(now, { ...options, seen }, before);
      expect(after).toEqual(arrange(now, { ...options, seen }));
    }
  });

  it('leaves what nothing has touched as it is', () => {
    const source = SOURCES[0] as SourceId;
    const task = makeTask('a', { source });
    const state = reduce(EMPTY_STATE, [{ source, at: 0, event: { type: 'changed', task } }]);
    const options: ArrangeOptions = { filter: '', sort: 'name', dismissals: {}, seen: {} };
    const before = arrange(state, options);
    const after = arrange(reduce(state, [{ source, at: 1, event: { type: 'live' } }]), options, before);
    expect(after.sorted).toBe(before.sorted);
    expect(after.listed).toBe(before.listed);
  });
});
