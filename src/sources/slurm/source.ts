import { userInfo } from 'node:os';
import type { AskedProgram, Asker } from '../../io/ask-program.ts';
import { words } from '../../model/text.ts';
import { createAskedSource } from '../kit/asked-source.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { ProgramOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import type { TaskDraft } from '../kit/task-draft.ts';
import { decodeSacct, decodeSqueue, isRestOfArray, type Owner } from './format.ts';
import { createGoneJobs } from './gone.ts';

const SLURM: AskedProgram = {
  install: words`taskglass has to run where Slurm's commands are: on a login node`,
  explain: ({ text }) =>
    /contact slurm controller|configuration source/iu.test(text)
      ? { message: words`Slurm's controller cannot be reached`, hint: words`check with: sinfo` }
      : null,
};

/** The controller serves the whole cluster, so it is not asked more often. */
const REST_MS = 30_000;
const IDLE_REST_MS = 60_000;
/** How many jobs accounting is asked for at once. */
const MOST_ASKED = 100;

/** Shows this user's jobs in Slurm's queue, and how those ended that have left it. */
export function createSlurmSource(options: ProgramOptions): Source {
  const { clock } = options;
  const owner = ownerHere();
  const gone = createGoneJobs();
  let notRequeued: ReadonlySet<string> = new Set();
  // Otherwise a list of tasks is cut at 64 characters.
  const env = { ...options.env, SLURM_BITSTR_LEN: '0' };

  /** Asks accounting how jobs ended; what it does not know stays unknown. */
  async function askAccounting(ids: readonly string[], asker: Asker, signal: AbortSignal) {
    if (ids.length === 0) return [];
    const list = ids.slice(0, MOST_ASKED).join(',');
    const decode = (document: unknown) => decodeSacct(document, clock.now());
    const asked = await asker.json(['sacct', '--json', '--jobs', list], decode, signal);
    return asked.kind === 'told' ? asked.told.tasks : [];
  }

  return createAskedSource({
    ...options,
    env,
    kind: 'slurm',
    location: 'slurm',
    program: SLURM,
    async look(asker, signal) {
      const decode = (document: unknown) => decodeSqueue(document, owner, clock.now());
      const asked = await asker.json(['squeue', '--json', '--me', '--states=all'], decode, signal);
      if (asked.kind === 'failed') return asked;
      const { tasks: listed, problem } = asked.told;
      notRequeued = asked.told.notRequeued;
      const told = await askAccounting(gone.missing(listed), asker, signal);
      return { kind: 'read', tasks: gone.together(listed, told), problem };
    },
    restMs: (tasks) => (tasks.some(({ state }) => !('endedAt' in state)) ? REST_MS : IDLE_REST_MS),
    commands: {
      cancel: ({ nativeId }) => ['scancel', nativeId],
      retry: ({ nativeId }) => ['scontrol', 'requeue', nativeId],
    },
    offers: (status, draft) =>
      cancelAndRetryOffers(status, null).map((offer) => ({
        ...offer,
        refusal: refusalOf(offer.command, draft, notRequeued),
      })),
  });
}

function refusalOf(command: string, draft: TaskDraft, notRequeued: ReadonlySet<string>) {
  if (command === 'retry' && notRequeued.has(draft.nativeId))
    return words`Slurm must not run it again: it was submitted that way`;
  if (command === 'cancel' && isRestOfArray(draft))
    return words`it stands for several tasks: cancel them with scancel`;
  return null;
}

function ownerHere(): Owner {
  try {
    const { username, uid } = userInfo();
    return { name: username, uid: uid < 0 ? null : uid };
  } catch {
    return { name: '', uid: process.getuid?.() ?? null };
  }
}
