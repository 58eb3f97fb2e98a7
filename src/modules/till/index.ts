export { payInOrOut } from './drawer.ts';
export { tillErrors } from './errors.ts';
export { findRegister, importRegisters, type Register, registers } from './registers.ts';
export {
  closeShift,
  type DrawerEntry,
  entriesOf,
  openShift,
  openShiftOf,
  refuseOthersShift,
  type Shift,
  shiftsOf,
} from './shifts.ts';
export { FOUND, takeBack, type TakingBack } from './take-back.ts';
