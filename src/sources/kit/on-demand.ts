import type { CommandName } from '../../model/command.ts';
import type { CommandHandler, Source } from './source.ts';

/**
 * Creates a source whose code is loaded once it is read, or asked for something. `commands` are those of the loaded source, and
 * `hasLog` says whether it has a `log`.
 */
export function createSourceOnDemand(
  {
    commands,
    hasLog = false,
    ...known
  }: Pick<Source, 'id' | 'kind' | 'location'> & {
    readonly commands: readonly CommandName[];
    readonly hasLog?: boolean;
  },
  load: () => Promise<Source>,
): Source {
  let loading: Promise<Source> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  const ask =
    (command: CommandName): CommandHandler =>
    async (nativeId, context) => {
      const handler = (await loaded()).commands[command];
      if (!handler) throw new Error(`${known.kind} sources do not support ${command}`);
      return handler(nativeId, context);
    };
  const log: NonNullable<Source['log']> = async (nativeId, request) => {
    const opened = await loaded();
    if (!opened.log) throw new Error(`${known.kind} sources have no log`);
    return opened.log(nativeId, request);
  };
  return {
    ...known,
    async *events(reading) {
      yield* (await loaded()).events(reading);
    },
    commands: Object.fromEntries(commands.map((command) => [command, ask(command)])),
    ...(hasLog && { log }),
  };
}
