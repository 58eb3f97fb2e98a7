export {
  type Archive,
  ARCHIVE_DAYS,
  ARCHIVE_FILE,
  archivesOf,
  archiveToMake,
  askArchive,
  MAKE_ARCHIVE,
  noteArchive,
} from './archive.ts';
export { archiveErrors } from './errors.ts';
export {
  askIntake,
  endIntake,
  eraseArchives,
  type Intake,
  intakeById,
  intakeFor,
  intakesOf,
  type LeftOut,
  leftOutOf,
  noteStep,
  noteTotal,
  putOff,
  SIGHTS,
  type StepOutcome,
  stopIntake,
  STOPPED,
  TAKE_IN,
} from './intake.ts';
export { archiveFile, INTAKE_BYTES_MAX, receiveArchive, wishArchive } from './transfer.ts';
