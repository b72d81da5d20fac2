import { type Chord, characterEvent, isRelease, readChord } from './chord.ts';
import type { InputEvent, KeyName } from './event.ts';

/**
 * Returns the event for a CSI sequence: `ESC [`, parameters and intermediates, a final byte. Null if nobody did anything.
 */
export function csiEvent(parameters: string, final: string): InputEvent | null {
  if (parameters === '' && (final === 'I' || final === 'O')) return { type: 'focus', has: final === 'I' };
  if (!/^[\d:;]*$/u.test(parameters)) return null; // private parameters and intermediates: replies, mouse reports
  const [first = '', second = '', third = ''] = parameters.split(';');
  if (isRelease(second)) return null;
  if (final === 'u') return characterEvent(readChord(first, second, third));
  if (final === '~' && first === '27' && third !== '') return otherKey(second, third);
  if (final === '~' && FUNCTION[first]) return keyEvent(second === '' ? FUNCTION[first] : undefined);
  if ('~^@$'.includes(final)) return keyEvent(NUMBERED[first]);
  return keyEvent(LETTERED[final]);
}

/**
 * Returns the event for an SS3 sequence: `ESC O`, sometimes a modifier, and a letter. Keypads send their characters this way.
 */
export function ss3Event(parameters: string, final: string): InputEvent | null {
  const named = LETTERED[final] ?? (parameters === '' ? KEYPAD[final] : undefined);
  return keyEvent(named);
}

/** Reads xterm's modifyOtherKeys, which reports the character as typed, with Shift applied. */
function otherKey(modifiers: string, code: string): InputEvent | null {
  const chord: Chord = readChord(code, modifiers, '');
  return characterEvent({ ...chord, isShiftApplied: true });
}

function keyEvent(key: KeyName | undefined): InputEvent | null {
  return key === undefined ? null : { type: 'key', key };
}

/** The final letters of cursor keys; rxvt uses small ones with Ctrl or Shift. Modifiers do not change the key here. */
const LETTERED: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  a: 'up',
  b: 'down',
  c: 'right',
  d: 'left',
  H: 'home',
  F: 'end',
};

const NUMBERED: Readonly<Record<string, KeyName>> = {
  1: 'home',
  3: 'backspace',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};

/** F1 to F12 in xterm's numbering, which has gaps. With modifiers, they are other keys. */
const FUNCTION: Readonly<Record<string, KeyName>> = Object.fromEntries(
  [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((number, index) => [number, `f${index + 1}`]),
);

const KEYPAD: Readonly<Record<string, KeyName>> = {
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  M: 'enter',
  I: 'tab',
  X: '=',
  ...Object.fromEntries(
    [...'*+,-./0123456789'].map((sign, index) => [String.fromCodePoint(0x6a + index), sign]),
  ),
};
