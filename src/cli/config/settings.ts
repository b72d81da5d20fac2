import { z } from 'zod';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { SORT_KEYS } from '../../store/select.ts';

/** A number, or the text of one: options and the environment have nothing else. */
function amount(min: number, max: number) {
  const read = (raw: unknown) => (typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw);
  const words = `it must be a number from ${min} to ${max}`;
  return z.preprocess(read, z.number(words).min(min, words).max(max, words));
}

/** Yes or no, as options, the environment and JSON say it. */
const SWITCH = z.union([z.stringbool(), z.boolean()], 'it must be true or false');

/** What can be configured. Each value may stand in the configuration file, in the environment or on the command line. */
export const Settings = z.object({
  sources: z
    .array(z.string().min(1, 'it is empty'))
    .default([])
    .describe('what to watch when no source is named'),
  pubkey: z
    .array(z.string().min(1, 'it is empty'))
    .default([])
    .describe("watch this key's jobs on the relays, as requester or provider"),
  filter: z.string().default('').describe('show only the tasks that match'),
  sort: z
    .enum(SORT_KEYS, `it must be one of ${SORT_KEYS.join(', ')}`)
    .default('urgency')
    .describe('the order of the list'),
  wait: amount(0, 3600).default(5).describe('seconds to wait for what the sources say first'),
  fps: amount(1, 60).default(30).describe('frames a second, at most'),
  stallAfter: amount(1, 86_400)
    .default(30)
    .describe('seconds of silence, at least, before a running task counts as stalled'),
  readOnly: SWITCH.default(false).describe('send no commands'),
  ascii: SWITCH.optional().describe('draw with ASCII characters only'),
  bell: SWITCH.default(false).describe('ring when a task ends'),
  retention: amount(0, 8760).default(24).describe('hours that the file of a run is kept after its end'),
  history: SWITCH.default(true).describe('learn from what ends how long it takes, for the ETAs to come'),
  keyFile: z.string().min(1, 'it is empty').optional().describe('the NIP-49 file with the signing key'),
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
  const isKnown = issue.path.length > 0;
  const path = isKnown ? `${nameIn(layer, issue.path.map(String))}: ` : '';
  return problem(
    'malformed',
    'down',
    plainName(`${layer.where}: ${path}${issue.message}`),
    isKnown ? 'correct it there' : `known settings: ${SETTING_NAMES.join(', ')}`,
  );
}

/** A setting as it is written in that place; of a list's values only a file tells which one. */
function nameIn({ origin }: Layer, path: readonly string[]): string {
  const [setting = ''] = path;
  if (origin === 'environment') return environmentName(setting);
  return origin === 'option' ? `--${words(setting, '-')}` : path.join('.');
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
