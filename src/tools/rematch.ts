/** Computes all matches anew while the service runs, with the weights of words as the firms use them today. */
import { Presets, SingleBar } from 'cli-progress';
import { parseArgs } from 'node:util';
import { inside } from './house.js';

const USAGE = `usage: npm run rematch [-- --resume]
Freezes the weights of words anew and computes all matches with them. The service may run meanwhile. Stopped in the middle, the next call goes on where
it was; --resume says to do no more than that: what is behind is done, and the weights stay as they are.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { resume: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  await inside(async ({ matching }) => {
    const bar = new SingleBar(
      { format: '{bar} {percentage} % · {value} of {total} firms · {eta_formatted}', noTTYOutput: true, notTTYSchedule: 10_000 },
      Presets.shades_classic,
    );
    let began = false;
    const { firms, opportunities, epoch } = await matching.rematch(values.resume, (done, total) => {
      if (!began) bar.start(total, done);
      else bar.update(done);
      began = true;
    });
    bar.stop();
    console.log(`${firms} firms and ${opportunities} opportunities matched in epoch ${epoch}.`);
  });
  return 0;
}

process.exitCode = await main();
