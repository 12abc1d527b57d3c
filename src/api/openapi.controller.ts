import { Controller, Get } from '@nestjs/common';
import { OpenApi } from './openapi.js';

@Controller('api')
export class OpenApiController {
  constructor(private readonly api: OpenApi) {}

  /** The description of this API (OpenAPI 3). */
  @Get('openapi.json')
  document(): Promise<object> {
    return this.api.document();
  }
}
