import type { Signer } from '../nostr/signer.ts';
import type { Switches } from './discovered-kinds.ts';

/** What a session is to show, and what it may do. */
export interface Selection {
  /** What was asked for by name, as on the command line: relays, files, directories, servers. */
  readonly named: readonly string[];
  /** What is watched if nothing is named, besides the current directory. */
  readonly configured: readonly string[];
  /** Whether `configured` stands in another file than the user's own configuration. */
  readonly isConfigForeign?: boolean;
  /** Whose jobs are watched on the relays: npub1… or 64 hex digits each. */
  readonly pubkeys: readonly string[];
  /** The file with the signing key; the usual one if absent. */
  readonly keyFile?: string | undefined;
  /** Signs instead of what `keyFile` holds. */
  readonly signer?: Signer | undefined;
  /** Whether nothing may be started or changed. */
  readonly readOnly: boolean;
  /** What is looked for if nothing is named. */
  readonly discover: Switches;
  /** Whether it goes on to be looked for: sources that appear later are added. */
  readonly follows: boolean;
  /** Whether runs that are started later are to be seen although there is no directory for them yet: it is made. */
  readonly awaitsRuns: boolean;
}
