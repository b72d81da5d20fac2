import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Higher ones are passed on in any case: Node marks descriptors only up to the first gap above 15. */
const HIGHEST = 255;

/**
 * Lists the descriptors above standard error that this process inherited, as from a shell (`11< <(…)`) or make's jobserver.
 * Node marks the low ones to be closed in every child that does not name them. To be called before we open files of our own. Empty if
 * the system does not tell (anything but Linux).
 */
export function inheritedDescriptors(): number[] {
  const links = linksOf('self');
  const pipes = ownPipes(links);
  const { fd: channel } = (process.channel ?? {}) as { readonly fd?: number };
  const own = [channel, reserveOf(links)];
  return [...links]
    .filter(([fd, link]) => fd > 2 && fd <= HIGHEST && !link.startsWith('anon_inode:') && !pipes.has(link))
    .map(([fd]) => fd)
    .filter((fd) => !own.includes(fd))
    .sort((a, b) => a - b);
}

/** Finds the spare descriptor of the event loop, which it opens last of all at the start. */
function reserveOf(links: ReadonlyMap<number, string>): number | undefined {
  const events = [...links].filter(([, link]) => link === 'anon_inode:[eventfd]').map(([fd]) => fd);
  const spare = [...links].filter(([fd, link]) => link === '/dev/null' && fd > Math.max(...events));
  return spare.length > 0 ? Math.min(...spare.map(([fd]) => fd)) : undefined;
}

/** Finds the event loop's own pipes: this process has both ends of them, and no ancestor has either. */
function ownPipes(links: ReadonlyMap<number, string>): Set<string> {
  const seen = new Set<string>();
  const pairs = new Set<string>();
  for (const link of links.values()) {
    if (seen.has(link) && link.startsWith('pipe:')) pairs.add(link);
    seen.add(link);
  }
  for (let pid = parentOf('self'); pairs.size > 0 && pid > 1; pid = parentOf(pid)) {
    for (const link of linksOf(pid).values()) pairs.delete(link);
  }
  return pairs;
}

function linksOf(pid: number | 'self'): Map<number, string> {
  const directory = `/proc/${pid}/fd`;
  const links = new Map<number, string>();
  try {
    for (const name of readdirSync(directory)) {
      try {
        links.set(Number(name), readlinkSync(`${directory}/${name}`));
      } catch {
        // the descriptor with which this directory was read
      }
    }
  } catch {
    // not Linux, or another user's process
  }
  return links;
}

function parentOf(pid: number | 'self'): number {
  try {
    return Number(/^PPid:\s*(\d+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
