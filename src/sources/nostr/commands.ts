import type { EventTemplate } from 'nostr-tools/core';
import type { Clock } from '../../clock.ts';
import type { CommandResult } from '../../model/command.ts';
import { refused } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import { encodeCancellation, encodeRetry } from '../../nostr/nip90/encode.ts';
import type { Relays } from '../../nostr/relays.ts';
import type { Signer } from '../../nostr/signer.ts';
import type { CommandContext, CommandHandler } from '../kit/source.ts';
import type { Job } from './jobs/job.ts';
import { isOwn, mayCancel } from './jobs/job-task.ts';

/** What commands need from the open source; null before it was opened. */
export interface CommandSession {
  readonly relays: Pick<Relays, 'publish'>;
  find(nativeId: string): Job | undefined;
}

/** Creates cancel and retry, each an event signed with the requester's key. What follows from it is reported by the relays. */
export function createCommands(options: {
  clock: Clock;
  signer: Signer | undefined;
  session: () => CommandSession | null;
}): { cancel: CommandHandler; retry: CommandHandler } {
  const { clock, signer, session } = options;

  async function send(
    nativeId: string,
    context: CommandContext,
    write: (job: Job) => EventTemplate | null,
    isAllowed: (job: Job) => boolean = () => false,
  ): Promise<CommandResult> {
    const open = session();
    const job = open?.find(nativeId);
    if (!open || !job) return refused('missing', words`there is no job ${plainName(nativeId)}`);
    if (!signer || !(isOwn(job, signer.pubkey) || isAllowed(job))) {
      return refused('no-key', "needs the requester's key", 'taskglass key import');
    }
    const template = write(job);
    if (!template) return refused('missing', 'its request is no longer on any relay', 'send it again');
    const event = await signer.sign(template);
    context.report({ stage: 'signed' });
    return publish(open.relays, event, context);
  }

  return {
    cancel: (nativeId, context) =>
      send(
        nativeId,
        context,
        (job) => encodeCancellation(cancelledRequest(job, signer), clock.now()),
        ({ request }) => mayCancel(request, signer?.pubkey ?? null),
      ),
    retry: (nativeId, context) =>
      send(nativeId, context, ({ event }) => event && encodeRetry(event, clock.now())),
  };
}

/** Returns the request to cancel. Only the requester's own deletion makes relays delete it, and may carry it. */
function cancelledRequest({ id, request, event }: Job, signer: Signer | undefined) {
  if (!request) return { id };
  return { id, kind: request.kind, event: request.requester === signer?.pubkey ? event : null };
}

async function publish(
  relays: CommandSession['relays'],
  event: Parameters<Relays['publish']>[0],
  { signal, report }: CommandContext,
): Promise<CommandResult> {
  const accepted = new Set<string>();
  const answers = await relays.publish(event, {
    signal,
    onAnswer(answer, of) {
      if (!answer.accepted) return;
      accepted.add(answer.relay);
      report({ stage: 'accepted', by: accepted.size, of });
    },
  });
  if (accepted.size > 0) return { kind: 'sent' };
  const reason = answers.find((answer) => answer.reason !== '')?.reason ?? 'no reason given';
  return refused('refused', words`no relay accepted it: ${plainName(reason)}`);
}
