import type { Command } from 'commander';
import { SORT_KEYS } from '../../store/select.ts';
import { collect } from '../config/option-values.ts';

/** What every command takes that looks at tasks. Without defaults: those stand in the settings. */
export function addSessionOptions(command: Command): Command {
  return command
    .option('--pubkey <npub|hex>', "watch this key's jobs, as requester or provider (repeatable)", collect)
    .option('--config <file>', 'read this configuration file');
}

/** What those take besides that need to know all tasks before they go on. */
export function addWaitOption(command: Command): Command {
  return command.option('--wait <s>', 'seconds to wait for what the sources say first (5)');
}

export function addViewOptions(command: Command): Command {
  return addWaitOption(addSessionOptions(command))
    .option('--once', 'print the state and exit')
    .option('--exit-status', 'with --once: exit 4 if a task failed, 5 if cancelled, 6 if one has not ended')
    .option('--json', 'print JSON: with --once a document, else a line for each change')
    .option('--plain', 'print plain lines (the default where stdout is no terminal, or TERM is dumb)')
    .option('--read-only', 'send no commands')
    .option('--filter <expr>', 'show only what matches: words, status:failed, source:x, -word')
    .option('--sort <key>', `order by ${SORT_KEYS.join(', ')}`)
    .option('--stall-after <s>', 'seconds of silence before a running task counts as stalled (30)')
    .option('--no-color', 'draw without colours (also NO_COLOR)')
    .option('--ascii', 'draw with ASCII characters only')
    .option('--bell', 'ring when a task ends')
    .option('--fps <n>', 'frames a second, at most (30)');
}
