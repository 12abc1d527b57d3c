import { Module } from '@nestjs/common';
import { IntroductionMailService } from './introduction-mail.service.js';
import { IntroductionsService } from './introductions.service.js';

@Module({ providers: [IntroductionsService, IntroductionMailService], exports: [IntroductionsService, IntroductionMailService] })
export class IntroductionsModule {}
