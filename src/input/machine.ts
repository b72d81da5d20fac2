import { CAN, CTRL_C, ESC, introducedBy, isC1, SUB, signOfString } from './control-codes.ts';
import type { InputEvent } from './event.ts';
import { createMarkedPaste, type MarkedPaste } from './marked-paste.ts';
import { createRun, type Run } from './run.ts';
import { MALFORMED } from './utf8.ts';

/** The state in the grammar of terminal input, before the next character. */
export type InputState =
  | 'ground'
  /** After ESC: `late escape` once it can no longer be Alt, `spent escape` once the Esc key was reported. */
  | 'escape'
  | 'late escape'
  | 'spent escape'
  /** After ESC and an intermediate: a designation, whose final character is still to come. */
  | 'intermediate'
  | 'csi'
  | 'ss3'
  /** `ESC [ [` and a letter: the function keys of the Linux console. */
  | 'console key'
  | 'mouse'
  | 'string'
  /** A string that has stopped, and may be a reply on a line that was interrupted. */
  | 'stalled string'
  /** After ESC within a string: `\` ends it; anything else shows that the string was abandoned. */
  | 'string escape'
  /** Long after ESC within a reply: still the first half of its end, or a way out of a reply that lost its end. */
  | 'late string escape'
  | 'paste';

/** What the decoder remembers from one character to the next. */
export interface Machine {
  state: InputState;
  /** How many ESC were read in a row: two before a key mean Alt with that key. */
  escapes: number;
  /** The parameters and intermediates of the sequence so far. */
  parameters: string;
  /** What the string so far began with: the sign that introduces it, and some characters. */
  introducer: string;
  beginning: string;
  /** How many characters of a mouse report are still to come. */
  mouseLeft: number;
  readonly run: Run;
  readonly paste: MarkedPaste;
  readonly tell: (event: InputEvent | null) => void;
}

export function createMachine(tell: (event: InputEvent) => void): Machine {
  return {
    state: 'ground',
    escapes: 0,
    parameters: '',
    introducer: '',
    beginning: '',
    mouseLeft: 0,
    run: createRun(tell),
    paste: createMarkedPaste(),
    tell: (event) => event && tell(event),
  };
}

/** Handles a character outside any sequence. */
export function ground(machine: Machine, code: number): void {
  if (begin(machine, code)) return;
  if (code === CTRL_C) {
    machine.run.end();
    machine.tell({ type: 'key', key: 'ctrl-c' });
  } else if (code !== MALFORMED && !isC1(code)) machine.run.add(String.fromCodePoint(code));
}

/** Begins the sequence that a character introduces, and ends the run before it. Returns false if it introduces none. */
export function begin(machine: Machine, code: number): boolean {
  const next = introducedBy(code);
  if (next === null) return false;
  machine.run.interrupt();
  machine.escapes = code === ESC ? 1 : 0;
  introduce(machine, next, code);
  return true;
}

/** Begins the sequence of a kind, of which `code` is the last character of the introducer. */
export function introduce(machine: Machine, kind: InputState, code: number): void {
  machine.parameters = '';
  machine.introducer = kind === 'string' ? signOfString(code) : '';
  machine.beginning = '';
  machine.state = kind;
}

/** Abandons a sequence, and handles the character that did not belong to it on its own. */
export function abandon(machine: Machine, code: number): void {
  machine.state = 'ground';
  if (code !== CAN && code !== SUB) ground(machine, code);
}

/** Reports the Esc key `count` times. */
export function tellEscapes(machine: Machine, count: number): void {
  for (let told = 0; told < count; told += 1) machine.tell({ type: 'key', key: 'esc' });
}
