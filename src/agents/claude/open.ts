import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Source } from '../../sources/kit/source.ts';
import { claudeHome } from './place.ts';
import { createClaudeSource } from './source.ts';

/** Opens what `claude:` names: this user's own home, or with a place the one there. */
export async function openClaude({
  id,
  place,
  clock,
  env,
  cwd,
}: {
  readonly id: SourceId;
  readonly place: string;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}): Promise<Source> {
  return createClaudeSource({ id, home: claudeHome(env, place, cwd), clock, env, cwd });
}
