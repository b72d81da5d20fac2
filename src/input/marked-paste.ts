/** How much of a paste is kept; the rest is dropped. */
const LONGEST_PASTE = 64 * 1024;
const ENDS = ['\u001b[201~', '\u009b201~'];
const LONGEST_END = 6;

/** The text of a marked paste, which arrives character by character. */
export interface MarkedPaste {
  /** Adds a character; tells whether it ends the paste. */
  add(character: string): boolean;
  /** Returns the text so far without its end mark, and clears it for the next paste. */
  take(): string;
}

export function createMarkedPaste(): MarkedPaste {
  let text = '';
  /** The last characters, which may be the end mark. They are kept even when `text` is full. */
  let last = '';

  return {
    add(character) {
      last += character;
      if (last.length > LONGEST_END) {
        if (text.length < LONGEST_PASTE) text += last.slice(0, -LONGEST_END);
        last = last.slice(-LONGEST_END);
      }
      return character === '~' && ENDS.some((end) => last.endsWith(end));
    },
    take() {
      const end = ENDS.find((each) => last.endsWith(each)) ?? '';
      const taken = text + last.slice(0, last.length - end.length);
      text = '';
      last = '';
      return taken;
    },
  };
}
