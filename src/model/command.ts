import type { Problem } from './problem.ts';
import type { PlainText } from './text.ts';

/** What a source may be asked to do. `dismiss` is not among them: it is the view's own and changes nothing. */
export const COMMAND_NAMES = ['cancel', 'retry', 'setStatus', 'answer'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** A command that makes sense for a task now; `refusal` says why it can't be sent all the same. */
export interface CommandOffer {
  readonly command: CommandName;
  readonly refusal: PlainText | null;
  /** The words that `setStatus` may be sent with. */
  readonly choices?: readonly PlainText[];
  /** Those of them that leave the usual way: the view asks back before it sends one. */
  readonly asksBack?: readonly PlainText[];
  /** It starts something on this machine: the view asks back before it sends it. */
  readonly needsConsent?: boolean;
}

/** A stage on the way of a command: asked → signed → accepted by k of n → reported by the worker. */
export type CommandStage =
  | { readonly stage: 'asked' }
  | { readonly stage: 'signed' }
  | { readonly stage: 'accepted'; readonly by: number; readonly of: number };

/** How a source answers. `sent` promises nothing: only the source's next report changes the task. */
export type CommandResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly problem: Problem };
