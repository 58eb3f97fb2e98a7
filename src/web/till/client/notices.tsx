import type { ComponentChildren } from 'preact';
import { Modal } from './modal.tsx';
import { isSetAside, note, salesKept } from './queue.ts';
import type { QueuedSale } from './queued-sale.ts';
import { format, moment, t } from './say.ts';
import { isOnline } from './selling.ts';
import { type State, type Till, unseenOf, waitingOf } from './till.ts';

/** The connection, what waits for it, and what the server has told: always in sight. */
export function Status({ till, state, update }: { till: Till; state: State; update: () => void }) {
  const waiting = waitingOf(state);
  const unseen = unseenOf(state).length;
  const { connection, here } = state;
  return (
    <section class="sell-status" aria-label={t('sell.state')}>
      <p role="status" class={`sell-connection ${connection}`}>
        <span>{t(`sell.state.${connection}`)}</span>
        {connection === 'signed_out' && (
          <a href="/sign-in?next=/till/sell" class="button plain">
            {t('sell.state.sign_in')}
          </a>
        )}
        <span class="sell-waiting">
          {waiting === 0 ? t('sell.state.none_waiting') : t('sell.state.waiting', { count: waiting })}
        </span>
      </p>
      {here && !isOnline(state) && (
        <p class="soft small">
          {here.registerName}, {here.storeName}. {t('sell.state.as_of', { when: moment(here.asOf) })}
        </p>
      )}
      {unseen > 0 && (
        <button type="button" class="button danger" onClick={() => till.store.set({ dialog: 'told' })}>
          {t('sell.told.title', { count: unseen })}
        </button>
      )}
      {state.hasUpdate && (
        <button type="button" class="button plain" onClick={update}>
          {t('sell.state.update')}
        </button>
      )}
      {!state.keepsPage && <p class="soft small">{t('sell.state.no_offline')}</p>}
      <button type="button" class="button plain sell-keys" onClick={() => till.store.set({ dialog: 'help' })}>
        {t('sell.help')}
      </button>
    </section>
  );
}

/** What was answered about sales that were kept: there until an associate has read it. */
export function ToldList({ till, state, close }: { till: Till; state: State; close: () => void }) {
  const sales = unseenOf(state);
  const see = async ({ id }: QueuedSale) => {
    await note(till.kept, id, { isSeen: true });
    till.store.set({ sales: await salesKept(till.kept) });
    if (unseenOf(till.store.get()).length === 0) close();
  };
  return (
    <Modal title={t('sell.told.title', { count: sales.length })} onClose={close}>
      <p class="soft">{t('sell.told.lead')}</p>
      <ul class="sell-parked">
        {sales.map((sale) => (
          <li key={sale.id}>
            <div>
              <strong>{saleText(sale)}</strong>
              <Conflicts sale={sale} />
            </div>
            <button
              type="button"
              class="button primary"
              aria-label={t('sell.told.seen_of', { number: sale.number ?? moment(sale.soldAt) })}
              onClick={() => void see(sale)}
            >
              {t('sell.told.seen')}
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function saleText(sale: QueuedSale): string {
  const { number, totalMinor, currency, soldAt, refusal } = sale;
  const [amount, when] = [format.money(totalMinor, currency), moment(soldAt)];
  if (isSetAside(sale)) return t('sell.told.set_aside', { amount, when });
  return number === null
    ? t('sell.told.refused', { amount, when, reason: refusal ?? '' })
    : t('sell.told.posted', { number, amount, when });
}

export const Conflicts = ({ sale: { conflicts } }: { sale: Pick<QueuedSale, 'conflicts'> }) => (
  <>
    {conflicts.map(({ title, missing }) => (
      <p key={title} class="sell-short">
        {t('sell.done.conflict', { title, count: missing })}
      </p>
    ))}
  </>
);

const KEYS = [
  ['F2', 'scan'],
  ['F4', 'pay'],
  ['F6', 'park'],
  ['F7', 'parked'],
  ['F8', 'customer'],
  ['F9', 'code'],
  ['↓ ↑', 'arrows'],
  ['Esc', 'escape'],
  ['F1', 'help'],
] as const;

interface HelpProps {
  close: () => void;
  isSingle: boolean;
  setSingle: (isSingle: boolean) => void;
}

export function Help({ close, isSingle, setSingle }: HelpProps) {
  const cell = (content: ComponentChildren) => <td>{content}</td>;
  return (
    <Modal title={t('sell.help.title')} onClose={close}>
      <p class="soft">{t('sell.help.lead')}</p>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('sell.help.key')}</th>
            <th scope="col">{t('sell.help.does')}</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([key, does]) => (
            <tr key={key}>
              {cell(<kbd>{key}</kbd>)}
              {cell(t(`sell.help.${does}`))}
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={isSingle}
          onChange={(event) => setSingle(event.currentTarget.checked)}
        />
        <span>{t('sell.help.single')}</span>
      </label>
    </Modal>
  );
}
