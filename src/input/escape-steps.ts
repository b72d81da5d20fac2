import {
  BACKSLASH,
  BEL,
  CAN,
  ESC,
  introducedAfterEscape,
  isControl,
  isIntermediate,
  ST,
  SUB,
} from './control-codes.ts';
import { abandon, begin, ground, introduce, type Machine, tellEscapes } from './machine.ts';
import { lengthened, likenessToReply } from './reply.ts';

export function afterEscape(machine: Machine, code: number): void {
  const next = introducedAfterEscape(code);
  if (next) introduce(machine, next, code);
  else if (code === ESC) {
    tellEscapes(machine, machine.escapes - 1);
    machine.escapes = 2;
  } else if (isIntermediate(code)) machine.state = 'intermediate';
  else {
    tellEscapes(machine, machine.escapes - 1);
    machine.state = 'ground'; // Alt with a character means nothing here
  }
}

export function afterLateEscape(machine: Machine, code: number): void {
  if (introducedAfterEscape(code)) return afterEscape(machine, code);
  tellEscapes(machine, machine.escapes);
  machine.state = 'ground';
  ground(machine, code);
}

/** Handles a character after an ESC that was reported already: `[` or `O` still begins a sequence, however late. */
export function afterSpentEscape(machine: Machine, code: number): void {
  if (introducedAfterEscape(code)) return afterEscape(machine, code);
  machine.state = 'ground';
  ground(machine, code);
}

export function afterIntermediate(machine: Machine, code: number): void {
  if (!begin(machine, code) && !isIntermediate(code)) machine.state = 'ground';
}

export function inString(machine: Machine, code: number): void {
  if (endString(machine, code)) return;
  machine.beginning = lengthened(machine.beginning, code);
}

/** Takes the rest of a reply, however late; what cannot be a part of it stands for itself. */
export function inStalledString(machine: Machine, code: number): void {
  if (endString(machine, code)) return;
  machine.beginning = lengthened(machine.beginning, code);
  if (isControl(code) || !isLikeReply(machine)) abandon(machine, code);
}

export function afterStringEscape(machine: Machine, code: number): void {
  machine.escapes = 1;
  machine.state = code === BACKSLASH ? 'ground' : 'escape';
  if (code !== BACKSLASH) afterEscape(machine, code);
}

export function afterLateStringEscape(machine: Machine, code: number): void {
  machine.state = 'ground';
  if (code !== BACKSLASH) afterSpentEscape(machine, code);
}

/** Tells whether the string so far is a reply. */
export function isReply({ introducer, beginning }: Machine): boolean {
  return likenessToReply(introducer, beginning) === 'reply';
}

/** Tells whether it is one, or may become one. */
export function isLikeReply({ introducer, beginning }: Machine): boolean {
  return likenessToReply(introducer, beginning) !== 'none';
}

/** Ends the string, or perhaps ends it, with this character; false if the character is a part of the string. */
function endString(machine: Machine, code: number): boolean {
  if (code === BEL || code === ST || code === CAN || code === SUB) machine.state = 'ground';
  else if (code === ESC) machine.state = 'string escape';
  else return false;
  return true;
}
