/** A block of shell in a document. */
export interface CommandBlock {
  /** The heading above it. */
  readonly heading: string;
  /** Its lines without comments. */
  readonly commands: readonly string[];
}

/** Returns the blocks of shell in a Markdown text. */
export function commandBlocks(markdown: string): CommandBlock[] {
  let heading = '';
  return [...markdown.matchAll(/^#+ (.+)$|^```sh\n([\s\S]*?)^```$/gmu)].flatMap(([, title, block]) => {
    heading = title ?? heading;
    if (block === undefined) return [];
    const commands = block.split('\n').map((line) => line.replace(/(?:^| +)# .*/u, '').trim());
    return [{ heading, commands: commands.filter((command) => command !== '') }];
  });
}
