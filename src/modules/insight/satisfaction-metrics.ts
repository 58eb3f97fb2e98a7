import { expression, type Metric } from './declarations.ts';

const opinions = expression('opinions');
const contacts = expression('contacts');

const DATED =
  'Of an answer that was changed the last one counts, on the day of its occasion: the figures of the last weeks still grow.';

export const SATISFACTION_METRICS = {
  csat: {
    kind: 'ratio',
    title: 'CSAT',
    definition: `Share of answers on the scale of five that are 4 or 5. ${DATED}`,
    formula: 'answers of 4 and 5 ÷ answers from 1 to 5',
    unit: 'share',
    numerator: opinions(['content']),
    denominator: opinions(['csat_answers']),
    squares: opinions(['content']),
  },
  nps: {
    kind: 'ratio',
    title: 'NPS',
    definition: `A hundred times the share of answers of 9 and 10 less the share of those from 0 to 6, on the scale from 0 to 10. ${DATED}`,
    formula: '100 × (answers of 9 and 10 − answers from 0 to 6) ÷ answers from 0 to 10',
    unit: 'number',
    numerator: opinions(['promoters'], ['detractors']),
    denominator: opinions(['nps_answers']),
    squares: opinions(['promoters', 'detractors']),
    times: 100,
  },
  response_rate: {
    kind: 'ratio',
    title: 'Response rate',
    definition: `Share of questions that were answered, of all that were owed: some are asked by mail, all are on the order’s page or the receipt. ${DATED}`,
    formula: 'questions answered ÷ questions owed',
    unit: 'share',
    numerator: opinions(['answered']),
    denominator: opinions(['owed']),
  },
  mailed_share: {
    kind: 'ratio',
    title: 'Asked by mail',
    definition:
      'Share of the questions that were owed which a mail asked: whom the lot drew and who had not been asked of late. By the day of the occasion.',
    formula: 'questions mailed ÷ questions owed',
    unit: 'share',
    numerator: opinions(['mailed']),
    denominator: opinions(['owed']),
  },
  answers: {
    kind: 'additive',
    title: 'Answers',
    definition: `Questions about a purchase, a delivery, a pick-up, a return or a case that were answered. ${DATED}`,
    formula: 'questions answered',
    unit: 'count',
    of: opinions(['answered']),
  },
} as const satisfies Record<string, Metric>;

export const CONTACT_METRICS = {
  first_contact_resolution: {
    kind: 'ratio',
    title: 'First-contact resolution',
    definition:
      'Share of matters about which the same customer did not come again within seven days, at any touch point. A matter counts on the day and at the touch point of its first contact, once its seven days are over by UTC or it came up again; before, there is no figure.',
    formula: 'matters without a repeat contact in seven days ÷ matters',
    unit: 'share',
    numerator: contacts(['resolved']),
    denominator: contacts(['matters']),
    squares: contacts(['resolved']),
  },
  contacts: {
    kind: 'additive',
    title: 'Contacts',
    definition: 'How often customers turned to staff, whichever way they came, about an order or about none.',
    formula: 'contacts',
    unit: 'count',
    of: contacts(['contacts']),
  },
} as const satisfies Record<string, Metric>;
