import { makerPage } from './maker.tsx';
import { questionPage } from './question.tsx';
import { receiptPages } from './receipt.tsx';
import { reviewForms } from './review-form.tsx';
import { stopPage } from './stop.tsx';
import { wordForms } from './word-forms.ts';

export const reviewPages = [wordForms, questionPage, reviewForms, stopPage, makerPage, receiptPages];
