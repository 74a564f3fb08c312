/** Reports the result: job summary, report.html, annotations, outputs. */
export { interruptedLines, interruptedSummary } from './interrupted.ts';
export { eventLines, reportProvisioning, reportProvisioningError } from './provisioning.ts';
export { reportCleanup, reportError, reportResult } from './transfer-report.ts';
