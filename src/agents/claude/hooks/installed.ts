import type { JsonPath } from '../../../io/cut-json.ts';
import { jsonObject } from '../../../model/json.ts';

/**
 * The hooks that start our program, with the first version of Claude Code that has each (according to its changelog). Hooks
 * that are called for each tool are left out: they would slow the agent down more than they tell.
 */
const EVENTS: Readonly<Record<string, string>> = {
  SessionStart: '1.0.62',
  UserPromptSubmit: '1.0.54',
  Notification: '1.0.0',
  PermissionRequest: '2.0.45',
  PermissionDenied: '2.1.89',
  SubagentStart: '2.0.43',
  SubagentStop: '1.0.41',
  TaskCreated: '2.1.84',
  TaskCompleted: '2.1.33',
  Stop: '1.0.0',
  StopFailure: '2.1.78',
  SessionEnd: '1.0.85',
};
/** Older versions ignore the whole settings file if it contains a hook that they do not know. */
const TOLERANT_SINCE = '2.1.101';

/** Returns the hooks that can be installed for a version of Claude Code; all if it is not known. */
export function hookEvents(version: string | null): string[] {
  const events = Object.keys(EVENTS);
  if (version === null || isAtLeast(version, TOLERANT_SINCE)) return events;
  return events.filter((event) => isAtLeast(version, EVENTS[event] ?? ''));
}

function isAtLeast(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) => text.split('.').map(Number));
  const at = [0, 1, 2].find((index) => have?.[index] !== need?.[index]);
  return at === undefined || Number(have?.[at]) > Number(need?.[at]);
}

/** What one of our hooks starts. */
export interface HookProgram {
  /** The Node that runs it, and its file, as absolute paths. */
  readonly node: string;
  readonly file: string;
  /** The version of taskglass that installed it. */
  readonly version: string;
  /** How long a request for permission may be held, in seconds; 0 for not at all. */
  readonly holdS: number;
}

/** One of our hooks in a settings file, and where it is. */
export interface InstalledHook {
  readonly event: string;
  readonly path: JsonPath;
  readonly entry: unknown;
  /** null for one that was changed by hand so that it cannot be read. */
  readonly program: HookProgram | null;
}

/** Added to the time for which a request is held. */
const TIMEOUT_S = 5;

/** Returns the settings for an event. Whatever happens to the program, the agent must not notice. */
export function hookEntry(event: string, { node, file, version, holdS }: HookProgram) {
  const isHeld = event === 'PermissionRequest' && holdS > 0;
  const words = [quoted(node), quoted(file), '--taskglass', version, ...(isHeld ? ['--hold', holdS] : [])];
  return {
    type: 'command',
    command: `${words.join(' ')} 2>/dev/null || true`,
    timeout: TIMEOUT_S + (isHeld ? holdS : 0),
  };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

const WORD = /'((?:[^']|'\\'')*)'/u.source;
const COMMAND = new RegExp(`^${WORD} ${WORD} --taskglass (\\S+)(?: --hold (\\d+))? `, 'u');
const OURS = /claude-hook\.js'? --taskglass /u;

function readCommand(command: string): HookProgram | null {
  const [, node, file, version, holdS] = COMMAND.exec(command) ?? [];
  if (node === undefined || file === undefined || version === undefined) return null;
  const unquoted = (word: string) => word.replaceAll("'\\''", "'");
  return { node: unquoted(node), file: unquoted(file), version, holdS: Number(holdS ?? 0) };
}

/** Returns our hooks in a settings document, in order; none if the document has another structure. */
export function installedHooks(document: unknown): InstalledHook[] {
  const hooks = jsonObject(jsonObject(document)?.hooks) ?? {};
  return Object.entries(hooks).flatMap(([event, groups]) =>
    listIn(groups).flatMap((group, at) =>
      listIn(jsonObject(group)?.hooks).flatMap((entry, index) => {
        const command = jsonObject(entry)?.command;
        if (typeof command !== 'string' || !OURS.test(command)) return [];
        const path: JsonPath = ['hooks', event, at, 'hooks', index];
        return { event, path, entry, program: readCommand(command) };
      }),
    ),
  );
}

function listIn(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

/** Tells whether exactly those hooks are installed that would be. */
export function areInstalled(
  installed: readonly InstalledHook[],
  events: readonly string[],
  program: HookProgram,
) {
  const wanted = events.map((event) => JSON.stringify([event, hookEntry(event, program)])).sort();
  const found = installed.map(({ event, entry }) => JSON.stringify([event, entry])).sort();
  return JSON.stringify(wanted) === JSON.stringify(found);
}

/** Why hooks cannot be added to a settings document: its value at `where` has the wrong type. */
export interface WrongShape {
  readonly where: string;
  readonly expected: 'an object' | 'a list';
}

export function wrongShape(document: unknown, events: readonly string[]): WrongShape | null {
  const settings = jsonObject(document);
  if (!settings) return { where: 'the document', expected: 'an object' };
  const hooks = settings.hooks === undefined ? {} : jsonObject(settings.hooks);
  if (!hooks) return { where: '"hooks"', expected: 'an object' };
  const wrong = events.find((event) => hooks[event] !== undefined && !Array.isArray(hooks[event]));
  return wrong === undefined ? null : { where: `"hooks.${wrong}"`, expected: 'a list' };
}

/** Adds our hooks to a settings document with the right structure, after those of others. */
export function addHooks(document: unknown, events: readonly string[], program: HookProgram): void {
  const settings = document as { hooks?: Record<string, unknown[]> };
  settings.hooks ??= {};
  for (const event of events) {
    settings.hooks[event] ??= [];
    settings.hooks[event].push({ hooks: [hookEntry(event, program)] });
  }
}
