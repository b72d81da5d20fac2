/** Tags as events carry them: lists of cells, the first of which is the name. Empty tags occur. */
export type Tags = readonly (readonly string[])[];

export function tagsNamed(tags: Tags, name: string): (readonly string[])[] {
  return tags.filter((tag) => tag[0] === name);
}

/** Returns the first tag of that name. */
export function tagNamed(tags: Tags, name: string): readonly string[] | undefined {
  return tags.find((tag) => tag[0] === name);
}

/** Returns the second cell of the first tag of that name. */
export function tagValue(tags: Tags, name: string): string | undefined {
  return tagNamed(tags, name)?.[1];
}

/**
 * Returns what an `e` tag's event is to this one: `job`, `request`, `root`, `dependency`, … Written in slot 3 or, by
 * some, 2.
 */
export function markerOf(tag: readonly string[]): string | undefined {
  return [tag[3], tag[2]].find((cell) => cell !== undefined && /^[a-z-]{1,20}$/u.test(cell));
}
