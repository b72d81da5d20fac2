/** Makes docs/taskglass.svg: a picture of the real demo, taken when it has something of everything to show. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from '../test/helpers/terminal.ts';
import { screenSvg } from './screen-svg.ts';

const ROOT = join(import.meta.dirname, '..');
const PICTURE = join(ROOT, 'docs', 'taskglass.svg');

const home = mkdtempSync(join(tmpdir(), 'taskglass-picture-'));
const demo = openTerminal(process.execPath, [join(ROOT, 'bin', 'taskglass.js'), 'demo'], {
  cols: 112,
  rows: 27,
  cwd: home,
  env: { HOME: home, COLORTERM: 'truecolor' },
});

try {
  await demo.until(hasEverything, 60_000);
  writeFileSync(PICTURE, screenSvg(demo.emulator, 'taskglass showing the tasks of its demo'));
  demo.type('q');
  await demo.exitCode;
} finally {
  demo.dispose();
  rmSync(home, { recursive: true });
}

/** Tasks that run, ended well and ended badly. */
function hasEverything(screen: string): boolean {
  return ['✓', '✗', '%'].every((sign) => screen.includes(sign));
}
