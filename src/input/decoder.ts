import { CTRL_C } from './control-codes.ts';
import {
  afterEscape,
  afterIntermediate,
  afterLateEscape,
  afterSpentEscape,
  afterStringEscape,
  inString,
} from './escape-steps.ts';
import type { InputEvent } from './event.ts';
import { createMachine, ground, type InputState, type Machine, tellEscapes } from './machine.ts';
import { endPaste, inConsoleKey, inCsi, inMouse, inPaste, inSs3 } from './sequence-steps.ts';
import { createUtf8 } from './utf8.ts';

/**
 * Makes events of what a terminal sends, cut into whatever pieces. Replies (OSC, DCS, APC, PM and SOS strings, CSI of
 * any kind) and mouse reports are swallowed. It has no clock: after each call, `expire` is to be called once nothing
 * more has come for `patienceMs`.
 */
export interface Decoder {
  push(bytes: Uint8Array): InputEvent[];
  /** Milliseconds; null if time changes nothing. */
  readonly patienceMs: number | null;
  expire(): InputEvent[];
}

/** So soon after ESC, a character is Alt with that character, not a key of its own: also if a slow line cut them. */
const ALT_MS = 100;
/** Then, ESC waits for the rest of a sequence until it counts as the key itself. */
const ESC_MS = 300;
/** A string, a paste or a mouse report that stands still for so long has lost its end. */
const SILENCE_MS = 800;

const PATIENCE: Readonly<Partial<Record<InputState, number>>> = {
  escape: ALT_MS,
  intermediate: ALT_MS,
  'late escape': ESC_MS,
  'string escape': ALT_MS + ESC_MS,
  string: SILENCE_MS,
  mouse: SILENCE_MS,
  paste: SILENCE_MS,
};

const STEPS: Readonly<Record<InputState, (machine: Machine, code: number) => void>> = {
  ground,
  escape: afterEscape,
  'late escape': afterLateEscape,
  'spent escape': afterSpentEscape,
  intermediate: afterIntermediate,
  csi: inCsi,
  ss3: inSs3,
  'console key': inConsoleKey,
  mouse: inMouse,
  string: inString,
  'string escape': afterStringEscape,
  paste: inPaste,
};

export function createDecoder(): Decoder {
  let events: InputEvent[] = [];
  const utf8 = createUtf8();
  const machine = createMachine((event) => events.push(event));

  function collect(work: () => void): InputEvent[] {
    events = [];
    work();
    return events;
  }

  function take(code: number): void {
    if (code === CTRL_C && machine.state !== 'paste') machine.state = 'ground'; // a way out, whatever is half read
    STEPS[machine.state](machine, code);
  }

  return {
    push: (bytes) =>
      collect(() => {
        for (const byte of bytes) utf8.push(byte, take);
        machine.run.end();
      }),
    get patienceMs() {
      return PATIENCE[machine.state] ?? (machine.state === 'ground' ? machine.run.patienceMs : null);
    },
    expire: () => collect(() => expire(machine)),
  };
}

function expire(machine: Machine): void {
  switch (machine.state) {
    case 'ground':
      return machine.run.interrupt();
    case 'escape':
      machine.state = 'late escape';
      return;
    case 'late escape':
    case 'string escape':
      tellEscapes(machine, machine.state === 'late escape' ? machine.escapes : 1);
      machine.state = 'spent escape';
      return;
    case 'paste':
      return endPaste(machine);
    default:
      if (PATIENCE[machine.state] !== undefined) machine.state = 'ground';
  }
}
