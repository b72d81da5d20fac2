/** One key as the actions name it: `up`, `pageup`, `enter`, `f5`, `ctrl-c`, or the character itself. */
export type KeyName = string;

/** What somebody did at the terminal. Replies of the terminal itself and mouse reports are not events. */
export type InputEvent =
  | { readonly type: 'key'; readonly key: KeyName }
  /**
   * Several characters that arrived at once, unmarked: a paste, fast typing on a slow line, or a key that is held down. They
   * may include line ends, tabs and the bytes of editing keys; `keyOfCharacter` names each. With `continues`, they arrived
   * right after such text, so that even a single character is more likely the rest of it than a key.
   */
  | { readonly type: 'typed'; readonly text: string; readonly continues: boolean }
  /** A paste that the terminal marked as one; its text may contain anything. */
  | { readonly type: 'paste'; readonly text: string }
  /** The terminal's window gained or lost the focus. */
  | { readonly type: 'focus'; readonly has: boolean };

const NAMED: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl-space',
};

/** Returns the key that sends a character: a printable one is its own name; a control character is `ctrl-` and a letter. */
export function keyOfCharacter(character: string): KeyName {
  const code = character.codePointAt(0) ?? 0;
  return (
    NAMED[character] ?? (code < 0x20 ? `ctrl-${String.fromCodePoint(code + 0x40).toLowerCase()}` : character)
  );
}

/** Tells whether a text repeats one printable character, as a key that is held down does. */
export function isHeldKey(text: string): boolean {
  const characters = [...text];
  return characters.length > 1 && isPrintable(text) && characters.every((each) => each === characters[0]);
}

/** Tells whether a character is neither in C0 nor DEL. */
export function isPrintable(character: string): boolean {
  return character >= ' ' && character !== '\u007f';
}
