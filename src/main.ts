/** The transfer action: reads the inputs, runs the transfer, reports the result. */
import { setFlagsFromString } from 'node:v8';
import { readRequest, requestLines, selectionLines } from './action/inputs/index.ts';
import { finalStage, progressLog } from './action/progress/index.ts';
import { listenForCancellation } from './action/runner/cancellation.ts';
import { checkNode } from './action/runner/environment.ts';
import { documentFiles, stepFolder, workspacePath } from './action/runner/files.ts';
import { runnerInputs, secretInputs } from './action/runner/inputs.ts';
import { beginGroup, endGroup, mask, print, printProxy } from './action/runner/log.ts';
import { createStepState } from './action/runner/state.ts';
import { formatIdentity } from './action/text/format.ts';
import { toTransferError } from './transfer/errors/index.ts';
import type { TransferRequest } from './transfer/model/request.ts';
import type { Side, SignedInIdentity } from './transfer/model/side.ts';
import { systemClock } from './transfer/ports/clock.ts';
import type { TransferContext } from './transfer/ports/context.ts';
import type { SideServices } from './transfer/ports/side-services.ts';

function echo(request: TransferRequest): void {
  beginGroup(`acr-transfer: ${request.mode} ${request.transferName}`);
  for (const line of requestLines(request)) print(line);
  endGroup();
  const selection = selectionLines(request);
  if (selection.length === 0) return;
  beginGroup('Parsed selection');
  for (const line of selection) print(line);
  endGroup();
}

function logCanceled(signal: string): void {
  print(`! ${signal}: the transfer was canceled. The action starts nothing new and reports what was done so far.`);
}

function printIdentity(side: Side, identity: SignedInIdentity): void {
  print(`The ${side} side signs in with the identity of the job: ${formatIdentity(identity)}`);
}

/** The blocks of one blob are hashed in sequence, so two threads serve two blobs. More threads would wait for the network. */
const HASHING_THREADS = 2;

/** Loading the SDKs takes most of the start time. The first log lines don't wait for them. */
const loadModules = () =>
  Promise.all([
    import('./transfer/run.ts'),
    import('./azure/connect.ts'),
    import('./azure/http/index.ts'),
    import('./filesystem/index.ts'),
    import('./hashing/index.ts'),
    import('./action/runner/id-token.ts'),
    import('./action/runner/environment.ts'),
    import('./action/report/index.ts'),
  ]);

async function transfer(request: TransferRequest): Promise<void> {
  // Before anything is loaded: a signal that arrives in the meantime would end the process without a report.
  const { signal, ending, canceled } = listenForCancellation(request.timeoutMinutes, logCanceled, () =>
    process.exit(1),
  );
  const [
    { cleanUp, runTransfer },
    { connectSide },
    { environmentProxy },
    { connectDirectory },
    { createHasher },
    { jobIdToken },
    { workflowProvenance },
    { reportCleanup, reportResult },
  ] = await loadModules();
  printProxy(environmentProxy());
  const folder = stepFolder(request.transferName, request.mode);
  const files = documentFiles(folder);
  const provenance = workflowProvenance();
  const progress = progressLog(print, { last: finalStage(request) });
  const stepState = createStepState(folder);
  const sides = new Map<Side, SideServices>();
  const context: TransferContext = {
    // Each side has one sign-in and one set of clients.
    connect: (side, sideRequest) => {
      const services =
        sides.get(side) ??
        connectSide(side, sideRequest, {
          idToken: jobIdToken,
          mask,
          clock: systemClock,
          log: print,
          onJobIdentity: printIdentity,
        });
      sides.set(side, services);
      return services;
    },
    directory: (path, side) => connectDirectory(workspacePath(path), side),
    hashing: () => createHasher(HASHING_THREADS, disableIncrementalMarking),
    files,
    clock: systemClock,
    onEvent: (event) => {
      stepState.onEvent(event);
      progress.onEvent(event);
    },
    provenance,
    signal,
    ending,
  };
  const result = await runTransfer(request, context);
  progress.stop();
  await reportResult(result, provenance, files);
  if (!canceled()) stepState.complete();
  const cleaned = await cleanUp(request, result, context);
  if (cleaned !== null) await reportCleanup(cleaned, provenance, files);
}

/**
 * Limits how far V8 lets the heap grow between collections. Without both flags the memory exceeds the budget of 256 MB:
 *
 * - The young generation can grow to about 96 MB although few objects survive. A plan of 10,000 artifacts takes 304 MB
 *   without the first flag, and 164 MB with it (`npm run bench -- plan`).
 * - The old generation can grow to several times its live size before a collection. A handoff of 10,000 blobs takes 399 MB
 *   without the second flag, and 225 MB with it (`npm run show -- many`).
 *
 * V8 lists the flags (`node --v8-options`) and reads them each time it applies them, so setting them after start works.
 */
const limitHeapGrowth = (): void => {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=40');
};

/**
 * Disables incremental marking. Blocks are memory outside the heap, and V8 starts marking after about every 10 MB of it. That
 * frees nothing, and takes CPU time: 10.6 instead of 8.4 CPU s/GiB in the only pair of copies that was measured, on a busy
 * machine (`npm run bench -- handoff`). Called only when hashing starts: with this flag, 10,000 small blobs would exceed the
 * memory budget of the heap.
 */
const disableIncrementalMarking = (): void => {
  setFlagsFromString('--no-incremental-marking');
};

async function main(): Promise<void> {
  limitHeapGrowth();
  try {
    checkNode(process.versions.node);
    secretInputs().forEach(mask);
    const request = readRequest(runnerInputs);
    echo(request);
    await transfer(request);
  } catch (error) {
    const { reportError } = await import('./action/report/index.ts');
    await reportError(toTransferError(error));
  }
}

await main();
// All output is written. Exit now, because clients can keep timers and sockets open for another minute.
process.stdout.write('', () => process.exit());
