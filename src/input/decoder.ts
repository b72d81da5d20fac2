import { CTRL_C } from './control-codes.ts';
import {
  afterEscape,
  afterIntermediate,
  afterLateEscape,
  afterLateStringEscape,
  afterSpentEscape,
  afterStringEscape,
  inStalledString,
  inString,
  isLikeReply,
  isReply,
} from './escape-steps.ts';
import type { InputEvent } from './event.ts';
import { createMachine, ground, type InputState, type Machine, tellEscapes } from './machine.ts';
import { endPaste, inConsoleKey, inCsi, inMouse, inPaste, inSs3 } from './sequence-steps.ts';
import { createUtf8 } from './utf8.ts';

/**
 * Turns a terminal's input, in pieces of any size, into events. Swallows replies (OSC, DCS, APC, PM and SOS strings, CSI of
 * any kind) and mouse reports. It has no clock: after each call, the caller must call `expire` once nothing has arrived for
 * `patienceMs`.
 */
export interface Decoder {
  push(bytes: Uint8Array): InputEvent[];
  /** Null if time makes no difference. */
  readonly patienceMs: number | null;
  expire(): InputEvent[];
}

/** A character this soon after ESC means Alt with that character, even if a slow line has separated the two. */
const ALT_MS = 100;
/** After that, ESC may still begin a sequence for this long; then it counts as the Esc key. */
const ESC_MS = 300;
/** A string or a mouse report that stops for this long has lost its end, unless it looks like a reply. */
const SILENCE_MS = 800;
/** How long the rest of a paste may take on a line that was interrupted. */
const PASTE_SILENCE_MS = 5_000;
/** How long the rest of a reply may take. */
const REPLY_SILENCE_MS = 30_000;

const PATIENCE: Readonly<Partial<Record<InputState, number>>> = {
  escape: ALT_MS,
  intermediate: ALT_MS,
  'late escape': ESC_MS,
  'string escape': ALT_MS + ESC_MS,
  string: SILENCE_MS,
  mouse: SILENCE_MS,
  'stalled string': REPLY_SILENCE_MS,
  paste: PASTE_SILENCE_MS,
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
  'stalled string': inStalledString,
  'string escape': afterStringEscape,
  'late string escape': afterLateStringEscape,
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
    if (code === CTRL_C && machine.state !== 'paste') machine.state = 'ground'; // always works, whatever is half read
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
      tellEscapes(machine, machine.escapes);
      machine.state = 'spent escape';
      return;
    case 'string':
      machine.state = isLikeReply(machine) ? 'stalled string' : 'ground';
      return;
    case 'string escape':
      if (!isReply(machine)) tellEscapes(machine, 1);
      machine.state = isReply(machine) ? 'late string escape' : 'spent escape';
      return;
    case 'paste':
      return endPaste(machine);
    default:
      if (PATIENCE[machine.state] !== undefined) machine.state = 'ground';
  }
}
