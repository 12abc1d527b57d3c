import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Contact } from '../firms/firm.entity.js';
import { DeliveryService } from './delivery.service.js';
import { DigestsService } from './digests.service.js';
import { ReportsService } from './reports.service.js';
import { RunsService } from './runs.service.js';
import { Subscription } from './subscription.entity.js';
import { SuppressionsService } from './suppressions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Subscription, Contact])],
  providers: [DigestsService, DeliveryService, ReportsService, RunsService, SuppressionsService],
  exports: [DigestsService, DeliveryService, ReportsService, RunsService, SuppressionsService],
})
export class DigestsModule {}
