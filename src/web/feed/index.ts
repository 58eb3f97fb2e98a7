import { feedPages } from './feed.tsx';
import { popularBoardsPage } from './popular-boards.tsx';

export const feedPlugins = [feedPages, popularBoardsPage];
