import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { type ReturnRule, returnRules, setReturnRule } from '#modules/orders/index.ts';
import { isCurrency } from '#modules/pricing/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { type Page, page, sendOn, Text } from '../page.ts';
import { DeskShell } from './shell.tsx';
import { minorIn } from './stock-shell.tsx';
import { majorOf, wholeIn } from './typed.ts';

const PATH = '/desk/returns/rules';
const WRITERS = 'staff:operations';
const Body = exactly({
  currency: Text(10),
  fee: Text(20),
  early: Text(20),
  early_orders: Text(10),
  exchange: Text(20),
  exchange_orders: Text(10),
  days: Text(10),
});
type Typed = Static<typeof Body>;
type Errors = Partial<Record<keyof Typed, string>>;

const BLANK: Typed = {
  currency: '',
  fee: '0',
  early: '',
  early_orders: '1',
  exchange: '',
  exchange_orders: '1',
  days: '14',
};

/** What returns cost and whom we trust, by currency: all staff see it, operations set it. */
export const returnRulesPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  const show = async (reply: FastifyReply, typed: Typed | undefined, errors: Errors, asked = '') => {
    const rules = await returnRules(db);
    const chosen = rules.find(({ currency }) => currency === asked);
    const view = {
      rules,
      days: config.returnDays,
      typed: typed ?? (chosen ? typedOf(chosen) : BLANK),
      errors,
    };
    return reply.page((about) => <RulesPage page={about} {...view} />);
  };

  const Asked = Type.Object({ currency: Text(3) });
  app.get(PATH, page('staff', { querystring: Asked }), async ({ query }, reply) =>
    show(reply, undefined, {}, query.currency),
  );

  app.post(PATH, page(WRITERS, { body: Body }), async ({ viewer, body }, reply) => {
    const { rule, errors } = ruleIn(body);
    if (errors) return show(reply.code(422), body, errors);
    await inTransaction(db, (tx) => setReturnRule(tx, viewer, rule));
    return sendOn(reply, PATH, 'desk.return_rules.saved');
  });
};

function typedOf(rule: ReturnRule): Typed {
  const { currency } = rule;
  const orNothing = (minor: number | null) => (minor === null ? '' : majorOf(minor, currency));
  return {
    currency,
    fee: majorOf(rule.feeMinor, currency),
    early: orNothing(rule.earlyUpToMinor),
    early_orders: String(rule.earlyOrdersMin),
    exchange: orNothing(rule.exchangeUpToMinor),
    exchange_orders: String(rule.exchangeOrdersMin),
    days: String(rule.arrivesWithinDays),
  };
}

function ruleIn(typed: Typed): { rule: ReturnRule; errors?: never } | { rule?: never; errors: Errors } {
  const errors: Errors = {};
  const currency = typed.currency.trim().toUpperCase();
  if (!isCurrency(currency)) return { errors: { currency: say('desk.promotions.error.currency') } };
  const amount = (field: 'fee' | 'early' | 'exchange') => minorIn(typed[field], currency);
  const upTo = (field: 'early' | 'exchange') => {
    if (typed[field].trim() === '') return null;
    const minor = amount(field) ?? 0;
    if (minor === 0) errors[field] = say('desk.return_rules.fault.above');
    return minor;
  };
  const count = (field: 'early_orders' | 'exchange_orders' | 'days', max: number) => {
    const value = wholeIn(typed[field], 1, max);
    if (value === undefined) errors[field] = t('desk.promotions.error.count', { min: '1', max: String(max) });
    return value ?? 1;
  };
  const feeMinor = amount('fee');
  if (feeMinor === undefined) errors.fee = say('desk.return_rules.fault.amount');
  const rule = {
    currency,
    feeMinor: feeMinor ?? 0,
    earlyUpToMinor: upTo('early'),
    earlyOrdersMin: count('early_orders', 1000),
    exchangeUpToMinor: upTo('exchange'),
    exchangeOrdersMin: count('exchange_orders', 1000),
    arrivesWithinDays: count('days', 365),
  };
  return Object.keys(errors).length > 0 ? { errors } : { rule };
}

