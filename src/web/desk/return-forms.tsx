import type { Location } from '#modules/inventory/index.ts';
import type { ReturnRequest, ReturnStep } from '#modules/orders/index.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { say, t } from '../messages.ts';

const OUTCOMES = ['restock', 'damage', 'refuse'] as const;
const PLAIN = ['closed', 'cancelled'] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The step that a form asks for; undefined for what is none. */
export function stepIn(
  typed: Record<string, string>,
  request: ReturnRequest,
): Omit<ReturnStep, 'actor' | 'requestId'> | undefined {
  const { stepId: id = '', to, answer = '', carrier = '', locationId = '' } = typed;
  if (!UUID.test(id) || carrier.length > 60) return undefined;
  const plain = PLAIN.find((each) => each === to);
  if (plain) return { id, to: plain };
  if (to === 'approved') return { id, to, answer: answer.trim(), carrier: carrier.trim() };
  if (to === 'refused') return answer.trim() ? { id, to, answer: answer.trim() } : undefined;
  if (to === 'received') return UUID.test(locationId) ? { id, to, locationId } : undefined;
  if (to !== 'inspected') return undefined;
  const lines = request.lines.map(({ lineId }) => {
    const [restock = 0, damage = 0, refuse = 0] = OUTCOMES.map((outcome) => {
      const text = (typed[`${outcome}_${lineId}`] ?? '').trim() || '0';
      return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    });
    return { lineId, restock, damage, refuse };
  });
  const isWhole = lines.every(({ restock, damage, refuse }) => Number.isInteger(restock + damage + refuse));
  return isWhole ? { id, to, lines } : undefined;
}

interface Props {
  request: ReturnRequest;
  places: readonly Location[];
  stepId: string;
}

/** What can be done with a return where it is: each a form of its own. */
export function NextSteps(props: Props) {
  const { state, kind, refundMinor } = props.request;
  const isReturn = kind === 'return';
  return (
    <>
      {state === 'requested' && <AnswerForm {...props} />}
      {isReturn && (state === 'requested' || state === 'approved') && <ReceiveForm {...props} />}
      {state === 'received' && <InspectForm {...props} />}
      {(state === 'inspected' || (state === 'approved' && refundMinor !== null)) && (
        <PlainForm {...props} to="closed" />
      )}
      {(state === 'requested' || state === 'approved') && refundMinor === null && (
        <PlainForm {...props} to="cancelled" />
      )}
    </>
  );
}

const actionOf = ({ id }: ReturnRequest) => `/desk/returns/${id}/step`;

function AnswerForm({ request, stepId }: Props) {
  return (
    <form method="post" action={actionOf(request)} class="form admin-form">
      <input type="hidden" name="stepId" value={stepId} />
      <TextArea
        name="answer"
        label={t('desk.returns.words')}
        hint={t('desk.returns.words.hint')}
        rows={3}
        required={false}
      />
      {request.kind === 'claim' && (
        <>
          <Field
            name="carrier"
            label={t('desk.returns.carrier')}
            required={false}
            input={{ maxlength: 60 }}
          />
          {request.exchange === null && (
            <Select
              name="resend"
              label={t('desk.exchange.settle')}
              value="no"
              options={[
                { value: 'no', label: t('desk.exchange.money') },
                { value: 'yes', label: t('desk.exchange.resend') },
              ]}
            />
          )}
        </>
      )}
      <div class="actions">
        <Button name="to" value="approved">
          {t('desk.returns.to.approved')}
        </Button>
        <Button name="to" value="refused" look="plain">
          {t('desk.returns.to.refused')}
        </Button>
      </div>
    </form>
  );
}

function ReceiveForm({ request, places, stepId }: Props) {
  return (
    <form method="post" action={actionOf(request)} class="form admin-form">
      <input type="hidden" name="stepId" value={stepId} />
      <input type="hidden" name="to" value="received" />
      <Select
        name="locationId"
        label={t('desk.returns.where')}
        value={request.locationId ?? undefined}
        options={places.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <div class="actions">
        <Button>{t('desk.returns.to.received')}</Button>
      </div>
    </form>
  );
}

function InspectForm({ request, stepId }: Props) {
  return (
    <form method="post" action={actionOf(request)} class="form admin-form">
      <input type="hidden" name="stepId" value={stepId} />
      <input type="hidden" name="to" value="inspected" />
      {request.lines.map(({ lineId, title, quantity }) => (
        <fieldset key={lineId} class="form">
          <legend>{t('return.line', { quantity, title })}</legend>
          {OUTCOMES.map((outcome) => (
            <Field
              key={outcome}
              name={`${outcome}_${lineId}`}
              label={say(`desk.returns.${outcome}`)}
              value={outcome === 'restock' ? String(quantity) : '0'}
              input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 6 }}
            />
          ))}
        </fieldset>
      ))}
      <div class="actions">
        <Button>{t('desk.returns.to.inspected')}</Button>
      </div>
    </form>
  );
}

function PlainForm({ request, stepId, to }: Props & { to: (typeof PLAIN)[number] }) {
  return (
    <form method="post" action={actionOf(request)} class="actions">
      <input type="hidden" name="stepId" value={stepId} />
      <input type="hidden" name="to" value={to} />
      <Button look="plain">{say(`desk.returns.to.${to}`)}</Button>
    </form>
  );
}
