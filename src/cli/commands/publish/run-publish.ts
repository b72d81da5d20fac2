import { hostname } from 'node:os';
import path from 'node:path';
import { npubEncode } from 'nostr-tools/nip19';
import type { Io } from '../../../io/io.ts';
import { printData, say } from '../../../io/print.ts';
import { errorMessage, type Problem, problem } from '../../../model/problem.ts';
import { shownUrl } from '../../../model/shown-url.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { BY_RELAYS } from '../../../model/via.ts';
import { shortNpub } from '../../../nostr/npub.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { changesBetween } from '../../../present/changes.ts';
import { expectedEnd } from '../../../present/expected-end.ts';
import { reasonText } from '../../../present/reason.ts';
import { createTaskPublication, type TaskPublication } from '../../../publish/nostr/publisher.ts';
import { readPubkeys } from '../../../session/read-pubkeys.ts';
import { everySourceIsLive } from '../../../session/settled.ts';
import { findSigner } from '../../../session/signing-key.ts';
import { readSourceSpec } from '../../../session/source-specs.ts';
import { makeDirectoryNow } from '../../../storage/make-directory.ts';
import { isBusy } from '../../../storage/result-code.ts';
import type { Filter } from '../../../store/filter.ts';
import { allEntries, EMPTY_STATE } from '../../../store/state.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { sessionContext } from '../../session/context.ts';
import {
  type CommandOptions,
  rememberRuns,
  type Session,
  warnIfEmpty,
  withSession,
} from '../../session/session.ts';
import { publicationFile } from './state-file.ts';

export interface PublishOptions {
  /** The relays to publish to. */
  readonly to?: readonly string[];
  /** The keys that may read the tasks; if absent, everybody may. */
  readonly private?: readonly string[];
  /** The keys whose cancellations are accepted. */
  readonly allow?: readonly string[];
  /** The name of this machine; its host name if absent. */
  readonly as?: string;
}

/**
 * Publishes the tasks of the sources as NIP-90 jobs signed with our own key, until they end or the signal aborts. Prints the
 * key to watch as the only line on stdout. Resolves with the exit code.
 */
export async function runPublish(
  sourceTexts: readonly string[],
  options: CommandOptions & PublishOptions,
  io: Io,
): Promise<number> {
  const { to = [], private: readers = [], allow = [], as = hostname(), ...settingOptions } = options;
  const relays = readRelays(to, io.cwd);
  if (relays === null) return refuse(io, NO_RELAY, EXIT.usage);
  const keys = readKeys({ readers, allowed: allow });
  if ('problem' in keys) return refuse(io, keys.problem, EXIT.usage);
  const relaySource = sourceTexts.find((text) => /^wss?:/iu.test(text));
  if (relaySource !== undefined) return refuse(io, relayAsSource(relaySource), EXIT.usage);
  return withSession(
    sourceTexts,
    settingOptions,
    io,
    async (session) => {
      const found = await findSigner(session.settings, sessionContext(io), { isNeeded: true });
      if (found.kind === 'refused') return refuse(io, found.problem, EXIT.usage);
      if (!found.signer) return refuse(io, NO_KEY, EXIT.usage);
      const publication = openPublication({
        ...keys,
        relays,
        session,
        sourceTexts,
        signer: found.signer,
        host: as,
        io,
      });
      if ('message' in publication) return refuse(io, publication, EXIT.usage);
      warnIfEmpty(session, io);
      printData(io, npubEncode(found.signer.pubkey));
      await rememberRuns(session, io);
      await publishUntilEnd(session, publication, io);
      return EXIT.ok;
    },
    { follows: true, showsAgents: false },
  );
}

