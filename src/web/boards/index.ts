import { boardForms } from './board-form.tsx';
import { boardPages } from './board.tsx';
import { pinPages } from './pin.tsx';
import { savePages } from './save.tsx';

export const boardPlugins = [boardPages, boardForms, pinPages, savePages];
