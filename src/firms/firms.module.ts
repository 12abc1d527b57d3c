import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { Contact, Firm, FirmLine } from './firm.entity.js';
import { FirmsService } from './firms.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Firm, FirmLine, Contact]), AccountsModule],
  providers: [FirmsService],
  exports: [FirmsService],
})
export class FirmsModule {}
