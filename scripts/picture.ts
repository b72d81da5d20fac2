/** Draws the pictures and films in `docs/` from the casts of the tour. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawings } from './drawings.ts';

for (const [file, svg] of await drawings()) {
  writeFileSync(join(import.meta.dirname, '..', 'docs', file), svg);
  console.log(`docs/${file}: ${svg.length} bytes`);
}
