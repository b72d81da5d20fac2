import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OWN_RUNS, type SourceId, sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import type { Signer } from '../sources/nostr/signer.ts';
import type { Source } from '../sources/source.ts';
import { userDirectories } from '../storage/directories.ts';
import { isInteractive } from './appearance.ts';
import { complain, EXIT } from './exit.ts';
import type { Io } from './io.ts';
import type { OpenedNostr } from './open-nostr.ts';
import type { Settings } from './settings.ts';
import { readSourceSpec, type SourceSpec } from './source-specs.ts';

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
    specs.push(read.spec);
  }

  const { runs } = userDirectories(io.env);
  const isRun = (file: string) => texts.length === 0 && path.dirname(file) === runs;
  const files = (await filesOf(specs, io)).filter((file) => !isRun(file));
  const relays = [...new Set(specs.filter((spec) => spec.kind === 'relay').map((spec) => spec.url))];
  const sources: Source[] = [];
  if (relays.length > 0) {
    const nostr = await openRelays(relays, settings, io, signer);
    if (nostr.kind === 'refused') return nostr;
    sources.push(nostr.source);
  }
  for (const { id, file } of nameFiles(files)) sources.push(await openFile(id, file, io));
  const servers = specs.filter((spec) => spec.kind === 'agui' || spec.kind === 'attach');
  for (const [id, server] of nameServers(servers)) sources.push(await openServer(id, server, io));
  if (specs.some((spec) => spec.kind === 'stdin')) sources.push(await openStdin(io));
  if (texts.length === 0) sources.push(...(await openOwnRuns(runs, io)));
  if (texts.length > 0 && sources.length === 0) {
    return { kind: 'refused', problem: nothingFound(texts.join(', ')), code: EXIT.noSource };
  }
  return { kind: 'opened', sources };
}

function defaultTexts(settings: Settings): string[] {
  return [...settings.sources, '.'];
}

/** The files named and those found in the directories named, each once, in that order. */
async function filesOf(specs: readonly SourceSpec[], io: Io): Promise<string[]> {
  const files = new Set<string>();
  for (const spec of specs) {
    if (spec.kind === 'file') files.add(spec.path);
    if (spec.kind === 'directory') for (const found of await filesIn(spec.path, io)) files.add(found);
  }
  return [...files];
}

/** What cannot be searched is said; the rest goes on. */
async function filesIn(directory: string, io: Io): Promise<string[]> {
  const { findSources } = await import('../sources/find-sources.ts');
  const { files, unsearched } = await findSources(directory, { signal: io.signal });
  for (const message of unsearched) complain(io, { message });
  return files.map((found) => found.path);
}

async function openFile(id: SourceId, file: string, io: Io): Promise<Source> {
  const { createFileSource } = await import('../sources/file-source.ts');
  return createFileSource({ id, path: file, clock: io.clock });
}

type ServerSpec = Extract<SourceSpec, { kind: 'agui' | 'attach' }>;

/** By host; where one host has several, by the path too. Each address once. */
function nameServers(servers: readonly ServerSpec[]): Map<SourceId, ServerSpec> {
  const hosts = [...new Map(servers.map((server) => [server.url, new URL(server.url).host])).values()];
  return new Map(
    servers.map((server) => {
      const { host, pathname } = new URL(server.url);
      const isAlone = hosts.filter((other) => other === host).length === 1;
      return [sourceId(isAlone ? host : `${host}${pathname.replace(/\/+$/u, '')}`), server];
    }),
  );
}

async function openServer(id: SourceId, { kind, url }: ServerSpec, io: Io): Promise<Source> {
  const token = io.env.TASKGLASS_TOKEN ? { token: io.env.TASKGLASS_TOKEN } : {};
  const options = { id, url, clock: io.clock, ...token };
  if (kind === 'agui') return (await import('../sources/agui/source.ts')).createAguiSource(options);
  return (await import('../sources/attach/source.ts')).createAttachedSource(options);
}

/** What this user starts with `taskglass run`: where somebody looks on, also what will be started. */
async function openOwnRuns(directory: string, io: Io): Promise<Source[]> {
  if (isInteractive(io)) await mkdir(directory, { recursive: true, mode: 0o700 }).catch(() => {});
  if (!existsSync(directory)) return [];
  const { createStateDirectorySource } = await import('../sources/dashboard-state/directory-source.ts');
  return [createStateDirectorySource({ id: OWN_RUNS, directory, clock: io.clock })];
}

async function openStdin(io: Io): Promise<Source> {
  const { createStdinSource } = await import('../sources/stdin.ts');
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

/** Short ids: the file's name, with as many folders before it as it takes to tell equal names apart. */
export function nameFiles(files: readonly string[]): { id: SourceId; file: string }[] {
  return files.map((file) => ({ id: sourceId(shortestUniqueTail(file, files)), file }));
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
    'state files, task breakdowns (.json, .ndjson) and databases (.db, .sqlite) are looked for, three levels deep',
  );
}
