import { CREDITORS, type Ledger, STAFF } from './ledger.ts';

/** How people say that it went, and what was decided on what the figures said. */
export const opinionLedgers: readonly Ledger[] = [
  {
    name: 'satisfaction_questions',
    about: 'One question for each purchase, delivery, pick-up, return and case.',
    access: STAFF,
    table: 'satisfaction.question',
    columns: `id, occasion, scale, order_id, customer_id, touchpoint, region_code, location_id, occurred_at, owed_at`,
    from: 'satisfaction.question row',
    key: { occurred_at: 'timestamptz', id: 'uuid' },
    at: 'occurred_at',
  },
  {
    name: 'satisfaction_mails',
    about: 'What became of each mail that asks.',
    access: STAFF,
    table: 'satisfaction.asked',
    columns: `question_id, outcome, at`,
    from: 'satisfaction.asked row',
    key: { question_id: 'uuid' },
    at: 'at',
  },
  {
    name: 'satisfaction_answers',
    about:
      'Every answer with its changes: the highest version of a question holds. Without what was written.',
    access: STAFF,
    table: 'satisfaction.answer',
    columns: `id, question_id, version, score, way, given_at`,
    from: 'satisfaction.answer row',
    key: { id: 'uuid' },
    at: 'given_at',
  },
  {
    name: 'guidance_decisions',
    about: 'Who accepted or declined which adjustment, and why.',
    access: CREDITORS,
    table: 'guidance.decision',
    columns: `row.id, row.adjustment_id, adjustment.kind, adjustment.region, adjustment.expected_units,
      adjustment.expected_minor, adjustment.currency, row.verdict, row.reason, row.actor, row.decided_at`,
    from: 'guidance.decision row join guidance.adjustment on adjustment.id = row.adjustment_id',
    key: { 'row.id': 'uuid' },
    at: 'row.decided_at',
  },
  {
    name: 'guidance_effects',
    about: 'What accepted adjustments brought, each as it was measured night by night.',
    access: CREDITORS,
    table: 'guidance.effect',
    columns: `row.adjustment_id, row.known_to, adjustment.kind, adjustment.region, row.state, row.metric, row.from_day,
      row.to_day, row.way, row.markets, row.observed, row.expected, row.hoped, row.chance, row.weights, row.is_final,
      row.measured_at`,
    from: 'guidance.effect row join guidance.adjustment on adjustment.id = row.adjustment_id',
    key: { 'row.adjustment_id': 'uuid', 'row.known_to': 'date' },
    at: 'row.measured_at',
  },
];
