import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { HighsSolution, LegacyHighsOptions } from 'highs';

/** Runs in a thread of its own: the solver reckons for seconds without a pause, in which nobody else of this process would be answered. */
const SOLVER = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = require(workerData)();
parentPort.on('message', ({ program, options }) =>
  loaded.then((solver) => parentPort.postMessage({ solved: solver.solve(program, options) })).catch((error) => parentPort.postMessage({ failed: String(error) })));
`;

let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/** One program after the other; 3.5 MB of WebAssembly are loaded for the first. */
function solved(program: string, options: LegacyHighsOptions): Promise<HighsSolution> {
  const next = last.then(() => ask(program, options));
  last = next.catch(() => undefined);
  return next;
}

function ask(program: string, options: LegacyHighsOptions): Promise<HighsSolution> {
  const solver = (thread ??= new Worker(SOLVER, { eval: true, workerData: createRequire(import.meta.url).resolve('highs') }));
  solver.ref();
  return new Promise<HighsSolution>((found, refused) => {
    const broken = (error: Error): void => {
      thread = undefined;
      refused(error);
    };
    solver.once('error', broken);
    solver.once('message', ({ solved: solution, failed }: { solved?: HighsSolution; failed?: string }) => {
      solver.off('error', broken);
      // whoever waits for nothing else may end
      solver.unref();
      if (solution) found(solution);
      else refused(new Error(failed));
    });
    solver.postMessage({ program, options });
  });
}

/** A linear inequality: `low ≤ Σ coefficient × variable ≤ high`; an end that is left out is open. */
interface Row {
  readonly terms: readonly (readonly [coefficient: number, variable: number])[];
  readonly low?: number;
  readonly high?: number;
}

/**
 * A small integer program, maximised by HiGHS. Variables are yes-or-no unless made with {@link upTo}.
 * Numbers go into the model as text, hence finite and not tiny.
 */
export class Program {
  private readonly worth: number[] = [];
  private readonly highest: number[] = [];
  private readonly rows: Row[] = [];

  /** A decision, worth this much when taken. */
  choice(worth: number): number {
    return this.upTo(1, worth);
  }

  /** A whole number between 0 and `most`, each worth this much. */
  upTo(most: number, worth: number): number {
    this.highest.push(most);
    return this.worth.push(worth) - 1;
  }

  row(row: Row): void {
    if (row.terms.length) this.rows.push(row);
  }

  /**
   * @param seconds after which the best found so far is taken
   * @returns the value of each variable: the best there is, or that could be found in this time
   * @throws Error where no solution was found in that time, or there is none
   */
  async solve(seconds: number): Promise<readonly number[]> {
    const { values } = await this.run('General', { time_limit: seconds, mip_rel_gap: 0 });
    return values.map(Math.round);
  }

  /** The best there is when a decision may be taken by half: most are whole nevertheless, and nothing whole is worth more. */
  relaxed(): Promise<{ readonly values: readonly number[]; readonly worth: number }> {
    return this.run('fractions', {});
  }

  private async run(numbers: 'General' | 'fractions', options: LegacyHighsOptions): Promise<{ values: readonly number[]; worth: number }> {
    if (!this.worth.length) return { values: [], worth: 0 };
    const { Status, Columns, ObjectiveValue } = await solved(this.written(numbers), options);
    if (Status !== 'Optimal' && Status !== 'Time limit reached') throw new Error(`the program has no solution: ${Status}`);
    const values = this.worth.map((_, i) => {
      const column = Columns[`x${i}`];
      return column && 'Primal' in column ? column.Primal : 0;
    });
    return { values, worth: ObjectiveValue };
  }

  /** In the LP format that the solver reads. */
  private written(numbers: 'General' | 'fractions'): string {
    const sum = (terms: Row['terms']) => terms.map(([by, variable]) => `${by < 0 ? '-' : '+'} ${Math.abs(by)} x${variable}`).join('\n');
    return [
      'Maximize',
      ` obj: ${sum(this.worth.map((worth, i) => [worth, i]))}`,
      'Subject To',
      ...this.rows.flatMap(({ terms, low, high }, i) => [
        ...(low === undefined ? [] : [` l${i}: ${sum(terms)} >= ${low}`]),
        ...(high === undefined ? [] : [` h${i}: ${sum(terms)} <= ${high}`]),
      ]),
      'Bounds',
      ...this.highest.map((most, i) => ` 0 <= x${i} <= ${most}`),
      ...(numbers === 'General' ? ['General', ...this.worth.map((_, i) => ` x${i}`)] : []),
      'End',
    ].join('\n');
  }
}
