import path from 'node:path';
import { migrateLedger } from '../../../ledger/open.ts';
import { defaultLedgerPath } from '../../../ledger/sql/ledger-file.ts';
import { plainName, words } from '../../../model/text.ts';
import { textLine } from '../../../present/line.ts';
import { EXIT } from '../../process/exit.ts';
import type { Verb } from './verb.ts';

export const migrateVerb: Verb = {
  name: 'migrate',
  about: 'update the tables, or add them to a job database',
  examples: ['taskglass ledger migrate --db gut-punch.db'],
  async run({ db, print, io }) {
    const file = db === undefined ? defaultLedgerPath(io.env) : path.resolve(io.cwd, db);
    const { applied, backup, isGuest } = await migrateLedger(file, { clock: io.clock });
    print({ path: file, applied, backup, isGuest }, () => [
      textLine(
        applied.length === 0
          ? words`${plainName(file)} is up to date`
          : words`${plainName(file)} is now at version ${Math.max(...applied)}`,
      ),
      ...(isGuest ? [textLine("  its owner's tables were not changed")] : []),
      ...(backup === null ? [] : [textLine(words`  backup of the version before: ${plainName(backup)}`)]),
    ]);
    return EXIT.ok;
  },
};
