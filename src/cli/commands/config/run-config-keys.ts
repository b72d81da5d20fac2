import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { lineText } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { keyLabel } from '../../../ui/key-names.ts';
import { createKeymap } from '../../../ui/keymap.ts';
import { tableWidth, wantsAscii } from '../../process/appearance.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { type CommandOptions, readSettings } from '../../session/session.ts';

/**
 * Prints what keys can be bound to, and which keys are; complains about those that cannot be bound. Returns the exit code.
 */
export async function runConfigKeys(
  { json, ...options }: CommandOptions & { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const resolved = await readSettings(options, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const { settings, path } = resolved;
  const { actions, problems } = createKeymap(settings.keys);
  const bound = actions.flatMap(({ bindings, name, help }) =>
    Object.entries(bindings).map(([binding, keys]) => ({ binding, keys, name, help })),
  );
  if (json)
    printJson(io, { path, keys: bound.map(({ binding, keys, help }) => ({ name: binding, keys, help })) });
  else {
    const columns = [{ title: words`NAME` }, { title: words`KEYS` }, { title: words`ACTION`, yields: 1 }];
    const rows = bound.map(({ binding, keys, name }) => [plainName(binding), keysText(keys), name]);
    const context = { width: tableWidth(io), ascii: wantsAscii(settings.ascii, io) };
    print(io, ...tableLines(columns, rows, context).map(lineText), words``, advice(path));
  }
  for (const each of problems) complain(io, each);
  return problems.length > 0 ? EXIT.usage : EXIT.ok;
}

function keysText(keys: readonly string[]): PlainText {
  return keys.length === 0 ? words`none` : joined(keys.map(keyLabel), ' ');
}

function advice(path: string): PlainText {
  return words`to change some: {"keys": {"cancel": "ctrl+x", "copy": ["y", "f5"], "sort": "none"}} in ${plainName(path)}`;
}
