import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MeetingAttendee, MeetingDay, MeetingTimetable } from './meeting-day.entity.js';
import { MeetingsService } from './meetings.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([MeetingDay, MeetingAttendee, MeetingTimetable])],
  providers: [MeetingsService],
  exports: [MeetingsService],
})
export class MeetingsModule {}
