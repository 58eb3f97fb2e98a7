import { useState } from 'preact/hooks';
import { format, t } from './say.ts';
import { change, isOnline, takeCustomer } from './selling.ts';
import type { State, Sums, Till } from './till.ts';

export const CODE_ID = 'sell-code';
export const CUSTOMER_ID = 'sell-customer';

/** Who buys, what lowers the price, what it comes to, and what is done with it. */
export function Side({ till, state }: { till: Till; state: State }) {
  const { basket, sums, here } = state;
  const isEmpty = basket.lines.length === 0;
  const open = (dialog: State['dialog']) => till.store.set({ dialog });
  return (
    <aside class="sell-side" aria-label={t('sell.sum.total')}>
      <CustomerPart till={till} state={state} />
      <CodePart till={till} state={state} />
      <ReceiptPart key={String(isEmpty)} till={till} state={state} />
      {sums && here && <SumRows sums={sums} currency={here.currency} />}
      {sums?.isOwn && <p class="soft small">{t('sell.sum.own')}</p>}
      {state.delivery && <p class="small">{t('sell.deliver.chosen', chosenText(state.delivery))}</p>}
      <button
        type="button"
        class="button primary wide"
        disabled={isEmpty || !sums}
        onClick={() => open('pay')}
      >
        {sums && here
          ? t('sell.pay', { amount: format.money(sums.totalMinor, here.currency) })
          : t('sell.pay.none')}
      </button>
      <div class="sell-acts">
        <button type="button" class="button plain" disabled={isEmpty} onClick={() => open('park')}>
          {t('sell.park')}
        </button>
        <button type="button" class="button plain" onClick={() => open('parked')}>
          {t('sell.parked')}
        </button>
        <button type="button" class="button plain" disabled={isEmpty} onClick={() => open('deliver')}>
          {t('sell.deliver')}
        </button>
      </div>
    </aside>
  );
}

const chosenText = ({ name, window, pickup }: NonNullable<State['delivery']>) => ({
  name: pickup ? t('sell.deliver.at', { name, store: pickup.name }) : name,
  window: windowText(window),
});

/** "Tue 24 November to Thu 26 November" */
export function windowText(window: NonNullable<State['delivery']>['window']): string {
  if (!window) return t('sell.deliver.unknown');
  const [from, to] = [format.day(window.promisedFrom), format.day(window.promisedTo)];
  return from === to ? from : t('sell.deliver.window', { from, to });
}

function CustomerPart({ till, state }: { till: Till; state: State }) {
  const [typed, setTyped] = useState('');
  const { customer } = state;
  if (customer) {
    return (
      <div class="sell-customer">
        <p>
          <span class="soft small">{t('sell.customer')}</span>
          <strong>{'email' in customer ? customer.email : t('sell.customer.by_code')}</strong>
        </p>
        <button type="button" class="button plain" onClick={() => change(till, { customer: null })}>
          {t('sell.customer.remove')}
        </button>
      </div>
    );
  }
  return (
    <form
      class="sell-entry"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        void takeCustomer(till, typed).then((isFound) => isFound && setTyped(''));
      }}
    >
      <div class="field">
        <label for={CUSTOMER_ID}>{t('sell.customer.find')}</label>
        <input
          id={CUSTOMER_ID}
          autocomplete="off"
          autocapitalize="off"
          maxLength={254}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <button class="button plain">{t('sell.customer.button')}</button>
    </form>
  );
}

