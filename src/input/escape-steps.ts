import { BACKSLASH, BEL, CAN, ESC, introducedAfterEscape, isIntermediate, ST, SUB } from './control-codes.ts';
import { begin, ground, type Machine, tellEscapes } from './machine.ts';

export function afterEscape(machine: Machine, code: number): void {
  const next = introducedAfterEscape(code);
  if (next) {
    machine.parameters = '';
    machine.state = next;
  } else if (code === ESC) {
    tellEscapes(machine, machine.escapes - 1);
    machine.escapes = 2;
  } else if (isIntermediate(code)) machine.state = 'intermediate';
  else {
    tellEscapes(machine, machine.escapes - 1);
    machine.state = 'ground'; // Alt with a character: no key of ours
  }
}

export function afterLateEscape(machine: Machine, code: number): void {
  if (introducedAfterEscape(code)) return afterEscape(machine, code);
  tellEscapes(machine, machine.escapes);
  machine.state = 'ground';
  ground(machine, code);
}

/** However late: `[` or `O` after ESC is the rest of a sequence, and what follows is no key. */
export function afterSpentEscape(machine: Machine, code: number): void {
  if (introducedAfterEscape(code)) return afterEscape(machine, code);
  machine.state = 'ground';
  ground(machine, code);
}

export function afterIntermediate(machine: Machine, code: number): void {
  if (!begin(machine, code) && !isIntermediate(code)) machine.state = 'ground';
}

export function inString(machine: Machine, code: number): void {
  if (code === BEL || code === ST || code === CAN || code === SUB) machine.state = 'ground';
  else if (code === ESC) machine.state = 'string escape';
}

export function afterStringEscape(machine: Machine, code: number): void {
  machine.escapes = 1;
  machine.state = code === BACKSLASH ? 'ground' : 'escape';
  if (code !== BACKSLASH) afterEscape(machine, code);
}
