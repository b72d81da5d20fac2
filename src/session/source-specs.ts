import { statSync } from 'node:fs';
import path from 'node:path';
import { type Problem, problem } from '../model/problem.ts';
import { shownUrl } from '../model/shown-url.ts';
import { joined, plainName, plainText, words } from '../model/text.ts';
import { isNameable } from '../sources/open/file-names.ts';
import { placeFrom } from '../storage/home.ts';
import { isProgramScheme, PROGRAM_SCHEMES, type ProgramSpec } from './programs.ts';

/** A Maestro: a server's address, or its data directory. */
export type MaestroPlace = { readonly url: string } | { readonly directory: string };

/** What one SOURCE argument asks for. Paths are absolute. */
export type SourceSpec =
  | { readonly kind: 'relay'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'agui'; readonly url: string }
  /** A run that opening the source starts; `message` is what the agent is asked. */
  | { readonly kind: 'agui+run'; readonly url: string; readonly message: string | null }
  | { readonly kind: 'attach'; readonly url: string }
  | { readonly kind: 'maestro'; readonly place: MaestroPlace }
  | ProgramSpec
  | { readonly kind: 'stdin' };

/** A server: another taskglass, or one that speaks AG-UI. */
export type ServerSpec = Extract<SourceSpec, { kind: 'agui' | 'agui+run' | 'attach' }>;

export type ReadSpec =
  | { readonly kind: 'spec'; readonly spec: SourceSpec }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads one SOURCE argument; says what is wrong if it is not valid. */
export function readSourceSpec(text: string, cwd: string): ReadSpec {
  // An unset variable in a script must not mean the current directory.
  if (text === '') return refused('""', 'neither a command nor a source');
  if (text === '-') return { kind: 'spec', spec: { kind: 'stdin' } };
  if (/^wss?:/iu.test(text)) return relaySpec(text);
  if (/^agui\+run:/iu.test(text)) return runSpec(text, text.slice('agui+run:'.length));
  if (/^agui:/iu.test(text)) return serverSpec('agui', text, text.slice('agui:'.length));
  if (/^https?:/iu.test(text)) return serverSpec('attach', text, text);
  if (/^maestro:/iu.test(text)) return maestroSpec(text, text.slice('maestro:'.length), cwd);
  const [, scheme = '', place = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/isu.exec(text) ?? [];
  if (isProgramScheme(scheme.toLowerCase()))
    return { kind: 'spec', spec: { kind: 'program', scheme: scheme.toLowerCase(), place } };
  if (scheme !== '') return refused(text, 'no such kind of source');
  const file = path.resolve(cwd, text);
  if (isDirectory(file)) return { kind: 'spec', spec: { kind: 'directory', path: file } };
  if (isNameable(file)) return { kind: 'spec', spec: { kind: 'file', path: file } };
  return refused(text, 'neither a command nor a source');
}

function relaySpec(text: string): ReadSpec {
  if (!URL.canParse(text) || new URL(text).hostname === '') return refused(text, 'not a valid relay address');
  const url = new URL(text);
  if (hasLogin(url))
    return refused(`${url.protocol}//${url.host}`, 'a relay address must not contain a login');
  return { kind: 'spec', spec: { kind: 'relay', url: url.href } };
}

function serverSpec(kind: 'agui' | 'attach', text: string, address: string): ReadSpec {
  const url = readAddress(kind === 'agui' ? 'agui:' : '', text, address);
  return url instanceof URL ? { kind: 'spec', spec: { kind, url: url.href } } : url;
}

/** Reads an agent's address. What follows a `#` is the question for the agent; it is not part of the address. */
function runSpec(text: string, address: string): ReadSpec {
  const url = readAddress('agui+run:', text, address);
  if (!(url instanceof URL)) return url;
  const message = plainText(decoded(url.hash.slice(1)));
  url.hash = '';
  return { kind: 'spec', spec: { kind: 'agui+run', url: url.href, message: message || null } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a literal percent sign
  }
}

/** Reads the address of a server, or says what is wrong with it. `scheme` is what precedes the address. */
function readAddress(
  scheme: string,
  text: string,
  address: string,
): URL | Extract<ReadSpec, { kind: 'refused' }> {
  if (!/^https?:\/\//iu.test(address) || !URL.canParse(address))
    return refused(text, 'not an http:// or https:// address');
  const url = new URL(address);
  if (hasLogin(url)) {
    return refused(
      `${scheme}${url.origin}`,
      'put the token into TASKGLASS_TOKEN, or the file that TASKGLASS_TOKEN_FILE names, not into the address',
    );
  }
  return url;
}

/** Reads a Maestro's place; by default, the directory that contains its data. No shell expands a `~` after the colon. */
function maestroSpec(text: string, place: string, cwd: string): ReadSpec {
  if (/^https?:/iu.test(place)) {
    if (!URL.canParse(place)) return refused(text, 'not an http:// or https:// address');
    const url = new URL(place);
    if (hasLogin(url)) return refused(`maestro:${url.origin}`, 'a login in the address is not supported');
    return { kind: 'spec', spec: { kind: 'maestro', place: { url: url.href } } };
  }
  // No environment is passed in, so the home directory is that of this process.
  const directory = placeFrom(place || '~/.maestro/data', {}, cwd);
  return { kind: 'spec', spec: { kind: 'maestro', place: { directory } } };
}

function hasLogin({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

function refused(text: string, what: string): Extract<ReadSpec, { kind: 'refused' }> {
  return {
    kind: 'refused',
    problem: problem(
      'malformed',
      'down',
      plainName(`${shownUrl(text)}: ${what}`),
      words`a source is a ws:// or wss:// relay, a .json, .ndjson, .jsonl, .db or .sqlite file, a .md checklist, a directory, maestro:URL-or-DIR, agui:URL, agui+run:URL, ${joined(PROGRAM_SCHEMES, ', ')}, exec:CMD, execd:CMD, http:// or ssh:HOST for another taskglass, or - for standard input`,
    ),
  };
}

/** Tells whether a path is a directory. If the system does not let us check, reading the path will report that. */
function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
