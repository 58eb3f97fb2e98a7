import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { locations } from '#modules/inventory/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { scannedVariant } from '#read/scanned-variant.ts';
import { page } from '../page.ts';
import { rememberStore } from './store-cookie.ts';

/** What a label on a shelf leads to: `/s/<sku or gtin>?store=<the store's code>`, printed as a QR code. */
export const shelfLabel: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const schema = {
    params: Type.Object({ code: Type.String({ maxLength: 120 }) }),
    querystring: Type.Object({ store: Type.Optional(Type.String({ maxLength: 60 })) }),
  };
  app.get('/s/:code', page('public', schema), async ({ params: { code }, query: { store } }, reply) => {
    const found = await scannedVariant(reads, code);
    if (!found || found.slug === null) throw platformErrors.not_found({});
    const isStore = store !== undefined && (await locations(reads)).some((each) => each.code === store);
    if (isStore) rememberStore(reply, store);
    const options = new URLSearchParams(found.options.map((value) => ['option', value]));
    return reply.redirect(`/p/${found.slug}${options.size > 0 ? `?${options.toString()}` : ''}`, 302);
  });
};
