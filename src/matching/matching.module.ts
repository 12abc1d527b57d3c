import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { MatchIndex } from './index/match-index.js';
import { Match } from './match.entity.js';
import { MatchingService } from './matching.service.js';

@Module({ imports: [TypeOrmModule.forFeature([Match, Opportunity])], providers: [MatchIndex, MatchingService], exports: [MatchingService] })
export class MatchingModule {}
