import { type Static, Type } from 'typebox';
import type { Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';
import { isRealAddress } from './providers.ts';

const OfEmail = <const Kind extends string>(kind: Kind) =>
  Type.Object({ kind: Type.Literal(kind), email: Type.String() });

/** What is to be said to whom. A job carries no token and no link: what is queued opens nothing. */
export const Mail = Type.Union([
  Type.Object({ kind: Type.Literal('confirm'), memberId: Type.String() }),
  Type.Object({ kind: Type.Literal('invitation'), invitationId: Type.String() }),
  Type.Object({ kind: Type.Literal('new_address'), changeId: Type.String() }),
  OfEmail('known_address'),
  OfEmail('reset'),
  OfEmail('address_asked'),
  OfEmail('address_changed'),
]);

export const SEND_MAIL = 'identity.send_mail';

/** With the caller's transaction: the mail goes out if, and only if, what it tells of was kept. */
export async function queueMail(tx: Tx, mail: Static<typeof Mail>): Promise<void> {
  await addJob(tx, SEND_MAIL, mail, newId());
}

export const mailConfirmation = (deps: Deps, to: string, token: string) =>
  send(deps, to, text('confirm.subject'), [
    text('confirm.why', shopOf(deps)),
    linkTo(deps, '/confirm', { token }),
    text('confirm.else'),
  ]);

export const mailKnownAddress = (deps: Deps, to: string) =>
  send(deps, to, text('known.subject'), [
    text('known.why', shopOf(deps)),
    linkTo(deps, '/sign-in'),
    text('known.forgotten', { link: linkTo(deps, '/forgot') }),
    text('nothing_changed'),
  ]);

export const mailReset = (deps: Deps, to: string, token: string) =>
  send(deps, to, text('reset.subject'), [
    text('reset.why', shopOf(deps)),
    linkTo(deps, '/reset', { token }),
    text('reset.else'),
  ]);

export const mailInvitation = (deps: Deps, to: string, invitationId: string, organization: string) =>
  send(deps, to, text('invitation.subject', { organization }), [
    text('invitation.why', { organization }),
    linkTo(deps, `/invitations/${invitationId}`),
  ]);

export const mailNewAddress = (deps: Deps, to: string, token: string) =>
  send(deps, to, text('new_address.subject'), [
    text('new_address.why', shopOf(deps)),
    linkTo(deps, '/account/address/confirm', { token }),
    text('new_address.else'),
  ]);

export const mailTakenAddress = (deps: Deps, to: string) =>
  send(deps, to, text('taken_address.subject'), [
    text('taken_address.why', shopOf(deps)),
    linkTo(deps, '/sign-in'),
    text('nothing_changed'),
  ]);

export const mailAddressAsked = (deps: Deps, to: string) =>
  send(deps, to, text('address_asked.subject'), [
    text('address_asked.why', shopOf(deps)),
    text('address_asked.else'),
    linkTo(deps, '/forgot'),
  ]);

export const mailAddressChanged = (deps: Deps, to: string) =>
  send(deps, to, text('address_changed.subject'), [
    text('address_changed.why', shopOf(deps)),
    text('address_changed.else'),
  ]);

/** From jobs of other modules, to a member's confirmed address, which stays here; to nobody where there is none. */
export async function mailMember(
  deps: Deps,
  memberId: string,
  subject: string,
  paragraphs: string[],
  unsubscribe?: string,
): Promise<void> {
  const member = await own(deps.db)
    .selectFrom('identity.member')
    .select('email')
    .where('id', '=', memberId)
    .where('email_verified', '=', true)
    .where('erased_at', 'is', null)
    .executeTakeFirst();
  if (member) await send(deps, member.email, subject, paragraphs, unsubscribe);
}

/** From jobs only. A stand-in address, of a network that told none, gets nothing. */
async function send(
  deps: Deps,
  to: string,
  subject: string,
  paragraphs: string[],
  unsubscribe?: string,
): Promise<void> {
  if (!isRealAddress(to)) return;
  const text = `${paragraphs.join('\n\n')}\n`;
  await deps.mailer({ to, subject, text, ...(unsubscribe !== undefined && { unsubscribe }) });
}

const shopOf = ({ config }: Deps) => ({ shop: config.shopName });

function linkTo({ config }: Deps, path: string, query: Record<string, string> = {}): string {
  const url = new URL(path, config.publicUrl);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
