import { type FulfilmentOrder, fulfilmentErrors } from '#modules/fulfilment/index.ts';
import { AppError } from '#platform/errors.ts';
import { say, t } from '../messages.ts';
import type { FormFault } from './fulfilment-forms.tsx';

/** Does the work of a form. A refusal that its sender can mend comes back as a fault; any other is thrown on. */
export async function faultIn(work: () => Promise<void>): Promise<FormFault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('fulfilment.')) throw error;
    if (error.status === 404) throw error;
    const isProof = error.code === fulfilmentErrors.proof_wrong.code;
    return { status: error.status, text: textOf(error), ...(isProof && { field: 'proof' }) };
  }
}

function textOf({ code, data }: AppError): string {
  if (code === fulfilmentErrors.step_not_open.code) {
    const { state } = data as { state: FulfilmentOrder['state'] };
    return t('desk.fulfilment.fault.moved_on', { state: say(`desk.fulfilment.state.${state}`) });
  }
  if (code === fulfilmentErrors.carrier_refused.code)
    return t('desk.fulfilment.fault.carrier', { reason: (data as { reason: string }).reason });
  if (code === fulfilmentErrors.proof_wrong.code) return t('desk.fulfilment.fault.proof');
  if (code === fulfilmentErrors.too_many_attempts.code) return t('desk.fulfilment.fault.attempts');
  if (code === fulfilmentErrors.cancelled_meanwhile.code) return t('desk.fulfilment.fault.cancelled');
  return t('desk.fulfilment.fault.changed');
}
