import { type LineReader, NOTHING, phases, type Tool } from '../found.ts';

/** The phases of a clone or a fetch; those after `remote:` are the other side's. */
const FETCHING = [
  'counting objects',
  'compressing objects',
  'receiving objects',
  'resolving deltas',
  'updating files',
] as const;
/** The phases of a push. */
const PUSHING = ['counting objects', 'compressing objects', 'writing objects', 'resolving deltas'] as const;
const PHASE =
  /^(?<remote>remote: )?(?<phase>Enumerating|Counting|Compressing|Receiving|Unpacking|Writing|Resolving|Updating|Checking out|Filtering|Rewriting) ?(?<what>objects|deltas|files|content):\s+(?<percent>\d{1,3})%/u;

/** git: `Receiving objects: 57% (120/210), 1.20 MiB | 2.40 MiB/s`. Each phase runs from 0 to 100. */
export const git: Tool = {
  createReader: createGitReader,
};

function createGitReader(): LineReader {
  let isPush = false;
  let last = 0;
  return ({ text }) => {
    const { remote, phase = '', what = '', percent } = PHASE.exec(text)?.groups ?? {};
    if (percent === undefined) return /^(?:remote: )?(?:Enumerating|Total)\b/u.test(text) ? NOTHING : null;
    if (phase === 'Writing') isPush = true;
    const names: readonly string[] = isPush ? PUSHING : FETCHING;
    const name = phase === 'Unpacking' ? 'receiving objects' : `${phase} ${what}`.toLowerCase();
    const index = names.indexOf(name);
    if (index === -1) return null;
    // What the other side of a push counts is nothing that we wait for.
    if ((isPush && remote && phase !== 'Resolving') || index < last) return NOTHING;
    last = index;
    return phases(names, index, Number(percent));
  };
}
