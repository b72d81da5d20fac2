/** A final remark that is not longer is kept on one line: `(default: 5)`. */
const LONGEST_WHOLE = 28;
const REMARK = new RegExp(`\\([^()]{1,${LONGEST_WHOLE}}\\)$`, 'u');
const NO_BREAK = '\u00a0';
/** A last line that is shorter than this share of the width looks forgotten. */
const SHORT = 1 / 3;

/**
 * Returns text in as few lines as possible, broken between words. If the last line would be very short, words of the earlier
 * lines are moved to it. A word that is longer than `width` has a line of its own.
 */
export function wrapped(text: string, width: number): string[] {
  const keepWhole = (part: string) => (part.length <= width ? part.replaceAll(' ', NO_BREAK) : part);
  const whole = text.replace(REMARK, keepWhole).replace(/\(default: \S+/u, keepWhole);
  const lines = filled(whole.split(' '), width);
  const last = lines.at(-1) ?? '';
  const isShort = lines.length > 1 && last.length < width * SHORT;
  const even = isShort ? evenly(whole.split(' '), lines.length, width) : lines;
  return even.map((line) => line.replaceAll(NO_BREAK, ' '));
}

/** Returns the words in the narrowest lines of which there are at most `count`. */
function evenly(words: readonly string[], count: number, width: number): string[] {
  for (let narrow = Math.ceil(words.join(' ').length / count); narrow < width; narrow += 1) {
    const lines = filled(words, narrow);
    if (lines.length <= count && lines.every((line) => line.length <= width)) return lines;
  }
  return filled(words, width);
}

function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const before = lines.at(-1);
    if (before === undefined || before.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${before} ${word}`;
  }
  return lines;
}
