import { createHash } from 'node:crypto';
import { sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { nameOfExec } from '../sources/exec/place.ts';
import type { PlacedOptions } from '../sources/kit/program-options.ts';
import type { Source } from '../sources/kit/source.ts';
import type { SessionContext } from './context.ts';
import type { Selection } from './selection.ts';

/** A program whose tasks are read from its own files, or by asking it. */
export interface ProgramSpec {
  readonly kind: 'program';
  /** Names the program: `claude`. */
  readonly scheme: string;
  /** What follows the colon, as the user gave it; '' for the program's usual place. */
  readonly place: string;
}

/** Opens a program's tasks as a source; returns a problem if `place` is not valid. */
type OpenProgram = (options: PlacedOptions) => Promise<Source | Problem>;

export type OpenedPrograms =
  | { readonly kind: 'opened'; readonly sources: readonly Source[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The programs whose tasks can be named by a scheme (`claude:`), each loaded when it is first needed. */
const PROGRAMS: Readonly<Record<string, OpenProgram>> = {
  claude: async (options) => (await import('../agents/claude/open.ts')).openClaude(options),
  gemini: async (options) => (await import('../sources/gemini/source.ts')).createGeminiSource(options),
  opencode: async (options) => (await import('../sources/opencode/source.ts')).createOpencodeSource(options),
  codex: async (options) => (await import('../sources/codex/open.ts')).openCodex(options),
  gh: async (options) => (await import('../sources/github/source.ts')).openGithub(options),
  systemd: async (options) => (await import('../sources/systemd/source.ts')).openSystemd(options),
  slurm: (options) =>
    onlyWhole(options, async () => (await import('../sources/slurm/source.ts')).createSlurmSource(options)),
  pueue: async (options) => (await import('../sources/pueue/source.ts')).createPueueSource(options),
  exec: async (options) => (await import('../sources/exec/open.ts')).openExec(options),
  ssh: async (options) => (await import('../sources/attach/open-ssh.ts')).openSsh(options),
  execd: async (options) => (await import('../sources/exec/open.ts')).openExecd(options),
};

/** Opens a program that has only one place. */
async function onlyWhole(
  { id, place }: PlacedOptions,
  open: () => Promise<Source>,
): Promise<Source | Problem> {
  if (place === '') return open();
  const scheme = words`${plainName(id.split(':', 1)[0] ?? '')}:`;
  return problem('malformed', 'down', words`${id}: nothing may follow ${scheme}`, words`name it ${scheme}`);
}

/** The schemes whose place says what to run, here or on another host. */
const RUN_THEIR_PLACE: ReadonlySet<string> = new Set(['exec', 'execd', 'ssh']);

/** The schemes that name a program, as they are written: `claude:`. */
export const PROGRAM_SCHEMES: readonly PlainText[] = Object.keys(PROGRAMS)
  .filter((scheme) => !RUN_THEIR_PLACE.has(scheme))
  .map((scheme) => words`${plainName(scheme)}:`);

export function isProgramScheme(scheme: string): boolean {
  return Object.hasOwn(PROGRAMS, scheme);
}

/**
 * Returns why a program may not be started; null if it may. What a source runs is the user's own choice, made on the command
 * line or in the user's own configuration. A file that came with somebody's project must not make it.
 */
export function whyNotStarted(
  text: string,
  { scheme }: ProgramSpec,
  { named, isConfigForeign }: Selection,
): Problem | null {
  if (!RUN_THEIR_PLACE.has(scheme) || named.includes(text) || !isConfigForeign) return null;
  return problem(
    'not-allowed',
    'down',
    words`${plainName(scheme)}: not allowed in a file given with --config`,
    'name it on the command line, or in your own configuration: taskglass config',
  );
}

/** Opens the programs that are named, each once. */
export async function openPrograms(
  specs: readonly ProgramSpec[],
  { clock, env, cwd }: Pick<SessionContext, 'clock' | 'env' | 'cwd'>,
): Promise<OpenedPrograms> {
  const sources: Source[] = [];
  for (const [name, { scheme, place }] of namePrograms(specs)) {
    const opened = await PROGRAMS[scheme]?.({ id: sourceId(name), place, clock, env, cwd });
    if (opened && 'severity' in opened) return { kind: 'refused', problem: opened };
    if (opened) sources.push(opened);
  }
  return { kind: 'opened', sources };
}

/** Names each program once; if two commands have the same name, a hash of the command is added. */
function namePrograms(specs: readonly ProgramSpec[]): Map<PlainText, ProgramSpec> {
  const distinct = [...new Map(specs.map((spec) => [`${spec.scheme}:${spec.place}`, spec])).values()];
  const names = distinct.map(nameOf);
  return new Map(
    distinct.map((spec, index) => {
      const name = names[index] ?? nameOf(spec);
      const isAlone = names.filter((other) => other === name).length === 1;
      return [isAlone ? name : words`${name}#${markOf(spec.place)}`, spec];
    }),
  );
}

/** Returns a program's name, followed by its place if it has one. */
function nameOf({ scheme, place }: ProgramSpec): PlainText {
  if (scheme === 'exec' || scheme === 'execd') return nameOfExec(scheme, place);
  return plainName(place === '' ? scheme : `${scheme}:${place}`);
}

function markOf(text: string): PlainText {
  return plainName(createHash('sha256').update(text).digest('hex').slice(0, 6));
}
