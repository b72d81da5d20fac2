import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../../io/io.ts';
import { defaultLedgerPath } from '../../ledger/sql/ledger-file.ts';
import { OWN_RUNS, type SourceId, sourceId } from '../../model/id.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import type { Signer } from '../../nostr/signer.ts';
import type { Source } from '../../sources/kit/source.ts';
import type { FoundFile } from '../../sources/open/find-sources.ts';
import { userDirectories } from '../../storage/directories.ts';
import type { Settings } from '../config/settings.ts';
import { isInteractive } from '../process/appearance.ts';
import { complain, EXIT } from '../process/exit.ts';
import type { OpenedNostr } from './open-nostr.ts';
import { isServer, openServers, whyNotRun } from './open-servers.ts';
import { type MaestroPlace, readSourceSpec, type SourceSpec } from './source-specs.ts';

export type OpenedSources =
  | { readonly kind: 'opened'; readonly sources: readonly Source[] }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly code?: number };

/**
 * Opens what the texts name; without any, what is configured and what lies in the current directory. Each kind's code
 * is loaded when it is first needed, so that a state file's viewer never pays for relays.
 */
export async function openSources(
  texts: readonly string[],
  settings: Settings,
  io: Io,
  signer?: Signer,
): Promise<OpenedSources> {
  const specs: SourceSpec[] = [];
  for (const text of texts.length > 0 ? texts : defaultTexts(settings)) {
    const read = readSourceSpec(text, io.cwd);
    if (read.kind === 'refused') return read;
    const unasked = read.spec.kind === 'agui+run' ? whyNotRun(text, texts, settings) : null;
    if (unasked) return { kind: 'refused', problem: unasked };
    specs.push(read.spec);
  }

  const wrongKey = await checkPubkeys(settings);
  if (wrongKey) return wrongKey;

  const { runs } = userDirectories(io.env);
  const isRun = (file: string) => texts.length === 0 && path.dirname(file) === runs;
  const found = await placesOf(specs, io);
  const files = [...found.files].filter((file) => !isRun(file));
  const relays = [...new Set(specs.filter((spec) => spec.kind === 'relay').map((spec) => spec.url))];
  const sources: Source[] = [];
  if (relays.length > 0) {
    const nostr = await openRelays(relays, settings, io, signer);
    if (nostr.kind === 'refused') return nostr;
    sources.push(nostr.source);
  }
  for (const { id, file } of nameFiles(files)) sources.push(...(await openFile(id, file, io)));
  sources.push(...(await openMaestros([...found.maestros.values()], io)));
  const attached = await openServers(specs.filter(isServer), io);
  if (attached.kind === 'refused') return attached;
  sources.push(...attached.sources);
  if (specs.some((spec) => spec.kind === 'stdin')) sources.push(await openStdin(io));
  if (texts.length === 0) sources.push(...(await openOwnRuns(runs, io)), ...(await openOwnLedger(files, io)));
  if (texts.length > 0 && sources.length === 0) {
    return { kind: 'refused', problem: nothingFound(texts.join(', ')), code: EXIT.noSource };
  }
  return { kind: 'opened', sources };
}

/** A key that is none is refused also where no relay is named yet. */
async function checkPubkeys({ pubkey }: Settings): Promise<{ kind: 'refused'; problem: Problem } | null> {
  if (pubkey.length === 0) return null;
  const { readPubkeys } = await import('../keys/read-pubkeys.ts');
  const read = readPubkeys(pubkey);
  return read.kind === 'refused' ? read : null;
}

function defaultTexts(settings: Settings): string[] {
  return [...settings.sources, '.'];
}

/** The files and Maestros named and those found in the directories named, each once, in that order. */
async function placesOf(
  specs: readonly SourceSpec[],
  io: Io,
): Promise<{ readonly files: ReadonlySet<string>; readonly maestros: ReadonlyMap<string, MaestroPlace> }> {
  const files = new Set<string>();
  const maestros = new Map<string, MaestroPlace>();
  const addMaestro = (place: MaestroPlace) =>
    maestros.set('url' in place ? place.url : place.directory, place);
  for (const spec of specs) {
    if (spec.kind === 'file') files.add(spec.path);
    if (spec.kind === 'maestro') addMaestro(spec.place);
    if (spec.kind !== 'directory') continue;
    for (const { path: found, format } of await foundIn(spec.path, io)) {
      if (format === 'maestro') addMaestro({ directory: found });
      else files.add(found);
    }
  }
  return { files, maestros };
}

