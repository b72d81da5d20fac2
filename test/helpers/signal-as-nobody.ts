/** Signals a process group as the user nobody, who is not permitted to, and reports the result. */
import { signalGroup } from '../../src/io/process-group.ts';

process.setgid?.(65_534);
process.setuid?.(65_534);
process.send?.(signalGroup(Number(process.argv[2]), 'SIGTERM'));
process.disconnect?.();
