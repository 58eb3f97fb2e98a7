export { stopMail } from './digest.ts';
export { eraseFeed, type Less, LESS_KINDS, seeAgain, seeLess } from './less.ts';
export { type Graph, type Visited, walk } from './walk.ts';
