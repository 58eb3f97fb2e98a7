export {
  BOARD_NAME_MAX,
  type BoardWish,
  changeBoard,
  deleteBoard,
  DESCRIPTION_MAX,
  makeBoard,
  type Visibility,
} from './board.ts';
export { type BoardLine, boardsOf } from './boards-of.ts';
export { eraseBoards } from './erase.ts';
export { boardErrors } from './errors.ts';
export {
  addPin,
  boardsWith,
  changePin,
  deletePin,
  movePin,
  NOTE_MAX,
  type PinnedThing,
  type PinWish,
  savePin,
} from './pins.ts';
export { deleteSection, putSection, SECTION_NAME_MAX } from './sections.ts';
