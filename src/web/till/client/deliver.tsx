import { useState } from 'preact/hooks';
import { dropDraft, useDraft } from './draft.ts';
import { Modal } from './modal.tsx';
import { fetchWays, type Way } from './remote.ts';
import { format, t } from './say.ts';
import { change, isOnline, noteFault } from './selling.ts';
import { windowText } from './sums.tsx';
import type { Address, Delivery, Here, State, Till } from './till.ts';

const FIELDS = ['email', 'name', 'street', 'postcode', 'city', 'countryCode'] as const;
const AUTOCOMPLETE = {
  email: 'email',
  name: 'name',
  street: 'street-address',
  postcode: 'postal-code',
  city: 'address-level2',
  countryCode: 'country',
} as const;
/** What the way of delivery cannot be reckoned without; the rest is needed to send it. */
const COLLECTED: readonly (keyof Address)[] = ['email', 'name', 'countryCode'];

/** What this store lacks: collected where it lies, or sent, at the server's promise and price. */
export function Deliver({ till, state, here }: { till: Till; state: State; here: Here }) {
  const close = () => till.store.set({ dialog: null });
  const first = { email: '', name: '', street: '', postcode: '', city: '', countryCode: here.countryCode };
  const known = state.delivery?.address ?? {
    ...first,
    email: state.customer && 'email' in state.customer ? state.customer.email : '',
  };
  const [typed, setTyped] = useDraft(till, 'deliver', JSON.stringify(known));
  const address = JSON.parse(typed) as Address;
  const [ways, setWays] = useState<Way[]>();
  const [fault, setFault] = useState('');
  const look = () => {
    setFault('');
    const to = { countryCode: address.countryCode, postcode: address.postcode.trim() };
    fetchWays(here, state, to)
      .then(setWays)
      .catch((error: unknown) => {
        noteFault(till, error);
        setFault(
          error instanceof Error && isOnline(till.store.get()) ? error.message : t('sell.deliver.offline'),
        );
      });
  };
  const choose = (way: Way, pickup: Delivery['pickup'], window: Delivery['window']) => {
    const missing = FIELDS.find(
      (field) => address[field].trim() === '' && (!pickup || COLLECTED.includes(field)),
    );
    if (missing) {
      setFault(t('sell.deliver.missing', { field: t(`sell.deliver.${missing}`) }));
      document.getElementById(`deliver-${missing}`)?.focus();
      return;
    }
    dropDraft(till, 'deliver');
    change(till, { delivery: { code: way.code, name: way.name, window, address, pickup } });
    close();
  };
  return (
    <Modal title={t('sell.deliver.title')} onClose={close} wide>
      {!isOnline(state) && <p class="notice warning">{t('sell.deliver.offline')}</p>}
      <p class="soft">{t('sell.deliver.lead')}</p>
      {state.delivery && (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            change(till, { delivery: null });
            close();
          }}
        >
          {t('sell.deliver.here')}
        </button>
      )}
      <AddressForm
        address={address}
        setAddress={(next) => setTyped(JSON.stringify(next))}
        look={look}
        canLook={isOnline(state)}
      />
      {fault && (
        <p class="notice error" role="alert">
          {fault}
        </p>
      )}
      {ways && <Ways ways={ways} here={here} choose={choose} />}
    </Modal>
  );
}

interface AddressProps {
  address: Address;
  setAddress: (address: Address) => void;
  look: () => void;
  canLook: boolean;
}

function AddressForm({ address, setAddress, look, canLook }: AddressProps) {
  return (
    <form
      class="form sell-address"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      {FIELDS.map((field, index) => (
        <div class="field" key={field}>
          <label for={`deliver-${field}`}>{t(`sell.deliver.${field}`)}</label>
          <input
            id={`deliver-${field}`}
            data-first={index === 0 ? true : undefined}
            inputmode={field === 'email' ? 'email' : 'text'}
            autocomplete={AUTOCOMPLETE[field]}
            maxLength={field === 'countryCode' ? 2 : 200}
            required={field === 'countryCode'}
            pattern={field === 'countryCode' ? '[A-Z]{2}' : undefined}
            value={address[field]}
            onInput={({ currentTarget: { value } }) =>
              setAddress({ ...address, [field]: field === 'countryCode' ? value.toUpperCase() : value })
            }
          />
        </div>
      ))}
      <button class="button primary" disabled={!canLook}>
        {t('sell.deliver.look')}
      </button>
    </form>
  );
}

interface WaysProps {
  ways: readonly Way[];
  here: Here;
  choose: (way: Way, pickup: Delivery['pickup'], window: Delivery['window']) => void;
}

function Ways({ ways, here, choose }: WaysProps) {
  const choices = ways.flatMap(
    (way): { way: Way; pickup: Delivery['pickup']; window: Delivery['window'] }[] =>
      way.kind === 'pickup'
        ? way.stores.map(({ locationId, name, readyOn }) => {
            const window = { promisedFrom: readyOn, promisedTo: readyOn };
            return { way, pickup: { locationId, name }, window };
          })
        : way.promise
          ? [{ way, pickup: null, window: way.promise }]
          : [],
  );
  if (choices.length === 0) return <p role="status">{t('sell.deliver.none')}</p>;
  return (
    <ul class="sell-parked" aria-label={t('sell.deliver.way')}>
      {choices.map(({ way, pickup, window }) => (
        <li key={`${way.code} ${pickup?.locationId}`}>
          <span>
            <strong>
              {pickup ? t('sell.deliver.at', { name: way.name, store: pickup.name }) : way.name}
            </strong>
            <span class="soft small">{windowText(window)}</span>
          </span>
          <span class="figures">
            {way.amountMinor === 0 ? t('sell.deliver.free') : format.money(way.amountMinor, here.currency)}
          </span>
          <button type="button" class="button plain" onClick={() => choose(way, pickup, window)}>
            {t('sell.deliver.take')}
          </button>
        </li>
      ))}
    </ul>
  );
}
