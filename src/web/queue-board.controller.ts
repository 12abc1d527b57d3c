import { Controller, Get, type OnModuleDestroy, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { JobsService } from '../jobs/jobs.service.js';

const AT = '/desk/queues';

/** The board is a program of its own: its scripts, styles and calls come from here and nowhere else, and only on its own pages. */
const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What of the board's answer the browser needs to know. */
const PASSED_ON = ['content-type', 'etag', 'last-modified'] as const;

/**
 * bull-board, for whoever has to look into the queues themselves. It is loaded when it is first asked for, into a server of its own that listens nowhere:
 * every call comes through the door of this house, and is passed on to it in memory.
 */
@Controller('desk/queues')
export class QueueBoardController implements OnModuleDestroy {
  private board: Promise<FastifyInstance> | undefined;

  constructor(private readonly jobs: JobsService) {}

  @Get()
  entry(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Get('*')
  read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Post('*')
  post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Put('*')
  put(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Patch('*')
  patch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  async onModuleDestroy(): Promise<void> {
    await (await this.board)?.close();
  }

  private async pass(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const board = await (this.board ??= this.open());
    const [path = '', query] = request.url.split('?');
    const answer = await board.inject({
      method: request.method as 'GET',
      url: (path === AT ? `${AT}/` : path) + (query === undefined ? '' : `?${query}`),
      // of the caller's headers the board needs none: who they are was settled at the door
      headers: { accept: request.headers.accept ?? '*/*' },
      ...(request.body === undefined || request.body === null ? {} : { payload: request.body }),
    });
    for (const name of PASSED_ON) {
      const value = answer.headers[name];
      if (value !== undefined) void reply.header(name, value);
    }
    // names of its files change with their content
    if (path.startsWith(`${AT}/static/`) && answer.statusCode === 200) void reply.header('cache-control', 'private, max-age=604800');
    await reply.status(answer.statusCode).header('content-security-policy', BOARD_POLICY).send(answer.rawPayload);
  }

  private async open(): Promise<FastifyInstance> {
    const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/fastify'),
    ]);
    const serverAdapter = new FastifyAdapter();
    serverAdapter.setBasePath(AT);
    createBullBoard({
      queues: this.jobs.all().map((queue) => new BullMQAdapter(queue)),
      serverAdapter,
      options: { uiConfig: { boardTitle: 'Rabta', hideRedisDetails: true } },
    });
    const board = fastify();
    await board.register(serverAdapter.registerPlugin(), { prefix: AT });
    await board.ready();
    return board;
  }
}
