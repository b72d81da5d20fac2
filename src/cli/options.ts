import { TASK_STATUSES } from '../model/task.ts';
import { SORT_KEYS } from '../store/select.ts';
import { FEWEST_INLINE } from '../ui/size.ts';
import type { CliOption } from './command.ts';
import { wholeNumber } from './config/option-values.ts';

/** Options that several commands share. Their defaults are in the settings. */

export const CONFIG: CliOption = { flags: '--config <file>', about: 'read this configuration file' };

export const JSON_OUTPUT: CliOption = { flags: '--json', about: 'print JSON', hasVariable: true };

export const FILTER: CliOption = {
  flags: '--filter <expr>',
  about: 'show only matching tasks: words, a | b, -word, status:failed, host:x, is:needs-you',
  takes: [{ words: TASK_STATUSES.map((status) => `status:${status}`) }],
};

/** For every command that opens a session. */
export const SESSION_OPTIONS: readonly CliOption[] = [
  {
    flags: '--pubkey <npub|hex>',
    about: 'watch the jobs of this key, as requester or provider',
    isRepeatable: true,
  },
  CONFIG,
];

/** For session commands that have to know all tasks before they continue. */
export const WAIT: CliOption = {
  flags: '--wait <s>',
  about: 'seconds to wait for the sources at the start',
  byDefault: '5',
};

/** For commands that report to GitHub how something ended. */
export const ANNOTATIONS: CliOption = {
  flags: '--annotations <which>',
  about: 'annotate in GitHub Actions: problems, all, or off (no job summary either)',
  byDefault: 'problems',
};

export const STALL_AFTER: CliOption = {
  flags: '--stall-after <s>',
  about: 'seconds of silence before a running task counts as stalled',
  byDefault: '30',
};

/** For commands that notify. */
export const NOTIFY_OPTIONS: readonly CliOption[] = [
  {
    flags: '--notify <how>',
    about:
      'notify while nobody is looking: bell, osc, title, progress, desktop, exec:CMD, webhook:URL, ntfy:TOPIC; =failed,… chooses the events; none turns it off',
    isRepeatable: true,
  },
  {
    flags: '--notify-after <s>',
    about: 'seconds that something must last before you are notified',
    byDefault: '5',
  },
];

/** For commands that show the view. */
export const VIEW_OPTIONS: readonly CliOption[] = [
  ...SESSION_OPTIONS,
  WAIT,
  { flags: '--once', about: 'print the tasks and exit', hasVariable: true },
  {
    flags: '--exit-status',
    about: 'with --once: exit 4 if a task failed, 5 if one was cancelled, 6 if one has not ended',
    hasVariable: true,
  },
  {
    flags: '--json',
    about: 'print JSON: one document with --once, otherwise one line per change',
    hasVariable: true,
  },
  {
    flags: '--plain',
    about: 'print plain lines; the default if stdout is not a terminal or TERM is dumb',
    hasVariable: true,
  },
  { flags: '--read-only', about: 'send no commands' },
  FILTER,
  {
    flags: '--sort <key>',
    about: `sort by ${SORT_KEYS.join(', ')}`,
    byDefault: 'urgency',
    takes: [{ words: SORT_KEYS }],
  },
  STALL_AFTER,
  { flags: '--no-color', about: 'draw without colours, as with NO_COLOR', hasVariable: true },
  { flags: '--ascii', about: 'draw with ASCII characters only' },
  {
    flags: '--inline <n>',
    about: `draw n lines in place, ${FEWEST_INLINE} or more, instead of on the whole screen`,
    parse: wholeNumber(FEWEST_INLINE),
    hasVariable: true,
  },
  {
    flags: '--accessible',
    about: 'speak in sentences instead of drawing, as with ACCESSIBLE=1: for screen readers',
  },
  ...NOTIFY_OPTIONS,
  { flags: '--bell', about: 'ring the bell when a task ends or asks something while nobody is looking' },
  { flags: '--fps <n>', about: 'draw at most this many frames a second', byDefault: '30' },
];
