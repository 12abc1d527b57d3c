import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Contact } from '../firms/firm.entity.js';
import { DigestsService } from './digests.service.js';
import { Subscription } from './subscription.entity.js';

@Module({ imports: [TypeOrmModule.forFeature([Subscription, Contact])], providers: [DigestsService], exports: [DigestsService] })
export class DigestsModule {}
