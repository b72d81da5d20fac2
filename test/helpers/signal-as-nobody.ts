/** Signals a process group as nobody, who may not; says what came of it. */
import { signalGroup } from '../../src/io/process-group.ts';

process.setgid?.(65_534);
process.setuid?.(65_534);
process.send?.(signalGroup(Number(process.argv[2]), 'SIGTERM'));
process.disconnect?.();
