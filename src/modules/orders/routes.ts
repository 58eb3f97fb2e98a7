import type { Module } from '#platform/module.ts';
import { cartCodeRoutes } from './routes/cart-codes.ts';
import { cartLineRoutes } from './routes/cart-lines.ts';
import { cartRoutes } from './routes/carts.ts';
import { deliveryMethodRoutes } from './routes/delivery-methods.ts';
import { cancellationRoutes } from './routes/cancellations.ts';
import { exchangeRoutes } from './routes/exchanges.ts';
import { orderListRoutes } from './routes/order-lists.ts';
import { orderRoutes } from './routes/orders.ts';
import { outsideOrderRoutes } from './routes/outside-orders.ts';
import { returnRoutes } from './routes/returns.ts';
import { promiseRoutes } from './routes/promises.ts';

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  await cartRoutes(app, deps);
  await cartLineRoutes(app, deps);
  await cartCodeRoutes(app, deps);
  await deliveryMethodRoutes(app, deps);
  await orderRoutes(app, deps);
  await orderListRoutes(app, deps);
  await cancellationRoutes(app, deps);
  await outsideOrderRoutes(app, deps);
  await returnRoutes(app, deps);
  await exchangeRoutes(app, deps);
  await promiseRoutes(app, deps);
};
