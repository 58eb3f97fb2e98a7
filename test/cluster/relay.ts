import { connect, createServer, type Socket } from 'node:net';

/**
 * A way to a node that never resets. The library's program ends as a whole when a connection to it is reset while it waits
 * for a packet (a server of ClickHouse writes a line into its log); nodes reset theirs whenever a question is broken off.
 * Here such a connection comes to its end instead.
 */
export async function startRelay(to: number): Promise<{ port: number; stop: () => void }> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const onward = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    for (const [one, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.end());
      one.on('close', () => open.delete(one));
      one.pipe(other);
    }
    // Nobody reads what is still answered: it is taken in, or closing would reset.
    from.on('close', () => onward.resume());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay has no port');
  return {
    port: address.port,
    stop: () => {
      server.close();
      for (const one of open) one.destroy();
    },
  };
}
