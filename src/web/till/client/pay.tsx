import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDraft } from './draft.ts';
import { addTender, finish, leftOf, needsServer, removeTender } from './finishing.ts';
import { Modal } from './modal.tsx';
import { newId } from './new-id.ts';
import { format, t } from './say.ts';
import { awaitQuote, isOnline, isToBeQuoted } from './selling.ts';
import { cashOf, type Means, paidBy, quickAmounts, readAmount, type Tender, writeAmount } from './tender.ts';
import type { Here, State, Till } from './till.ts';

const MEANS: readonly Means[] = ['cash', 'card', 'gift_card', 'store_credit'];

/** What is done about the payment, by a total that both sides of the counter have seen. */
function usePaying(till: Till, state: State) {
  const [fault, setFault] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [changed, setChanged] = useState<{ was: number; now: number }>();
  const total = totalOf(state);
  const told = useRef(total);
  const isAsking = isToBeQuoted(state);
  const refuse = (reason: string) => setFault(t('sell.pay.refused', { reason }));
  useEffect(() => {
    if (isAsking) void awaitQuote(till).then((refusal) => refusal !== undefined && refuse(refusal));
  }, [isAsking]);
  useEffect(() => {
    if (isAsking || told.current === total) return;
    setChanged({ was: told.current, now: total });
    told.current = total;
  }, [isAsking, total]);
  /** Nothing is taken by a total that the buyer was not told. */
  const isAgreed = async () => {
    const shown = told.current;
    const refusal = await awaitQuote(till);
    if (refusal !== undefined) refuse(refusal);
    return refusal === undefined && totalOf(till.store.get()) === shown;
  };
  const end = async () => {
    setFault('');
    setIsSending(true);
    try {
      if (!(await isAgreed())) return;
      const finished = await finish(till);
      if (finished.kind !== 'done') setFault(finished.text);
    } finally {
      setIsSending(false);
    }
  };
  const isGiving = useRef(false);
  const give = async (tender: Omit<Tender, 'id'>) => {
    // A second press while the first waits is a slip, and would be a second payment.
    if (isGiving.current) return;
    isGiving.current = true;
    setFault('');
    try {
      if (!(await isAgreed())) return;
      setChanged(undefined);
      addTender(till, tender);
      if (leftOf(till.store.get()) <= 0) await end();
    } finally {
      isGiving.current = false;
    }
  };
  const forget = () => setFault('');
  return {
    fault,
    forget,
    isSending,
    isAsking,
    changed,
    end,
    give: (tender: Omit<Tender, 'id'>) => void give(tender),
  };
}

/** Pays what is left, by one means after another; the last of them makes the sale. */
export function Pay({ till, state, here }: { till: Till; state: State; here: Here }) {
  const { fault, forget, isSending, isAsking, changed, end, give } = usePaying(till, state);
  const left = leftOf(state);
  const isOver = paidBy(state.tenders) > totalOf(state);
  const money = (minor: number) => format.money(minor, here.currency);
  const lacksServer = needsServer(state) && !isOnline(state);
  return (
    <Modal
      title={t('sell.pay.title', { amount: money(totalOf(state)) })}
      onClose={() => till.store.set({ dialog: null })}
    >
      <Given till={till} tenders={state.tenders} money={money} />
      <dl class="sums" aria-live="polite">
        <div class="sum total">
          <dt>{t('sell.pay.left')}</dt>
          <dd>{money(left)}</dd>
        </div>
      </dl>
      <p role="status" class="soft small">
        {isAsking && t('sell.pay.asking')}
      </p>
      {changed && (
        <p class="notice warning" role="alert">
          {t('sell.pay.changed', { was: money(changed.was), now: money(changed.now) })}
        </p>
      )}
      {fault && (
        <p class="notice error" role="alert">
          {fault}
        </p>
      )}
      {isSending && <p role="status">{t('sell.pay.sending')}</p>}
      {isOver && (
        <p class="notice warning" role="status">
          {t('sell.pay.over')}
        </p>
      )}
      {left <= 0 && !isOver && !isSending && (
        <button
          type="button"
          class="button primary wide"
          data-first
          disabled={lacksServer}
          onClick={() => void end()}
        >
          {t('sell.pay.finish')}
        </button>
      )}
      {lacksServer && <p class="notice warning">{t('sell.pay.needs_server')}</p>}
      {left > 0 && !isSending && (
        <Giving till={till} state={state} left={left} currency={here.currency} give={give} forget={forget} />
      )}
    </Modal>
  );
}

const totalOf = ({ sums }: Pick<State, 'sums'>): number => sums?.totalMinor ?? 0;

interface GivingProps {
  till: Till;
  state: State;
  left: number;
  currency: string;
  give: (tender: Omit<Tender, 'id'>) => void;
  forget: () => void;
}

