import type { Found, LineReader, OutputLine, Tool } from './found.ts';
import type { Way } from './tally.ts';
import { git } from './tool/git.ts';
import { namedSteps } from './tool/named-steps.ts';

/** The readers of all tools that are known, each with what its tool has said so far. */
export interface ToolReaders {
  /** Whether anybody may find something in the text: of one line, or of many. */
  isOfInterest(text: string): boolean;
  /** Asks the readers in turn; only the ones for machines' output where `isForMachines`. */
  read(line: OutputLine, isForMachines: boolean): readonly [Found, Way] | null;
}

const TOOLS: readonly Tool[] = [git, namedSteps];

/** What figures that any tool may print have in them. */
const FIGURES = /[%％٪]|\d\s?[/]\s?\d|\d [a-zа-я]{2,3} (?:of )?\d|[kKMGTB]i?B?\s?\/\s?\d/u;
const OF_INTEREST = new RegExp(
  [FIGURES, ...TOOLS.map(({ hint }) => hint)].map(({ source }) => source).join('|'),
  'mu',
);

export function createToolReaders(): ToolReaders {
  const readers = TOOLS.map((tool): { way: Way; read: LineReader } => ({
    way: tool.isForMachines ? 'stream' : 'text',
    read: tool.createReader(),
  }));
  return {
    isOfInterest: (text) => OF_INTEREST.test(text),
    read(line, isForMachines) {
      for (const { way, read } of readers) {
        const found = isForMachines && way === 'text' ? null : read(line);
        if (found) return [found, way];
      }
      return null;
    },
  };
}
