/** Prints the code of this moment for an account of the demo, in place of an authenticator app. */
import { inside } from './house.js';

const [address] = process.argv.slice(2);
/** The demo's own accounts; nobody else's code is ever printed. */
const DEMO = ['administrator@rabta.example', 'curator@rabta.example'];

if (!address || address === '--help') {
  console.log(`usage: npm run -s account:code -- ADDRESS\nPrints the code that an account of the demo signs in with now: ${DEMO.join(' or ')}.`);
} else if (!DEMO.includes(address)) {
  console.error(`Codes are printed only for the demo's accounts: ${DEMO.join(', ')}.`);
  process.exitCode = 1;
} else {
  await inside(async ({ accounts }) => {
    const account = await accounts.byEmail(address);
    const code = account && (await accounts.secondFactor.codeNow(account.id));
    if (code) console.log(code);
    else {
      console.error('There is no such account, or it has set up its second factor itself: use the app, or a recovery code.');
      process.exitCode = 1;
    }
  });
}
