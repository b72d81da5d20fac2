import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, percentile, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';

/** The default. */
const DWELL_MS = 5_000;
/** After a notification there is a pause of five seconds. */
const BETWEEN_MS = 5_500;
const QUESTIONS = 12;
const FLIPS = 20;

type Terminal = ReturnType<typeof openTaskglass>;

/**
 * Measures the time from a session's question on a board to the bytes of its notification, and how often flips are reported.
 */
export function measureNotify(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'board.json');
    const asking = new Set<number>();
    writeBoard(file, asking);
    const terminal = openTaskglass(folder, ['board.json', '--notify', 'osc:9']);
    await terminal.until('Question 11');
    await pause(1_500);
    const delays: number[] = [];
    for (let question = 0; question < QUESTIONS; question += 1) {
      const start = performance.now();
      writeBoard(file, asking.add(question));
      await terminal.until(() => notified(terminal, question) > 0);
      delays.push(performance.now() - start - DWELL_MS);
      await pause(BETWEEN_MS - DWELL_MS);
    }
    const told = await tellOfFlips(terminal, file, asking);
    await quit(terminal);
    const [p50, p95] = [percentile(delays, 50), percentile(delays, 95)];
    return [
      {
        what: 'question on a board to the notification, beyond the dwell, p95',
        measured: `p50 ${short(p50)}, p95 ${short(p95)} ms (${QUESTIONS} times)`,
        value: p95,
        bound: 150,
        unit: ' ms',
      },
      {
        what: `${FLIPS} flips in 10 s`,
        measured: `${told} notification${told === 1 ? '' : 's'}`,
        value: Math.abs(told - 1),
        bound: 0,
        unit: ' too many or too few',
      },
    ];
  });
}

/** A task alternately asks and does not, and asks in the end. */
async function tellOfFlips(terminal: Terminal, file: string, asking: Set<number>): Promise<number> {
  for (let flip = 0; flip < FLIPS; flip += 1) {
    if (asking.has(QUESTIONS)) asking.delete(QUESTIONS);
    else asking.add(QUESTIONS);
    writeBoard(file, asking);
    await pause(10_000 / FLIPS);
  }
  writeBoard(file, asking.add(QUESTIONS));
  await pause(2 * DWELL_MS + 2_000);
  return notified(terminal, QUESTIONS);
}

/** Returns what was written to the terminal for a question, by its bytes. */
function notified({ output }: Terminal, question: number): number {
  return output.split(`\u001b]9;Question ${question} needs input`).length - 1;
}

function writeBoard(file: string, asking: ReadonlySet<number>): void {
  const tasks = Array.from({ length: QUESTIONS + 1 }, (_, index) => ({
    id: `T${index}`,
    title: `Question ${index}`,
    status: 'inprogress',
    sessionProgress: [
      {
        sessionId: `s${index}`,
        status: asking.has(index) ? 'needs_input' : 'working',
        notes: asking.has(index) ? 'Which region?' : '',
      },
    ],
  }));
  writeFileSync(`${file}.tmp`, JSON.stringify({ tasks }));
  renameSync(`${file}.tmp`, file);
}
