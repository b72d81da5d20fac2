import { type Problem, problem } from '../../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../../model/text.ts';
import { type ChannelSpec, readChannelSpec, shownSpec } from '../../notify/channel-spec.ts';
import { DISCOVERED_KINDS } from '../../session/discovered-kinds.ts';
import type { Environment } from '../../storage/home.ts';
import { SORT_KEYS } from '../../store/select.ts';
import { dashed, environmentName } from './environment-name.ts';
import {
  amount,
  choice,
  flag,
  optional,
  type Reading,
  type Setting,
  switches,
  text,
  texts,
} from './setting.ts';
import { keyBindings, namedViews } from './view-settings.ts';

/**
 * What can be configured. Each value may come from the configuration file, the environment or the command line. Not a zod
 * schema: building one would take longer than everything else that a short command does.
 */
export const SETTINGS = {
  sources: texts('what to watch when no source is named'),
  discover: switches(DISCOVERED_KINDS, 'what to look for when no source is named'),
  pubkey: texts('watch the jobs of these keys, as requester or provider'),
  filter: text('', 'show only the tasks that match'),
  sort: choice(SORT_KEYS, 'urgency', 'the sort order of the list'),
  views: namedViews('the named views, which the digits choose'),
  keys: keyBindings('other keys in the view: taskglass config keys'),
  wait: amount(0, 3600, 5, 'seconds to wait for the sources at the start'),
  fps: amount(1, 60, 30, 'frames a second, at most'),
  stallAfter: amount(1, 86_400, 30, 'seconds of silence before a running task counts as stalled'),
  readOnly: flag(false, 'send no commands'),
  ascii: optional(flag(false, 'draw with ASCII characters only')),
  accessible: optional(flag(false, 'speak in sentences instead of drawing')),
  notify: channels('how to notify you while nobody is looking: bell, osc, desktop, ntfy:TOPIC, …'),
  notifyAfter: amount(0, 3600, 5, 'seconds that something must last before you are notified'),
  bell: flag(false, 'ring the bell when a task ends or asks something while nobody is looking'),
  annotations: choice(
    ['problems', 'all', 'off'],
    'problems',
    'what run and wait annotate in GitHub Actions, besides the job summary',
  ),
  retention: amount(0, 8760, 24, 'hours to keep the file of a run after it ends'),
  history: flag(true, 'learn how long tasks take, for later ETAs'),
  keyFile: optional(text('', 'the NIP-49 file with the signing key', { mayBeEmpty: false })),
};
/** Makes the setting of the notification channels, which are shown without their secrets. */
function channels(about: string): Setting<readonly ChannelSpec[]> {
  return {
    about,
    fallback: [],
    read(raw) {
      if (!Array.isArray(raw)) return { wrong: 'must be a list' };
      const value: ChannelSpec[] = [];
      for (const [at, each] of raw.entries()) {
        if (each === 'none') {
          value.length = 0;
          continue;
        }
        const reading = readChannelSpec(each);
        if ('wrong' in reading) return { wrong: reading.wrong, at };
        value.push(reading.spec);
      }
      return { value };
    },
    shown: (specs) => JSON.stringify(specs.map(shownSpec)),
    printed: (specs) => specs.map(shownSpec),
  };
}

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The value of each setting; undefined if it has no default and is not configured. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
};

/** Where a value comes from; a later origin overrides an earlier one. */
export type Origin = 'default' | 'file' | 'environment' | 'option';

/** The values from one place, as given there. `where` names the place in complaints. */
export interface Layer {
  readonly origin: Origin;
  readonly where: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export type Resolved =
  | {
      readonly kind: 'resolved';
      readonly settings: Settings;
      readonly origins: Readonly<Record<string, Origin>>;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Merges the layers and checks every value, so that an invalid one is named with its place and path. */
export function resolveSettings(layers: readonly Layer[]): Resolved {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const name of SETTING_NAMES) values[name] = SETTINGS[name].fallback;
  for (const layer of layers) {
    for (const [name, raw] of Object.entries(layer.values)) {
      if (raw === undefined) continue;
      if (!isSetting(name)) return { kind: 'refused', problem: unknownSetting(layer, name) };
      const reading: Reading<unknown> = SETTINGS[name].read(raw, nameIn(layer, [name]));
      if ('wrong' in reading) return { kind: 'refused', problem: wrongValue(layer, name, reading) };
      values[name] = reading.value;
      origins[name] = layer.origin;
    }
  }
  return { kind: 'resolved', settings: values as Settings, origins };
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function wrongValue(
  layer: Layer,
  setting: SettingName,
  { wrong, at }: Extract<Reading<unknown>, { wrong: string }>,
): Problem {
  const name = nameIn(layer, at === undefined ? [setting] : [setting, String(at)]);
  const subject = layer.origin === 'file' ? `${name}: it` : name;
  return problem('malformed', 'down', plainName(`${subject} ${wrong}`), CORRECTIONS[layer.origin]);
}

function unknownSetting({ where }: Layer, name: string): Problem {
  return problem(
    'malformed',
    'down',
    plainName(`${where}: Unrecognized key: ${JSON.stringify(name)}`),
    words`known settings: ${joined(SETTING_NAMES, ', ')}`,
  );
}

/** What to do about a value, if its name does not say enough. */
const CORRECTIONS: Readonly<Partial<Record<Origin, PlainText>>> = {
  file: words`correct it there`,
  environment: words`correct it in the environment`,
};

/** Returns a setting's name in that place. Only for a file does it say which item of a list is meant. */
function nameIn({ origin, where }: Layer, path: readonly string[]): string {
  const [setting] = path;
  if (setting === undefined) return '';
  if (origin === 'environment') return environmentName(setting);
  return origin === 'option' ? `--${dashed(setting, '-')}` : `${where}: ${path.join('.')}`;
}

const ENVIRONMENT_LISTS = new Set<string>(['sources', 'pubkey', 'notify']);

/** Reads the settings in the environment: `TASKGLASS_STALL_AFTER=5` is `stallAfter`. Lists are separated by blanks. */
export function environmentLayer(env: Environment): Layer {
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const text = env[environmentName(name)];
    if (text === undefined || text === '') continue;
    values[name] = ENVIRONMENT_LISTS.has(name) ? text.split(/\s+/u).filter(Boolean) : text;
  }
  return { origin: 'environment', where: 'environment', values };
}
