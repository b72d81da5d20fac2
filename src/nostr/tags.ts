/** The tags of an event: lists of cells, the first of which is the name. Empty tags occur. */
export type Tags = readonly (readonly string[])[];

export function tagsNamed(tags: Tags, name: string): (readonly string[])[] {
  return tags.filter((tag) => tag[0] === name);
}

/** Returns the first tag with a name. */
export function tagNamed(tags: Tags, name: string): readonly string[] | undefined {
  return tags.find((tag) => tag[0] === name);
}

/** Returns the second cell of the first tag with a name. */
export function tagValue(tags: Tags, name: string): string | undefined {
  return tagNamed(tags, name)?.[1];
}

/**
 * Returns the role of an `e` tag's event: `job`, `request`, `root`, `dependency`, … It is in cell 3, or, from some programs,
 * in cell 2.
 */
export function markerOf(tag: readonly string[]): string | undefined {
  return [tag[3], tag[2]].find((cell) => cell !== undefined && /^[a-z-]{1,20}$/u.test(cell));
}
