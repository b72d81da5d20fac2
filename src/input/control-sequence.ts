import { type Chord, characterEvent, isRelease, readChord } from './chord.ts';
import type { InputEvent, KeyName } from './event.ts';

/** What a CSI sequence says: `ESC [`, its parameters and intermediates, its final byte. null: nothing that was pressed. */
export function csiEvent(parameters: string, final: string): InputEvent | null {
  if (parameters === '' && (final === 'I' || final === 'O')) return { type: 'focus', has: final === 'I' };
  if (!/^[\d:;]*$/u.test(parameters)) return null; // private parameters and intermediates: replies, mouse reports
  const [first = '', second = '', third = ''] = parameters.split(';');
  if (isRelease(second)) return null;
  if (final === 'u') return characterEvent(readChord(first, second, third));
  if (final === '~' && first === '27' && third !== '') return otherKey(second, third);
  if ('~^@$'.includes(final)) return keyEvent(NUMBERED[first]);
  return keyEvent(LETTERED[final]);
}

/** What an SS3 sequence says: `ESC O`, at times a modifier, and a letter. Keypads send their characters so. */
export function ss3Event(parameters: string, final: string): InputEvent | null {
  const named = LETTERED[final] ?? (parameters === '' ? KEYPAD[final] : undefined);
  return keyEvent(named);
}

/** xterm's modifyOtherKeys: the character is given as it is typed, Shift included. */
function otherKey(modifiers: string, code: string): InputEvent | null {
  const chord: Chord = readChord(code, modifiers, '');
  return characterEvent({ ...chord, isShiftApplied: true });
}

function keyEvent(key: KeyName | undefined): InputEvent | null {
  return key === undefined ? null : { type: 'key', key };
}

/** Cursor keys end with these letters, with Ctrl or Shift on rxvt with the small ones. Modifiers do not change them. */
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

const KEYPAD: Readonly<Record<string, KeyName>> = {
  M: 'enter',
  I: 'tab',
  X: '=',
  ...Object.fromEntries(
    [...'*+,-./0123456789'].map((sign, index) => [String.fromCodePoint(0x6a + index), sign]),
  ),
};
