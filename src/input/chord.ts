import type { InputEvent, KeyName } from './event.ts';

/** A key with its modifiers, as kitty's keyboard protocol and xterm's modifyOtherKeys report it. */
export interface Chord {
  /** The key's code point without Shift (kitty), or the character itself. */
  readonly code: number;
  /** The code point with Shift, and that of the same key on a US keyboard; 0 if not reported. */
  readonly shifted: number;
  readonly base: number;
  readonly modifiers: number;
  /** The text that it types; empty if not reported. */
  readonly text: string;
  /** Whether Shift is already applied to `code`. */
  readonly isShiftApplied: boolean;
}

const SHIFT = 1;
const CTRL = 4;
const CAPS_LOCK = 64;
/** Alt, Super, Hyper and Meta: a key with one of these is a command for another program. */
const FOREIGN = 2 | 8 | 16 | 32;
/** kitty's number for a key release. */
const RELEASE = '3';

/** Tells whether a field `modifiers:event` reports a key release. */
export function isRelease(field: string): boolean {
  return field.split(':')[1] === RELEASE;
}

/** Reads the fields `code:shifted:base`, `modifiers:event` and `text:text…`, each of which may be empty. */
export function readChord(codes: string, modifiers: string, text: string): Chord {
  const [code = 0, shifted = 0, base = 0] = codes.split(':').map(Number);
  const typed = text.split(':').filter(Boolean).map(Number).filter(isCharacter);
  return {
    code,
    shifted,
    base,
    modifiers: Math.max(0, Number.parseInt(modifiers, 10) - 1) || 0,
    text: String.fromCodePoint(...typed),
    isShiftApplied: false,
  };
}

/** Returns the event for a chord; null for keys that have no meaning here, and for characters that are not certain. */
export function characterEvent(chord: Chord): InputEvent | null {
  const { code, modifiers, text } = chord;
  if ((modifiers & FOREIGN) !== 0) return null;
  if ((modifiers & CTRL) !== 0) return controlEvent(chord);
  const named = FUNCTIONAL[code];
  if (named !== undefined) return { type: 'key', key: named };
  if (text !== '')
    return [...text].length === 1 ? { type: 'key', key: text } : { type: 'typed', text, continues: false };
  const character = characterOf(chord);
  return character === null ? null : { type: 'key', key: character };
}

/** Returns the event for Ctrl with a letter; if the layout has no Latin letter there, by the key's place on a US keyboard. */
function controlEvent({ code, base, modifiers }: Chord): InputEvent | null {
  if ((modifiers & SHIFT) !== 0) return null;
  const letter = String.fromCodePoint(isCharacter(code) ? code : 0).toLowerCase();
  if (/^[a-z]$/u.test(letter)) return { type: 'key', key: `ctrl-${letter}` };
  const onUsKeyboard = String.fromCodePoint(isCharacter(base) ? base : 0).toLowerCase();
  return /^[a-z]$/u.test(onUsKeyboard) ? { type: 'key', key: `ctrl-${onUsKeyboard}` } : null;
}

/** Returns the character that is typed. Except for letters, only the terminal knows what Shift turns it into. */
function characterOf({ code, shifted, modifiers, isShiftApplied }: Chord): string | null {
  if (!isCharacter(code)) return null;
  const character = String.fromCodePoint(code);
  if (isShiftApplied) return character;
  const hasShift = (modifiers & SHIFT) !== 0;
  const isLetter = character.toLowerCase() !== character.toUpperCase();
  if (isLetter) {
    const isUpper = hasShift !== ((modifiers & CAPS_LOCK) !== 0);
    const typed = isUpper ? character.toUpperCase() : character;
    return [...typed].length === 1 ? typed : null;
  }
  if (!hasShift) return character;
  return isCharacter(shifted) ? String.fromCodePoint(shifted) : null;
}

/** Tells whether a code point is printable, and not one of kitty's private numbers for keys without a character. */
function isCharacter(code: number): boolean {
  const isPrivate = code >= 0xe000 && code <= 0xf8ff;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return (
    Number.isInteger(code) &&
    code >= 0x20 &&
    code <= 0x10ffff &&
    !isPrivate &&
    !isSurrogate &&
    !isControl(code)
  );
}

function isControl(code: number): boolean {
  return code >= 0x7f && code <= 0x9f;
}

const KEYPAD_DIGIT_0 = 57_399;
const KEYPAD_SIGNS = 57_409;
const KEYPAD_CURSOR = 57_417;

const FUNCTIONAL: Readonly<Record<number, KeyName>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'esc',
  127: 'backspace',
  57414: 'enter', // the keypad's
  57426: 'backspace',
  ...numbered(KEYPAD_DIGIT_0, [...'0123456789']),
  ...numbered(KEYPAD_SIGNS, [...'./*-+']),
  57415: '=',
  57416: ',',
  ...numbered(KEYPAD_CURSOR, ['left', 'right', 'up', 'down', 'pageup', 'pagedown', 'home', 'end']),
};

function numbered(from: number, keys: readonly KeyName[]): Record<number, KeyName> {
  return Object.fromEntries(keys.map((key, index) => [from + index, key]));
}
