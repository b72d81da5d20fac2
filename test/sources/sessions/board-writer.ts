/** A session that goes through its tasks, one report after the other: `board-writer.ts BOARD SESSION TASKS`. */
import { systemClock } from '../../../src/clock.ts';
import { createBoardPlace } from '../../../src/sources/sessions/board-place.ts';

const [path = '', sessionId = '', count = '0'] = process.argv.slice(2);
const place = createBoardPlace({ path, clock: systemClock, signal: new AbortController().signal });
for (let task = 1; task <= Number(count); task += 1) {
  const id = [`T${task}`];
  await place.report(id, { sessionId, status: 'queued', notes: null });
  await place.report(id, { sessionId, status: 'working', notes: `${sessionId} at ${task}` });
  await place.report(id, { sessionId, status: 'completed', notes: null });
}
