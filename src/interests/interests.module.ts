import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FirmsModule } from '../firms/firms.module.js';
import { IntroductionsModule } from '../introductions/introductions.module.js';
import { Feedback, Interest, Saved } from './interest.entity.js';
import { InterestsService } from './interests.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Interest, Feedback, Saved]), FirmsModule, IntroductionsModule],
  providers: [InterestsService],
  exports: [InterestsService],
})
export class InterestsModule {}
