import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { FirmsService } from '../firms/firms.service.js';
import type { MeetingDay, MeetingTimetable } from '../meetings/meeting-day.entity.js';
import { attendanceSchema, attendeeSchema, dayActSchema, daySchema } from '../meetings/meetings.schemas.js';
import { MeetingsService, type WholeDay } from '../meetings/meetings.service.js';
import { entriesFor, entriesOf, labelOf } from '../meetings/sheets.js';
import { Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';

const dayView = ({ id, name, date, venue, zone, publishedAt }: MeetingDay) => ({ id, name, date, venue, zone, publishedAt });

const timetableView = (one: MeetingTimetable | null) =>
  one && {
    id: one.id,
    state: one.state,
    repair: one.repair,
    score: one.score,
    bound: one.bound,
    createdAt: one.createdAt,
    finishedAt: one.finishedAt,
    meetings: one.meetings,
    short: one.short,
    changes: one.changes,
  };

const wholeView = ({ day, slots, attendees, accepted, latest }: WholeDay) => ({
  ...dayView(day),
  tables: day.tables,
  opens: day.opens,
  closes: day.closes,
  slotMinutes: day.slotMinutes,
  breaks: day.breaks,
  interpreters: day.interpreters,
  least: day.least,
  revision: day.revision,
  slots,
  attendees: attendees.map(({ reference: _, title: _title, country: _country, ...one }) => one),
  accepted: timetableView(accepted),
  latest: timetableView(latest),
});

/** Meeting days: the desk makes them, a firm sees its own meetings. */
@Controller('api/v1')
export class MeetingsApiController {
  constructor(
    private readonly meetings: MeetingsService,
    private readonly firms: FirmsService,
  ) {}

  /** The firm's meetings on the days that are published; a counterparty is named by what its lead is about. */
  @Get('firms/:firmId/meetings')
  @Gives(shapes.firmMeetings)
  async ofFirm(@Param('firmId') firmId: string, @Req() { language }: FastifyRequest) {
    await this.firms.get(firmId);
    const days = await this.meetings.ofFirm(firmId);
    return {
      items: days.map(({ whole, attendeeId }) => ({
        ...dayView(whole.day),
        meetings: entriesFor(entriesOf(whole, whole.accepted), attendeeId).map(({ slot, table, counterparty, interpreter }) => ({
          ...slot,
          table,
          with: labelOf(language, counterparty),
          interpreter,
        })),
      })),
    };
  }

  @Get('desk/meetings')
  @Gives(shapes.meetingDays)
  async list() {
    return { items: (await this.meetings.list()).map(({ day, ...counts }) => ({ ...dayView(day), ...counts })) };
  }

  @Post('desk/meetings')
  @Gives(shapes.meetingDay)
  @Takes(daySchema)
  async create(@Body() body: unknown, @Caller() caller: Account) {
    return this.one(await this.meetings.create(body, caller.id));
  }

  @Get('desk/meetings/:dayId')
  @Gives(shapes.meetingDay)
  async one(@Param('dayId') dayId: string) {
    return wholeView(await this.meetings.get(dayId));
  }

  @Put('desk/meetings/:dayId')
  @Gives(shapes.meetingDay)
  @Takes(daySchema)
  async change(@Param('dayId') dayId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.meetings.change(dayId, body, caller.id);
    return this.one(dayId);
  }

  /** A member firm, who is behind an open lead, or a counterparty by name: one of the three. */
  @Post('desk/meetings/:dayId/attendees')
  @Gives(shapes.meetingDay)
  @Takes(attendeeSchema)
  async invite(@Param('dayId') dayId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.meetings.invite(dayId, body, caller.id);
    return this.one(dayId);
  }

  @Put('desk/meetings/:dayId/attendees/:attendeeId')
  @Gives(shapes.meetingDay)
  @Takes(attendanceSchema)
  async attend(@Param('dayId') dayId: string, @Param('attendeeId') attendeeId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.meetings.attend(dayId, attendeeId, body, caller.id);
    return this.one(dayId);
  }

  @Delete('desk/meetings/:dayId/attendees/:attendeeId')
  @Gives(shapes.meetingDay)
  async remove(@Param('dayId') dayId: string, @Param('attendeeId') attendeeId: string, @Caller() caller: Account) {
    await this.meetings.remove(dayId, attendeeId, caller.id);
    return this.one(dayId);
  }

  /** Has a timetable made, or the accepted one repaired; it is `latest` in the day, `wanted` until it is there. Accepts it, or shows it to the people. */
  @Post('desk/meetings/:dayId/timetable')
  @Gives(shapes.meetingDay)
  @Takes(dayActSchema)
  @HttpCode(200)
  async act(@Param('dayId') dayId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.meetings.act(dayId, body, caller.id);
    return this.one(dayId);
  }
}
