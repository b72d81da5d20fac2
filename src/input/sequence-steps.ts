import { ESC, isFinal, isParameter } from './control-codes.ts';
import { csiEvent, ss3Event } from './control-sequence.ts';
import { abandon, begin, type Machine } from './machine.ts';

/** Longer sequences than this are swallowed unread. */
const LONGEST_PARAMETERS = 64;
/** A mouse report as X10 has it: `ESC [ M`, then the button, the column and the row as a character each. */
const MOUSE_CHARACTERS = 3;
/** `ESC [` and one of these digits: `$` ends it, as rxvt has it for Shift; elsewhere `$` only comes before the end. */
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

/** A parameter or an intermediate of a sequence; anything else shows that the sequence was given up. */
function gather(machine: Machine, code: number): void {
  if (!isParameter(code)) return abandon(machine, code);
  if (machine.parameters.length < LONGEST_PARAMETERS) machine.parameters += String.fromCodePoint(code);
}

export function inConsoleKey(machine: Machine, code: number): void {
  if (!begin(machine, code)) machine.state = 'ground';
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
