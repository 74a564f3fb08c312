/** The action: reads the inputs, runs the transfer, tells what came of it. */
import { setFlagsFromString } from 'node:v8';
import { readRequest, requestLines, selectionLines } from './action/inputs/index.ts';
import { finalStage, progressLog } from './action/progress/index.ts';
import { listenForCancellation } from './action/runner/cancellation.ts';
import { checkNode } from './action/runner/environment.ts';
import { documentFiles, stepFolder, workspacePath } from './action/runner/files.ts';
import { runnerInputs, secretInputs } from './action/runner/inputs.ts';
import { beginGroup, endGroup, mask, print } from './action/runner/log.ts';
import { createStepState } from './action/runner/state.ts';
import { toTransferError } from './transfer/errors/index.ts';
import type { TransferRequest } from './transfer/model/request.ts';
import type { Side } from './transfer/model/side.ts';
import { systemClock } from './transfer/ports/clock.ts';
import type { SideServices } from './transfer/ports/side-services.ts';

function echo(request: TransferRequest): void {
  beginGroup(`acr-transfer: ${request.mode} ${request.transferName}`);
  for (const line of requestLines(request)) print(line);
  endGroup();
  const selection = selectionLines(request);
  if (selection.length === 0) return;
  beginGroup('Selection, as it was understood');
  for (const line of selection) print(line);
  endGroup();
}

function logCancelled(signal: string): void {
  print(`! ${signal}: the transfer is cancelled. Nothing new is started; what was done so far is reported.`);
}

/** Blocks of one blob are hashed one after the other, so two threads serve two blobs: more would wait for the network. */
const HASHING_THREADS = 2;

async function transfer(request: TransferRequest): Promise<void> {
  // The SDKs take longer to load than all the rest: the first lines of the log do not wait for them.
  const [
    { runTransfer },
    { connectSide },
    { connectDirectory },
    { createHasher },
    { jobIdToken },
    { workflowProvenance },
    { reportResult },
  ] = await Promise.all([
    import('./transfer/run.ts'),
    import('./azure/connect.ts'),
    import('./filesystem/index.ts'),
    import('./hashing/index.ts'),
    import('./action/runner/id-token.ts'),
    import('./action/runner/environment.ts'),
    import('./action/report/index.ts'),
  ]);
  const folder = stepFolder(request.transferName, request.mode);
  const files = documentFiles(folder);
  const provenance = workflowProvenance();
  const progress = progressLog(print, { last: finalStage(request) });
  const journal = createStepState(folder);
  const { signal, ending, cancelled } = listenForCancellation(request.timeoutMinutes, logCancelled, () =>
    process.exit(1),
  );
  const sides = new Map<Side, SideServices>();
  const result = await runTransfer(request, {
    // One sign-in and one set of clients for each side, however often it is asked for.
    connect: (side, sideRequest) => {
      const services =
        sides.get(side) ?? connectSide(side, sideRequest, { idToken: jobIdToken, mask, clock: systemClock });
      sides.set(side, services);
      return services;
    },
    directory: (path, side) => connectDirectory(workspacePath(path), side),
    hashing: () => createHasher(HASHING_THREADS, markAtOnce),
    files,
    clock: systemClock,
    onEvent: (event) => {
      journal.onEvent(event);
      progress.onEvent(event);
    },
    provenance,
    signal,
    ending,
  });
  progress.stop();
  await reportResult(result, provenance, files);
  if (!cancelled()) journal.complete();
}

/**
 * V8 lets its young generation grow to some 96 MB once much has been read, however little of it is kept: with 10,000
 * artifacts that was a quarter of the process. And it lets the old one grow to several times what is kept before it looks:
 * ten thousand blobs took 384 MB, most of it given up long before. The flags are of V8's own list
 * (`node --v8-options`) and read whenever they matter.
 */
const keepMemoryFlat = (): void => {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=40');
};

/**
 * Large blocks are memory outside the heap, and V8 begins to mark bit by bit each time some 10 MB of it have passed: more than
 * a quarter of the CPU seconds of a copy (`npm run bench -- handoff`), for which there is nothing to free. Only once they pass:
 * ten thousand small blobs leave much in the heap, which would outgrow its budget with the same flag.
 */
const markAtOnce = (): void => {
  setFlagsFromString('--no-incremental-marking');
};

async function main(): Promise<void> {
  keepMemoryFlat();
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
// Everything has been said. Clients may hold on to timers and sockets for a minute more, which nobody should pay for.
process.stdout.write('', () => process.exit());
