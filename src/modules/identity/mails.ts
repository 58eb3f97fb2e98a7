import { type Static, Type } from 'typebox';
import type { Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { isRealAddress } from './providers.ts';

/** What is to be said to whom. A job carries no token and no link: what is queued opens nothing. */
export const Mail = Type.Union([
  Type.Object({ kind: Type.Literal('confirm'), memberId: Type.String() }),
  Type.Object({ kind: Type.Literal('known_address'), email: Type.String() }),
  Type.Object({ kind: Type.Literal('reset'), email: Type.String() }),
  Type.Object({ kind: Type.Literal('invitation'), invitationId: Type.String() }),
]);

export const SEND_MAIL = 'identity.send_mail';

/** With the caller's transaction: the mail goes out if, and only if, what it tells of was kept. */
export async function queueMail(tx: Tx, mail: Static<typeof Mail>): Promise<void> {
  await addJob(tx, SEND_MAIL, mail, newId());
}

export const mailConfirmation = (deps: Deps, to: string, token: string) =>
  send(deps, to, 'Confirm your e-mail address', [
    'Someone signed up at Stoa with this e-mail address. If it was you, confirm it within a day:',
    linkTo(deps, '/confirm', { token }),
    'If it was not you, do nothing: without this link nobody can use the account.',
  ]);

export const mailKnownAddress = (deps: Deps, to: string) =>
  send(deps, to, 'You already have an account', [
    'Someone tried to sign up at Stoa with this e-mail address, which has an account already. If it was you, sign in:',
    linkTo(deps, '/sign-in'),
    `If you have forgotten the password, set another one: ${linkTo(deps, '/forgot')}`,
    'If it was not you, do nothing: nothing was changed.',
  ]);

export const mailReset = (deps: Deps, to: string, token: string) =>
  send(deps, to, 'Set a new password', [
    'Someone asked for a new password for your account at Stoa. If it was you, set it within an hour:',
    linkTo(deps, '/reset', { token }),
    'All devices are then signed out. If it was not you, do nothing: nothing was changed.',
  ]);

export const mailInvitation = (deps: Deps, to: string, invitationId: string, organization: string) =>
  send(deps, to, `${organization} invites you to its team`, [
    `${organization} invites you to join its team at Stoa. Sign in or sign up with this e-mail address, and accept:`,
    linkTo(deps, `/invitations/${invitationId}`),
  ]);

/** From jobs only. A stand-in address, of a network that told none, gets nothing. */
async function send(deps: Deps, to: string, subject: string, paragraphs: string[]): Promise<void> {
  if (!isRealAddress(to)) return;
  await deps.mailer({ to, subject, text: `${paragraphs.join('\n\n')}\n` });
}

function linkTo({ config }: Deps, path: string, query: Record<string, string> = {}): string {
  const url = new URL(path, config.publicUrl);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
