import { createBarsReader } from './bars.ts';
import type { FindInLines } from './cautious-find.ts';
import { createChecklistReader } from './checklist.ts';
import { createEscapeParser } from './escape-parser.ts';
import { type Found, NOTHING, type OutputLine } from './found.ts';
import { passPlainLines } from './plain-lines.ts';
import { createScreen } from './screen.ts';
import type { Way } from './tally.ts';
import { readText } from './text/read-text.ts';
import type { ToolReaders } from './tools.ts';

/** Reads one output of a command, as text. */
export interface StreamReader {
  read(text: string): void;
  /** What comes next does not continue what was read; only these sequences from the gap still apply. */
  resume(sequences: string): void;
  settle(): void;
}

export interface StreamReaderOptions {
  /** The readers of single tools, which all outputs share. */
  readonly tools: ToolReaders;
  /** Searches with the user's own pattern; null if there is none. */
  readonly find: FindInLines | null;
  readonly rows?: number | undefined;
  tell(found: Found, way: Way): void;
  osc(payload: string, end: string): void;
  /** The terminal was reset. */
  reset(): void;
}

/** Full-screen programs draw here, and their figures are not progress. */
const ALTERNATE_SCREEN = /^\?(?:1049|1047|47)$/u;
/** Only the newest line that fits the user's pattern counts, so no more lines are kept for it. */
const LINES_FOR_PATTERN = 100;
/** How many lines with a figure are read from one large piece, the newest. */
const FIGURES_READ = 20;
/** No reader can make anything of a line without a figure. */
const NOTHING_KNOWN = [NOTHING, 'text'] as const;

export function createStreamReader(options: StreamReaderOptions): StreamReader {
  const { tools, find, tell } = options;
  const readBars = createBarsReader();
  const readChecklist = createChecklistReader();
  let isFullScreen = false;
  let hasBars = false;
  let isUnderstood = options.find !== null;
  const pattern = createPatternSearch(find, tell);

  const screen = createScreen({ line, frame }, options.rows);
  const createParser = () =>
    createEscapeParser({
      text: (run) => isFullScreen || screen.text(run),
      control: (code) => isFullScreen || screen.control(code),
      csi(params, final) {
        if ('hl'.includes(final) && ALTERNATE_SCREEN.test(params)) isFullScreen = final === 'h';
        else if (!isFullScreen) screen.csi(params, final);
      },
      escape(final) {
        if (final === 'c') {
          isFullScreen = false;
          options.reset();
        }
        if (!isFullScreen) screen.escape(final);
      },
      osc: options.osc,
    });
  let parser = createParser();

  const plain = {
    screen,
    line,
    isOfInterest: (text: string) => find !== null || tools.isOfInterest(text),
    isKnown: tools.isKnown,
    isUnderstood: () => isUnderstood,
    mostFigures: find ? LINES_FOR_PATTERN : FIGURES_READ,
  };

  function line(read: OutputLine): void {
    const found = readKnown(read);
    if (found) tell(...found);
    else if (!find) tellText(readText(read));
  }

  /** Reads a group of rows: a tool's own line, unless it numbers the steps of a task in a list; else all bars together. */
  function frame(lines: readonly OutputLine[]): void {
    const unknown: OutputLine[] = [];
    let known: readonly [Found, Way] | null = null;
    for (const read of lines) {
      const found = readKnown(read);
      if (found === null) unknown.push(read);
      else if (found[0].kind === 'moving') tell(...found);
      else if (found[0].kind !== 'nothing') known = found;
    }
    const list = known === null || known[0].kind === 'step' ? readChecklist(lines) : null;
    if (known && (find || !list)) tell(...known);
    else if (!find) tellBars(list ?? readBars(unknown));
  }

  /** Reports the bars. Until rows are seen to be a group, each is taken for a bar of its own. */
  function tellBars(found: Found | null): void {
    if (!found) return;
    if (!hasBars) tellText({ kind: 'anew' });
    hasBars = true;
    tellText(found);
  }

  /** Returns what a tool's reader makes of a line; null if none of them knows it. */
  function readKnown(read: OutputLine): readonly [Found, Way] | null {
    pattern.add(read.text);
    if (!tools.isOfInterest(read.text)) return NOTHING_KNOWN;
    const found = tools.read(read, find !== null);
    isUnderstood ||= found !== null;
    return found;
  }

  function tellText(found: Found | null): void {
    if (!found) return;
    isUnderstood = true;
    tell(found, 'text');
  }

  return {
    read(text) {
      const isPlain = parser.isBetweenSequences && !isFullScreen;
      const rest = isPlain ? passPlainLines(text, { ...plain, push: parser.push }) : text;
      parser.push(rest);
      pattern.tell();
    },
    resume(sequences) {
      parser = createParser();
      parser.push(sequences);
      screen.clear();
    },
    settle() {
      screen.settle();
      pattern.tell();
    },
  };
}

/** Keeps the lines that have arrived, and searches all of them with the user's pattern at once. */
function createPatternSearch(find: FindInLines | null, tell: StreamReaderOptions['tell']) {
  let lines: string[] = [];
  return {
    add(line: string): void {
      if (!find) return;
      lines.push(line);
      if (lines.length > 2 * LINES_FOR_PATTERN) lines = lines.slice(-LINES_FOR_PATTERN);
    },
    tell(): void {
      const found = find?.(lines.slice(-LINES_FOR_PATTERN));
      lines = [];
      if (found) tell(found, 'pattern');
    },
  };
}
