import type { LegacyHighs, LegacyHighsOptions } from 'highs';

let solver: Promise<LegacyHighs> | undefined;

/** The solver is 3.5 MB of WebAssembly: loaded when a day is first planned. Its types are written for CommonJS, where `default` lies a step deeper. */
const load = (): Promise<LegacyHighs> => (solver ??= import('highs').then((module) => (module.default as unknown as typeof module.default.default)()));

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
   * @returns the value of each variable, within a thousandth of the best there is
   * @throws Error where no solution was found in that time, or there is none
   */
  async solve(seconds: number): Promise<readonly number[]> {
    const { values } = await this.run('General', { time_limit: seconds, mip_rel_gap: 1e-3 });
    return values.map(Math.round);
  }

  /** The best there is when a decision may be taken by half: most are whole nevertheless, and nothing whole is worth more. */
  relaxed(): Promise<{ readonly values: readonly number[]; readonly worth: number }> {
    return this.run('fractions', {});
  }

  private async run(numbers: 'General' | 'fractions', options: LegacyHighsOptions): Promise<{ values: readonly number[]; worth: number }> {
    if (!this.worth.length) return { values: [], worth: 0 };
    const { Status, Columns, ObjectiveValue } = (await load()).solve(this.written(numbers), options);
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
