import { readJson } from '../model/json.ts';

/** The issues in a file with one on each line, and what is wrong with some lines. */
export interface IssueLines {
  readonly issues: readonly unknown[];
  /** The numbers of the lines that are not JSON. */
  readonly broken: readonly number[];
  /** Whether the last line is incomplete, because somebody is writing, or the file was cut. */
  readonly isCut: boolean;
}

/** Creates a reader of such files. For a line that did not change, it returns the same object as before. */
export function createLineReader(): (text: string) => IssueLines {
  let known = new Map<string, unknown>();

  return (text) => {
    const read = new Map<string, unknown>();
    const issues: unknown[] = [];
    const broken: number[] = [];
    const lines = text.replace(/^\uFEFF/u, '').split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const value = known.has(line) ? known.get(line) : readJson(line);
      if (value === undefined) broken.push(index + 1);
      else issues.push(value);
      read.set(line, value);
    }
    known = read;
    return { issues, broken, isCut: broken.at(-1) === lines.length };
  };
}
