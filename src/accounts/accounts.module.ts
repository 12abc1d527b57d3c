import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { Idempotency } from './idempotency.js';
import { SecondFactorService } from './second-factor.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Account])],
  providers: [AccountsService, SecondFactorService, Idempotency],
  exports: [AccountsService, SecondFactorService, Idempotency],
})
export class AccountsModule {}
