import { Value } from 'typebox/value';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { changeTokenFor, hasAccount } from './address-change.ts';
import { authOf, library } from './auth.ts';
import {
  Mail,
  mailAddressAsked,
  mailAddressChanged,
  mailConfirmation,
  mailInvitation,
  mailKnownAddress,
  mailNewAddress,
  mailTakenAddress,
} from './mails.ts';
import { own } from './own.ts';

/** Job `identity.send_mail`. Whether an address has an account is asked here, where nobody can time the answer. */
export async function sendMail(deps: Deps, payload: unknown): Promise<void> {
  const mail = Value.Parse(Mail, payload);
  switch (mail.kind) {
    case 'confirm':
      return askToConfirm(deps, mail.memberId);
    case 'known_address':
      return answerKnownAddress(deps, mail.email);
    case 'reset':
      return offerReset(deps, mail.email);
    case 'invitation':
      return invite(deps, mail.invitationId);
    case 'new_address':
      return askNewAddress(deps, mail.changeId);
    case 'address_asked':
      return mailAddressAsked(deps, mail.email);
    case 'address_changed':
      return mailAddressChanged(deps, mail.email);
  }
}

async function askToConfirm(deps: Deps, memberId: string): Promise<void> {
  const member = await members(deps.db).where('id', '=', memberId).executeTakeFirst();
  if (!member || member.email_verified) return;
  const { confirmTokenFor } = await library();
  await mailConfirmation(deps, member.email, await confirmTokenFor(deps, member.email));
}

/**
 * Somebody signed up with an address that is taken. Where its owner never confirmed it, whoever reads the mail
 * may set the password: the one in place may be that of a stranger who was here first.
 */
async function answerKnownAddress(deps: Deps, email: string): Promise<void> {
  const member = await members(deps.db).where('email', '=', email).executeTakeFirst();
  if (member?.email_verified) return mailKnownAddress(deps, email);
  if (member) await offerReset(deps, email);
}

/** Does nothing for an address without an account. Better Auth makes the token and calls `mailReset`. */
async function offerReset(deps: Deps, email: string): Promise<void> {
  await (await authOf(deps)).api.requestPasswordReset({ body: { email } });
}

/** Does nothing where the change was asked for again, or called off, in the meantime. */
async function askNewAddress(deps: Deps, changeId: string): Promise<void> {
  const change = await own(deps.db)
    .selectFrom('identity.address_change')
    .select('email')
    .where('id', '=', changeId)
    .executeTakeFirst();
  if (!change) return;
  if (await hasAccount(deps.db, change.email)) return mailTakenAddress(deps, change.email);
  await mailNewAddress(deps, change.email, changeTokenFor(deps, changeId));
}

async function invite(deps: Deps, invitationId: string): Promise<void> {
  const invitation = await own(deps.db)
    .selectFrom('identity.invitation as i')
    .innerJoin('identity.organization as o', 'o.id', 'i.organization_id')
    .select(['i.email', 'o.name'])
    .where('i.id', '=', invitationId)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .executeTakeFirst();
  if (invitation) await mailInvitation(deps, invitation.email, invitationId, invitation.name);
}

const members = (db: Db) => own(db).selectFrom('identity.member').select(['email', 'email_verified']);
