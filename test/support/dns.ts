import dgram from 'node:dgram';
import net from 'node:net';

/** What a name has: `mx` as `10 host`, addresses of both families together. */
export interface Records {
  readonly txt?: readonly string[];
  readonly a?: readonly string[];
  readonly mx?: readonly string[];
  readonly ptr?: readonly string[];
}

const TYPES = { A: 1, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;

const wire = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);

function ipv6(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => parseInt(group, 16));
  const [a, b] = [groups(head), groups(tail ?? '')];
  const bytes = Buffer.alloc(16);
  [...a, ...Array<number>(8 - a.length - b.length).fill(0), ...b].forEach((group, i) => bytes.writeUInt16BE(group, 2 * i));
  return bytes;
}

/** Data of the answers of a type. */
function answers({ txt = [], a = [], mx = [], ptr = [] }: Records, type: number): Buffer[] {
  switch (type) {
    case TYPES.A:
      return a.filter(net.isIPv4).map((address) => Buffer.from(address.split('.').map(Number)));
    case TYPES.AAAA:
      return a.filter(net.isIPv6).map(ipv6);
    case TYPES.PTR:
      return ptr.map(wire);
    case TYPES.MX:
      return mx.map((record) => {
        const [priority = '', host = ''] = record.split(' ');
        return Buffer.concat([Buffer.of(0, Number(priority)), wire(host)]);
      });
    case TYPES.TXT:
      return txt.map((record) =>
        Buffer.concat((record.match(/[\s\S]{1,255}/g) ?? ['']).map((part) => Buffer.concat([Buffer.of(part.length), Buffer.from(part)]))),
      );
    default:
      return [];
  }
}

/** A DNS server for a few names: it answers what it is asked, says that other names do not exist, and keeps silent about those that are told so. */
export class NameServer {
  asked = 0;
  names: Record<string, Records> = {};
  /** Names about which nothing is said at all. */
  silent = new Set<string>();

  private constructor(private readonly socket: dgram.Socket) {}

  static async open(): Promise<NameServer> {
    const socket = dgram.createSocket('udp4');
    const server = new NameServer(socket);
    socket.on('message', (query, from) => {
      const reply = server.reply(query);
      if (reply) socket.send(reply, from.port, from.address);
    });
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  private reply(query: Buffer): Buffer | undefined {
    this.asked++;
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const question = query.subarray(12, at + 5);
    const name = labels.join('.').toLowerCase();
    if (this.silent.has(name)) return undefined;
    const records = this.names[name];
    const type = query.readUInt16BE(at + 1);
    const found = records ? answers(records, type) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (records ? 0 : 3), 2); // an answer with authority; 3: no such name
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    const body = found.map((data) => {
      const head = Buffer.alloc(12);
      head.writeUInt16BE(0xc00c, 0); // the name of the question
      head.writeUInt16BE(type, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt32BE(60, 6);
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
    return Buffer.concat([header, question, ...body]);
  }

  close(): Promise<void> {
    return new Promise((closed) => this.socket.close(() => closed()));
  }
}
