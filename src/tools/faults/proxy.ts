import net from 'node:net';

/** A line between a client and a server that can be cut, and whose other end can be moved. */
export class Proxy {
  /** True: what the server says is swallowed, and the line is cut as soon as it says something. */
  swallowing = false;
  private readonly pairs = new Set<readonly [net.Socket, net.Socket]>();
  private readonly server: net.Server;

  private constructor(public target: number) {
    this.server = net.createServer((client) => this.join(client));
  }

  /** @param target the server's port on this machine */
  static async open(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await new Promise<void>((listening) => proxy.server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** The address with this line in between. */
  through(address: string): string {
    const url = new URL(address);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Resets every line that is open. */
  cut(): void {
    for (const pair of this.pairs) pair.forEach(reset);
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }

  private join(client: net.Socket): void {
    const server = net.connect(this.target, '127.0.0.1');
    const pair = [client, server] as const;
    this.pairs.add(pair);
    const part = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', part).on('close', part);
    }
    client.on('data', (chunk) => server.write(chunk));
    client.on('end', () => server.end());
    server.on('end', () => client.end());
    server.on('data', (chunk) => {
      if (!this.swallowing) client.write(chunk);
      else pair.forEach(reset);
    });
  }
}

/** A connection that is already being closed cannot be reset: its handle would stay behind. */
function reset(socket: net.Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
