import { agreePages } from './agree.tsx';
import { legalPages } from './legal.tsx';
import { removalPages } from './removals.tsx';
import { reportPages } from './report.tsx';

export const safetyPages = [reportPages, removalPages, legalPages, agreePages];
