import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Contact } from '../firms/firm.entity.js';
import { DigestsService } from './digests.service.js';
import { ReportsService } from './reports.service.js';
import { RunsService } from './runs.service.js';
import { Subscription } from './subscription.entity.js';
import { SuppressionsService } from './suppressions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Subscription, Contact])],
  providers: [DigestsService, ReportsService, RunsService, SuppressionsService],
  exports: [DigestsService, ReportsService, RunsService, SuppressionsService],
})
export class DigestsModule {}
