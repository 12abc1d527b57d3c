// One thread of the index: searches shared segments for its part of the leads, each time it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { Search } from '../../dist/matching/index/firm-index.js';

const { segments, terms, shapes, leads } = workerData;
const search = new Search(segments, terms, shapes);
const run = () => {
  for (const lead of leads) search.best(lead, 50, 0);
};
run();
parentPort.on('message', () => {
  run();
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');
