/** Who may import whose index.ts. Reading top to bottom, a module sees only modules above it: no cycles. */
export const moduleMap = {
  identity: [], // members, customers, organizations, roles, consent
  market: ['identity'], // regions, territories, sale credits
  marketing: ['identity', 'market'], // what is spent to bring buyers, by market
  catalog: ['identity', 'market'], // products, variants, offers, media, search
  pricing: ['identity', 'market', 'catalog'], // promotions, taxes, what a basket costs
  experiments: ['identity'], // what is tried on a part of the visitors or orders, and who was shown what
  inventory: ['catalog'], // locations, the stock ledger
  routing: ['market', 'experiments', 'inventory'], // rules that choose locations, the delivery promise, assignments
  loyalty: ['identity'],
  entrepreneurs: ['identity', 'catalog'],
  payments: ['identity'], // the money of an order, gift cards, store credit, providers
  orders: [
    'identity',
    'market',
    'catalog',
    'pricing',
    'inventory',
    'routing',
    'loyalty',
    'entrepreneurs',
    'payments',
  ],
  fulfilment: ['market', 'inventory', 'routing', 'orders'],
  till: ['identity', 'market', 'catalog', 'pricing', 'inventory', 'routing', 'payments', 'orders', 'fulfilment'], // registers, shifts and drawers, sales over the counter
  social: ['identity', 'catalog'], // people, who sees what they make, comments, reactions, notices
  boards: ['identity', 'catalog', 'social'], // boards, sections, pins, suggestions
  looks: ['identity', 'catalog', 'orders', 'social', 'boards'], // ensembles of products in a picture
  posts: ['identity', 'catalog', 'social'], // photos with captions and hotspots
  feed: ['identity', 'catalog', 'social', 'boards'], // what people are shown first, and what they are told again
  reviews: ['identity', 'catalog', 'orders', 'social'], // reviews, questions, answers
  satisfaction: ['identity', 'market', 'orders', 'social'], // how it went: one question after each occasion, and what they add up to
  archives: ['identity', 'catalog', 'social'], // what members take along and bring: the files, and how far they are
  safety: ['identity', 'catalog', 'social', 'boards', 'looks', 'posts', 'reviews'], // reports, what moderators decide, trust
  networks: ['identity', 'catalog', 'social'],
  partners: ['identity', 'catalog', 'inventory'],
  service: ['identity', 'orders', 'fulfilment'],
  webhooks: ['identity'], // events for other systems, signed: follows the event table
  collector: ['identity', 'market'], // events of clients and of our own ledgers, in one stream
  persons: ['identity', 'collector'], // who is one person, by evidence that can be undone
  insight: ['identity', 'market', 'marketing', 'catalog', 'inventory', 'orders', 'fulfilment', 'satisfaction', 'collector', 'persons'], // metrics, customers in numbers
  guidance: ['identity', 'inventory', 'routing', 'fulfilment', 'insight'], // what left its own past, why, and what to do about it
  quality: ['identity', 'market', 'catalog', 'orders', 'webhooks', 'collector', 'insight'], // whether data comes and goes as usual
};
