import { type DynamicModule, Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Signer } from '../common/tokens.js';
import type { Env } from './env.js';

export const ENV = Symbol('ENV');

/** What everything may ask for: the settings, the clock, the signer. */
@Module({})
export class ConfigModule {
  static with(env: Env, secret: string, clock: Clock): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: ENV, useValue: env },
        { provide: Signer, useValue: new Signer(secret) },
        { provide: Clock, useValue: clock },
      ],
      exports: [ENV, Signer, Clock],
    };
  }
}
