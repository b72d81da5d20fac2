import type { Problem } from './problem.ts';
import type { PlainText } from './text.ts';

/** What a source may be asked to do. `dismiss` is not among them: it belongs to the view and changes no task. */
export const COMMAND_NAMES = ['cancel', 'retry', 'setStatus', 'answer'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** A command that makes sense for a task now; `refusal` says why it can't be sent, null if it can. */
export interface CommandOffer {
  readonly command: CommandName;
  readonly refusal: PlainText | null;
  /** The arguments that `setStatus` accepts. */
  readonly choices?: readonly PlainText[];
  /** The choices that are unusual here: the view asks for confirmation before it sends one. */
  readonly asksBack?: readonly PlainText[];
  /** The command starts something on this machine: the view asks for confirmation before it sends it. */
  readonly needsConsent?: boolean;
}

/** Returns the offer of a command; undefined if the command makes no sense for the task now. */
export function offerOf(
  { offers }: { readonly offers: readonly CommandOffer[] },
  command: CommandName,
): CommandOffer | undefined {
  return offers.find((offer) => offer.command === command);
}

/**
 * A stage of a command's delivery: asked → delivered → taken, or asked → signed → accepted by k of n. `delivered`: it is
 * where the worker looks for it; `taken`: the worker has it. Either way, the worker's report comes last.
 */
export type CommandStage =
  | { readonly stage: 'asked' }
  | { readonly stage: 'delivered' }
  | { readonly stage: 'taken' }
  | { readonly stage: 'signed' }
  | { readonly stage: 'accepted'; readonly by: number; readonly of: number };

/** How a source answers. `sent` promises nothing: only the source's next report changes the task. */
export type CommandResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly problem: Problem };
