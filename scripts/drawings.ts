/** Every drawing in `docs/`, made from the casts: a film of each, and pictures of the moments that have a name. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import xterm from '@xterm/headless';
import { type Cast, readCast } from './cast-file.ts';
import { filmSvg } from './film-svg.ts';
import { screenSvg } from './screen-svg.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
export const TOUR = join(DOCS, 'tour');

/** The pictures of the README, with their alternative texts. */
const PICTURES: Readonly<Record<string, string>> = {
  taskglass: 'taskglass showing what needs somebody, what runs and what has ended',
  'taskglass-details': 'the details of a task beside the list, with the last lines it has printed',
  'taskglass-question': 'a question that a task asks, being answered',
};

/** Returns the drawings by their file names in `docs/`. */
export async function drawings(): Promise<Map<string, string>> {
  const drawn = new Map<string, string>();
  for (const file of globSync('*.cast', { cwd: TOUR }).sort()) {
    const cast = readCast(readFileSync(join(TOUR, file), 'utf8'));
    const name = basename(file, '.cast');
    drawn.set(`tour/${name}.svg`, await filmSvg(cast, name));
    for (const [, code, picture] of cast.events) {
      const title = PICTURES[picture];
      if (code === 'm' && title) drawn.set(`${picture}.svg`, await pictureSvg(cast, picture, title));
    }
  }
  return drawn;
}

/** Draws the moment of a cast that has this name. */
async function pictureSvg({ columns, rows, events }: Cast, name: string, title: string): Promise<string> {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const until = events.findIndex(([, code, data]) => code === 'm' && data === name);
  const written = events.slice(0, until).filter(([, code]) => code === 'o');
  await new Promise<void>((resolve) => emulator.write(written.map(([, , data]) => data).join(''), resolve));
  const svg = screenSvg(emulator, title);
  emulator.dispose();
  return svg;
}
