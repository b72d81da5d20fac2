import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Problem, problem } from '../model/problem.ts';
import { shownUrl } from '../model/shown-url.ts';
import { plainName } from '../model/text.ts';

/** A Maestro: a server's address, or its data directory. */
export type MaestroPlace = { readonly url: string } | { readonly directory: string };

/** What one SOURCE argument asks for. Paths are absolute. */
export type SourceSpec =
  | { readonly kind: 'relay'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'agui'; readonly url: string }
  | { readonly kind: 'attach'; readonly url: string }
  | { readonly kind: 'maestro'; readonly place: MaestroPlace }
  | { readonly kind: 'stdin' };

export type ReadSpec =
  | { readonly kind: 'spec'; readonly spec: SourceSpec }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads one SOURCE argument; says what is wrong with it where it is none. */
export function readSourceSpec(text: string, cwd: string): ReadSpec {
  // A variable of a script that is not set must not stand for the current directory.
  if (text === '') return refused('""', 'neither a command nor a source');
  if (text === '-') return { kind: 'spec', spec: { kind: 'stdin' } };
  if (/^wss?:/iu.test(text)) return relaySpec(text);
  if (/^agui:/iu.test(text)) return serverSpec('agui', text, text.slice('agui:'.length));
  if (/^https?:/iu.test(text)) return serverSpec('attach', text, text);
  if (/^maestro:/iu.test(text)) return maestroSpec(text, text.slice('maestro:'.length), cwd);
  if (/^[a-z][a-z0-9+.-]+:/iu.test(text)) return refused(text, 'no such kind of source');
  const file = path.resolve(cwd, text);
  if (isDirectory(file)) return { kind: 'spec', spec: { kind: 'directory', path: file } };
  if (/\.(?:json|ndjson|db|sqlite3?)$/iu.test(file))
    return { kind: 'spec', spec: { kind: 'file', path: file } };
  return refused(text, 'neither a command nor a source');
}

function relaySpec(text: string): ReadSpec {
  if (!URL.canParse(text) || new URL(text).hostname === '') return refused(text, 'no valid relay address');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return refused(`${url.protocol}//${url.host}`, 'a relay takes no password');
  return { kind: 'spec', spec: { kind: 'relay', url: url.href } };
}

function serverSpec(kind: 'agui' | 'attach', text: string, address: string): ReadSpec {
  if (!/^https?:\/\//iu.test(address) || !URL.canParse(address))
    return refused(text, 'no http:// or https:// address');
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    return refused(
      `${kind === 'agui' ? 'agui:' : ''}${url.origin}`,
      'put the token into TASKGLASS_TOKEN, or the file that TASKGLASS_TOKEN_FILE names, not into the address',
    );
  }
  return { kind: 'spec', spec: { kind, url: url.href } };
}

/** Without more, the directory in which the program keeps its data. No shell expands a `~` behind the colon. */
function maestroSpec(text: string, place: string, cwd: string): ReadSpec {
  if (/^https?:/iu.test(place)) {
    if (!URL.canParse(place)) return refused(text, 'no http:// or https:// address');
    const url = new URL(place);
    if (url.username !== '' || url.password !== '')
      return refused(`maestro:${url.origin}`, 'its login is not supported');
    return { kind: 'spec', spec: { kind: 'maestro', place: { url: url.href } } };
  }
  const home = (place || '~/.maestro/data').replace(/^~(?=$|\/)/u, homedir());
  return { kind: 'spec', spec: { kind: 'maestro', place: { directory: path.resolve(cwd, home) } } };
}

function refused(text: string, what: string): ReadSpec {
  return {
    kind: 'refused',
    problem: problem(
      'malformed',
      'down',
      plainName(`${shownUrl(text)}: ${what}`),
      'a source is a ws:// or wss:// relay, a .json, .ndjson, .db or .sqlite file, a directory, maestro:URL-or-DIR, agui:URL, http:// for another taskglass, or - for standard input',
    ),
  };
}

/** What the system does not let us look at is said where it is read. */
function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
