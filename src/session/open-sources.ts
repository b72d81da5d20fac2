import { sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { joined, plainName, words } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';
import type { SessionContext } from './context.ts';
import { KINDS_HERE } from './discovered-kinds.ts';
import { type Discovery, startDiscovery } from './discovery.ts';
import { createFileNames } from './name-files.ts';
import { createRepositoryNamer } from './name-repositories.ts';
import { openFile, openMaestros } from './open-files.ts';
import type { OpenedNostr } from './open-nostr.ts';
import { isServer, openServers, whyNotRun } from './open-servers.ts';
import { openPrograms, whyNotStarted } from './programs.ts';
import type { Selection } from './selection.ts';
import { type MaestroPlace, readSourceSpec, type SourceSpec } from './source-specs.ts';

export type OpenedSources =
  | {
      readonly kind: 'opened';
      readonly sources: readonly Source[];
      /** Keeps searching for sources that were not named; close it. */
      readonly discovery: Discovery;
    }
  /** What was named is valid, but contains no source. */
  | { readonly kind: 'nothing-found'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly problem: Problem };

type Refused = Extract<OpenedSources, { kind: 'refused' }>;

/**
 * Opens what is named; if nothing is, what is configured, and what is discovered in the current directory and among this
 * user's own files. The code for each kind is loaded when it is first needed, so that viewing a state file does not cost
 * what relays need.
 */
export async function openSources(selection: Selection, context: SessionContext): Promise<OpenedSources> {
  const { named } = selection;
  const isUnasked = named.length === 0;
  const read = readSpecs(selection, context.cwd);
  if (!Array.isArray(read)) return read;
  const wrongKey = await checkPubkeys(selection);
  if (wrongKey) return wrongKey;

  const nameRepositories = createRepositoryNamer(context.clock);
  const names = createFileNames();
  const files = new Set(read.filter((spec) => spec.kind === 'file').map((spec) => spec.path));
  const sources: Source[] = [];
  const nostr = await openRelays(read, selection, context);
  if (nostr?.kind === 'refused') return nostr;
  if (nostr) sources.push(nostr.source);
  for (const { id, file } of names.name([...files])) sources.push(...(await openFile(id, file, context)));
  sources.push(...(await openMaestros(maestrosOf(read), names, context)));
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

  for (const { id } of sources) names.take(id);
  const directories = read.filter((spec) => spec.kind === 'directory').map((spec) => spec.path);
  const discovery = startDiscovery({
    directories,
    isUnasked,
    selection,
    context,
    names,
    named: files,
    prepare: nameRepositories,
  });
  const opened = sources.map(nameRepositories);
  if (isUnasked) return { kind: 'opened', sources: opened, discovery };
  await discovery.searched;
  discovery.deliverTo((found) => opened.push(...found));
  if (opened.length > 0) return { kind: 'opened', sources: opened, discovery };
  await discovery.close();
  return { kind: 'nothing-found', problem: nothingFound(named.join(', ')) };
}

/** Returns what to open, or why one of the texts names nothing that can be opened. */
function readSpecs(selection: Selection, cwd: string): SourceSpec[] | Refused {
  const { named, configured } = selection;
  const specs: SourceSpec[] = [];
  for (const text of named.length > 0 ? named : configured) {
    const read = readSourceSpec(text, cwd);
    if (read.kind === 'refused') return read;
    const unasked = whyNotOpened(text, read.spec, selection);
    if (unasked) return { kind: 'refused', problem: unasked };
    specs.push(read.spec);
  }
  return specs;
}

/** Returns why a source that would run something may not be opened, because nobody asked for it; null if it may. */
function whyNotOpened(text: string, spec: SourceSpec, selection: Selection): Problem | null {
  if (spec.kind === 'agui+run') return whyNotRun(text, selection);
  return spec.kind === 'program' ? whyNotStarted(text, spec, selection) : null;
}

/** Refuses a key that is not valid, even if no relay is named yet. */
async function checkPubkeys({ pubkeys }: Selection): Promise<Refused | null> {
  if (pubkeys.length === 0) return null;
  const { readPubkeys } = await import('./read-pubkeys.ts');
  const read = readPubkeys(pubkeys);
  return read.kind === 'refused' ? read : null;
}

/** Returns the Maestros that were named, without duplicates. */
function maestrosOf(specs: readonly SourceSpec[]): MaestroPlace[] {
  const places = specs.filter((spec) => spec.kind === 'maestro').map(({ place }) => place);
  return [...new Map(places.map((place) => ['url' in place ? place.url : place.directory, place])).values()];
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
  const looked = Object.values(KINDS_HERE).map(([, many]) => many);
  return problem(
    'missing',
    'down',
    plainName(`${texts}: no source found there`),
    words`taskglass looks for ${joined(looked, ', ')}, three levels deep`,
  );
}
