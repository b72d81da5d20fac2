import { SORT_KEYS } from '../store/select.ts';
import type { CliOption } from './command.ts';

/** Options that several commands take. Their defaults stand in the settings. */

export const CONFIG: CliOption = { flags: '--config <file>', about: 'read this configuration file' };

export const JSON_OUTPUT: CliOption = { flags: '--json', about: 'print JSON' };

export const FILTER: CliOption = {
  flags: '--filter <expr>',
  about: 'show only matching tasks: words, status:failed, source:x, host:x, -word',
};

/** Of every command that opens a session. */
export const SESSION_OPTIONS: readonly CliOption[] = [
  {
    flags: '--pubkey <npub|hex>',
    about: 'watch the jobs of this key, as requester or provider',
    isRepeatable: true,
  },
  CONFIG,
];

/** Of those besides that need to know all tasks before they go on. */
export const WAIT: CliOption = {
  flags: '--wait <s>',
  about: 'seconds to wait for the sources at the start',
  byDefault: '5',
};

/** Of whatever shows the view. */
export const VIEW_OPTIONS: readonly CliOption[] = [
  ...SESSION_OPTIONS,
  WAIT,
  { flags: '--once', about: 'print the tasks and exit' },
  {
    flags: '--exit-status',
    about: 'with --once: exit 4 if a task failed, 5 if one was cancelled, 6 if one has not ended',
  },
  { flags: '--json', about: 'print JSON: one document with --once, otherwise one line per change' },
  {
    flags: '--plain',
    about: 'print plain lines; the default if stdout is not a terminal or TERM is dumb',
  },
  { flags: '--read-only', about: 'send no commands' },
  FILTER,
  { flags: '--sort <key>', about: `sort by ${SORT_KEYS.join(', ')}`, byDefault: 'urgency' },
  {
    flags: '--stall-after <s>',
    about: 'seconds of silence before a running task counts as stalled',
    byDefault: '30',
  },
  { flags: '--no-color', about: 'draw without colours, as with NO_COLOR' },
  { flags: '--ascii', about: 'draw with ASCII characters only' },
  { flags: '--bell', about: 'ring when a task ends' },
  { flags: '--fps <n>', about: 'draw at most this many frames a second', byDefault: '30' },
];
