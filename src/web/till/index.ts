import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { conflictsPage } from './conflicts.tsx';
import { drawerPage } from './drawer.tsx';
import { tillHomePage } from './home.tsx';
import { codePage } from './code.tsx';
import { exchangePage } from './exchange.tsx';
import { handOverPage } from './hand-over.tsx';
import { stockPage } from './stock.tsx';
import { pickPage } from './pick.tsx';
import { pickOrderPage } from './pick-order.tsx';
import { pickPapers } from './pick-papers.ts';
import { registerPage } from './register.tsx';
import { sellPage } from './sell.tsx';
import { takeBackPage } from './take-back.tsx';
import { takeInPage } from './take-in.tsx';

/** Every page of the till. */
export const tillPages: FastifyPluginAsyncTypebox<Deps>[] = [
  tillHomePage,
  registerPage,
  sellPage,
  pickPage,
  pickOrderPage,
  pickPapers,
  handOverPage,
  takeBackPage,
  takeInPage,
  exchangePage,
  stockPage,
  codePage,
  drawerPage,
  conflictsPage,
];
