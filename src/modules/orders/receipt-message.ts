import type { Config } from '#platform/config.ts';
import type { Mailer } from '#platform/mail.ts';
import { decimalsOf } from '#platform/money.ts';
import { EXCHANGE, EXTERNAL } from '../payments/index.ts';
import { text } from './mail-texts.ts';
import { type Order, type OrderLine, shownOf } from './order.ts';
import { receiptCode } from './receipt-code.ts';

/** The receipt of an order, to its address or where it was asked for; none where nobody knows where. */
export function receiptMessage(
  order: Order,
  link: string,
  config: Pick<Config, 'shopName' | 'publicUrl' | 'secret'>,
  askedFor?: string,
): Parameters<Mailer>[0] | undefined {
  const { shopName, publicUrl } = config;
  const { address, number, currency } = order;
  const to = address?.email ?? askedFor;
  if (to === undefined) return undefined;
  const rows = rowsOf(order);
  const total = [text('receipt.total'), amount(order.totalMinor, currency)] as const;
  const paid = paidRows(order);
  const thanks = address
    ? text('receipt.thanks', { name: address.name, number })
    : text('receipt.thanks_at_counter', { number });
  // What goes over the counter is with its buyer already; whom goods are sent to is asked when they have come.
  const review = address ? '' : `${publicUrl}/review/${receiptCode(config, order)}`;
  const promise =
    address && order.promisedFrom && order.promisedTo ? promiseOf(order.promisedFrom, order.promisedTo) : '';
  const place = address
    ? [address.name, address.street, `${address.postcode} ${address.city}`, address.countryCode]
    : [];
  return {
    to,
    subject: text('receipt.subject', { shop: shopName, number }),
    text: [
      thanks,
      promise,
      '',
      ...[...rows, total, ...paid].map(([label, value]) => `${label}  ${value}`),
      '',
      ...(address ? [text('receipt.goes_to'), ...place, ''] : []),
      ...(order.giftNote ? [text('receipt.gift'), order.giftNote, ''] : []),
      text('receipt.see', { link }),
      ...(review ? [text('receipt.review', { link: review })] : []),
      '',
    ].join('\n'),
    html: htmlOf({
      thanks,
      promise,
      rows,
      total,
      paid,
      place,
      link,
      review,
      number,
      shopName,
      giftNote: order.giftNote,
    }),
  };
}

function paidRows({ payments, currency }: Order): (readonly [string, string])[] {
  return payments
    .filter(({ state }) => state === 'captured' || state === 'authorized')
    .map(({ provider, state, amountMinor }) => {
      const isNamed =
        provider === 'gift_card' ||
        provider === 'store_credit' ||
        provider === EXTERNAL ||
        provider === EXCHANGE;
      const way = isNamed ? text(`receipt.paid_with.${provider}`) : text('receipt.paid_with.provider');
      const later = text(LATER.get(provider) ?? 'receipt.to_pay');
      return [state === 'captured' ? way : later, amount(amountMinor, currency)] as const;
    });
}

const LATER = new Map<string, 'receipt.to_pay_elsewhere' | 'receipt.to_pay_exchange'>([
  [EXTERNAL, 'receipt.to_pay_elsewhere'],
  [EXCHANGE, 'receipt.to_pay_exchange'],
]);

/** The lines as they were shown, the discounts by name, and the tax where it was added or is in it. */
function rowsOf(order: Order): (readonly [string, string])[] {
  const { lines, discounts, taxMinor, isTaxIncluded, currency } = order;
  const tax = text(isTaxIncluded ? 'receipt.tax_included' : 'receipt.tax_added');
  return [
    ...lines.map((line) => [textOf(line), amount(shownOf(order, line), currency)] as const),
    ...discounts.map(({ name, amountMinor }) => [name, amount(-amountMinor, currency)] as const),
    ...(taxMinor > 0 ? [[tax, amount(taxMinor, currency)] as const] : []),
  ];
}

export const textOf = ({
  kind,
  quantity,
  title,
  options,
}: Pick<OrderLine, 'kind' | 'quantity' | 'title' | 'options'>) =>
  kind === 'goods' ? `${quantity} × ${title}${options ? ` (${options})` : ''}` : title;

export function amount(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 10 ** decimals);
}

const dayFormat = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
const dayOf = (day: string) => dayFormat.format(new Date(`${day}T00:00:00Z`));
const promiseOf = (from: string, to: string) =>
  from === to
    ? text('receipt.arrives_on', { day: dayOf(from) })
    : text('receipt.arrives', { from: dayOf(from), to: dayOf(to) });

interface Parts {
  thanks: string;
  promise: string;
  rows: (readonly [string, string])[];
  total: readonly [string, string];
  /** Below the total: by what it was paid. */
  paid: (readonly [string, string])[];
  place: string[];
  link: string;
  /** Where it is said how the goods are; empty while they are not there. */
  review: string;
  number: string;
  shopName: string;
  giftNote: string | null;
}

/** A table and inline styles: mail programs know little more. */
export function htmlOf({
  thanks,
  promise,
  rows,
  total,
  paid,
  place,
  link,
  review,
  number,
  shopName,
  giftNote,
}: Parts): string {
  const cell = (content: string, style: string) =>
    `<td style="padding:6px 0;${style}">${escaped(content)}</td>`;
  const row = ([label, value]: readonly [string, string], style = '') =>
    `<tr>${cell(label, style)}${cell(value, `${style}text-align:right;padding-left:24px;`)}</tr>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(number)}</title></head>
<body style="margin:0;padding:32px 16px;background:#f6f4ef;color:#26241f;font:16px/1.5 Georgia,serif">
<div style="max-width:560px;margin:0 auto;background:#fff;padding:32px;border-radius:8px">
<p style="margin:0 0 24px;font-size:20px">${escaped(shopName)}</p>
<p>${escaped(thanks)}<br>${escaped(promise)}</p>
<table role="presentation" style="width:100%;border-collapse:collapse;margin:24px 0">
${rows.map((each) => row(each)).join('\n')}
${row(total, 'border-top:1px solid #d8d3c6;font-weight:bold;')}
${paid.map((each) => row(each, 'color:#6b665a;')).join('\n')}
</table>
<p style="color:#6b665a">${place.map(escaped).join('<br>')}</p>
${giftNote ? `<p>${escaped(text('receipt.gift'))}<br>${escaped(giftNote).replaceAll('\n', '<br>')}</p>` : ''}
<p><a href="${escaped(link)}" style="color:#26241f">${escaped(text('receipt.see.link'))}</a></p>
${review ? `<p><a href="${escaped(review)}" style="color:#26241f">${escaped(text('receipt.review.link'))}</a></p>` : ''}
</div></body></html>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (raw: string) => raw.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
