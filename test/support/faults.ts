import type { z } from 'zod';
import { AppError, parse } from '../../src/common/errors.js';

/** What is wrong with an input, each as "field reason"; nothing where it is taken. */
export function faults(schema: z.ZodType, input: unknown): string[] {
  try {
    parse(schema, input);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'Invalid') return error.issues.map((issue) => `${issue.field} ${issue.reason}`);
    throw error;
  }
}
