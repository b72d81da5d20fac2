import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import { notJsonProblem } from '../../../src/io/file-problem.ts';
import { parseJson } from '../../../src/io/json-text.ts';
import { readWhole } from '../../../src/io/read-file.ts';
import { sourceId } from '../../../src/model/id.ts';
import { type PlainText, words } from '../../../src/model/text.ts';
import { decodeDashboardState } from '../../../src/sources/dashboard-state/format.ts';
import { createDocumentSource } from '../../../src/sources/kit/document-source.ts';
import { createFileSource } from '../../../src/sources/open/file-source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const state = (name: string) => `{"activeTasks":[{"taskId":"a","taskName":"${name}","status":"running"}]}`;

/** A source that takes its time to tell whether it may be written to, until `asked` is answered. */
function slowToAsk(path: string) {
  const asked: ((answer: PlainText | null) => void)[] = [];
  const doors = new EventTarget();
  const source = createDocumentSource({
    id: sourceId('slow'),
    kind: 'dashboard-state',
    path,
    clock: createFakeClock(Date.now()),
    read: readWhole,
    parse(text) {
      const parsed = parseJson(text);
      return 'value' in parsed ? parsed : { explain: () => notJsonProblem(path, parsed.explain()) };
    },
    decode: (document) => {
      const read = decodeDashboardState(document);
      return read && { ...read, firstSeenAt: null, changedAt: null };
    },
    expected: words`activeTasks`,
    refusal: () =>
      new Promise((resolve) => {
        asked.push(resolve);
        doors.dispatchEvent(new Event('asked'));
      }),
    commands: () => ({}),
  });
  return { source, asked, nextQuestion: () => once(doors, 'asked') };
}

describe('a source that is one document', () => {
  it('reports what the document said in its order, however long a query takes', async () => {
    const path = directory.file('state.json');
    await writeFile(path, state('first'));
    const { source, asked, nextQuestion } = slowToAsk(path);
    const firstQuestion = nextQuestion();
    const view = openView(source);
    await firstQuestion;

    // Whoever asks nothing has seen the change by now.
    const prompt = openView(await createFileSource({ id: sourceId('prompt'), path, clock: systemClock }));
    await prompt.live();
    await writeFile(path, state('second'));
    await eventually(() => expect(prompt.task('a').name).toBe('second'));
    await rm(path);
    await writeFile(path, state('third'));
    await eventually(() => expect(prompt.task('a').name).toBe('third'));
    await prompt.close();
    expect(asked).toHaveLength(1);
    const secondQuestion = nextQuestion();
    asked[0]?.(null);
    await secondQuestion;
    asked[1]?.(null);

    await eventually(() => expect(view.task('a').name).toBe('third'));
    const names = view.events.flatMap((event) =>
      event.type === 'snapshot' ? event.tasks : event.type === 'changed' ? [event.task] : [],
    );
    expect(names.map(({ name }) => name)).toEqual(['first', 'third']);
    await view.close();
  });

  it('waits only the first time for what its tasks offer, and reports again if that has changed', async () => {
    const path = directory.file('state.json');
    await writeFile(path, state('first'));
    const { source, asked, nextQuestion } = slowToAsk(path);
    const firstQuestion = nextQuestion();
    const view = openView(source);
    await firstQuestion;
    expect(view.events).toEqual([]);
    asked[0]?.(null);
    await view.live();

    const secondQuestion = nextQuestion();
    await writeFile(path, state('second'));
    await secondQuestion;
    await eventually(() => expect(view.task('a').name).toBe('second'));
    expect(view.task('a').offers.map(({ refusal }) => refusal)).toEqual([null]);
    const before = view.events.length;
    asked[1]?.(words`not writable: it is gone`);
    await eventually(() => expect(view.events).toHaveLength(before + 1));
    expect(view.task('a').offers.map(({ refusal }) => refusal)).toEqual(['not writable: it is gone']);
    await view.close();
  });
});
