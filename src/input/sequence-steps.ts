import { ESC, isFinal, isParameter } from './control-codes.ts';
import { csiEvent, ss3Event } from './control-sequence.ts';
import { abandon, begin, type Machine } from './machine.ts';

/** How many characters of parameters are kept; no sequence with a meaning has more. */
const LONGEST_PARAMETERS = 64;
/** In X10 mouse reports, `ESC [ M` is followed by the button, the column and the row as one character each. */
const MOUSE_CHARACTERS = 3;
/** After one of these digits, `$` ends a sequence: rxvt's form of a key with Shift. Elsewhere, `$` is an intermediate. */
const RXVT_SHIFTED = /^[235678]$/u;

export function inCsi(machine: Machine, code: number): void {
  const { parameters } = machine;
  const sign = String.fromCodePoint(code);
  if (sign === '[' && parameters === '') machine.state = 'console key';
  else if (!isFinal(code) && !(sign === '$' && RXVT_SHIFTED.test(parameters))) gather(machine, code);
  else if (sign === 'M' && parameters === '') {
    machine.mouseLeft = MOUSE_CHARACTERS;
    machine.state = 'mouse';
  } else if (sign === '~' && parameters === '200') machine.state = 'paste';
  else {
    machine.state = 'ground';
    machine.tell(csiEvent(parameters, sign));
  }
}

export function inSs3(machine: Machine, code: number): void {
  if (!isFinal(code)) return gather(machine, code);
  machine.state = 'ground';
  machine.tell(ss3Event(machine.parameters, String.fromCodePoint(code)));
}

/** Takes a parameter or an intermediate; anything else shows that the sequence was abandoned. */
function gather(machine: Machine, code: number): void {
  if (!isParameter(code)) return abandon(machine, code);
  if (machine.parameters.length < LONGEST_PARAMETERS) machine.parameters += String.fromCodePoint(code);
}

/** Handles the letter of a Linux console's function key: A to E for F1 to F5. */
export function inConsoleKey(machine: Machine, code: number): void {
  if (begin(machine, code)) return;
  machine.state = 'ground';
  const number = 'ABCDE'.indexOf(String.fromCodePoint(code)) + 1;
  if (number > 0) machine.tell({ type: 'key', key: `f${number}` });
}

export function inMouse(machine: Machine, code: number): void {
  if (code === ESC) return abandon(machine, code);
  machine.mouseLeft -= 1;
  if (machine.mouseLeft === 0) machine.state = 'ground';
}

export function inPaste(machine: Machine, code: number): void {
  if (machine.paste.add(String.fromCodePoint(code))) endPaste(machine);
}

export function endPaste(machine: Machine): void {
  machine.state = 'ground';
  machine.tell({ type: 'paste', text: machine.paste.take() });
}