/** Where the receipt goes, if its buyer wants it by mail. What is no address is said, and goes nowhere. */
function ReceiptPart({ till, state }: { till: Till; state: State }) {
  const [typed, setTyped] = useState(state.receiptEmail ?? '');
  const [isWrong, setIsWrong] = useState(false);
  return (
    <div class="field">
      <label for="sell-receipt">{t('sell.receipt')}</label>
      <input
        id="sell-receipt"
        type="email"
        autocomplete="off"
        maxLength={254}
        value={typed}
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={isWrong ? 'sell-receipt-fault' : undefined}
        onInput={({ currentTarget: { value, validity } }) => {
          const isAddress = validity.valid && /@.+\../.test(value);
          setTyped(value);
          change(till, { receiptEmail: isAddress ? value.trim() : null });
        }}
        onBlur={() => setIsWrong(typed.trim() !== '' && state.receiptEmail === null)}
      />
      {isWrong && (
        <p class="field-error" id="sell-receipt-fault" role="alert">
          {t('sell.receipt.wrong')}
        </p>
      )}
    </div>
  );
}

function CodePart({ till, state }: { till: Till; state: State }) {
  const [typed, setTyped] = useState('');
  const { basket, sums } = state;
  const setCodes = (codes: readonly string[]) => change(till, { basket: { ...basket, codes } });
  const states = new Map(sums?.codes.map((each) => [each.code, each]));
  return (
    <div>
      <ul class="sell-codes">
        {basket.codes.map((code) => {
          const { name, refusal } = states.get(code) ?? { name: null, refusal: null };
          return (
            <li key={code}>
              <span class={refusal ? 'sell-short' : undefined}>
                {refusal
                  ? t(
                      refusal === 'unknown' && !isOnline(state)
                        ? 'sell.code.offline'
                        : `sell.code.${refusal}`,
                      { code },
                    )
                  : t('sell.code.works', { code, name: name ?? '' })}
              </span>
              <button
                type="button"
                class="button plain"
                aria-label={t('sell.code.remove_of', { code })}
                onClick={() => setCodes(basket.codes.filter((each) => each !== code))}
              >
                {t('sell.code.remove')}
              </button>
            </li>
          );
        })}
      </ul>
      <form
        class="sell-entry"
        onSubmit={(event) => {
          event.preventDefault();
          const code = typed.trim().toUpperCase();
          if (code === '') return;
          if (!basket.codes.includes(code)) setCodes([...basket.codes, code]);
          setTyped('');
        }}
      >
        <div class="field">
          <label for={CODE_ID}>{t('sell.code')}</label>
          <input
            id={CODE_ID}
            autocomplete="off"
            pattern="\s*[A-Za-z0-9][A-Za-z0-9\-]{1,39}\s*"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button class="button plain">{t('sell.code.add')}</button>
      </form>
    </div>
  );
}

/** Discounts and tax as the shop's cart shows them. */
export function SumRows({ sums, currency }: { sums: Sums; currency: string }) {
  const money = (minor: number) => format.money(minor, currency);
  const goods = sums.lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
  const { discounts, isTaxIncluded, taxMinor, totalMinor, postageMinor } = sums;
  const tax = taxMinor !== 0 && (
    <div class={`sum${isTaxIncluded ? ' soft' : ''}`}>
      <dt>{t(isTaxIncluded ? 'sell.sum.tax.included' : 'sell.sum.tax.added')}</dt>
      <dd>{money(taxMinor)}</dd>
    </div>
  );
  return (
    <dl class="sums" aria-live="polite">
      {(discounts.length > 0 || postageMinor > 0) && (
        <div class="sum">
          <dt>{t('sell.sum.goods')}</dt>
          <dd>{money(goods)}</dd>
        </div>
      )}
      {discounts.map(({ promotionId, name, amountMinor }) => (
        <div key={promotionId} class="sum">
          <dt>{name}</dt>
          <dd>{t('sell.sum.minus', { amount: money(amountMinor) })}</dd>
        </div>
      ))}
      {postageMinor > 0 && (
        <div class="sum">
          <dt>{t('sell.sum.postage')}</dt>
          <dd>{money(postageMinor)}</dd>
        </div>
      )}
      {!isTaxIncluded && tax}
      <div class="sum total">
        <dt>{t('sell.sum.total')}</dt>
        <dd>{money(totalMinor)}</dd>
      </div>
      {isTaxIncluded && tax}
    </dl>
  );
}
