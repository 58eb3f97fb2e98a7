import { once } from 'node:events';
import { createServer } from 'node:net';
import { hasCode } from '../start-fault.ts';

/** A port nobody listens on now. Somebody may take it before its user does, who then asks for another. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** Why the address cannot be listened on, in a word of Node's (EADDRINUSE, EACCES, ENOTFOUND, …), or undefined. */
export async function whyNotListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL')) {
      return (error as NodeJS.ErrnoException).code;
    }
    throw error;
  }
}
