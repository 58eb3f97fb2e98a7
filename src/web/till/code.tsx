import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { identityErrors, memberOfCode, namesOf } from '#modules/identity/index.ts';
import { advise, advisedVariants, ordersErrors } from '#modules/orders/index.ts';
import { mayReadPersonal, TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { scannedVariant } from '#read/scanned-variant.ts';
import { type VariantName, variantNames } from '#read/stock-list.ts';
import { Button } from '../components/Button.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { customerCodeOf, forgetCustomer, rememberCustomer } from './customer-cookie.ts';
import { findHere, type Here, toRegister } from './register-here.ts';
import { Scanned, ScanField, scanIn } from './scan.tsx';
import { TillShell } from './shell.tsx';

const PATH = '/till/code';

const FAULTS = new Map<string, PlainKey>([
  [identityErrors.member_code_unknown.code, 'till.code.unknown'],
  [identityErrors.too_many_attempts.code, 'till.code.too_many'],
  [ordersErrors.advises_oneself.code, 'till.code.oneself'],
  [ordersErrors.not_sold.code, 'till.code.not_sold'],
  [ordersErrors.cart_is_being_ordered.code, 'till.code.being_ordered'],
  [ordersErrors.cart_full.code, 'till.code.full'],
]);

interface Fault {
  status: number;
  text: string;
  /** The customer is served no longer. */
  isOver?: boolean;
}

/** A refusal that somebody at a till can be told about; anything else is thrown on. */
function told(error: unknown): Fault {
  const key = error instanceof AppError ? FAULTS.get(error.code) : undefined;
  if (!key || !(error instanceof AppError)) throw error;
  return { status: error.status, text: say(key), isOver: error.code.startsWith('identity.') };
}

/** A customer shows their own code, and what they look at is put into their own cart: they buy it later, at home. */
export const codePage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const served = async (request: FastifyRequest) => {
    const code = customerCodeOf(request);
    return code === undefined ? undefined : memberOfCode(deps, request.viewer.memberId ?? '', code);
  };
  const show = async (request: FastifyRequest, reply: FastifyReply, fault?: Fault) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    // A code that was refused a moment ago is not tried again to show the page.
    const memberId = fault?.isOver ? undefined : await served(request).catch(() => undefined);
    if (memberId === undefined) forgetCustomer(reply);
    const customer = memberId === undefined ? undefined : await customerOf(memberId, request);
    if (fault) void reply.code(fault.status);
    return reply.page((about) => (
      <CodePage page={about} here={here} customer={customer} error={fault?.text} />
    ));
  };
  const customerOf = async (memberId: string, { viewer }: FastifyRequest): Promise<Customer> => {
    const variantIds = await advisedVariants(db, memberId);
    const names = await variantNames(db, variantIds);
    const person = `member:${memberId}`;
    const name = mayReadPersonal(viewer) ? (await namesOf(db, [person])).get(person) : undefined;
    return { name, noted: variantIds.flatMap((id) => names.get(id) ?? []) };
  };

  app.get(PATH, page(TILL), async (request, reply) => show(request, reply));

  app.post(PATH, page(TILL, { body: exactly({ code: Scanned }) }), async (request, reply) => {
    const scan = scanIn(request.body.code);
    if (!scan) return show(request, reply, { status: 422, text: t('till.scan.nothing') });
    if ('fault' in scan) return show(request, reply, { status: 422, text: scan.fault });
    try {
      const memberId = await memberOfCode(deps, request.viewer.memberId ?? '', scan.text);
      if (memberId === request.viewer.memberId) throw ordersErrors.advises_oneself({});
    } catch (error) {
      return show(request, reply, { ...told(error), isOver: true });
    }
    rememberCustomer(reply, scan.text);
    return sendOn(reply, PATH);
  });

  app.post(`${PATH}/lines`, page(TILL, { body: exactly({ scan: Scanned }) }), async (request, reply) => {
    const { viewer, body } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const scan = scanIn(body.scan);
    if (!scan) return show(request, reply, { status: 422, text: t('till.scan.nothing') });
    if ('fault' in scan) return show(request, reply, { status: 422, text: scan.fault });
    const variant = await scannedVariant(db, scan.text);
    if (!variant)
      return show(request, reply, { status: 404, text: t('till.scan.unknown', { code: scan.text }) });
    try {
      const memberId = await served(request);
      if (memberId === undefined) return sendOn(reply, PATH);
      const advice = { memberId, associateId: viewer.memberId ?? '', locationId: here.store.id };
      await inTransaction(db, (tx) =>
        advise(tx, { ...advice, variantId: variant.id }, config.currency, now()),
      );
    } catch (error) {
      return show(request, reply, told(error));
    }
    return sendOn(reply, PATH, 'till.code.noted');
  });

  app.post(`${PATH}/done`, page(TILL), async (_request, reply) => {
    forgetCustomer(reply);
    return sendOn(reply, PATH);
  });
};

interface Customer {
  /** Only for those who may see who a buyer is. */
  name: string | undefined;
  /** What stores have put into their cart. */
  noted: VariantName[];
}

interface Props {
  page: Page;
  here: Here;
  customer: Customer | undefined;
  error: string | undefined;
}

function CodePage({ page: about, here, customer, error }: Props) {
  return (
    <TillShell page={about} here={here} title={t('till.code')}>
      <h1>{customer?.name ?? t('till.code')}</h1>
      <p class="soft">{t(customer ? 'till.code.lead.served' : 'till.code.lead')}</p>
      {customer ? <Served customer={customer} error={error} /> : <AskCode error={error} />}
    </TillShell>
  );
}

function AskCode({ error }: { error: string | undefined }) {
  return (
    <form method="post" action={PATH} class="form till-scan">
      <ScanField name="code" label={t('till.code.field')} error={error} />
      <Button>{t('till.code.button')}</Button>
    </form>
  );
}

function Served({ customer: { noted }, error }: { customer: Customer; error: string | undefined }) {
  return (
    <>
      <form method="post" action={`${PATH}/lines`} class="form till-scan">
        <ScanField name="scan" label={t('till.scan.article')} error={error} />
        <Button>{t('till.code.add')}</Button>
      </form>
      <section aria-labelledby="noted">
        <h2 id="noted">{t('till.code.cart')}</h2>
        {noted.length === 0 ? (
          <p class="soft">{t('till.code.cart.none')}</p>
        ) : (
          <ul class="till-rows">
            {noted.map(({ id, sku, title, options }) => (
              <li key={id}>
                <span>{[title, ...options].join(' · ')}</span>
                <span class="soft">{sku}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <form method="post" action={`${PATH}/done`} class="actions">
        <Button look="plain">{t('till.code.done')}</Button>
      </form>
    </>
  );
}
