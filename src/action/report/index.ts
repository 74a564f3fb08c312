/** Final reporting: summary, report.html, annotations, outputs. */
export { interruptedLines, interruptedSummary } from './interrupted.ts';
export { eventLines, reportSetup, reportSetupFailure } from './provisioning.ts';
export { reportFailure, reportResult } from './transfer-report.ts';
