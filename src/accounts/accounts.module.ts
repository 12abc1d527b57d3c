import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { Idempotency } from './idempotency.js';

@Module({ imports: [TypeOrmModule.forFeature([Account])], providers: [AccountsService, Idempotency], exports: [AccountsService, Idempotency] })
export class AccountsModule {}
