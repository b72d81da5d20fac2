import type { AskedProgram, CommandLine } from '../../io/ask-program.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { createAskedSource } from '../kit/asked-source.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { decodeShow, decodeTimers, decodeUnits, UNIT_PROPERTIES } from './format.ts';
import { createUnits } from './units.ts';

const BUSY_REST_MS = 10_000;
const IDLE_REST_MS = 30_000;
/** How many services one call shows in full. */
const MOST_SHOWN = 500;

/**
 * Opens the services of this user's systemd that are tasks, or those of the system if `place` is `system`: services that run
 * and will end, that have failed, or that timers start.
 */
export function openSystemd(options: PlacedOptions): Source | Problem {
  const { place } = options;
  if (place === '' || place === 'user' || place === 'system') return createSystemdSource(options);
  const message = words`systemd:${plainName(place)}: there is no such service manager`;
  return problem('malformed', 'down', message, 'name it systemd: for your own services, or systemd:system');
}

function createSystemdSource(options: PlacedOptions): Source {
  const scope = options.place === 'system' ? '--system' : '--user';
  const units = createUnits();
  const systemctl = (...args: readonly string[]): CommandLine => ['systemctl', scope, ...args];
  const act = (verb: string, id: string) => systemctl(verb, '--no-block', '--no-ask-password', '--', id);

  return createAskedSource({
    ...options,
    env: { ...options.env, SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '', SYSTEMD_URLIFY: '0' },
    kind: 'systemd',
    location: options.place === 'system' ? 'systemd:system' : 'systemd',
    program: { ...SYSTEMCTL, explain: ({ text }) => explain(text, scope) },
    async look(asker, signal) {
      const list = systemctl('list-units', '--type=service', '--all', '--output=json');
      const listed = await asker.json(list, decodeUnits, signal);
      if (listed.kind === 'failed') return listed;
      const timers = await asker.json(
        systemctl('list-timers', '--all', '--output=json'),
        decodeTimers,
        signal,
      );
      if (timers.kind === 'failed') return timers;
      const asked = units.worthAsking(listed.told, timers.told).slice(0, MOST_SHOWN);
      if (asked.length === 0) return { kind: 'read', tasks: units.tasks([], timers.told), problem: null };
      const properties = `--property=${UNIT_PROPERTIES.join(',')}`;
      const shown = await asker.text(
        systemctl('show', '--timestamp=unix', properties, '--', ...asked),
        signal,
      );
      if (shown.kind === 'failed') return shown;
      return {
        kind: 'read',
        tasks: units.tasks(decodeShow(shown.told), timers.told),
        problem: null,
        // A service that ended without a timestamp did so since the last look.
        firstSeenAt: null,
        changedAt: options.clock.now(),
      };
    },
    restMs: (tasks) => (tasks.some(({ state }) => state.status === 'running') ? BUSY_REST_MS : IDLE_REST_MS),
    commands: {
      cancel({ nativeId }) {
        units.stopped(nativeId);
        return act('stop', nativeId);
      },
      retry({ nativeId }) {
        units.started(nativeId);
        return act('restart', nativeId);
      },
    },
    offers: (status) =>
      cancelAndRetryOffers(
        status,
        status === 'queued' ? words`it is not running: its timer starts it` : null,
      ),
  });
}

const SYSTEMCTL: AskedProgram = { install: words`only a system with systemd has such services` };

function explain(text: string, scope: string) {
  if (/not been booted with systemd|host is down/iu.test(text))
    return {
      message: words`this system was not started by systemd`,
      hint: words`it has no services to show`,
    };
  if (/connect to bus|no medium found|XDG_RUNTIME_DIR/iu.test(text) && scope === '--user')
    return {
      message: words`this user's systemd cannot be reached`,
      hint: words`log in again, or run: loginctl enable-linger`,
    };
  if (/interactive authentication|access denied|permission/iu.test(text))
    return {
      message: words`systemd does not let this user do that`,
      hint: words`run it as root: sudo systemctl …`,
    };
  return null;
}
