import type { Signer } from '../nostr/signer.ts';
import type { Switches } from './discovered-kinds.ts';

/** What a session shows, and what it may do. */
export interface Selection {
  /** What was named, as on the command line: relays, files, directories, servers. */
  readonly named: readonly string[];
  /** What to watch if nothing is named, besides the current directory. */
  readonly configured: readonly string[];
  /** Whether `configured` comes from a file other than the user's own configuration. */
  readonly isConfigForeign?: boolean;
  /** Whose jobs to watch on the relays: npub1… or 64 hex digits each. */
  readonly pubkeys: readonly string[];
  /** The file with the signing key; the usual one if absent. */
  readonly keyFile?: string | undefined;
  /** Signs instead of the key in `keyFile`. */
  readonly signer?: Signer | undefined;
  /** Whether nothing may be started or changed. */
  readonly readOnly: boolean;
  /** What to search for if nothing is named. */
  readonly discover: Switches;
  /** Whether to keep searching: sources that appear later are added. */
  readonly follows: boolean;
  /** Whether runs that are started later should appear even if their directory does not exist yet; it is created. */
  readonly awaitsRuns: boolean;
}
