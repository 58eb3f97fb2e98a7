import { useLayoutEffect, useRef } from 'preact/hooks';
import { code128 } from './code-128.ts';
import { Conflicts } from './notices.tsx';
import { format, moment, t } from './say.ts';
import { startAnew } from './selling.ts';
import { SumRows } from './sums.tsx';
import type { Done, Here, State, Till } from './till.ts';

/** What was just sold: the change to give, and the receipt as it is printed. */
export function DoneView({ till, state, done, here }: { till: Till; state: State; done: Done; here: Here }) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const sale = state.sales.find(({ id }) => id === done.id);
  const money = (minor: number) => format.money(minor, here.currency);
  const change = done.tenders.reduce(
    (sum, { tenderedMinor, amountMinor }) => sum + tenderedMinor - amountMinor,
    0,
  );
  return (
    <section class="sell-done" aria-labelledby="sell-done">
      <header class="sell-done-head">
        <h1 id="sell-done">{t('sell.done.title')}</h1>
        {change > 0 && (
          <p class="sell-change" role="status">
            {t('sell.done.change')} <strong>{money(change)}</strong>
          </p>
        )}
        {sale && <Conflicts sale={sale} />}
        <div class="actions">
          <button ref={first} type="button" class="button primary" onClick={() => startAnew(till)}>
            {t('sell.done.new')}
          </button>
          <button type="button" class="button plain" onClick={() => print()}>
            {t('sell.done.print')}
          </button>
        </div>
      </header>
      <article class="sell-receipt">
        <h2>{here.storeName}</h2>
        <p role="status">
          {sale?.number ? t('sell.done.number', { number: sale.number }) : t('sell.done.waiting')}
        </p>
        <p class="soft small">{t('sell.done.sold_at', { when: moment(done.soldAt) })}</p>
        <ul>
          {done.basket.lines.map(({ item, quantity }, index) => (
            <li key={item.variantId} class="sum">
              <span>
                {quantity} × {[item.title, item.options].filter(Boolean).join(', ')}
              </span>
              <span class="figures">{money(done.sums.lines[index]?.grossMinor ?? 0)}</span>
            </li>
          ))}
        </ul>
        <SumRows sums={done.sums} currency={here.currency} />
        <dl class="sums">
          {done.tenders.map(({ id, means, amountMinor, tenderedMinor }) => (
            <div class="sum" key={id}>
              <dt>
                {t(`sell.pay.${means}`)}
                {tenderedMinor > amountMinor && `, ${t('sell.done.tendered')} ${money(tenderedMinor)}`}
              </dt>
              <dd>{money(amountMinor)}</dd>
            </div>
          ))}
          {change > 0 && (
            <div class="sum">
              <dt>{t('sell.pay.change')}</dt>
              <dd>{money(change)}</dd>
            </div>
          )}
        </dl>
        <Barcode text={sale?.number ?? done.id} />
        {sale?.receiptCode && <ReviewCode code={sale.receiptCode} />}
      </article>
    </section>
  );
}

/** Where the buyer says how it is: the server draws the way there, since only it gives codes. */
function ReviewCode({ code }: { code: string }) {
  return (
    <figure class="sell-review">
      <img src={`/review/${code}/qr.svg`} width={120} height={120} alt="" />
      <figcaption class="small">
        {t('sell.done.review', { address: `${location.host}/review` })}
        <strong class="figures">{code}</strong>
      </figcaption>
    </figure>
  );
}

const QUIET = 10;
const HEIGHT = 48;

/** The receipt's number for the scanner that takes goods back; the sale's id while it has no number. */
function Barcode({ text }: { text: string }) {
  const widths = code128(text);
  if (!widths) return null;
  let x = QUIET;
  const bars = widths.map((width, index) => {
    const bar = index % 2 === 0 ? `M${x} 0h${width}v${HEIGHT}h-${width}z` : '';
    x += width;
    return bar;
  });
  return (
    <figure class="sell-barcode">
      <svg
        viewBox={`0 0 ${x + QUIET} ${HEIGHT}`}
        width={(x + QUIET) * 2}
        height={HEIGHT * 2}
        aria-hidden="true"
      >
        <path d={bars.join('')} />
      </svg>
      <figcaption class="small figures">{text}</figcaption>
    </figure>
  );
}
