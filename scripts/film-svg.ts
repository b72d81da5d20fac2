/** Draws a cast as an SVG that is animated by CSS alone: it plays wherever a browser shows a picture, without JavaScript. */
import xterm from '@xterm/headless';
import type { Cast, CastEvent } from './cast-file.ts';
import { CAPTION_ROWS, captionSvg, screenElements, svgDocument } from './screen-svg.ts';

/** How long the last frame is shown before the film starts again, and how long a key is shown, in seconds. */
const LAST_S = 2;
const KEY_S = 1.2;
const KEYS: Readonly<Record<string, string>> = { '\r': 'enter', '\u001b': 'esc', ' ': 'space' };

/** From when until when something is seen, in seconds. */
type Span = readonly [from: number, to: number];

/** Draws a cast; `name` tells its styles apart from those of other films on the same page. */
export async function filmSvg(cast: Cast, name: string): Promise<string> {
  const { columns, rows, title, events } = cast;
  const end = (events.at(-1)?.[0] ?? 0) + LAST_S;
  const seen = await seenElements(cast, end);
  for (const [key, span] of pressedKeys(events, end)) addSpan(seen, captionSvg(key, rows), span);
  const groups = Map.groupBy(seen, ([, spans]) => JSON.stringify(spans));
  const still = stillMoment(events, end);
  const resting: string[] = [];
  const moving: string[] = [];
  const grounds: string[] = [];
  const words: string[] = [];
  for (const members of groups.values()) {
    const spans = members[0]?.[1] ?? [];
    const isAlways = spans.length === 1 && spans[0]?.[0] === 0 && spans[0][1] === end;
    const id = `${name}-${moving.length}`;
    if (!isAlways) {
      if (!spans.some(([from, to]) => from <= still && still < to)) resting.push(`.${id}`);
      moving.push(motion(id, spans, end));
    }
    const draw = (elements: string[]) =>
      elements.length === 0 || isAlways ? elements : [`<g class="${id}">`, ...elements, '</g>'];
    const [under = [], over = []] = [true, false].map((isUnder) =>
      draw(members.map(([element]) => element).filter((element) => element.startsWith('<rect') === isUnder)),
    );
    grounds.push(...under);
    words.push(...over);
  }
  const style = [
    '<style>',
    `${resting.join(',')}{visibility:hidden}`,
    '@media (prefers-reduced-motion:no-preference){',
    ...moving,
    '}',
    '</style>',
  ];
  return svgDocument({ columns, rows: rows + CAPTION_ROWS, title }, [...style, ...grounds, ...words]);
}

/** Returns every element that is ever on the screen, with the spans during which it is. */
async function seenElements({ columns, rows, events }: Cast, end: number): Promise<Map<string, Span[]>> {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const seen = new Map<string, Span[]>();
  const written = events.filter(([, code]) => code === 'o');
  for (const [index, [seconds, , data]] of written.entries()) {
    await new Promise<void>((resolve) => emulator.write(data, resolve));
    const span: Span = [index === 0 ? 0 : seconds, written[index + 1]?.[0] ?? end];
    for (const element of screenElements(emulator)) addSpan(seen, element, span);
  }
  emulator.dispose();
  return seen;
}

/** Adds a span to those of an element, or lengthens the last one if they touch. */
function addSpan(seen: Map<string, Span[]>, element: string, [from, to]: Span): void {
  const spans = seen.get(element) ?? [];
  const last = spans.at(-1);
  if (last?.[1] === from) spans[spans.length - 1] = [last[0], to];
  else spans.push([from, to]);
  seen.set(element, spans);
}

/** Returns the pressed keys, each shown for a while or until the next one. */
function pressedKeys(events: readonly CastEvent[], end: number): [string, Span][] {
  const pressed = events.filter(([, code]) => code === 'i');
  return pressed.map(([from, , key], index) => {
    const to = Math.min(from + KEY_S, pressed[index + 1]?.[0] ?? end);
    return [KEYS[key] ?? key, [from, to]];
  });
}

/** Returns the moment that is shown to those who want no motion: one that has a name, or the end. */
function stillMoment(events: readonly CastEvent[], end: number): number {
  const named = events.find(([, code]) => code === 'm');
  return named?.[0] ?? end / 2;
}

/** Returns the style that shows the elements of a class in these spans of the film, over and over. */
function motion(id: string, spans: readonly Span[], end: number): string {
  const at = (seconds: number) => `${Number(((seconds / end) * 100).toFixed(2))}%`;
  const steps = spans.flatMap(([from, to]) => [
    `${at(from)}{visibility:visible}`,
    ...(to < end ? [`${at(to)}{visibility:hidden}`] : []),
  ]);
  const first = spans[0]?.[0] === 0 ? [] : ['0%{visibility:hidden}'];
  const duration = Number(end.toFixed(2));
  return `.${id}{animation:${id} ${duration}s step-end infinite}@keyframes ${id}{${[...first, ...steps].join('')}}`;
}