/** By what, and how much of it. */
function Giving({ till, state, left, currency, give, forget }: GivingProps) {
  const [means, setMeans] = useState<Means>('cash');
  const blocked = faultOf(means, state);
  return (
    <>
      <fieldset class="sell-means">
        <legend>{t('sell.pay.means')}</legend>
        {MEANS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="means"
              checked={each === means}
              onChange={() => {
                setMeans(each);
                forget();
              }}
            />
            <span>{t(`sell.pay.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      {blocked ? (
        <p class="notice warning" role="status">
          {blocked}
        </p>
      ) : (
        <MeansForm
          key={`${means} ${state.tenders.length}`}
          till={till}
          draft={`pay ${means} ${state.tenders.length}`}
          means={means}
          left={left}
          currency={currency}
          hasTestTerminal={state.here?.hasTestTerminal ?? false}
          give={give}
        />
      )}
    </>
  );
}

function faultOf(means: Means, state: State): string | undefined {
  if (means === 'cash' || means === 'card') return undefined;
  if (!isOnline(state)) return t('sell.pay.needs_server');
  return means === 'store_credit' && !state.customer ? t('sell.pay.needs_customer') : undefined;
}

interface GivenProps {
  till: Till;
  tenders: readonly Tender[];
  money: (minor: number) => string;
}

function Given({ till, tenders, money }: GivenProps) {
  if (tenders.length === 0) return null;
  return (
    <ul class="sell-given" aria-label={t('sell.pay.paid')}>
      {tenders.map(({ id, means, amountMinor }) => (
        <li key={id}>
          <span>{t(`sell.pay.${means}`)}</span>
          <span class="figures">{money(amountMinor)}</span>
          <button
            type="button"
            class="button plain"
            aria-label={t('sell.pay.remove', { means: t(`sell.pay.${means}`), amount: money(amountMinor) })}
            onClick={() => removeTender(till, id)}
          >
            {t('sell.line.remove')}
          </button>
        </li>
      ))}
      <li>
        <span>{t('sell.pay.paid')}</span>
        <span class="figures">{money(paidBy(tenders))}</span>
      </li>
    </ul>
  );
}

interface MeansProps {
  till: Till;
  /** Of which payment it is: what was typed for it is kept by this name. */
  draft: string;
  means: Means;
  left: number;
  currency: string;
  hasTestTerminal: boolean;
  give: (tender: Omit<Tender, 'id'>) => void;
}

/** The amount and what goes with it. Cash may be more than is left; the difference is its change. */
function MeansForm({ till, draft, means, left, currency, hasTestTerminal, give }: MeansProps) {
  const isCash = means === 'cash';
  const [typed, setAmount] = useDraft(till, `${draft} amount`, '');
  const amount = typed === '' && !isCash ? writeAmount(left, currency) : typed;
  const [reference, setReference] = useDraft(till, `${draft} reference`, '');
  const [fault, setFault] = useState<{ field: 'amount' | 'reference'; text: string }>();
  const read = readAmount(amount, currency);
  const form = useRef<HTMLFormElement>(null);
  // With the drawing itself: a focus that comes after it would take the key that somebody meant for a button.
  useLayoutEffect(() => {
    // Whoever walks through the means with the arrow keys stays among them.
    if (!document.activeElement?.closest('.sell-means'))
      form.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  const submit = (minor: number | undefined, by = reference) => {
    const wrong = wrongWith(means, minor, left, by, currency);
    setFault(wrong);
    if (wrong || minor === undefined) return;
    const given = isCash ? cashOf(minor, left).amountMinor : minor;
    give({ means, amountMinor: given, tenderedMinor: minor, reference: by.trim() || null });
  };
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(read);
      }}
    >
      {means === 'card' && <p class="soft small">{t('sell.pay.card.lead')}</p>}
      <PayField
        name="amount"
        label={t(isCash ? 'sell.pay.tendered' : 'sell.pay.amount')}
        value={amount}
        set={setAmount}
        fault={fault?.field === 'amount' ? fault.text : undefined}
        isFirst={isCash || means === 'store_credit'}
      />
      {(means === 'card' || means === 'gift_card') && (
        <PayField
          name="reference"
          label={t(means === 'card' ? 'sell.pay.reference' : 'sell.pay.card_code')}
          value={reference}
          set={setReference}
          fault={fault?.field === 'reference' ? fault.text : undefined}
          isFirst
        />
      )}
      {isCash && <Quick left={left} currency={currency} take={submit} />}
      {isCash && read !== undefined && read > left && (
        <p class="sell-change" role="status">
          {t('sell.pay.change')} <strong>{format.money(read - left, currency)}</strong>
        </p>
      )}
      <button class="button primary wide">{t(`sell.pay.take.${means}`)}</button>
      {means === 'card' && hasTestTerminal && (
        <button type="button" class="button plain wide" onClick={() => submit(read, `TEST-${newId()}`)}>
          {t('sell.pay.test_terminal')}
        </button>
      )}
    </form>
  );
}

function wrongWith(
  means: Means,
  minor: number | undefined,
  left: number,
  reference: string,
  currency: string,
) {
  const example = writeAmount(left, currency);
  if (!minor) return { field: 'amount' as const, text: t('sell.pay.wrong_amount', { example }) };
  if (means !== 'cash' && minor > left) {
    return {
      field: 'amount' as const,
      text: t('sell.pay.too_much', { amount: format.money(left, currency) }),
    };
  }
  if (reference.trim() !== '' || means === 'cash' || means === 'store_credit') return undefined;
  const missing = means === 'card' ? 'sell.pay.reference_missing' : 'sell.pay.code_missing';
  return { field: 'reference' as const, text: t(missing) };
}

interface FieldProps {
  name: string;
  label: string;
  value: string;
  set: (value: string) => void;
  fault: string | undefined;
  isFirst: boolean;
}

function PayField({ name, label, value, set, fault, isFirst }: FieldProps) {
  const id = `pay-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        data-first={isFirst ? true : undefined}
        inputmode={name === 'amount' ? 'decimal' : 'text'}
        autocomplete="off"
        maxLength={64}
        value={value}
        aria-invalid={fault ? 'true' : undefined}
        aria-describedby={fault ? `${id}-fault` : undefined}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {fault && (
        <p class="field-error" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

function Quick({ left, currency, take }: { left: number; currency: string; take: (minor: number) => void }) {
  return (
    <div class="sell-quick" role="group" aria-label={t('sell.pay.quick')}>
      {quickAmounts(left, currency).map((minor) => (
        <button key={minor} type="button" class="button plain figures" onClick={() => take(minor)}>
          {format.money(minor, currency)}
        </button>
      ))}
    </div>
  );
}
