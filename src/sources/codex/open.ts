import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Source } from '../kit/source.ts';
import { codexHome } from './place.ts';
import { createCodexSource } from './source.ts';

/** Opens `codex:`, this user's Codex, or `codex:DIR`, another one's directory. */
export function openCodex(options: {
  readonly id: SourceId;
  readonly place: string;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}): Source {
  const { id, clock, place, env, cwd } = options;
  return createCodexSource({ id, clock, home: codexHome(place, env, cwd) });
}
