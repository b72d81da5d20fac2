import { basename, dirname } from 'node:path';

/** Whose way of writing a checklist is in, as far as its place tells. */
export type Convention = 'spec-kit' | 'openspec' | 'kiro' | 'other';

/** Where the three programs keep a spec's checklist; what stands in brackets is the spec's name. */
const PLACES: readonly (readonly [Convention, RegExp])[] = [
  ['kiro', /\/\.kiro\/specs\/(.+)\/[^/]+$/u],
  ['openspec', /\/openspec\/changes\/(?:archive\/)?(.+)\/[^/]+$/u],
  ['spec-kit', /\/specs\/(\d[^/]*)\/[^/]+$/u],
];

/** Names under which projects keep what there is to do. */
const NAMES = new Set(['tasks.md', 'todo.md']);
/** What lies in these is over (OpenSpec), or no list of work but of what a spec has to meet (spec-kit). */
const NEVER_SEARCHED = new Set(['archive', 'checklists']);

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/iu.test(path);
}

/** Tells whether a file may be a checklist by its name. Any other one is read only if it is named. */
export function isNamedLikeChecklist(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

/** Tells whether checklists are never looked for in a directory of this name, nor below it. */
export function hasNoChecklists(directoryName: string): boolean {
  return NEVER_SEARCHED.has(directoryName.toLowerCase());
}

/** Returns in which convention a checklist is written, and the spec that it belongs to, if it belongs to one. */
export function placeOf(path: string): { readonly convention: Convention; readonly spec: string | null } {
  const unified = `/${path.replaceAll('\\', '/')}`;
  for (const [convention, pattern] of PLACES) {
    const spec = pattern.exec(unified)?.[1];
    if (spec !== undefined) return { convention, spec };
  }
  // A spec's folder has a number before its name also where nothing stands above it.
  const folder = basename(dirname(path));
  const isSpec = /^\d{3,}-./u.test(folder);
  return isSpec ? { convention: 'spec-kit', spec: folder } : { convention: 'other', spec: null };
}
