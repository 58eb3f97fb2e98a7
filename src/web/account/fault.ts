import { PASSWORD_LENGTH } from '#modules/identity/index.ts';
import { AppError } from '#platform/errors.ts';
import { t } from '../messages.ts';

/** What is wrong with a form, in words, and with which of its fields. */
export interface Fault {
  status: number;
  text: string;
  field?: string;
  retryAfterSeconds?: number;
}

/** Does the work of a form. A refusal that its sender can mend comes back as a fault; any other is thrown on. */
export async function faultIn(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const fault = error instanceof AppError ? faultOf(error) : undefined;
    if (!fault) throw error;
    return fault;
  }
}

export const emptyName = (): Fault => ({ status: 422, field: 'name', text: t('account.fault.name') });

function faultOf({ code, data, status }: AppError): Fault | undefined {
  switch (code) {
    case 'identity.email_invalid':
      return { status, field: 'email', text: t('account.fault.email') };
    case 'identity.email_unchanged':
      return { status, field: 'email', text: t('account.fault.email_unchanged') };
    case 'identity.password_wrong':
      return { status, field: 'password', text: t('account.fault.password_wrong') };
    case 'identity.session_stale':
      return { status, text: t('account.fault.session_stale') };
    case 'identity.password_length':
      return { status, field: 'password', text: t('account.fault.password', PASSWORD_LENGTH) };
    case 'identity.sign_in_refused':
      return { status, text: t('account.sign_in.refused') };
    case 'identity.link_spent':
      return { status, text: t('account.fault.link') };
    case 'identity.last_admin':
      return { status, text: t('account.team.last_admin') };
    case 'identity.too_many_attempts':
      return waitFor(secondsIn(data));
    default:
      return undefined;
  }
}

function waitFor(seconds: number): Fault {
  const text = t('account.wait', { count: Math.max(1, Math.ceil(seconds / 60)) });
  return { status: 429, text, retryAfterSeconds: seconds };
}

function secondsIn(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('retryAfterSeconds' in data)) return 60;
  return Number(data.retryAfterSeconds);
}