interface Props {
  page: Page;
  rules: readonly ReturnRule[];
  days: number;
  typed: Typed;
  errors: Errors;
}

function RulesPage({ page: about, rules, days, typed, errors }: Props) {
  const mayWrite = mayEnter(about.viewer, WRITERS);
  return (
    <DeskShell page={about} title={t('desk.return_rules')}>
      <header class="desk-head">
        <h1>{t('desk.return_rules')}</h1>
        <p class="soft">{t('desk.return_rules.lead', { days })}</p>
      </header>
      {rules.length === 0 ? (
        <EmptyState title={t('desk.return_rules.none.title')} text={t('desk.return_rules.none.text')} />
      ) : (
        <RulesTable rules={rules} format={about.format} mayWrite={mayWrite} />
      )}
      <p class="soft">{t('desk.return_rules.trust')}</p>
      {mayWrite && <RuleForm typed={typed} errors={errors} />}
    </DeskShell>
  );
}

function RulesTable({
  rules,
  format,
  mayWrite,
}: Pick<Props, 'rules'> & { format: Format; mayWrite: boolean }) {
  const upTo = (minor: number | null, orders: number, currency: string) =>
    minor === null
      ? t('desk.return_rules.never')
      : t('desk.return_rules.up_to', { amount: format.money(minor, currency), count: orders });
  return (
    <Table
      caption={t('desk.return_rules')}
      rows={rules}
      rowKey={({ currency }) => currency}
      columns={[
        {
          title: t('desk.return_rules.currency'),
          cell: ({ currency }) =>
            mayWrite ? <a href={`${PATH}?currency=${currency}#set`}>{currency}</a> : currency,
        },
        {
          title: t('desk.return_rules.fee'),
          figures: true,
          cell: ({ feeMinor, currency }) => format.money(feeMinor, currency),
        },
        {
          title: t('desk.return_rules.early'),
          cell: (rule) => upTo(rule.earlyUpToMinor, rule.earlyOrdersMin, rule.currency),
        },
        {
          title: t('desk.return_rules.exchange'),
          cell: (rule) => upTo(rule.exchangeUpToMinor, rule.exchangeOrdersMin, rule.currency),
        },
        {
          title: t('desk.return_rules.days'),
          figures: true,
          cell: ({ arrivesWithinDays }) => arrivesWithinDays,
        },
      ]}
    />
  );
}

function RuleForm({ typed, errors }: Pick<Props, 'typed' | 'errors'>) {
  const entry = (
    name: keyof Typed,
    label: string,
    inputmode: 'text' | 'decimal' | 'numeric',
    { hint, required = true }: { hint?: string; required?: boolean } = {},
  ) => (
    <Field
      name={name}
      label={label}
      hint={hint}
      value={typed[name]}
      error={errors[name]}
      required={required}
      input={{ autocomplete: 'off', inputmode, maxlength: 20 }}
    />
  );
  return (
    <form method="post" action={`${PATH}#set`} id="set" class="form rules" novalidate>
      <fieldset>
        <legend>{t('desk.return_rules.set')}</legend>
        {entry('currency', t('desk.return_rules.currency'), 'text', {
          hint: t('desk.return_rules.currency.hint'),
        })}
        {entry('fee', t('desk.return_rules.fee'), 'decimal', { hint: t('desk.return_rules.fee.hint') })}
        {entry('early', t('desk.return_rules.early'), 'decimal', {
          hint: t('desk.return_rules.early.hint'),
          required: false,
        })}
        {entry('early_orders', t('desk.return_rules.early_orders'), 'numeric')}
        {entry('exchange', t('desk.return_rules.exchange'), 'decimal', {
          hint: t('desk.return_rules.exchange.hint'),
          required: false,
        })}
        {entry('exchange_orders', t('desk.return_rules.exchange_orders'), 'numeric')}
        {entry('days', t('desk.return_rules.days'), 'numeric', { hint: t('desk.return_rules.days.hint') })}
        <div class="actions">
          <Button>{t('desk.return_rules.set')}</Button>
        </div>
      </fieldset>
    </form>
  );
}
