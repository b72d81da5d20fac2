/** Progress found in a line of a command's output. */
export type FoundProgress =
  /** How far the whole (or the present step) is, 0–100. */
  | { readonly kind: 'percent'; readonly percent: number }
  /** `done` of `total` things are done. */
  | { readonly kind: 'count'; readonly done: number; readonly total: number }
  /** The `number`th of `total` steps begins; `name` is what the line calls it. */
  | { readonly kind: 'step'; readonly number: number; readonly total: number; readonly name: string };

/** Looks for progress in one line of output, without escape sequences. */
export type FindProgress = (line: string) => FoundProgress | null;

interface Pattern {
  /** The tools known to print it. */
  readonly of: string;
  readonly regex: RegExp;
  readonly read: (groups: Record<string, string>) => FoundProgress | null;
}

/** The first that fits wins: named steps before counts before percentages, which also stand in ordinary prose. */
const PATTERNS: readonly Pattern[] = [
  {
    of: 'docker build, Maven, our own: "Step 3/9 : RUN make"',
    regex: /\bstep\s+(?<n>\d+)\s*(?:\/|of)\s*(?<m>\d+)\b[\s:.)\]-]*(?<name>.*)$/iu,
    read: readStep,
  },
  {
    of: 'docker buildkit: "#12 [build 3/9] RUN make"',
    regex: /^#\d+\s+\[(?:[\w.-]+\s+)?(?<n>\d+)\/(?<m>\d+)\]\s*(?<name>.*)$/u,
    read: readStep,
  },
  {
    of: 'ninja, many others: "[12/340] Building x.o", cargo and tsc: "Building [==> ] 12/340: serde"',
    regex: /(?:\[\s*(?<n>\d+)\s*\/\s*(?<m>\d+)\s*\]|\]\s*(?<n2>\d+)\/(?<m2>\d+)\b)/u,
    read: (groups) => readCount(groups.n ?? groups.n2, groups.m ?? groups.m2),
  },
  {
    of: '"12 of 340 files"',
    regex: /(?<![\d.])(?<n>\d+)\s+of\s+(?<m>\d+)(?![\d.])/iu,
    read: (groups) => readCount(groups.n, groups.m),
  },
  {
    of: 'pytest, cmake, curl, rsync, wget, tar and pv with --checkpoint: "57%", "[ 57%]", "57.3 %"',
    regex: /(?<![\w.-])(?<p>\d{1,3}(?:\.\d+)?)\s?%(?!\w)/u,
    read: (groups) => readPercent(groups.p),
  },
];

/** Tries the usual tools' patterns in turn. A line with several fits (a bar redrawn) counts by its last piece. */
export const findProgress: FindProgress = (line) => {
  for (const pattern of PATTERNS) {
    const groups = pattern.regex.exec(line)?.groups;
    const found = groups ? pattern.read(groups as Record<string, string>) : null;
    if (found) return found;
  }
  return null;
};

/**
 * A finder for a pattern of the user's: its first group is a percentage, or, with a second one, `n` of `m`.
 *
 * @throws SyntaxError where it is no regular expression, RangeError where it has no group to read from
 */
export function createFindProgress(pattern: string): FindProgress {
  const regex = new RegExp(pattern, 'u');
  if (new RegExp(`${pattern}|`, 'u').exec('')?.length === 1) {
    throw new RangeError('it needs a group around the number, as in (\\d+)%');
  }
  return (line) => {
    const match = regex.exec(line);
    if (!match) return null;
    return match[2] === undefined ? readPercent(match[1]) : readCount(match[1], match[2]);
  };
}

function readPercent(text: string | undefined): FoundProgress | null {
  const percent = Number(text);
  return text !== undefined && percent >= 0 && percent <= 100 ? { kind: 'percent', percent } : null;
}

function readCount(n: string | undefined, m: string | undefined): FoundProgress | null {
  const [done, total] = [Number(n), Number(m)];
  return total > 0 && done >= 0 && done <= total ? { kind: 'count', done, total } : null;
}

function readStep({ n, m, name = '' }: Record<string, string>): FoundProgress | null {
  const [number, total] = [Number(n), Number(m)];
  return number >= 1 && number <= total ? { kind: 'step', number, total, name: name.trim() } : null;
}
