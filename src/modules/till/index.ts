export { findRegister, importRegisters, type Register, registers } from './registers.ts';
