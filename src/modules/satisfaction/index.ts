export { LETTER_ANSWERERS, REMARK_READERS, SATISFACTION_SETTERS } from './access.ts';
export {
  answerQuestion,
  latestRemarks,
  type OpenedQuestion,
  openQuestion,
  type Remark,
  WORDS_MAX,
} from './answers.ts';
export { ordersAskedAbout } from './asked-orders.ts';
export { type Consistency, SMALL_N } from './consistency.ts';
export {
  CONTACT_MINUTES_MAX,
  type ContactRate,
  contactRates,
  costOfContact,
  MINUTE_MINOR_MAX,
  setContactRate,
} from './contact-rates.ts';
export {
  type Contact,
  CONTACT_TOUCHPOINTS,
  contactsOf,
  type FirstContactRow,
  firstContacts,
  type Matter,
  MATTERS,
  noteContact,
  settleContact,
} from './contacts.ts';
export { eraseSatisfaction } from './erase.ts';
export { satisfactionErrors } from './errors.ts';
export {
  type FigureKey,
  type FigureQuestion,
  satisfactionBy,
  satisfactionConsistency,
  type SatisfactionRow,
} from './figures.ts';
export { TOKEN_LENGTH } from './links.ts';
export {
  answerLetter,
  type Letter,
  LETTER_WORDS_MAX,
  letterById,
  lettersOf,
  lettersWaiting,
  writeLetter,
} from './letters.ts';
export { stopQuestions } from './mail-question.ts';
export { type PastOpinion, recordOpinions, scalesNow } from './past.ts';
export {
  changeSettings,
  CHANGE_DAYS_MAX,
  MAILS_AFTER_HOURS_MAX,
  OPEN_DAYS_MAX,
  REST_DAYS_MAX,
  type Rule,
  rules as satisfactionRules,
  type SatisfactionSettings,
  settings as satisfactionSettings,
  setRule,
} from './rules.ts';
export { OCCASIONS, type Occasion, RANGE, type Scale } from './scales.ts';
export { questionLink } from './shown.ts';
export { contactsBetween, contactsReachTo, contactsWaitingSince } from './told-contacts.ts';
export { opinionsBetween, opinionsReachTo, opinionsWaitingSince } from './told.ts';
