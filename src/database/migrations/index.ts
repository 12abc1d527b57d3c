import { House1764000000000 } from './1764000000000-house.js';
import { Nomenclature1764100000000 } from './1764100000000-nomenclature.js';
import { Guesses1764200000000 } from './1764200000000-guesses.js';
import { SignInLinks1764300000000 } from './1764300000000-sign-in-links.js';
import { Delivery1764310000000 } from './1764310000000-delivery.js';
import { Bounces1764320000000 } from './1764320000000-bounces.js';
import { Changes1764330000000 } from './1764330000000-changes.js';
import { Answers1764340000000 } from './1764340000000-answers.js';
import { Desk1764350000000 } from './1764350000000-desk.js';
import { LeadGuesses1764400000000 } from './1764400000000-lead-guesses.js';
import { MatchIndex1764500000000 } from './1764500000000-match-index.js';
import { Rhythms1764610000000 } from './1764610000000-rhythms.js';
import { SecondFactor1764640000000 } from './1764640000000-second-factor.js';
import { Introductions1764650000000 } from './1764650000000-introductions.js';
import { PublicSearch1764660000000 } from './1764660000000-public-search.js';
import { QuickLedger1764701000000 } from './1764701000000-quick-ledger.js';
import { LeadsInMemory1764703000000 } from './1764703000000-leads-in-memory.js';
import { Imports1764704000000 } from './1764704000000-imports.js';
import { Reports1764705000000 } from './1764705000000-reports.js';
import { Meetings1764706000000 } from './1764706000000-meetings.js';

/** In the order in which they run. Imported by name: a glob would depend on where the program stands. */
export const MIGRATIONS = [
  House1764000000000,
  Nomenclature1764100000000,
  Guesses1764200000000,
  SignInLinks1764300000000,
  Delivery1764310000000,
  Bounces1764320000000,
  Changes1764330000000,
  Answers1764340000000,
  Desk1764350000000,
  LeadGuesses1764400000000,
  MatchIndex1764500000000,
  Rhythms1764610000000,
  SecondFactor1764640000000,
  Introductions1764650000000,
  PublicSearch1764660000000,
  QuickLedger1764701000000,
  LeadsInMemory1764703000000,
  Imports1764704000000,
  Reports1764705000000,
  Meetings1764706000000,
];
