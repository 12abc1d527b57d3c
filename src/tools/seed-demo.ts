/** Loads the demo chamber into the database of the settings. */
import { sayDemoSignIns, seedDemo } from '../demo/seed.js';
import { inside } from './house.js';

if (process.argv.includes('--help')) {
  console.log('usage: npm run seed:demo\nLoads the invented firms and opportunities into the database of DATABASE_URL, once, and prints their sign-ins.');
} else {
  await inside(async ({ env, source, accounts, nomenclature }) => {
    const signIns = await seedDemo(source, accounts, nomenclature, new Date(), env.CHAMBER_TIME_ZONE);
    if (!signIns) {
      console.log('The demo chamber is there already.');
      return;
    }
    console.log('Demo chamber loaded; the worker matches it at its next sweep. These passwords are shown only now:');
    for (const line of sayDemoSignIns(signIns)) console.log(`  ${line}`);
  });
}
