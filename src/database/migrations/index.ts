import { House1764000000000 } from './1764000000000-house.js';
import { Nomenclature1764100000000 } from './1764100000000-nomenclature.js';
import { Guesses1764200000000 } from './1764200000000-guesses.js';
import { Delivery1764310000000 } from './1764310000000-delivery.js';

/** In the order in which they run. Imported by name: a glob would depend on where the program stands. */
export const MIGRATIONS = [House1764000000000, Nomenclature1764100000000, Guesses1764200000000, Delivery1764310000000];
