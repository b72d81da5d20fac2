/** The kinds of sources whose work is done on other machines, unless a task says where. */
export const ELSEWHERE: ReadonlySet<string> = new Set(['nostr', 'agui', 'attach', 'github', 'slurm']);
