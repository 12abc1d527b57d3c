/** Sets a new random password for an account, or makes the first administrator. */
import { randomBytes } from 'node:crypto';
import { parse } from '../common/errors.js';
import { email } from '../common/text.js';
import { inside } from './house.js';

const [address, ...flags] = process.argv.slice(2);
if (!address || address === '--help') {
  console.log(
    'usage: npm run account:password -- ADDRESS [--administrator] [--new-second-factor]\nSets and prints a new password for the account with that mail address and ends its sessions.',
  );
  console.log('With --administrator an account is made where there is none: the first one of a new installation.');
  console.log('With --new-second-factor the account sets up its second factor anew: for whoever has lost the phone and the recovery codes.');
} else {
  const wanted = parse(email, address);
  await inside(async ({ source, accounts }) => {
    const password = randomBytes(12).toString('base64url');
    const known = await accounts.byEmail(wanted);
    if (known) {
      await accounts.setPassword(known.id, password);
      if (flags.includes('--new-second-factor')) await accounts.secondFactor.forget(known.id);
    } else if (flags.includes('--administrator')) {
      const passwordHash = await accounts.hashPassword(password);
      await accounts.create(source.manager, { email: wanted, passwordHash, name: 'Administrator', role: 'administrator', language: 'en', firmId: null });
    } else {
      console.error(`There is no account ${wanted}; --administrator makes one.`);
      process.exitCode = 1;
      return;
    }
    console.log(`${wanted}  ${password}`);
  });
}
