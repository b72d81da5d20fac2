import type { Clock } from '../clock.ts';
import { type SourceId, sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';
import type { SessionContext } from './context.ts';
import type { Selection } from './selection.ts';
import type { ServerAccess } from './server-access.ts';
import type { ServerSpec, SourceSpec } from './source-specs.ts';

export type OpenedServers =
  | { readonly kind: 'opened'; readonly sources: readonly Source[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

export function isServer(spec: SourceSpec): spec is ServerSpec {
  return spec.kind === 'agui' || spec.kind === 'agui+run' || spec.kind === 'attach';
}

/**
 * Returns why a run may not be started; null if it may. A run is work on somebody's server, so it starts only if it is
 * named, each time.
 */
export function whyNotRun(text: string, { named, readOnly }: Selection): Problem | null {
  const shown = plainName(text);
  if (readOnly)
    return problem('not-allowed', 'down', words`${shown} would start a run`, 'leave out --read-only');
  if (named.includes(text)) return null;
  return problem(
    'not-allowed',
    'down',
    words`${shown} would start a run each time, so it is not opened from the configuration`,
    'name it on the command line',
  );
}

/** Names servers by host; if a host has several, by their path as well. Each address counts once. */
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

/** Opens the servers that are named, each with its own token. The code to reach them is loaded only if one is named. */
export async function openServers(
  servers: readonly ServerSpec[],
  context: SessionContext,
): Promise<OpenedServers> {
  if (servers.length === 0) return { kind: 'opened', sources: [] };
  const { openServerAccess } = await import('./server-access.ts');
  const access = await openServerAccess(servers, context);
  if (access.kind === 'refused') return access;
  const sources: Source[] = [];
  for (const [id, server] of nameServers(servers))
    sources.push(await openServer(id, server, { ...access.accessTo(server.url), clock: context.clock }));
  return { kind: 'opened', sources };
}

async function openServer(
  id: SourceId,
  server: ServerSpec,
  reached: ServerAccess & { readonly clock: Clock },
): Promise<Source> {
  const { kind, url } = server;
  const options = { id, url, ...reached };
  if (kind !== 'attach') {
    const { createAguiSource } = await import('../sources/agui/source.ts');
    const run = kind === 'agui+run' ? { run: { message: server.message } } : {};
    return createAguiSource({ ...options, ...run });
  }
  return (await import('../sources/attach/source.ts')).createAttachedSource(options);
}
