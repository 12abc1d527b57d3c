import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller, ownFirm } from '../accounts/caller.js';
import { type Issue, notFound } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { meetingCalendar } from '../meetings/meeting-calendar.js';
import { MeetingsService, type WholeDay } from '../meetings/meetings.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one } from './form.js';
import { attendanceOfForm, bodyOfAttendee, bodyOfDay, dayActOfForm, dayOfForm, EMPTY_DAY, inviteeOfForm } from './meetings.form.js';
import { isSheets, SheetsPage } from './meetings.sheets.js';
import { AttendeePage, DeskDayPage, DeskDaysPage, FirmDaysPage } from './meetings.views.js';
import { attach, element, show, tried } from './render.js';

/** Meeting days at the desk. */
@Controller('desk/meetings')
export class DeskMeetingsController {
  constructor(
    private readonly meetings: MeetingsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  async list(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.listView(context, EMPTY_DAY, []));
  }

  @Post()
  async create(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    let id = '';
    await tried(
      reply,
      async () => (id = await this.meetings.create(dayOfForm(body), caller.id)),
      (issues) => this.listView(context, body, issues),
      () => `/desk/meetings/${id}`,
    );
  }

  private async listView(context: PageContext, body: FormBody, issues: readonly Issue[]) {
    return element(DeskDaysPage, { context, days: await this.meetings.list(), body, issues });
  }

  @Get(':dayId')
  async day(@Page() context: PageContext, @Param('dayId') dayId: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.view(context, dayId, {}));
  }

  @Post(':dayId')
  async change(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('dayId') dayId: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.meetings.change(dayId, dayOfForm(body), caller.id),
      (issues) => this.view(context, dayId, { edited: body, issues }),
      `/desk/meetings/${dayId}`,
    );
  }

  @Post(':dayId/timetable')
  async act(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('dayId') dayId: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.meetings.act(dayId, dayActOfForm(body), caller.id),
      (issues) => this.view(context, dayId, { issues }),
      `/desk/meetings/${dayId}`,
    );
  }

  @Post(':dayId/attendees')
  async invite(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('dayId') dayId: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.meetings.invite(dayId, inviteeOfForm(body), caller.id),
      (issues) => this.view(context, dayId, { invited: body, issues }),
      `/desk/meetings/${dayId}#attendees`,
    );
  }

  private async view(context: PageContext, dayId: string, form: { edited?: FormBody; invited?: FormBody; issues?: readonly Issue[] }) {
    const whole = await this.meetings.get(dayId);
    return element(DeskDayPage, {
      context,
      whole,
      toInvite: await this.meetings.toInvite(dayId),
      edited: form.edited ?? bodyOfDay(whole.day),
      editing: form.edited !== undefined,
      invited: form.invited ?? {},
      issues: form.issues ?? [],
    });
  }

  @Get(':dayId/attendees/:attendeeId')
  async attendee(
    @Page() context: PageContext,
    @Param('dayId') dayId: string,
    @Param('attendeeId') attendeeId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    show(reply, await this.attendeeView(context, dayId, attendeeId, undefined, []));
  }

  @Post(':dayId/attendees/:attendeeId')
  async attend(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('dayId') dayId: string,
    @Param('attendeeId') attendeeId: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const removes = one(body, 'do') === 'remove';
    await tried(
      reply,
      () => (removes ? this.meetings.remove(dayId, attendeeId, caller.id) : this.meetings.attend(dayId, attendeeId, attendanceOfForm(body), caller.id)),
      (issues) => this.attendeeView(context, dayId, attendeeId, body, issues),
      `/desk/meetings/${dayId}#attendees`,
    );
  }

  private async attendeeView(context: PageContext, dayId: string, attendeeId: string, body: FormBody | undefined, issues: readonly Issue[]) {
    const whole = await this.meetings.get(dayId);
    const attendee = attendeeOf(whole, attendeeId);
    return element(AttendeePage, { context, whole, attendee, body: body ?? bodyOfAttendee(attendee), issues });
  }

  @Get(':dayId/attendees/:attendeeId/calendar.ics')
  async calendar(
    @Page() context: PageContext,
    @Param('dayId') dayId: string,
    @Param('attendeeId') attendeeId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const whole = await this.meetings.get(dayId);
    sendCalendar(reply, context, this.env, whole, attendeeOf(whole, attendeeId).id);
  }

  @Get(':dayId/sheets/:sheets')
  async sheets(@Page() context: PageContext, @Param('dayId') dayId: string, @Param('sheets') sheets: string, @Res() reply: FastifyReply): Promise<void> {
    const whole = await this.meetings.get(dayId);
    if (!isSheets(sheets)) throw notFound();
    show(reply, element(SheetsPage, { context, whole, sheets, back: `/desk/meetings/${dayId}` }));
  }
}

/** A firm's own meetings, on the days that are published. */
@Controller('firm/meetings')
export class FirmMeetingsController {
  constructor(
    private readonly meetings: MeetingsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  async list(@Page() context: PageContext, @Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(FirmDaysPage, { context, days: await this.meetings.ofFirm(ownFirm(caller)) }));
  }

  @Get(':dayId/sheet')
  async sheet(@Page() context: PageContext, @Caller() caller: Account, @Param('dayId') dayId: string, @Res() reply: FastifyReply): Promise<void> {
    const { whole, attendeeId } = await this.meetings.dayOfFirm(ownFirm(caller), dayId);
    show(reply, element(SheetsPage, { context, whole, sheets: 'persons', only: attendeeId, back: '/firm/meetings' }));
  }

  @Get(':dayId/calendar.ics')
  async calendar(@Page() context: PageContext, @Caller() caller: Account, @Param('dayId') dayId: string, @Res() reply: FastifyReply): Promise<void> {
    const { whole, attendeeId } = await this.meetings.dayOfFirm(ownFirm(caller), dayId);
    sendCalendar(reply, context, this.env, whole, attendeeId);
  }
}

function sendCalendar(reply: FastifyReply, { language }: PageContext, { APP_URL }: Env, whole: WholeDay, attendeeId: string): void {
  attach(reply, 'text/calendar; charset=utf-8', `meetings-${whole.day.date}.ics`, meetingCalendar(language, whole, attendeeId, new URL(APP_URL).hostname));
}

function attendeeOf(whole: WholeDay, id: string) {
  const found = whole.attendees.find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}
