import { addPages } from './add.tsx';
import { arrangePages } from './arrange.tsx';
import { boardForms } from './board-form.tsx';
import { boardPages } from './board.tsx';
import { bookmarkletPage } from './bookmarklet.tsx';
import { makerPages } from './makers.tsx';
import { pinPages } from './pin.tsx';
import { savePages } from './save.tsx';
import { suggestPages } from './suggest.tsx';
import { suggestionPages } from './suggestions.tsx';

export const boardPlugins = [
  boardPages,
  boardForms,
  addPages,
  arrangePages,
  makerPages,
  suggestPages,
  suggestionPages,
  pinPages,
  savePages,
  bookmarkletPage,
];
