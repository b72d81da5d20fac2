/** So much of a paste is kept; what follows is dropped. */
const LONGEST_PASTE = 64 * 1024;
const ENDS = ['\u001b[201~', '\u009b201~'];
const LONGEST_END = 6;

/** The text of a marked paste as it comes, character by character. */
export interface MarkedPaste {
  /** Whether the paste ends with this character. */
  add(character: string): boolean;
  /** The text so far, without its end mark; the next paste begins empty. */
  take(): string;
}

export function createMarkedPaste(): MarkedPaste {
  let text = '';
  /** The last characters, among which the end mark is looked for: they count even where `text` is full. */
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
