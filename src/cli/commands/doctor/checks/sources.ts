import { endsWithin } from '../../../../clock.ts';
import type { Problem } from '../../../../model/problem.ts';
import { shownUrl } from '../../../../model/shown-url.ts';
import { joined, type PlainText, plainName, words } from '../../../../model/text.ts';
import { plural } from '../../../../present/count.ts';
import { AGENTS } from '../../../../session/discovered-kinds.ts';
import { readSourceSpec, type SourceSpec } from '../../../../session/source-specs.ts';
import { nameOfExec } from '../../../../sources/exec/place.ts';
import type { SourceRecord } from '../../../../store/state.ts';
import { openWith, type ReadSettings, readSettings, settle } from '../../../session/session.ts';
import { type Check, type CheckContext, type Finding, ok } from '../check.ts';

/** A large directory is not searched completely. */
const FOUND_WITHIN_MS = 700;
/** What has not been read by then is reported as still being read. */
const SETTLED_WITHIN_MS = 600;
/** At most this many are named. */
const MOST_NAMED = 6;

/**
 * Whether the sources that a plain `taskglass` shows here can be read. Configured sources that need the network or start a
 * program are not opened.
 */
export const sources: Check = {
  name: 'sources',
  async look(context) {
    const { io, options } = context;
    const resolved = await readSettings(options, io);
    if (resolved.kind === 'refused') return []; // reported by the configuration's check
    const local: string[] = [];
    const unopened: Finding[] = [];
    for (const text of resolved.settings.sources) {
      const read = readSourceSpec(text, io.cwd);
      if (read.kind === 'refused') unopened.push(findingOf(read.problem));
      else if (isLocal(read.spec)) local.push(text);
      else unopened.push(ok(words`${shownSource(text, read.spec)} is not asked: ${WHY_NOT}`));
    }
    return [
      ...(await openThem(
        { ...resolved, settings: { ...resolved.settings, sources: local, readOnly: true } },
        context,
      )),
      ...unopened,
    ];
  },
};

const WHY_NOT = 'that needs the network, or starts a program';

async function openThem(resolved: ReadSettings, { io, signal }: CheckContext): Promise<Finding[]> {
  const inTime = { ...io, signal: AbortSignal.any([io.signal, signal]) };
  const opened = await openWith(resolved, [], inTime, { awaitsRuns: false, isHasty: true });
  if (opened.kind === 'refused') return [findingOf(opened.problem)];
  const { session } = opened;
  try {
    await endsWithin(io.clock, FOUND_WITHIN_MS, session.searched);
    await settle(session, inTime, SETTLED_WITHIN_MS);
    const { sources: records, problems } = session.monitor.getState();
    return [...problems.map((problem) => findingOf(problem)), ...findingsOf([...records.values()])];
  } finally {
    await session.close();
  }
}

/** The advice for a problem that has no hint of its own. */
const LOOK_THERE = words`taskglass config discover lists what is searched, and how to switch it off`;

function findingOf({ severity, message, hint = LOOK_THERE }: Problem, source = words``): Finding {
  return { status: severity === 'down' ? 'problem' : 'warning', message: words`${source}${message}`, hint };
}

function findingsOf(records: readonly SourceRecord[]): Finding[] {
  const unwell = records.flatMap(({ id, problem }) =>
    problem ? [findingOf(problem, words`${plainName(id)}: `)] : [],
  );
  const well = records.filter(({ problem }) => problem === null);
  if (well.length === 0) return unwell.length > 0 ? unwell : [ok('nothing to show here')];
  const named = joined(
    well.slice(0, MOST_NAMED).map(({ id }) => plainName(id)),
    ', ',
  );
  const more = well.length > MOST_NAMED ? words` and ${well.length - MOST_NAMED} more` : words``;
  const slow = well.filter(({ status }) => status === 'connecting').length;
  const still = slow > 0 ? words` (${plural(slow, 'source')} still being read)` : words``;
  return [...unwell, ok(words`${named}${more}${still}`)];
}

/** Tells whether a source can be opened without using the network or starting a program. */
function isLocal(spec: SourceSpec): boolean {
  if (spec.kind === 'file' || spec.kind === 'directory') return true;
  if (spec.kind === 'maestro') return 'directory' in spec.place;
  return spec.kind === 'program' && AGENTS.some((agent) => agent === spec.scheme);
}

/** Returns a source as it was named, without anything in its address or command line that may be secret. */
function shownSource(text: string, spec: SourceSpec): PlainText {
  if (spec.kind !== 'program') return plainName(shownUrl(text));
  const { scheme, place } = spec;
  return scheme === 'exec' || scheme === 'execd' ? nameOfExec(scheme, place) : plainName(text);
}
