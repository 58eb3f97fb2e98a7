export { MODERATORS, RULE_SETTERS } from './access.ts';
export { act, ACT_KINDS, type ActKind, type ActWish, NOTE_MAX } from './acts.ts';
export { appeal, APPEAL_MAX, type Decision, decisionsAbout, type Removal, removals } from './appeals.ts';
export {
  blockedHosts,
  blockHost,
  type BlockedHost,
  HOST_MAX,
  unblockHost,
  WHY_MAX,
} from './blocked-hosts.ts';
export { eraseSafety } from './erase.ts';
export { safetyErrors } from './errors.ts';
export {
  LEGAL_KINDS,
  LEGAL_MAX,
  type LegalKind,
  legalKinds,
  type LegalText,
  legalText,
  setAgeAsked,
  setLegalText,
} from './legal.ts';
export { profileLinksLead } from './profile-links.ts';
export { CAUSES, concernPage, type ConcernPage, queue, type QueueLine, waiting } from './queue.ts';
export { type Reason, REASONS, reasonsFor } from './reasons.ts';
export { report, REPORT_WORDS_MAX } from './reports.ts';
export { ownTrust, type OwnTrust, setTrustRule, type TrustRule, trustRules } from './trust.ts';
