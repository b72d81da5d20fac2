/** Records a terminal as a cast while somebody acts in it. */
import { setTimeout } from 'node:timers/promises';
import type { Terminal } from '../test/helpers/terminal.ts';
import type { Cast, CastEvent } from './cast-file.ts';

const PATIENCE_MS = 30_000;
const KEYSTROKE_S = 0.07;
/** What arrives within this time is one event, because a viewer cannot tell it apart. */
const FRAME_S = 0.06;

/** The actions of an actor. Each takes the stated time in the cast, however busy this machine is. */
export interface Actor {
  /** Types a line into the shell, and enter. */
  command(line: string): Promise<void>;
  /** Presses a key that is shown to the viewer, and waits until something is on the screen. */
  press(key: string, wanted?: Wanted): Promise<void>;
  /** Types into what is open. */
  type(text: string): Promise<void>;
  /** Waits until something is on the screen. */
  see(wanted: Wanted): Promise<void>;
  /** Lets the viewer look. */
  rest(seconds: number): Promise<void>;
  /** Names this moment, for a picture of it. */
  picture(name: string): void;
}

type Wanted = string | RegExp | ((screen: string) => boolean);

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Returns the cast of what `play` did in `terminal`. */
export async function record(
  terminal: Terminal,
  title: string,
  { columns, rows }: Size,
  play: (actor: Actor) => Promise<void>,
): Promise<Cast> {
  const events: CastEvent[] = [];
  let seconds = 0;
  let act: { at: number; what: CastEvent[1]; data: string }[] = [];
  let written = 0;
  const note = (what: CastEvent[1], data: string) => act.push({ at: performance.now(), what, data });
  terminal.emulator.onWriteParsed(() => {
    const { output } = terminal;
    if (output.length > written) note('o', output.slice(written));
    written = output.length;
  });
  /** Does something, and spreads what arrived meanwhile over `length` seconds. */
  async function take(length: number, act_: () => Promise<unknown>): Promise<void> {
    const from = performance.now();
    await act_();
    const scale = length / Math.max(performance.now() - from, 1);
    for (const { at, what, data } of act) events.push([seconds + Math.max(0, at - from) * scale, what, data]);
    act = [];
    seconds += length;
  }
  async function type(text: string): Promise<void> {
    for (const key of text) {
      await take(KEYSTROKE_S, async () => {
        terminal.type(key);
        await setTimeout(KEYSTROKE_S * 1000);
      });
    }
  }
  await play({
    async command(line) {
      await type(line);
      await take(0.4, () => setTimeout(400));
      terminal.type('\r');
    },
    press: (key, wanted) =>
      take(0.5, async () => {
        note('i', key);
        terminal.type(key);
        await (wanted === undefined ? setTimeout(500) : terminal.until(wanted, PATIENCE_MS));
      }),
    type,
    see: (wanted) => take(0.3, () => terminal.until(wanted, PATIENCE_MS)),
    rest: (length) => take(length, () => setTimeout(length * 1000)),
    picture: (name) => void note('m', name),
  });
  await take(0, () => setTimeout(0));
  return { title, columns, rows, events: joined(events) };
}

/** Joins what was written within a frame, and rounds the times. */
function joined(events: readonly CastEvent[]): CastEvent[] {
  const result: CastEvent[] = [];
  for (const [seconds, code, data] of events) {
    const last = result.at(-1);
    if (last && code === 'o' && last[1] === 'o' && seconds - last[0] < FRAME_S)
      result[result.length - 1] = [last[0], 'o', last[2] + data];
    else result.push([Number(seconds.toFixed(2)), code, data]);
  }
  return result;
}
