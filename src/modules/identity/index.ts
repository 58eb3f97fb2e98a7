export { confirmAddress, emailOf, requestReset, rename, resetPassword, signIn, signUp } from './accounts.ts';
export { confirmAddressChange, requestAddressChange } from './address-change.ts';
export { addApiKey, type ApiKey, apiKeys, revokeApiKey, SCOPES } from './api-keys.ts';
export {
  type Actor,
  actorOf,
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  auditTrail,
  namesOf,
  peopleLike,
  record,
} from './audit.ts';
export {
  consentAnswer,
  CONSENT_PURPOSES,
  type ConsentEntry,
  consentHistory,
  consentOf,
  membersConsenting,
  type Purpose,
  setConsent,
} from './consent.ts';
export {
  customerOfMember,
  customersFor,
  customersOfAgreeing,
  knownCustomerOf,
  memberOfEmail,
  addedGuestCustomer,
  membersOfCustomers,
  isCustomerStanding,
  standingMembers,
} from './customers.ts';
export { eraseMember } from './erase.ts';
export { identityErrors } from './errors.ts';
export { guestCookie, newGuestId, personOf } from './guests.ts';
export {
  acceptInvitation,
  type Invitation,
  invitationFor,
  inviteToTeam,
  openInvitations,
  withdrawInvitation,
} from './invitations.ts';
export {
  countAttempt,
  counted,
  type Counted,
  countUnder,
  forgiveAttempt,
  type Limit,
  refuseBeyond,
} from './limits.ts';
export { mailMember } from './mails.ts';
export { memberCodeOf, memberOfCode, renewMemberCode } from './member-code.ts';
export { startAtNetwork } from './networks.ts';
export {
  addOrganization,
  changeRoles,
  leaveTeam,
  marketplaceOrganization,
  nameMarketplace,
  ORGANIZATION_ROLES,
  type Organization,
  type OrganizationRole,
  organizations,
  organizationsOf,
  staffRolesOf,
  type TeamMember,
  teamOf,
} from './organizations.ts';
export { type Passkey, passkeysOf, removePasskey } from './passkeys.ts';
export { isRealAddress, type Network, networksOf } from './providers.ts';
export { hasPassword, proveMember } from './prove.ts';
export { seedMember, seedMembers } from './seed.ts';
export {
  devicesSince,
  endAllSessions,
  endSession,
  heldSessions,
  type Session,
  sessionsOf,
  signedOutCookies,
} from './sessions.ts';
export { PASSWORD_LENGTH } from './settings.ts';
export { isFromHere, viewerOf } from './viewer.ts';
