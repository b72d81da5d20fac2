import type { PlacedOptions } from '../../sources/kit/program-options.ts';
import type { Source } from '../../sources/kit/source.ts';
import { claudeHome } from './place.ts';
import { createClaudeSource } from './source.ts';

/** Opens what `claude:` names: this user's own home or, with a place, the one there. */
export async function openClaude({ id, place, clock, env, cwd }: PlacedOptions): Promise<Source> {
  return createClaudeSource({ id, home: claudeHome(env, place, cwd), clock, env, cwd });
}
