const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';
const LEAVE_ALTERNATE_SCREEN = '\u001b[?1049l';
/** Marks around pastes; and no autowrap, so that a text that measures wrong stays in its row. */
const MODES_ON = '\u001b[?2004h\u001b[?7l';
const MODES_OFF = '\u001b[?7h\u001b[?2004l';
/** Some terminals keep it with the cursor, and would bring back what held when the screen was entered. */
const AUTOWRAP_ON = '\u001b[?7h';
/** Moves to the beginning of the next line (CNL), by which Ink passes over rows that stay as they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const NEXT_LINES = /(?:\u001b\[E)+/gu;
const NEXT_LINE_LENGTH = '\u001b[E'.length;

/**
 * Wraps standard output for Ink. The terminal modes that the view needs come and go with the alternate screen, which
 * Ink enters and leaves on every way out and around every stop. CNL is replaced by moves that every terminal knows:
 * mosh and some older terminals ignore it, and would draw each row over the one before.
 */
export function withViewModes(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: unknown, ...rest: unknown[]) =>
    (stdout.write as (...all: unknown[]) => boolean)(
      ...[typeof chunk === 'string' ? withKnownMoves(addModes(chunk)) : chunk, ...rest],
    );
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function addModes(text: string): string {
  return text
    .replaceAll(ENTER_ALTERNATE_SCREEN, ENTER_ALTERNATE_SCREEN + MODES_ON)
    .replaceAll(LEAVE_ALTERNATE_SCREEN, MODES_OFF + LEAVE_ALTERNATE_SCREEN + AUTOWRAP_ON);
}

function withKnownMoves(text: string): string {
  return text.replace(NEXT_LINES, (run) => `\r\u001b[${run.length / NEXT_LINE_LENGTH}B`);
}
