import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { type DeliveryMethod, deliveryMethods, putDeliveryMethod } from '#modules/orders/index.ts';
import { isCurrency, isPlaceCode } from '#modules/pricing/index.ts';
import { type Access, mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Check, Field, Select, TextArea } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';
import { minorIn } from './stock-shell.tsx';
import { majorOf, wholeIn, wordsIn } from './typed.ts';

const WRITERS: Access = ['staff:merchant', 'staff:operations'];
const KINDS = ['ship', 'pickup', 'same_day', 'counter'] as const;
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const Body = exactly({
  code: Text(60),
  name: Text(120),
  kind: Type.Enum([...KINDS], { default: 'ship' }),
  days_min: Text(10),
  days_max: Text(10),
  position: Text(10),
  regions: Text(2000),
  rates: Text(10_000),
  active: Type.Optional(Type.Literal('yes')),
});
type Typed = Static<typeof Body>;
type Errors = Partial<Record<keyof Typed, string>>;

const BLANK: Typed = {
  code: '',
  name: '',
  kind: 'ship',
  days_min: '2',
  days_max: '4',
  position: '0',
  regions: '',
  rates: '',
  active: 'yes',
};

/** Ways of delivery: all staff see them, merchants and operations change them. */
export const deliveryPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.get('/desk/delivery', page('staff'), async (_request, reply) => {
    const methods = await deliveryMethods(db);
    return reply.page((about) => <ListPage page={about} methods={methods} />);
  });

  app.get('/desk/delivery/new', page(WRITERS), (_request, reply) => show(reply, BLANK, {}, true));

  const Params = exactly({ code: Type.String({ maxLength: 60 }) });
  app.get('/desk/delivery/:code', page('staff', { params: Params }), async ({ params }, reply) => {
    const method = (await deliveryMethods(db)).find(({ code }) => code === params.code);
    if (!method) throw platformErrors.not_found({});
    return show(reply, typedOf(method), {}, false);
  });

  app.post('/desk/delivery', page(WRITERS, { body: Body }), async ({ body }, reply) => {
    const { method, errors } = methodOf(body);
    if (errors) {
      const isNew = !(await deliveryMethods(db)).some(({ code }) => code === body.code);
      return show(reply.code(422), body, errors, isNew);
    }
    await inTransaction(db, (tx) => putDeliveryMethod(tx, method));
    return sendOn(reply, '/desk/delivery', 'desk.delivery.saved');
  });
};

const typedOf = (method: DeliveryMethod): Typed => ({
  code: method.code,
  name: method.name,
  kind: method.kind,
  days_min: String(method.transitDaysMin),
  days_max: String(method.transitDaysMax),
  position: String(method.position),
  regions: method.regionCodes.join(', '),
  rates: method.rates
    .map(({ currency, amountMinor, freeFromMinor }) =>
      [
        currency,
        ...[amountMinor, freeFromMinor].flatMap((minor) => (minor === null ? [] : majorOf(minor, currency))),
      ].join(' '),
    )
    .join('\n'),
  ...(method.isActive && { active: 'yes' as const }),
});

function methodOf(
  typed: Typed,
): { method: DeliveryMethod; errors?: never } | { method?: never; errors: Errors } {
  const errors: Errors = {};
  const count = (field: 'days_min' | 'days_max' | 'position', min: number, max: number) => {
    const value = wholeIn(typed[field], min, max);
    if (value === undefined)
      errors[field] = t('desk.promotions.error.count', { min: String(min), max: String(max) });
    return value ?? min;
  };
  const [code, name] = [typed.code.trim(), typed.name.trim()];
  if (!CODE.test(code) || code.length > 40) errors.code = say('desk.delivery.error.code');
  if (name === '' || name.length > 80) errors.name = say('desk.delivery.error.name');
  const regionCodes = wordsIn(typed.regions);
  if (regionCodes.some((region) => !isPlaceCode(region))) {
    errors.regions = say('desk.taxes.error.place');
  }
  const transitDaysMin = count('days_min', 0, 365);
  const method: DeliveryMethod = {
    code,
    name,
    kind: typed.kind,
    transitDaysMin,
    transitDaysMax: count('days_max', transitDaysMin, 365),
    position: count('position', 0, 1000),
    isActive: typed.active === 'yes',
    regionCodes,
    rates: ratesOf(typed.rates, errors),
  };
  return Object.keys(errors).length > 0 ? { errors } : { method };
}

