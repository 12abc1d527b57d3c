import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ReportsService } from '../digests/reports.service.js';

/** Where mail providers and relays tell what became of a mail; there only where BOUNCE_WEBHOOK_SECRET is set. */
@Controller('hooks')
export class HooksController {
  constructor(private readonly reports: ReportsService) {}

  /** The same answer whether anything in it was about a mail of ours or not. */
  @Post('mail')
  @HttpCode(202)
  async mail(@Body() body: unknown): Promise<void> {
    await this.reports.takeHook(body);
  }
}
