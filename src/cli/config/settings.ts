import { z } from 'zod';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { SORT_KEYS } from '../../store/select.ts';

/** A number, or the text of one: options and the environment have nothing else. */
function amount(min: number, max: number) {
  const read = (raw: unknown) => (typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw);
  const words = `must be a number from ${min} to ${max}`;
  return z.preprocess(read, z.number(words).min(min, words).max(max, words));
}

/** Yes or no, as options, the environment and JSON say it. */
const SWITCH = z.union([z.stringbool(), z.boolean()], 'must be true or false');

/** What can be configured. Each value may stand in the configuration file, in the environment or on the command line. */
export const Settings = z.object({
  sources: z
    .array(z.string().min(1, 'must not be empty'))
    .default([])
    .describe('what to watch when no source is named'),
  pubkey: z
    .array(z.string().min(1, 'must not be empty'))
    .default([])
    .describe('watch the jobs of these keys, as requester or provider'),
  filter: z.string().default('').describe('show only the tasks that match'),
  sort: z
    .enum(SORT_KEYS, `must be one of ${SORT_KEYS.join(', ')}`)
    .default('urgency')
    .describe('the order of the list'),
  wait: amount(0, 3600).default(5).describe('seconds to wait for the sources at the start'),
  fps: amount(1, 60).default(30).describe('frames a second, at most'),
  stallAfter: amount(1, 86_400)
    .default(30)
    .describe('seconds of silence before a running task counts as stalled'),
  readOnly: SWITCH.default(false).describe('send no commands'),
  ascii: SWITCH.optional().describe('draw with ASCII characters only'),
  bell: SWITCH.default(false).describe('ring when a task ends'),
  retention: amount(0, 8760).default(24).describe('hours to keep the file of a run after it ends'),
  history: SWITCH.default(true).describe('learn how long tasks take, for later ETAs'),
  keyFile: z.string().min(1, 'must not be empty').optional().describe('the NIP-49 file with the signing key'),
});
export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;
export const SETTING_NAMES = Object.keys(Settings.shape) as SettingName[];

/** Where a value comes from; later ones win. */
export type Origin = 'default' | 'file' | 'environment' | 'option';

/** One place's values, as they stand there. `where` names the place in complaints. */
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

/** Lays the layers over each other and checks every value, so that a bad one is named with its place and path. */
export function resolveSettings(layers: readonly Layer[]): Resolved {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const layer of layers) {
    const refusal = checkLayer(layer);
    if (refusal) return { kind: 'refused', problem: refusal };
    for (const [name, value] of Object.entries(layer.values)) {
      if (value === undefined) continue;
      values[name] = value;
      origins[name] = layer.origin;
    }
  }
  return { kind: 'resolved', settings: Settings.parse(values), origins };
}

function checkLayer(layer: Layer): Problem | null {
  const given = Object.fromEntries(Object.entries(layer.values).filter(([, value]) => value !== undefined));
  const result = Settings.partial().strict().safeParse(given);
  const issue = result.error?.issues[0];
  if (!issue) return null;
  const name = nameIn(layer, issue.path.map(String));
  if (name === '') {
    const known = `known settings: ${SETTING_NAMES.join(', ')}`;
    return problem('malformed', 'down', plainName(`${layer.where}: ${issue.message}`), known);
  }
  const subject = layer.origin === 'file' ? `${name}: it` : name;
  const isOurs = issue.message.startsWith('must '); // zod's own words are no half sentence
  const what = isOurs ? `${subject} ${issue.message}` : `${name}: ${issue.message}`;
  return problem('malformed', 'down', plainName(what), CORRECTIONS[layer.origin]);
}

/** What to do about a value, if its name does not say enough. */
const CORRECTIONS: Readonly<Partial<Record<Origin, string>>> = {
  file: 'correct it there',
  environment: 'correct it in the environment',
};

/** Returns a setting as it is written in that place; of a list's values only a file tells which one. */
function nameIn({ origin, where }: Layer, path: readonly string[]): string {
  const [setting] = path;
  if (setting === undefined) return '';
  if (origin === 'environment') return environmentName(setting);
  return origin === 'option' ? `--${words(setting, '-')}` : `${where}: ${path.join('.')}`;
}

const ENVIRONMENT_LISTS = new Set<string>(['sources', 'pubkey']);

/** `TASKGLASS_STALL_AFTER=5` stands for `stallAfter`; lists are parted by blanks. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const text = env[environmentName(name)];
    if (text === undefined || text === '') continue;
    values[name] = ENVIRONMENT_LISTS.has(name) ? text.split(/\s+/u).filter(Boolean) : text;
  }
  return { origin: 'environment', where: 'environment', values };
}

export function environmentName(setting: string): string {
  return `TASKGLASS_${words(setting, '_').toUpperCase()}`;
}

/** `stallAfter` in small letters, its words parted by `dash`. */
function words(setting: string, dash: string): string {
  return setting.replace(/[A-Z]/gu, (letter) => `${dash}${letter.toLowerCase()}`);
}