/** Each line a currency, its price, and perhaps from what worth it is free; the first wrong one is named. */
function ratesOf(text: string, errors: Errors): DeliveryMethod['rates'] {
  const rates: DeliveryMethod['rates'] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const [currency = '', price, free, ...more] = raw.trim().split(/\s+/);
    if (currency === '' && price === undefined) continue;
    const line = String(index + 1);
    const amountMinor = isCurrency(currency) && price !== undefined ? minorIn(price, currency) : undefined;
    const freeFromMinor = amountMinor === undefined || free === undefined ? null : minorIn(free, currency);
    if (amountMinor === undefined || freeFromMinor === undefined || freeFromMinor === 0 || more.length > 0) {
      errors.rates ??= t('desk.delivery.error.line', { line });
    } else if (rates.some((rate) => rate.currency === currency)) {
      errors.rates ??= t('desk.delivery.error.twice', { line, currency });
    } else rates.push({ currency, amountMinor, freeFromMinor });
  }
  return rates;
}

function ListPage({ page: about, methods }: { page: Page; methods: readonly DeliveryMethod[] }) {
  return (
    <DeskShell page={about} title={t('desk.delivery')}>
      <header class="desk-head">
        <h1>{t('desk.delivery')}</h1>
        <p class="soft">{t('desk.delivery.lead')}</p>
      </header>
      {mayEnter(about.viewer, WRITERS) && (
        <p class="desk-acts">
          <ButtonLink href="/desk/delivery/new">{t('desk.delivery.new')}</ButtonLink>
        </p>
      )}
      <Table
        caption={t('desk.delivery')}
        rows={methods}
        rowKey={({ code }) => code}
        columns={[
          {
            title: t('desk.delivery.name'),
            cell: ({ code, name }) => <a href={`/desk/delivery/${code}`}>{name}</a>,
          },
          { title: t('desk.delivery.kind'), cell: ({ kind }) => t(`desk.delivery.kind.${kind}`) },
          {
            title: t('desk.delivery.days'),
            figures: true,
            cell: ({ transitDaysMin, transitDaysMax }) =>
              t('desk.delivery.days.range', { min: String(transitDaysMin), max: String(transitDaysMax) }),
          },
          {
            title: t('desk.delivery.regions'),
            cell: ({ regionCodes }) => regionCodes.join(', ') || t('desk.delivery.anywhere'),
          },
          {
            title: t('desk.delivery.rates'),
            cell: ({ rates }) => (
              <span class="wraps">
                {rates
                  .map(({ currency, amountMinor }) => about.format.money(amountMinor, currency))
                  .join(' · ')}
              </span>
            ),
          },
          { title: t('desk.delivery.active'), cell: ({ isActive }) => t(isActive ? 'yes' : 'no') },
        ]}
      />
    </DeskShell>
  );
}

function show(reply: FastifyReply, typed: Typed, errors: Errors, isNew: boolean) {
  const title = isNew ? t('desk.delivery.new') : typed.name;
  return reply.page((about) => (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
      </header>
      <MethodForm typed={typed} errors={errors} isNew={isNew} mayWrite={mayEnter(about.viewer, WRITERS)} />
    </DeskShell>
  ));
}

interface FormProps {
  typed: Typed;
  errors: Errors;
  isNew: boolean;
  mayWrite: boolean;
}

function MethodForm({ typed, errors, isNew, mayWrite }: FormProps) {
  const entry = (name: Exclude<keyof Typed, 'active' | 'rates' | 'kind'>, label: string, hint?: string) => (
    <Field
      name={name}
      label={label}
      hint={hint}
      value={typed[name]}
      error={errors[name]}
      required={name !== 'regions'}
      input={{ autocomplete: 'off' }}
    />
  );
  return (
    <form method="post" action="/desk/delivery" class="form rules" novalidate>
      <fieldset disabled={!mayWrite}>
        <legend>{t('desk.delivery')}</legend>
        {isNew ? (
          entry('code', t('desk.delivery.code'), t('desk.delivery.code.hint'))
        ) : (
          <input type="hidden" name="code" value={typed.code} />
        )}
        {entry('name', t('desk.delivery.name'))}
        <Select
          name="kind"
          label={t('desk.delivery.kind')}
          hint={t('desk.delivery.kind.hint')}
          value={typed.kind}
          required
          options={KINDS.map((value) => ({ value, label: t(`desk.delivery.kind.${value}`) }))}
        />
        {entry('days_min', t('desk.delivery.days_min'))}
        {entry('days_max', t('desk.delivery.days_max'))}
        {entry('position', t('desk.delivery.position'))}
        {entry('regions', t('desk.delivery.regions'), t('desk.promotions.regions.hint'))}
        <TextArea
          name="rates"
          label={t('desk.delivery.rates')}
          hint={t('desk.delivery.rates.hint')}
          value={typed.rates}
          error={errors.rates}
          rows={8}
        />
        <Check
          name="active"
          label={t('desk.delivery.active')}
          hint={t('desk.delivery.active.hint')}
          checked={typed.active === 'yes'}
        />
        {mayWrite && (
          <div class="actions">
            <Button>{t('desk.delivery.save')}</Button>
          </div>
        )}
      </fieldset>
    </form>
  );
}
