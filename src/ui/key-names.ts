import { isPrintable, type KeyName } from '../input/event.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { widthOf } from '../present/fit.ts';

/** A key as somebody has written it; or why it cannot be bound, as the end of a sentence about it. */
export type ReadKey = { readonly key: KeyName } | { readonly wrong: PlainText };

const FUNCTION_KEYS = Array.from({ length: 12 }, (_, index) => `f${index + 1}`);

/** The keys that have names, and how these are written for people. */
const NAMED: ReadonlyMap<KeyName, PlainText> = new Map([
  ['enter', words`enter`],
  ['esc', words`esc`],
  ['tab', words`tab`],
  [' ', words`space`],
  ['backspace', words`backspace`],
  ['up', words`↑`],
  ['down', words`↓`],
  ['left', words`←`],
  ['right', words`→`],
  ['home', words`Home`],
  ['end', words`End`],
  ['pageup', words`PgUp`],
  ['pagedown', words`PgDn`],
  ...FUNCTION_KEYS.map((key): [KeyName, PlainText] => [key, plainName(key.toUpperCase())]),
]);

const ALIASES: Readonly<Record<string, KeyName>> = {
  return: 'enter',
  escape: 'esc',
  space: ' ',
  pgup: 'pageup',
  pgdn: 'pagedown',
  pgdown: 'pagedown',
};

/** Terminals send the same for ctrl with these as for another key. */
const SAME_AS: Readonly<Record<string, PlainText>> = {
  h: words`backspace`,
  i: words`tab`,
  j: words`enter`,
  m: words`enter`,
  '[': words`esc`,
};

/** Reads `x`, `D`, `ctrl+x`, `enter`, `f5`: any key that terminals send so that it can be told apart from others. */
export function readKey(written: string): ReadKey {
  if ([...written].length === 1) return readCharacter(written);
  const text = written.trim().toLowerCase();
  const named = ALIASES[text] ?? text;
  if (NAMED.has(named)) return { key: named };
  const control = /^(?:(?:ctrl|control|c)[-+]|\^)(.+)$/u.exec(text)?.[1];
  if (control !== undefined) return readControl(control);
  if (/^(?:alt|meta|option|super|cmd)[-+]/u.test(text))
    return {
      wrong: words`cannot be told apart from esc and the next key: use a letter, ctrl+letter or f1 to f12`,
    };
  const shifted = /^shift[-+](.+)$/u.exec(text)?.[1];
  if (shifted !== undefined) return readShifted(shifted);
  return {
    wrong: words`is not a key: write a character, ctrl+x, enter, esc, tab, space, up, pgdn, home or f5`,
  };
}

function readCharacter(character: string): ReadKey {
  const isShown = isPrintable(character) && widthOf(plainName(`x${character}`)) > 1;
  return character === ' ' || (isShown && plainName(character) === character)
    ? { key: character }
    : { wrong: words`is not a character that can be typed on its own` };
}

function readControl(key: string): ReadKey {
  if (key === 'c') return { wrong: words`always quits` };
  if (key === 'z') return { wrong: words`always suspends` };
  const same = Object.hasOwn(SAME_AS, key) ? SAME_AS[key] : undefined;
  if (same) return { wrong: words`is what terminals send for ${same}: write ${same}` };
  if (key === 'space') return { key: 'ctrl-space' };
  return /^[a-z\\\]^_]$/u.test(key)
    ? { key: `ctrl-${key}` }
    : { wrong: words`is not reported by every terminal: use ctrl with a letter` };
}

function readShifted(key: string): ReadKey {
  if (/^\p{Ll}$/u.test(key)) return readCharacter(key.toUpperCase());
  return { wrong: words`is not reported by every terminal: write the character that it types` };
}

/** Returns a key as it is written for people. */
export function keyLabel(key: KeyName): PlainText {
  const control = /^ctrl-(.+)$/u.exec(key)?.[1];
  if (control !== undefined)
    return words`Ctrl-${plainName(control === 'space' ? control : control.toUpperCase())}`;
  return NAMED.get(key) ?? plainName(key);
}
