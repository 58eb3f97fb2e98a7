import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** What one buyer wants: two products of the shop. */
export type Basket = readonly [string, string];

const ADDRESS = {
  email: 'buyer@example.com',
  name: 'B. Uyer',
  street: 'Kade 1',
  postcode: '1013',
  city: 'Amsterdam',
  countryCode: 'NL',
};

/**
 * Buys from `count` connections at once until the time is over, and answers how many orders came a second. Each is
 * a guest's whole purchase in two calls: the cart with its lines and the ways to get it home, the order with its payment.
 */
export async function buyFor(
  url: string,
  { count, seconds, basket }: { count: number; seconds: number; basket: (n: number) => Basket },
): Promise<{ orders: number; perSecond: number }> {
  let orders = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: count }, async () => {
      const caller = await openCaller(url);
      while (performance.now() < until) {
        await purchase(caller, basket(orders));
        orders += 1;
      }
      caller.end();
    }),
  );
  return { orders, perSecond: orders / ((performance.now() - began) / 1000) };
}

/** Answers the order's id, or why it was refused. */
export async function purchase(caller: Caller, basket: Basket): Promise<string> {
  const [cartId, orderId] = [randomUUID(), randomUUID()];
  const lines = basket.map((variantId) => ({ variantId, quantity: 1 }));
  const deliverTo = { countryCode: ADDRESS.countryCode, postcode: ADDRESS.postcode };
  const { deliveryOptions } = await caller.call<{ deliveryOptions: { code: string; totalMinor: number }[] }>(
    'PUT',
    `/v1/orders/carts/${cartId}`,
    { lines, deliverTo },
  );
  const [way] = deliveryOptions;
  if (!way) throw new Error('there is no way to deliver');
  await caller.call('PUT', `/v1/orders/orders/${orderId}`, {
    cartId,
    deliveryCode: way.code,
    totalMinor: way.totalMinor,
    address: ADDRESS,
    touchpoint: 'web',
    paymentToken: 'approved',
  });
  return orderId;
}

interface Caller {
  call<T>(method: 'GET' | 'PUT', path: string, body?: object, cookie?: string): Promise<T>;
  end(): void;
}

let callers = 0;

/**
 * One connection that is kept, and as little else as can be: whoever makes the load shares the processors with the
 * server. Each call comes from another address, as buyers do: what one household may ask in a minute is limited.
 */
export async function openCaller(url: string): Promise<Caller> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return {
    async call<T>(method: 'GET' | 'PUT', path: string, body?: object, cookie?: string) {
      const n = callers++;
      const text = body ? JSON.stringify(body) : '';
      const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
      const who = cookie === undefined ? '' : `cookie: ${cookie}\r\n`;
      const head = `${method} ${path} HTTP/1.1\r\nhost: ${hostname}\r\nx-forwarded-for: ${from}\r\n${who}`;
      const about = body
        ? `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`
        : '';
      socket.write(`${head}${about}\r\n${text}`);
      const { status, json } = await answerOf(socket);
      if (status !== 200 && status !== 204) throw new Error(`${method} ${path}: ${status} ${json}`);
      return (json === '' ? undefined : JSON.parse(json)) as T;
    },
    end: () => void socket.end(),
  };
}

/** The next answer on the connection; all of ours say how long they are. */
function answerOf(socket: Socket): Promise<{ status: number; json: string }> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const listen = (data: Buffer) => {
      received = received.length === 0 ? data : Buffer.concat([received, data]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      stop();
      resolve({ status: Number(head.slice(9, 12)), json: received.toString('utf8', end + 4) });
    };
    const fail = (error?: Error) => {
      stop();
      reject(error ?? new Error('the server hung up'));
    };
    const stop = () => {
      socket.off('data', listen).off('error', fail).off('close', fail);
    };
    socket.on('data', listen).on('error', fail).on('close', fail);
  });
}
