/** One key as the actions name it: `up`, `pageup`, `enter`, `ctrl-c`, or the character itself. */
export type KeyName = string;

/** What somebody did at the terminal. Replies of the terminal itself and mouse reports are no events. */
export type InputEvent =
  | { readonly type: 'key'; readonly key: KeyName }
  /**
   * Several characters that came at once without a mark: a paste, fast typing on a slow line, or a key held down. It may
   * hold line ends, tabs and the bytes of editing keys; `keyOfCharacter` names each. With `continues`, it came right after
   * such text: even a single character is more likely the rest of it than a key.
   */
  | { readonly type: 'typed'; readonly text: string; readonly continues: boolean }
  /** A paste that the terminal marked as one: any text at all. */
  | { readonly type: 'paste'; readonly text: string }
  /** The terminal's window got the focus, or lost it. */
  | { readonly type: 'focus'; readonly has: boolean };

const NAMED: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl-space',
};

/** The key of a character: a printable one is its own name, Ctrl with a letter is `ctrl-` and that letter. */
export function keyOfCharacter(character: string): KeyName {
  const code = character.codePointAt(0) ?? 0;
  return (
    NAMED[character] ?? (code < 0x20 ? `ctrl-${String.fromCodePoint(code + 0x40).toLowerCase()}` : character)
  );
}

/** Whether the text is one printable character over and over, as a key that is held down sends it. */
export function isHeldKey(text: string): boolean {
  const characters = [...text];
  return characters.length > 1 && isPrintable(text) && characters.every((each) => each === characters[0]);
}

/** Whether a character shows something (or is a blank): C0 and DEL do not. */
export function isPrintable(character: string): boolean {
  return character >= ' ' && character !== '\u007f';
}
