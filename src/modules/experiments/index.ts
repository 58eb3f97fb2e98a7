export { experimentsErrors } from './errors.ts';
export {
  type Experiment,
  experimentById,
  experiments,
  type ExperimentState,
  measuredBy,
  type Plan,
  putExperiment,
  type Step,
  type StepKind,
  takeStep,
} from './experiments.ts';
export { alertOwner, keepLook, type KeptLook, leastRatio, type Look, looksOf } from './looks.ts';
export { type Results, resultsOf } from './results.ts';
export {
  type Choice,
  isOutcome,
  isSeam,
  type Outcome,
  OUTCOMES,
  outcomesOf,
  type Seam,
  SEAM_NAMES,
  SEAMS,
  type VisitorSeam,
} from './seams.ts';
export { READERS, WRITERS } from './shapes.ts';
export { type Effect, type GuardrailState, isDecided } from './sequential.ts';
export {
  eraseTrials,
  expose,
  exposed,
  runningExperiments,
  tieCart,
  tieMember,
  type Trial,
  trialAt,
} from './trials.ts';
