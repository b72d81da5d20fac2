import { z } from 'zod';
import { plainName } from '../../model/text.ts';

export const LONGEST_ID = 8 * 1024;
const MOST_ITEMS = 10_000;

/** An id, as plain text. */
export const Id = z.string().min(1).max(LONGEST_ID).transform(plainName);

/** A list from which items that cannot be read are left out. */
export const list = <T extends z.ZodType>(item: T, most = MOST_ITEMS) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.slice(0, most).flatMap((raw): z.output<T>[] => {
        const read = item.safeParse(raw);
        return read.success ? [read.data] : [];
      }),
    );
