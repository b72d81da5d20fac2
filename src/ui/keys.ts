import type { Key } from 'ink';

/** One key as the actions name it: `up`, `pageup`, `enter`, `ctrl-c`, or the character itself. */
export type KeyName = string;

/** What one event of the terminal means in keys: fast typing and pastes come as several characters at once. */
export function keyNames(input: string, key: Key): KeyName[] {
  if (key.eventType === 'release') return [];
  const special = specialKey(key);
  if (special) return [special];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input.toLowerCase()}`];
  if (key.meta) return [];
  return [...input].map((character) => WORDS[character] ?? character).filter(isTyped);
}

const WORDS: Record<string, KeyName> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
};

function specialKey(key: Key): KeyName | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.backspace || key.delete) return 'backspace';
  return null;
}

/** Words are keys with a name; single characters count unless they are control characters. */
function isTyped(name: KeyName): boolean {
  return name.length > 2 || !/\p{Cc}/u.test(name);
}
