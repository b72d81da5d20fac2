import { existsSync } from 'node:fs';
import path from 'node:path';
import { defaultLedgerPath } from '../ledger/sql/ledger-file.ts';
import { OWN_RUNS, type SourceId, sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';
import type { FoundFile } from '../sources/open/find-sources.ts';
import { userDirectories } from '../storage/directories.ts';
import { makeDirectory } from '../storage/make-directory.ts';
import type { SessionContext } from './context.ts';
import { nameFiles } from './name-files.ts';
import type { OpenedNostr } from './open-nostr.ts';
import { isServer, openServers, whyNotRun } from './open-servers.ts';
import { openPrograms, whyNotStarted } from './programs.ts';
import type { Selection } from './selection.ts';
import { type MaestroPlace, readSourceSpec, type SourceSpec } from './source-specs.ts';

export type OpenedSources =
  | { readonly kind: 'opened'; readonly sources: readonly Source[] }
  /** What was named is well formed, but there is no source in it. */
  | { readonly kind: 'nothing-found'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly problem: Problem };

type Refused = Extract<OpenedSources, { kind: 'refused' }>;

/**
 * Opens what is named; if nothing is, what is configured, what lies in the current directory, and this user's own runs
 * and ledger. Each kind's code is loaded when it is first needed, so that a state file's viewer never pays for relays.
 */
export async function openSources(selection: Selection, context: SessionContext): Promise<OpenedSources> {
  const { named } = selection;
  const isUnasked = named.length === 0;
  const read = readSpecs(selection, context.cwd);
  if (!Array.isArray(read)) return read;
  const wrongKey = await checkPubkeys(selection);
  if (wrongKey) return wrongKey;

  const { runs } = userDirectories(context.env);
  const isRun = (file: string) => isUnasked && path.dirname(file) === runs;
  const found = await placesOf(read, context);
  const files = [...found.files].filter((file) => !isRun(file));
  const sources: Source[] = [];
  const nostr = await openRelays(read, selection, context);
  if (nostr?.kind === 'refused') return nostr;
  if (nostr) sources.push(nostr.source);
  for (const { id, file } of nameFiles(files)) sources.push(...(await openFile(id, file, context)));
  sources.push(...(await openMaestros([...found.maestros.values()], context)));
  const attached = await openServers(read.filter(isServer), context);
  if (attached.kind === 'refused') return attached;
  sources.push(...attached.sources);
  const programs = await openPrograms(
    read.filter((spec) => spec.kind === 'program'),
    context,
  );
  if (programs.kind === 'refused') return programs;
  sources.push(...programs.sources);
  if (read.some((spec) => spec.kind === 'stdin')) sources.push(await openStdin(context));
  if (isUnasked)
    sources.push(...(await openOwnRuns(runs, selection, context)), ...(await openOwnLedger(files, context)));
  if (!isUnasked && sources.length === 0)
    return { kind: 'nothing-found', problem: nothingFound(named.join(', ')) };
  return { kind: 'opened', sources };
}

/** Returns what is to be opened, or why one of the texts names nothing that can be. */
function readSpecs(selection: Selection, cwd: string): SourceSpec[] | Refused {
  const { named, configured } = selection;
  const specs: SourceSpec[] = [];
  for (const text of named.length > 0 ? named : [...configured, '.']) {
    const read = readSourceSpec(text, cwd);
    if (read.kind === 'refused') return read;
    const unasked = whyNotOpened(text, read.spec, selection);
    if (unasked) return { kind: 'refused', problem: unasked };
    specs.push(read.spec);
  }
  return specs;
}

/** Returns why something that would run is not opened, as nobody asked for it; null if it may be. */
function whyNotOpened(text: string, spec: SourceSpec, selection: Selection): Problem | null {
  if (spec.kind === 'agui+run') return whyNotRun(text, selection);
  return spec.kind === 'program' ? whyNotStarted(text, spec, selection) : null;
}

/** Refuses a key that is none, also if no relay is named yet. */
async function checkPubkeys({ pubkeys }: Selection): Promise<Refused | null> {
  if (pubkeys.length === 0) return null;
  const { readPubkeys } = await import('./read-pubkeys.ts');
  const read = readPubkeys(pubkeys);
  return read.kind === 'refused' ? read : null;
}

/**
 * Returns the files and Maestros that were named and those found in the directories that were named, each once, in that
 * order.
 */
async function placesOf(
  specs: readonly SourceSpec[],
  context: SessionContext,
): Promise<{ readonly files: ReadonlySet<string>; readonly maestros: ReadonlyMap<string, MaestroPlace> }> {
  const files = new Set<string>();
  const maestros = new Map<string, MaestroPlace>();
  const addMaestro = (place: MaestroPlace) =>
    maestros.set('url' in place ? place.url : place.directory, place);
  for (const spec of specs) {
    if (spec.kind === 'file') files.add(spec.path);
    if (spec.kind === 'maestro') addMaestro(spec.place);
    if (spec.kind !== 'directory') continue;
    for (const { path: found, format } of await foundIn(spec.path, context)) {
      if (format === 'maestro') addMaestro({ directory: found });
      else files.add(found);
    }
  }
  return { files, maestros };
}

/** Returns what was found. What cannot be searched is reported; the rest goes on. */
async function foundIn(directory: string, context: SessionContext): Promise<readonly FoundFile[]> {
  const { findSources } = await import('../sources/open/find-sources.ts');
  const { files, unsearched } = await findSources(directory, { signal: context.signal });
  for (const message of unsearched) context.onProblem(problem('unreadable', 'degraded', message));
  return files;
}

async function openFile(id: SourceId, file: string, context: SessionContext): Promise<Source[]> {
  const { createFileSources } = await import('../sources/open/file-source.ts');
  return createFileSources({ id, path: file, clock: context.clock });
}

/** Opens the Maestros. There is usually one, and then its name is enough. */
async function openMaestros(places: readonly MaestroPlace[], context: SessionContext): Promise<Source[]> {
  const nameOf = (place: MaestroPlace) => ('url' in place ? new URL(place.url).host : place.directory);
  const opened = places.map(async (place) => {
    const options = { id: sourceId(places.length === 1 ? 'maestro' : nameOf(place)), clock: context.clock };
    if ('url' in place) {
      const { createMaestroServerSource } = await import('../sources/sessions/maestro-server.ts');
      return createMaestroServerSource({ ...options, url: place.url });
    }
    const { createMaestroDirectorySource } = await import('../sources/sessions/maestro-directory.ts');
    return createMaestroDirectorySource({ ...options, directory: place.directory });
  });
  return Promise.all(opened);
}

/** Opens what this user starts with `taskglass run`; if it is awaited, also what will be started. */
async function openOwnRuns(
  directory: string,
  { awaitsRuns }: Selection,
  { clock, runAgain }: SessionContext,
): Promise<Source[]> {
  if (awaitsRuns) await makeDirectory(directory, 0o700).catch(() => {});
  if (!existsSync(directory)) return [];
  const { createStateDirectorySource } = await import('../sources/dashboard-state/directory-source.ts');
  return [createStateDirectorySource({ id: OWN_RUNS, directory, clock, ...(runAgain && { runAgain }) })];
}

/** Opens the user's own ledger, if there is one. */
async function openOwnLedger(opened: readonly string[], context: SessionContext): Promise<Source[]> {
  const file = defaultLedgerPath(context.env);
  if (opened.includes(file) || !existsSync(file)) return [];
  const { createLedgerSource } = await import('../sources/ledger/source.ts');
  return [createLedgerSource({ id: sourceId('ledger'), path: file, clock: context.clock })];
}

async function openStdin(context: SessionContext): Promise<Source> {
  const { createStdinSource } = await import('../sources/open/stdin.ts');
  return createStdinSource({ id: sourceId('stdin'), input: context.stdin, clock: context.clock });
}

/** Opens all relays as one source; null if none is named. */
async function openRelays(
  specs: readonly SourceSpec[],
  selection: Selection,
  context: SessionContext,
): Promise<OpenedNostr | null> {
  const urls = new Set(specs.filter((spec) => spec.kind === 'relay').map((spec) => spec.url));
  if (urls.size === 0) return null;
  const { openNostr } = await import('./open-nostr.ts');
  return openNostr([...urls], selection, context);
}

function nothingFound(texts: string): Problem {
  return problem(
    'missing',
    'down',
    plainName(`${texts}: no source found there`),
    'taskglass looks for state files, task breakdowns, boards (.json, .ndjson), Maestro data and databases (.db, .sqlite), three levels deep',
  );
}
