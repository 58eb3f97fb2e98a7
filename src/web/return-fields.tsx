import type { ComponentChildren } from 'preact';
import { type ExchangeQuote, RETURN_REASONS, type ReturnableLine } from '#modules/orders/index.ts';
import { Field, Select } from './components/Field.tsx';
import { Notice } from './components/Notice.tsx';
import type { Format } from './format.ts';
import { say, t } from './messages.ts';
import {
  type Choice,
  type Errors,
  otherOf,
  reasonOf,
  type Typed,
  unitsOf,
  wantOf,
  wantUnitsOf,
} from './return-wish.ts';

interface LineProps {
  line: ReturnableLine;
  choices: readonly Choice[];
  typed: Typed;
  errors: Errors;
  /** In whose words: the buyer's own, or of those who serve them. */
  words: { units: string; left: string; want: string };
}

/** How much of a line comes back, why, and what is wanted for it. */
export function ReturnLine({ line, choices, typed, errors, words }: LineProps) {
  const { lineId, title, options } = line;
  const number = (name: string, label: string, hint: string, value: string) => (
    <Field
      name={name}
      label={label}
      hint={hint}
      value={typed[name] ?? value}
      error={errors[name]}
      input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
    />
  );
  return (
    <fieldset class="return-line">
      <legend>{[title, options].filter(Boolean).join(' · ')}</legend>
      {number(unitsOf(lineId), words.units, words.left, '0')}
      <Select
        name={reasonOf(lineId)}
        label={t('return.reason')}
        value={typed[reasonOf(lineId)] ?? 'changed_mind'}
        options={RETURN_REASONS.map((value) => ({ value, label: say(`return.reason.${value}`) }))}
      />
      {choices.length > 0 && (
        <>
          <Select
            name={wantOf(lineId)}
            label={words.want}
            value={typed[wantOf(lineId)] ?? ''}
            error={errors[wantOf(lineId)]}
            options={[
              { value: '', label: t('swap.money') },
              ...choices.map((choice) => ({ value: choice.variantId, label: nameOf(choice) })),
            ]}
          />
          {number(wantUnitsOf(lineId), t('swap.units'), t('swap.units.hint'), '')}
        </>
      )}
    </fieldset>
  );
}

const nameOf = ({ options, left }: Choice) =>
  options === '' ? t('swap.same', { left }) : t('swap.option', { options, left });

interface OthersProps {
  others: readonly Choice[];
  typed: Typed;
  errors: Errors;
  currency: string;
  format: Format;
}

/** How many are wanted of each of the other goods that were found. */
export function OtherGoods({ others, typed, errors, currency, format }: OthersProps) {
  return others.map(({ variantId, title, options, sku, unitPriceMinor, left }) => (
    <Field
      key={variantId}
      name={otherOf(variantId)}
      label={t('desk.start.other.units', { title: [title, options].filter(Boolean).join(' · ') })}
      hint={t('desk.start.other.facts', { sku, price: format.money(unitPriceMinor, currency), left })}
      value={typed[otherOf(variantId)] ?? '0'}
      error={errors[otherOf(variantId)]}
      input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
    />
  ));
}

/** What is wrong with a form as a whole, and that its price is another one. It stands where the browser scrolls to. */
export function Notices({ errors, isChanged }: { errors: Errors; isChanged: boolean }) {
  return (
    <>
      {errors['form'] && <Notice kind="error">{errors['form']}</Notice>}
      {isChanged && <Notice kind="warning">{t('swap.changed')}</Notice>}
    </>
  );
}

interface QuoteProps {
  quote: ExchangeQuote;
  format: Format;
  words: { toPay: string; back: string; kept: string };
  /** What is to be known of it first. */
  notices: ComponentChildren;
}

/** What an exchange costs, before it is done; it goes along with the form as what was seen. */
export function Quote({ quote, format, words, notices }: QuoteProps) {
  const { currency, worthMinor, totalMinor, toPayMinor, backMinor } = quote;
  const row = (name: string, minor: number, look = 'sum') => (
    <div class={look}>
      <dt>{name}</dt>
      <dd>{format.money(minor, currency)}</dd>
    </div>
  );
  return (
    <section class="return-quote" id="quote" aria-labelledby="quote-title">
      <h2 id="quote-title">{t('swap.quote')}</h2>
      {notices}
      <input type="hidden" name="to_pay" value={String(toPayMinor)} />
      <dl class="sums">
        {row(t('swap.quote.worth'), worthMinor)}
        {row(t('swap.quote.total'), totalMinor)}
        {toPayMinor > 0 && row(words.toPay, toPayMinor, 'sum total')}
        {backMinor > 0 && row(words.back, backMinor, 'sum total')}
      </dl>
      {toPayMinor === 0 && backMinor === 0 && <p>{t('swap.quote.even')}</p>}
      <p class="soft">{words.kept}</p>
    </section>
  );
}
