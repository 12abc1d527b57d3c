/** Things to undo at the end, the last one first. */
export class Undo {
  private readonly steps: (() => Promise<unknown>)[] = [];

  /** @param failed is told of a step that fails; the others are undone all the same */
  constructor(private readonly failed: (error: unknown) => void) {}

  add(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  async all(): Promise<void> {
    for (const step of this.steps.splice(0).reverse()) await step().catch(this.failed);
  }
}
