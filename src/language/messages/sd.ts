import type { Catalogue } from '../say.js';
import { en } from './en.js';
export const sd: Catalogue = en;
