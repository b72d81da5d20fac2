import { CAN, CTRL_C, ESC, introducedBy, isC1, SUB } from './control-codes.ts';
import type { InputEvent } from './event.ts';
import { createMarkedPaste, type MarkedPaste } from './marked-paste.ts';
import { createRun, type Run } from './run.ts';
import { MALFORMED } from './utf8.ts';

/** Where in the grammar of terminal input the next character stands. */
export type InputState =
  | 'ground'
  /** After ESC: `escape` soon after, `late escape` when it can no longer be Alt, `spent escape` when the key was told. */
  | 'escape'
  | 'late escape'
  | 'spent escape'
  /** ESC and an intermediate: a designation, of which the final character is to come. */
  | 'intermediate'
  | 'csi'
  | 'ss3'
  /** `ESC [ [` and a letter: the function keys of the Linux console. */
  | 'console key'
  | 'mouse'
  | 'string'
  /** ESC within a string: `\` ends it; anything else shows that the string was given up. */
  | 'string escape'
  | 'paste';

/** What the decoder remembers between two characters. */
export interface Machine {
  state: InputState;
  /** How many ESC stand before what comes: two before a key are Alt with that key. */
  escapes: number;
  /** The parameters and intermediates of the sequence so far. */
  parameters: string;
  /** How many characters of a mouse report are to come. */
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
    mouseLeft: 0,
    run: createRun(tell),
    paste: createMarkedPaste(),
    tell: (event) => event && tell(event),
  };
}

/** A character outside of any sequence. */
export function ground(machine: Machine, code: number): void {
  if (begin(machine, code)) return;
  if (code === CTRL_C) {
    machine.run.end();
    machine.tell({ type: 'key', key: 'ctrl-c' });
  } else if (code !== MALFORMED && !isC1(code)) machine.run.add(String.fromCodePoint(code));
}

/** Begins the sequence that the character introduces, which ends the run of characters before it; false if it does not. */
export function begin(machine: Machine, code: number): boolean {
  const next = introducedBy(code);
  if (next === null) return false;
  machine.run.interrupt();
  machine.parameters = '';
  machine.escapes = code === ESC ? 1 : 0;
  machine.state = next;
  return true;
}

/** The sequence was given up: the character stands for itself. */
export function abandon(machine: Machine, code: number): void {
  machine.state = 'ground';
  if (code !== CAN && code !== SUB) ground(machine, code);
}

/** The Esc key, as often as it was pressed. */
export function tellEscapes(machine: Machine, count: number): void {
  for (let told = 0; told < count; told += 1) machine.tell({ type: 'key', key: 'esc' });
}
