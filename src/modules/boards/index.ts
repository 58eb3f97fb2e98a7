export {
  BOARD_NAME_MAX,
  type BoardChange,
  type BoardWish,
  changeBoard,
  DESCRIPTION_MAX,
  makeBoard,
  type Visibility,
} from './board.ts';
export { type BoardLine, boardsOf } from './boards-of.ts';
export { deleteBoard, endBoards } from './delete-board.ts';
export { boardContents } from './contents.ts';
export { eraseBoards } from './erase.ts';
export { boardErrors } from './errors.ts';
export { type Invitation, invitationsOf, type Maker, makersOf } from './invitations.ts';
export { ADDRESS_LENGTH_MAX, addressFrom } from './links.ts';
export {
  addPin,
  boardsWith,
  changePin,
  changePinStates,
  deletePin,
  endPins,
  movePin,
  NOTE_MAX,
  type PinnedThing,
  type PinWish,
  savePin,
  type Step,
  stepPin,
} from './pins.ts';
export { deleteSection, hasSection, moveSection, putSection, SECTION_NAME_MAX } from './sections.ts';
export { type SuggestionLine, suggestionsOf } from './suggestions-of.ts';
export {
  answerSuggestion,
  endSuggestions,
  maySuggest,
  REASON_MAX,
  suggest,
  type SuggestedThing,
  SUGGESTERS,
  type Suggesters,
  type SuggestionAnswer,
  takeSuggestions,
  withdrawSuggestion,
} from './suggestions.ts';
export { type RecordedBoard, recordBoards } from './record.ts';
export { savedProducts, saversOf } from './savers.ts';
