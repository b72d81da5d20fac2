import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createStdinSource } from '../../../src/sources/open/stdin.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { openView, type View } from '../source-contract.ts';

let view: View;
afterEach(() => view.close());

function open() {
  const input = new PassThrough();
  view = openView(createStdinSource({ id: sourceId('stdin'), input, clock: createFakeClock() }));
  return input;
}

const state = (...ids: string[]) =>
  JSON.stringify({ activeTasks: ids.map((taskId) => ({ taskId, taskName: taskId, status: 'running' })) });
const shows = (...ids: string[]) => eventually(() => expect(Object.keys(view.statuses())).toEqual(ids));
const says = (message: string) => eventually(() => expect(view.record().problem?.message).toBe(message));

describe('standard input', () => {
  it('shows each state that comes, and keeps the last one after the end', async () => {
    const input = open();
    input.write(`${state('a')}\n${state('a', 'b')}\n`);
    await shows('a', 'b');
    const [, ...line] = state('b', 'ü');
    input.write(`{${line.join('').slice(0, 30)}`);
    input.write(Buffer.from(line.join('').slice(30)).subarray(0, 20));
    input.write(Buffer.from(line.join('').slice(30)).subarray(20));
    input.end();
    await shows('b', 'ü');
    expect(view.record()).toMatchObject({ status: 'live', problem: null });
    expect(view.task('b').offers).toEqual([]);
  });

  it('reads one document over several lines', async () => {
    const input = open();
    input.end(JSON.stringify(JSON.parse(state('a')), null, 2));
    await shows('a');
    expect(view.record().problem).toBeNull();
  });

  it('reports which line it could not read, and continues', async () => {
    const input = open();
    input.write(`${state('a')}\nrubbish\n`);
    await says("line 2 of standard input is not JSON (column 1): unexpected token 'r'");
    expect(view.record().status).toBe('live');
    input.write('{"type":"task","id":"x"}\n');
    await says('line 3 of standard input is what taskglass --json prints ("task"), not a dashboard state');
    input.write('{"tasks":[]}\n');
    await says('line 4 of standard input is JSON, but it has no activeTasks');
    input.write(`\n${state('b')}\n`);
    await shows('b');
    expect(view.record().problem).toBeNull();
  });

  it('says that nothing came', async () => {
    open().end();
    await says('standard input ended without a line');
    expect(view.record().status).toBe('down');
  });

  it('skips a line that is too long', async () => {
    const input = open();
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 65; i += 1) input.write(megabyte);
    input.write(`\n${state('a')}\n`);
    await shows('a');
    const problems = view.events.flatMap((event) => (event.type === 'problem' ? [event.problem.kind] : []));
    expect(problems).toEqual(['too-large']);
  });

  it.runIf(hasSharedFixtures)('shows the whole of a recorded story', async () => {
    const input = open();
    input.end(sharedFixture('hyve/dashboard-state-emissions.ndjson'));
    await eventually(() => expect(view.record().tasks.size).toBe(7));
    const of = (end: string) =>
      view.events.flatMap((event) =>
        event.type === 'changed' && event.task.nativeId.endsWith(end)
          ? [`${event.task.state.status} ${event.task.steps.map(({ status }) => status[0]).join('')}`]
          : [],
      );
    expect(of('57ec')).toEqual([
      'running ppp',
      'running rpp',
      'running cpp',
      'running crp',
      'running cfp',
      'failed cfp',
    ]);
    expect(of('b271')).toEqual(['running p', 'running r', 'cancelled p']);
    // Emitted 24 times, changed once after the snapshot: the rest is no news.
    expect(of('832c')).toEqual(['running rppp']);
    expect(view.record().tasks.values().next().value?.task.updatedAt).toBe(1795246818418);
  });
});
