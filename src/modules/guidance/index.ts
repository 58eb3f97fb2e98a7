export { findingById, type Finding, type FindingDay, findings, openFindingCount } from './findings.ts';
