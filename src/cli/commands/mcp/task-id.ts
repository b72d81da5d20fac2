import { z } from 'zod';

/** How an agent names a task. */
export const Id = z.string().min(1).max(8192).describe('The id or the name of a task');
