import { basename, dirname } from 'node:path';

/** By which convention a checklist is written, as far as its place tells. */
export type Convention = 'spec-kit' | 'openspec' | 'kiro' | 'other';

/** Where the three programs keep a spec's checklist; the captured part is the spec's name. */
const PLACES: readonly (readonly [Convention, RegExp])[] = [
  ['kiro', /\/\.kiro\/specs\/(.+)\/[^/]+$/u],
  ['openspec', /\/openspec\/changes\/(?:archive\/)?(.+)\/[^/]+$/u],
  ['spec-kit', /\/specs\/(\d[^/]*)\/[^/]+$/u],
];

/** Usual names of files with things to do. */
const NAMES = new Set(['tasks.md', 'todo.md']);
/** The contents of these are over (OpenSpec), or list requirements of a spec instead of work (spec-kit). */
const NEVER_SEARCHED = new Set(['archive', 'checklists']);

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/iu.test(path);
}

/** Tells whether a file may be a checklist by its name. Any other file is read only if the user names it. */
export function isNamedLikeChecklist(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

/** Tells whether directories with this name are never searched for checklists. */
export function hasNoChecklists(directoryName: string): boolean {
  return NEVER_SEARCHED.has(directoryName.toLowerCase());
}

/** Returns the convention of a checklist, and the spec to which it belongs, if there is one. */
export function placeOf(path: string): { readonly convention: Convention; readonly spec: string | null } {
  const unified = `/${path.replaceAll('\\', '/')}`;
  for (const [convention, pattern] of PLACES) {
    const spec = pattern.exec(unified)?.[1];
    if (spec !== undefined) return { convention, spec };
  }
  // A spec's folder has a number before its name, even if there is nothing above it.
  const folder = basename(dirname(path));
  const isSpec = /^\d{3,}-./u.test(folder);
  return isSpec ? { convention: 'spec-kit', spec: folder } : { convention: 'other', spec: null };
}
