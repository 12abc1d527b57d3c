import { House1764000000000 } from './1764000000000-house.js';

/** In the order in which they run. Imported by name: a glob would depend on where the program stands. */
export const MIGRATIONS = [House1764000000000];
