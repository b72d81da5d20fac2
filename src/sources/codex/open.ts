import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { codexHome } from './place.ts';
import { createCodexSource } from './source.ts';

/** Opens `codex:`, this user's Codex, or `codex:DIR`, another directory of Codex. */
export function openCodex(options: PlacedOptions): Source {
  const { id, clock, place, env, cwd } = options;
  return createCodexSource({ id, clock, home: codexHome(place, env, cwd) });
}
