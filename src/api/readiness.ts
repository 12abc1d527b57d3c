import { Injectable } from '@nestjs/common';

/** Whether this process may be sent requests: set when its start is complete. */
@Injectable()
export class Readiness {
  /** What the start is still busy with; null once it is done. */
  waitingFor: string | null = 'start';
  /** When the process began, in milliseconds that no change of the clock moves. */
  begun = performance.now();

  upSeconds(): number {
    return (performance.now() - this.begun) / 1000;
  }
}
