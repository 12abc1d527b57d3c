import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Contact } from '../firms/firm.entity.js';
import { DeliveryService } from './delivery.service.js';
import { DigestsService } from './digests.service.js';
import { Subscription } from './subscription.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Subscription, Contact])],
  providers: [DigestsService, DeliveryService],
  exports: [DigestsService, DeliveryService],
})
export class DigestsModule {}