/** What cannot be searched is said; the rest goes on. */
async function foundIn(directory: string, io: Io): Promise<readonly FoundFile[]> {
  const { findSources } = await import('../../sources/open/find-sources.ts');
  const { files, unsearched } = await findSources(directory, { signal: io.signal });
  for (const message of unsearched) complain(io, { message });
  return files;
}

async function openFile(id: SourceId, file: string, io: Io): Promise<Source[]> {
  const { createFileSources } = await import('../../sources/open/file-source.ts');
  return createFileSources({ id, path: file, clock: io.clock });
}

/** There is usually one, and then its name is enough. */
async function openMaestros(places: readonly MaestroPlace[], io: Io): Promise<Source[]> {
  const nameOf = (place: MaestroPlace) => ('url' in place ? new URL(place.url).host : place.directory);
  const opened = places.map(async (place) => {
    const options = { id: sourceId(places.length === 1 ? 'maestro' : nameOf(place)), clock: io.clock };
    if ('url' in place) {
      const { createMaestroServerSource } = await import('../../sources/sessions/maestro-server.ts');
      return createMaestroServerSource({ ...options, url: place.url });
    }
    const { createMaestroDirectorySource } = await import('../../sources/sessions/maestro-directory.ts');
    return createMaestroDirectorySource({ ...options, directory: place.directory });
  });
  return Promise.all(opened);
}

/** What this user starts with `taskglass run`: where somebody looks on, also what will be started. */
async function openOwnRuns(directory: string, io: Io): Promise<Source[]> {
  if (isInteractive(io)) await mkdir(directory, { recursive: true, mode: 0o700 }).catch(() => {});
  if (!existsSync(directory)) return [];
  const { createStateDirectorySource } = await import('../../sources/dashboard-state/directory-source.ts');
  return [createStateDirectorySource({ id: OWN_RUNS, directory, clock: io.clock })];
}

/** The user's own ledger, once there is one. */
async function openOwnLedger(opened: readonly string[], io: Io): Promise<Source[]> {
  const file = defaultLedgerPath(io.env);
  if (opened.includes(file) || !existsSync(file)) return [];
  const { createLedgerSource } = await import('../../sources/ledger/source.ts');
  return [createLedgerSource({ id: sourceId('ledger'), path: file, clock: io.clock })];
}

async function openStdin(io: Io): Promise<Source> {
  const { createStdinSource } = await import('../../sources/open/stdin.ts');
  return createStdinSource({ id: sourceId('stdin'), input: io.stdin, clock: io.clock });
}

async function openRelays(
  urls: readonly string[],
  settings: Settings,
  io: Io,
  signer?: Signer,
): Promise<OpenedNostr> {
  const { openNostr } = await import('./open-nostr.ts');
  return openNostr(urls, settings, io, signer);
}

/**
 * Short ids: the file's name, with as many folders before it as it takes to tell equal names apart, and a number where
 * names differ only in what cannot be shown.
 */
export function nameFiles(files: readonly string[]): { id: SourceId; file: string }[] {
  const taken = new Set<SourceId>();
  return files.map((file) => {
    const tail = shortestUniqueTail(file, files);
    let id = sourceId(tail);
    for (let number = 2; taken.has(id); number += 1) id = sourceId(`${tail} (${number})`);
    taken.add(id);
    return { id, file };
  });
}

function shortestUniqueTail(file: string, files: readonly string[]): string {
  const parts = file.split(path.sep);
  for (let length = 1; length < parts.length; length += 1) {
    const tail = parts.slice(-length).join('/');
    if (files.every((other) => other === file || !`/${other.split(path.sep).join('/')}`.endsWith(`/${tail}`)))
      return tail;
  }
  return file;
}

function nothingFound(texts: string): Problem {
  return problem(
    'missing',
    'down',
    plainName(`${texts}: no source found there`),
    'state files, task breakdowns, boards (.json, .ndjson), Maestro data and databases (.db, .sqlite) are looked for, three levels deep',
  );
}
