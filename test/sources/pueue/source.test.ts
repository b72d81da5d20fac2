import { mkdir, rename, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createPueueSource } from '../../../src/sources/pueue/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { FakeProgram } from '../../helpers/fake-program.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { commandContext, describeSourceContract, openView, type View } from '../source-contract.ts';
import { createFakePueue, type PueueState, pueueState, pueueTask, STATUSES } from './sample.ts';

function sourceOf({ env, directory }: FakeProgram<PueueState>, place = '') {
  return createPueueSource({ id: sourceId('pueue'), place, clock: hurriedClock, env, cwd: directory });
}

/** What a test does with the tasks: the same whether they are asked for or read. */
function hands({ edit }: FakeProgram<PueueState>) {
  let added = -1;
  return {
    async add({ name, status }: { name: string; status: keyof typeof STATUSES }) {
      added += 1;
      const task = pueueTask(added, name, STATUSES[status]);
      await edit((state) => ({ ...state, tasks: { ...state.tasks, [task.id]: task } }));
      return String(task.id);
    },
    change: (id: string, status: keyof typeof STATUSES) =>
      edit((state) => {
        const task = state.tasks[id] as (typeof state.tasks)[string];
        return { ...state, tasks: { ...state.tasks, [id]: { ...task, status: STATUSES[status] } } };
      }),
    remove: (id: string) =>
      edit((state) => {
        const { [id]: _, ...tasks } = state.tasks;
        return { ...state, tasks };
      }),
  };
}

describeSourceContract('the pueue source', async () => {
  const pueue = await createFakePueue();
  return { ...pueue, ...hands(pueue), source: sourceOf(pueue) };
});

describeSourceContract('the pueue source of a state file', async () => {
  const pueue = await createFakePueue();
  const file = `${pueue.directory}/pueue/state.json`;
  return {
    ...hands(pueue),
    source: sourceOf(pueue, 'pueue'),
    breakDown: () => rename(file, `${file}.away`),
    mend: () => rename(`${file}.away`, file),
    close: pueue.close,
  };
});

describe('the pueue source', () => {
  let pueue: FakeProgram<PueueState>;
  let view: View;
  beforeEach(async () => {
    pueue = await createFakePueue();
  });
  afterEach(async () => {
    await view.close();
    await pueue.close();
  });

  it('takes what has not begun out of the queue, and asks again soon', async () => {
    await pueue.edit(() => pueueState([pueueTask(7, 'make', STATUSES.queued)]));
    const source = sourceOf(pueue);
    view = openView(source);
    await view.live();
    await pueue.obey();
    expect(await source.commands.cancel?.('7', commandContext())).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.statuses()).toEqual({}));
    expect(await pueue.calls()).toContain('pueue remove 7');
  });

  it('says why pueue refuses a command', async () => {
    await pueue.edit(() => pueueState([pueueTask(7, 'make', STATUSES.running)]));
    const source = sourceOf(pueue);
    view = openView(source);
    await view.live();
    const answer = await source.commands.cancel?.('7', commandContext());
    expect(answer).toMatchObject({
      kind: 'refused',
      problem: { message: 'cancel: pueue failed (exit 1): error: unrecognized subcommand or no such task' },
    });
  });

  it.each(['state.json', 'state.json.gz'])('reads %s where there is no pueue, and says so', async (name) => {
    const state = JSON.stringify(pueueState([pueueTask(1, 'make', STATUSES.failed)]));
    await pueue.become(null);
    await mkdir(`${pueue.directory}/else/pueue`, { recursive: true });
    await writeFile(`${pueue.directory}/else/pueue/${name}`, name.endsWith('gz') ? gzipSync(state) : state);
    const env = { ...pueue.env, PATH: '/nonexistent', XDG_DATA_HOME: `${pueue.directory}/else` };
    view = openView(sourceOf({ ...pueue, env }));
    await eventually(() => expect(view.statuses()).toEqual({ 1: 'failed' }));
    expect(view.record()).toMatchObject({
      status: 'live',
      problem: { severity: 'degraded', message: expect.stringContaining('there is no pueue on PATH') },
    });
    expect(view.task('1').offers).toEqual([{ command: 'retry', refusal: 'there is no pueue on PATH' }]);
  });

  it('does not unpack without bounds', async () => {
    await writeFile(`${pueue.directory}/bomb.gz`, gzipSync(Buffer.alloc(80 * 1024 * 1024)));
    view = openView(sourceOf(pueue, 'bomb.gz'));
    await eventually(() => expect(view.record().problem?.kind).toBe('too-large'));
  });
});
