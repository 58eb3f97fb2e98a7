/** Append-only tables that are no ledger of their own, each with the reason. A test knows of all others. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  'safety.act':
    'what moderators decided about people is for those who moderate, beside the thing it is about',
  'safety.legal_text':
    'texts of the shop about itself, in their versions: no ledger of anything that happened',
  'persons.evidence':
    'what ties ids to people: asked of one person at a time, by whoever may, and only while that person agrees',
  'persons.undoing': 'which of that evidence was wrong: it says nothing without it',
};
