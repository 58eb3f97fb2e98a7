const when = (column: string, condition: string): string => `if(${condition}, ${column}, 0)`;

/** What left is positive and what came back negative. A value of zero is one that nobody knows. */
export const GOODS_COST_MEASURES = {
  cost: { sql: when('value_minor', `kind IN ('sent', 'back')`) },
  spoilt: { sql: when('value_minor', `kind = 'spoilt'`) },
  costed_units: { sql: when('units', `kind = 'sent' AND value_minor != 0`) },
};
