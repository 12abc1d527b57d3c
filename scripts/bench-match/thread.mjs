// One thread of the index: searches shared segments for the leads that nobody has taken yet, each time it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { Search } from '../../dist/matching/index/firm-index.js';

const { segments, terms, shapes, leads, next } = workerData;
/** Leads taken at once. */
const BATCH = 16;
const search = new Search(segments, terms, shapes);
const run = (take) => {
  for (let from = take(); from < leads.length; from = take()) for (const lead of leads.slice(from, from + BATCH)) search.best(lead, 50, 0);
};
// everything once, to be warm
let own = 0;
run(() => (own += BATCH) - BATCH);
parentPort.on('message', () => {
  run(() => Atomics.add(next, 0, BATCH));
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');
