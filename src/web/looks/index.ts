import { composePages } from './compose.tsx';
import { lookPages } from './look.tsx';

export const lookPlugins = [composePages, lookPages];
