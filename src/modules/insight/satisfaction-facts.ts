const counted = (condition: string) => ({ sql: `if(${condition}, 1, 0)` });
const answer = (scale: 'csat' | 'nps', condition = '') =>
  counted(`kind = 'answered' AND scale = '${scale}'${condition}`);

/** A question is owed once, mailed once at most and has one answer, the last: the ledger is read with FINAL. */
export const OPINION_MEASURES = {
  owed: counted(`kind = 'owed'`),
  mailed: counted(`kind = 'mailed'`),
  answered: counted(`kind = 'answered'`),
  csat_answers: answer('csat'),
  content: answer('csat', ' AND score >= 4'),
  nps_answers: answer('nps'),
  promoters: answer('nps', ' AND score >= 9'),
  detractors: answer('nps', ' AND score <= 6'),
};

/** A matter is judged when it came up again, or when the day on which its seven days end is over by UTC. */
export const CONTACT_MEASURES = {
  contacts: counted('true'),
  matters: counted('begins AND (is_repeated OR week_ends_on < {today:Date32})'),
  resolved: counted('begins AND NOT is_repeated AND week_ends_on < {today:Date32}'),
};
