import type { Problem } from '../../model/problem.ts';
import { type Channel, failed, SENT } from '../channel.ts';
import { noTerminal, passthroughProblems, showsNone, unknownTerminal } from '../terminal/hindrances.ts';
import type { KnownTerminal, OscProtocol } from '../terminal/known-terminal.ts';
import { notificationSequence } from '../terminal/sequences.ts';
import type { TerminalLink } from '../terminal/terminal-link.ts';

/** Makes the terminal show a notification, with the sequence that it knows, or with the one that was named. */
export function createOsc(terminal: TerminalLink, named: OscProtocol | null): Channel {
  let count = 0;

  /** If the terminal is unknown, trying the most common sequence does no harm. */
  function protocolOf({ protocol, isKnown }: KnownTerminal): OscProtocol | null {
    return named ?? (isKnown ? protocol : '9');
  }

  function problemsOf(known: KnownTerminal): Problem[] {
    const protocol = protocolOf(known);
    if (protocol === null) return [showsNone(known)];
    return [
      ...(named === null && !known.isKnown ? [unknownTerminal(known)] : []),
      ...passthroughProblems('osc', known),
    ];
  }

  return {
    async tell({ title, text }) {
      if (terminal.isMute) return failed(noTerminal('osc'));
      const known = await terminal.known();
      const protocol = protocolOf(known);
      if (protocol === null) return failed(showsNone(known));
      count += 1;
      const sequence = notificationSequence(protocol, {
        title,
        text,
        id: `taskglass-${process.pid}-${count}`,
      });
      terminal.write(terminal.through(sequence));
      return SENT;
    },
    async check() {
      return terminal.isMute ? [noTerminal('osc')] : problemsOf(await terminal.known());
    },
  };
}
