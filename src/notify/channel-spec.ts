import { jsonObject } from '../model/json.ts';
import { shownServer } from '../model/shown-url.ts';
import { NOTIFY_EVENTS, type NotifyEvent, USUAL_EVENTS } from './event.ts';

/** The ways to notify, each with a file in `channels/`. */
export const CHANNELS = ['bell', 'osc', 'title', 'progress', 'desktop', 'exec', 'webhook', 'ntfy'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** A channel as it is configured. */
export interface ChannelSpec {
  readonly channel: ChannelName;
  readonly events: readonly NotifyEvent[];
  /**
   * For `osc` the sequence, for `webhook` the address, for `ntfy` the topic or its address; null for channels that need none.
   */
  readonly target: string | null;
  /** For `exec`: one string for a shell, or a program and its arguments. */
  readonly command?: string | readonly string[];
  /** For `webhook` and `ntfy`: sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `ntfy`: its access token. */
  readonly token?: string;
}

export type SpecReading = { readonly spec: ChannelSpec } | { readonly wrong: string };

/** The events of `--bell`: what ends, and what asks. */
export const BELL_EVENTS: readonly NotifyEvent[] = ['needs-input', 'failed', 'review', 'completed'];

/** Reads a channel: `NAME[:TARGET][=EVENT,…]`, or an object of the configuration file. */
export function readChannelSpec(raw: unknown): SpecReading {
  if (typeof raw === 'string') return readText(raw);
  const object = jsonObject(raw);
  return object ? readObject(object) : { wrong: 'must be a text such as bell or osc=failed, or an object' };
}

/** Returns a channel as it may be shown, without its secrets. */
export function shownSpec(spec: ChannelSpec): string {
  const shown = shownTarget(spec);
  const told = isUsual(spec.events) ? '' : `=${spec.events.join(',')}`;
  return `${spec.channel}${shown === null ? '' : `:${shown}`}${told}`;
}

/** The path of a webhook, a topic of ntfy and the arguments of a program may be the only thing that keeps others out. */
function shownTarget({ channel, target, command }: ChannelSpec): string | null {
  if (command !== undefined) {
    const [program = '', ...more] = typeof command === 'string' ? command.split(/\s+/u) : command;
    return more.length === 0 ? program : `${program} …`;
  }
  if (target === null || channel === 'osc') return target;
  return shownServer(target) || '…';
}

/** Returns a name by which channels of several taskglasses can be recognised as the same. */
export function channelIdentity({ channel, target, command }: ChannelSpec): string {
  return JSON.stringify([channel, target, command ?? null]);
}

function isUsual(events: readonly NotifyEvent[]): boolean {
  return events.length === USUAL_EVENTS.length && USUAL_EVENTS.every((event) => events.includes(event));
}

function readText(text: string): SpecReading {
  const [, before = text, words] = /^(.+)=([a-z,-]*)$/u.exec(text) ?? [];
  const given = words === undefined ? null : readEvents(words.split(','));
  const [, name = '', rest = ''] = /^([^:=]*):?(.*)$/su.exec(before) ?? [];
  // What follows the last `=` of an address may be a part of it.
  const isPart = given !== null && 'wrong' in given && rest !== '';
  if (given && 'wrong' in given && !isPart) return given;
  const target = isPart ? text.slice(name.length + 1) : rest;
  const events = given && 'events' in given ? given.events : USUAL_EVENTS;
  return assemble(name, { target, events });
}

function readObject(object: Readonly<Record<string, unknown>>): SpecReading {
  const { channel, events, url, topic, command, sequence, headers, token, ...others } = object;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return {
      wrong: `does not know ${JSON.stringify(unknown)}; it knows channel, events, url, topic, command, sequence, headers, token`,
    };
  const read = events === undefined ? { events: USUAL_EVENTS } : readEvents(events);
  if ('wrong' in read) return read;
  const target = url ?? topic ?? sequence ?? '';
  if (typeof target !== 'string') return { wrong: 'must have a text as url, topic or sequence' };
  if (headers !== undefined && !areHeaders(headers))
    return { wrong: 'must have headers that are an object of texts' };
  if (token !== undefined && !isHeaderText(token)) return { wrong: 'must have a text as token' };
  if (command !== undefined && !isCommand(command))
    return { wrong: 'must have a command that is a string or a list of strings' };
  return assemble(String(channel ?? ''), {
    target,
    events: read.events,
    ...(command === undefined ? {} : { command }),
    ...(headers === undefined ? {} : { headers }),
    ...(token === undefined ? {} : { token }),
  });
}

type Parts = Omit<ChannelSpec, 'channel' | 'target'> & { readonly target: string };

function assemble(name: string, parts: Parts): SpecReading {
  const channel = CHANNELS.find((known) => known === name);
  if (!channel) return { wrong: `must be one of ${CHANNELS.join(', ')}` };
  const { target, command, headers, token, events } = parts;
  const rest = { events, ...(headers && { headers }), ...(token !== undefined && { token }) };
  if (channel === 'exec') {
    const run = command ?? target;
    if (run.length === 0) return { wrong: 'must name a command: exec:COMMAND' };
    return { spec: { ...rest, channel, target: null, command: run } };
  }
  const wrong = wrongTarget(channel, target);
  return wrong ? { wrong } : { spec: { ...rest, channel, target: target === '' ? null : target } };
}

function wrongTarget(channel: ChannelName, target: string): string | null {
  switch (channel) {
    case 'osc':
      return ['', '9', '99', '777'].includes(target) ? null : 'must be osc, osc:9, osc:99 or osc:777';
    case 'webhook':
      return isHttp(target) ? null : 'must name an address: webhook:https://…';
    case 'ntfy':
      return isHttp(target) ? wrongTopic(new URL(target).pathname.slice(1)) : wrongTopic(target);
    default:
      return target === '' ? null : `must be ${channel} alone: there is nothing to choose`;
  }
}

/** Topics as ntfy itself permits them. */
function wrongTopic(topic: string): string | null {
  return /^[-\w]{1,64}$/u.test(topic) ? null : 'must name a topic: ntfy:TOPIC or ntfy:https://HOST/TOPIC';
}

function isHttp(text: string): boolean {
  return /^https?:\/\//iu.test(text) && URL.canParse(text);
}

function readEvents(raw: unknown): { readonly events: readonly NotifyEvent[] } | { readonly wrong: string } {
  const words: unknown[] = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(',') : [raw];
  if (words.includes('all')) return { events: NOTIFY_EVENTS };
  const unknown = words.find((word) => !NOTIFY_EVENTS.some((event) => event === word));
  if (unknown !== undefined || words.length === 0)
    return {
      wrong: `does not know the event ${JSON.stringify(unknown ?? '')}; it knows ${NOTIFY_EVENTS.join(', ')}, all`,
    };
  return { events: NOTIFY_EVENTS.filter((event) => words.includes(event)) };
}

function areHeaders(raw: unknown): raw is Readonly<Record<string, string>> {
  const entries = Object.entries(jsonObject(raw) ?? { '': null });
  return entries.every(([name, value]) => /^[-!#$%&'*+.^`|~\w]+$/u.test(name) && isHeaderText(value));
}

function isHeaderText(raw: unknown): raw is string {
  return typeof raw === 'string' && /^[\t\x20-\x7e\u0080-\u00ff]*$/u.test(raw);
}

function isCommand(raw: unknown): raw is string | readonly string[] {
  if (Array.isArray(raw)) return raw.length > 0 && raw.every((word) => typeof word === 'string');
  return typeof raw === 'string';
}
