import { runKillTrial, runSharingTrial } from '../test/helpers/ledger-trials.ts';
import { type Figure, short } from './figure.ts';

const PROCESSES = 8;
const UPDATES = 500;
const KILLS = 200;

/** Measures processes that write to one ledger at once: each to a task of its own, and all to the same one. */
export async function measureLedgerWriters(): Promise<Figure[]> {
  const { lines, unequal, complaints, durationMs } = await runSharingTrial(PROCESSES, UPDATES);
  const asked = PROCESSES * UPDATES;
  const who = `ledger, ${PROCESSES} processes × ${UPDATES} updates`;
  const rate = short((asked / durationMs) * 1000);
  return [
    {
      what: `${who}: history lines lost`,
      measured: `${lines} of ${asked} are there, ${rate} a second`,
      value: asked - lines,
      bound: 0,
      unit: '',
    },
    {
      what: `${who}: lost updates, complaints`,
      measured: `${unequal} runs differ from their history; said: ${complaints === '' ? 'nothing' : complaints}`,
      value: unequal + complaints.length,
      bound: 0,
      unit: '',
    },
  ];
}

/** Kills a writer (`kill -9`) at random moments, and checks the file after each. */
export async function measureLedgerKills(): Promise<Figure[]> {
  const { kills, broken, lines, complaints } = await runKillTrial(KILLS, Math.random);
  return [
    {
      what: `ledger, ${kills} kill -9 of a writer: not whole after it`,
      measured: `${broken} of ${kills}, ${lines} lines written; said: ${complaints === '' ? 'nothing' : complaints}`,
      value: broken + complaints.length,
      bound: 0,
      unit: '',
    },
  ];
}