function openPublication(parts: {
  readonly relays: readonly string[];
  readonly session: Session;
  readonly sourceTexts: readonly string[];
  readonly signer: Signer;
  readonly host: string;
  readonly readers: readonly string[];
  readonly allowed: readonly string[];
  readonly io: Io;
}): TaskPublication | Problem {
  const { session, io, signer, relays } = parts;
  const statePath = publicationFile({ ...parts, pubkey: signer.pubkey });
  const tell = (said: PlainText) => say(io, words`taskglass: publish: ${said}`);
  try {
    makeDirectoryNow(path.dirname(statePath), 0o700);
    return createTaskPublication({
      ...parts,
      relays,
      statePath,
      host: plainName(parts.host),
      clock: io.clock,
      allowed: session.settings.readOnly ? null : parts.allowed,
      onProblem: (said) => complain(io, said),
      reasonText,
      async onCommand(command, id, by) {
        tell(words`${command}: ${plainName(id)} (asked by ${shortNpub(by)})`);
        const result = await session.monitor.send(id, command);
        if (result.kind === 'sent') return null;
        tell(result.problem.message);
        return result.problem;
      },
    });
  } catch (error) {
    return cannotKeep(statePath, error);
  }
}

/**
 * Publishes every task, and then each change. Ends any task that an earlier process published and that no source lists any
 * more.
 */
async function publishUntilEnd(session: Session, publication: TaskPublication, io: Io): Promise<void> {
  const { monitor } = session;
  const isListed = publishable(session.isListed);
  let told = EMPTY_STATE;
  let isComplete = false;

  const publish = () => {
    const state = monitor.getState();
    const { entries, removed } = changesBetween(told, state, isListed);
    told = state;
    const context = { estimate: monitor.estimate, nowMs: io.clock.now() };
    for (const { now } of entries) publication.put(now.task, expectedEnd(now.task, context));
    for (const id of removed) publication.remove(id);
    if (isComplete || !everySourceIsLive(state)) return;
    isComplete = true;
    publication.keepOnly(
      allEntries(state)
        .filter(isListed)
        .map(({ task }) => task.id),
    );
  };
  const unsubscribe = monitor.subscribe(publish);
  publish();
  await monitor.untilEnded(io.signal);
  publish();
  unsubscribe();
  await publication.close();
}

/** Leaves out tasks that come from relays: published again, each would return as a new task, endlessly. */
function publishable(passes: Filter): Filter {
  return (entry) => passes(entry) && !entry.task.via?.includes(BY_RELAYS);
}

function readRelays(texts: readonly string[], cwd: string): string[] | null {
  const urls = texts.flatMap((text) => {
    const read = readSourceSpec(text, cwd);
    return read.kind === 'spec' && read.spec.kind === 'relay' ? [read.spec.url] : [];
  });
  return urls.length === texts.length && urls.length > 0 ? [...new Set(urls)] : null;
}

const MOST_READERS = 32;

function readKeys(
  texts: Record<'readers' | 'allowed', readonly string[]>,
): { readers: readonly string[]; allowed: readonly string[] } | { problem: Problem } {
  const readers = readPubkeys(texts.readers, words`publish: --private`);
  const allowed = readPubkeys(texts.allowed, words`publish: --allow`);
  if (readers.kind === 'refused') return readers;
  if (allowed.kind === 'refused') return allowed;
  if (texts.readers.length > MOST_READERS) return { problem: TOO_MANY_READERS };
  return { readers: readers.pubkeys, allowed: allowed.pubkeys };
}

function relayAsSource(text: string): Problem {
  return problem(
    'malformed',
    'down',
    plainName(`publish: ${shownUrl(text)} is a relay: its tasks are already published`),
    'name files, directories, databases or servers, and the relays to publish to with --to',
  );
}

function cannotKeep(path: string, error: unknown): Problem {
  return problem(
    'unreadable',
    'down',
    words`publish: ${plainName(path)}: ${plainName(errorMessage(error))}`,
    isBusy(error)
      ? 'another taskglass is already publishing these tasks there'
      : 'check that it can be written',
  );
}

const NO_RELAY = problem(
  'malformed',
  'down',
  'publish: --to must name one or more relays',
  'for example --to wss://relay.example',
);
const NO_KEY = problem(
  'no-key',
  'down',
  'publish: publishing needs a key of its own',
  'taskglass key new, or set TASKGLASS_NSEC',
);
const TOO_MANY_READERS = problem(
  'too-large',
  'down',
  `publish: --private takes ${MOST_READERS} readers at most`,
  'each gets a copy of every event, and relays take events of 64 KiB',
);
