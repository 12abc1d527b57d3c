import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImportsService } from './imports.service.js';
import { OpenLeads } from './open-leads.js';
import { OpportunitiesService } from './opportunities.service.js';
import { Opportunity } from './opportunity.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Opportunity])],
  providers: [OpportunitiesService, OpenLeads, ImportsService],
  exports: [OpportunitiesService, ImportsService],
})
export class OpportunitiesModule {}
