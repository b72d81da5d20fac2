/** Records the tour, `docs/tour/*.cast`: the program itself, in a real terminal, over commands that really run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './bundles.ts';
import { castText } from './cast-file.ts';
import { TOUR } from './drawings.ts';
import { type Actor, record } from './record.ts';
import { openStage, type Stage } from './stage.ts';

interface Scene {
  readonly title: string;
  play(actor: Actor, stage: Stage): Promise<void>;
}

const COLUMNS = 110;
const ROWS = 22;
const isChosen = (name: string) => (screen: string) =>
  screen.split('\n').some((line) => line.startsWith('›') && line.includes(name));

/**
 * By file name, in the order in which they are played: each scene continues with what the previous one has answered and seen.
 */
const SCENES: Readonly<Record<string, Scene>> = {
  list: {
    title: 'What needs you, what runs, what has ended',
    async play({ command, see, rest, press, picture }) {
      await command('taskglass');
      await see(/\? .*Which licence/u);
      await rest(5);
      picture('taskglass');
      await rest(1);
      await press('q');
      await rest(1);
    },
  },
  details: {
    title: 'Details beside the list, and the log',
    async play({ command, see, rest, press, picture }) {
      await command('taskglass');
      await see(/\? .*Which licence/u);
      await rest(1);
      for (const name of ['deploy', 'make']) {
        await press('j', isChosen(name));
        await rest(0.4);
      }
      await press('\r', 'output');
      await rest(3);
      picture('taskglass-details');
      await rest(0.5);
      await press('l');
      await rest(4);
      await press('\u001b');
      await rest(1);
      await press('q');
      await rest(0.5);
    },
  },
  answer: {
    title: 'A question, answered in the view',
    async play({ command, see, rest, press, type, picture }) {
      await command('taskglass');
      await see(/\? .*Which licence/u);
      await rest(1);
      await press('\r', 'question');
      await rest(1.5);
      await press('a');
      await rest(0.5);
      await rest(0.5);
      await type('OFL');
      await rest(1);
      picture('taskglass-question');
      await rest(0.5);
      await press('\r', /\d\/9\] fonts/u);
      await rest(4);
      await press('q');
      await rest(0.5);
    },
  },
  filter: {
    title: 'A filter, as you type it',
    async play({ command, see, rest, press, type }) {
      await command('taskglass');
      await see('rsync');
      await rest(1);
      await press('/');
      await type('status:failed | rsync');
      await rest(2);
      await press('\r');
      await rest(1.5);
      await press('\u001b', 'make');
      await press('v');
      await rest(2.5);
      await press('q');
      await rest(0.5);
    },
  },
  inline: {
    title: 'Eight lines below the prompt',
    async play({ command, see, rest, press }) {
      await command('echo "What stood here stays."');
      await see(/^What stood here stays\.$/mu);
      await command('taskglass --inline 8');
      await see('rsync');
      await rest(4);
      await press('j');
      await press('j');
      await rest(2);
      await press('q');
      await rest(1.5);
    },
  },
  accessible: {
    title: 'Sentences, for a screen reader',
    async play({ command, see, rest, type }, stage) {
      await command('taskglass --accessible');
      await see('tasks');
      await rest(2);
      stage.ask('Pick a mirror', 'Which mirror should take the fonts? [north/south]');
      await see('Pick a mirror asks');
      await rest(2);
      await type('needs\r');
      await rest(2);
      await type('answer 1\r');
      await rest(2);
      await type('north\r');
      await rest(5);
      await type('quit\r');
      await rest(1);
    },
  },
};

const wanted = process.argv.slice(2);
const ownNames = [userInfo().username, hostname()];
using stage = await openStage();
stage.ask('Choose a licence', 'Which licence should the fonts have? [OFL/MIT]');
mkdirSync(TOUR, { recursive: true });
for (const [name, { title, play }] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const terminal = stage.shell({ cols: COLUMNS, rows: ROWS });
  const cast = await record(terminal, title, { columns: COLUMNS, rows: ROWS }, async (actor) => {
    await actor.see('$');
    await play(actor, stage);
  });
  const text = castText(cast);
  const words = new Set(text.split(/[^\w.-]+/u));
  const told = ownNames.filter((own) => words.has(own));
  if (text.includes(ROOT)) told.push(ROOT);
  if (told.length > 0) throw new Error(`${name}: the cast would tell ${told.join(', ')}`);
  writeFileSync(join(TOUR, `${name}.cast`), text);
  console.log(`${name}: ${text.length} bytes, ${cast.events.at(-1)?.[0]} s`);
  terminal.type('exit\r');
  await terminal.exitCode;
}
