export { settleConflict } from './conflicts.ts';
export { payInOrOut } from './drawer.ts';
export { tillErrors } from './errors.ts';
export { DENOMINATIONS } from './denominations.ts';
export {
  findRegister,
  importRegisters,
  knownRegister,
  putRegister,
  type Register,
  registers,
} from './registers.ts';
export {
  closeShift,
  type DrawerEntry,
  entriesOf,
  openShift,
  openShiftOf,
  refuseOthersShift,
  shiftById,
  type Shift,
  shiftsOf,
} from './shifts.ts';
export { exchangeAtTill, type ExchangeOffer, quoteExchangeAtTill } from './exchange.ts';
export { FOUND, takeBack, takeIn, type TakingBack } from './take-back.ts';
