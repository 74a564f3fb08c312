/** The setup action: reads the inputs, sets up, rotates or tears down a pipeline, reports the result. */
import { provisioningRequestLines, readProvisioningRequest } from './action/inputs/index.ts';
import { listenForCancellation } from './action/runner/cancellation.ts';
import { checkNode } from './action/runner/environment.ts';
import { provisioningSecrets, runnerInputs } from './action/runner/inputs.ts';
import { beginGroup, endGroup, mask, print, printProxy } from './action/runner/log.ts';
import { formatIdentity } from './action/text/format.ts';
import type { ProvisioningRequest } from './provisioning/index.ts';
import { toTransferError } from './transfer/errors/index.ts';
import { sideOfPipeline, type Side, type SignedInIdentity } from './transfer/model/side.ts';
import { systemClock } from './transfer/ports/clock.ts';

function echo(request: ProvisioningRequest): void {
  beginGroup(`acr-transfer setup: ${request.state} ${request.pipeline.name}`);
  for (const line of provisioningRequestLines(request)) print(line);
  endGroup();
}

function logCanceled(signal: string): void {
  print(`! ${signal}: the setup was canceled. The action starts nothing new and reports what was done so far.`);
}

function printIdentity(_: Side, identity: SignedInIdentity): void {
  print(`The action signs in with the identity of the job: ${formatIdentity(identity)}`);
}

async function provision(request: ProvisioningRequest): Promise<void> {
  // A cancellation during the start counts too. Every wait of the setup has a limit of its own.
  const { signal } = listenForCancellation(null, logCanceled, () => process.exit(1));
  // Loading the SDKs takes most of the start time. The first log lines do not wait for them.
  const [
    { runProvisioning },
    { connectProvisioning },
    { openConnection },
    { sideServices },
    { environmentProxy },
    { jobIdToken },
    { reportProvisioning, eventLines },
  ] = await Promise.all([
    import('./provisioning/run.ts'),
    import('./azure/provisioning/index.ts'),
    import('./azure/connection.ts'),
    import('./azure/connect.ts'),
    import('./azure/http/index.ts'),
    import('./action/runner/id-token.ts'),
    import('./action/report/index.ts'),
  ]);
  printProxy(environmentProxy());
  const { pipeline, side: sideRequest } = request;
  const side = sideOfPipeline(pipeline);
  const connection = openConnection(side, sideRequest, {
    idToken: jobIdToken,
    mask,
    clock: systemClock,
    log: print,
    onJobIdentity: printIdentity,
  });
  const services = sideServices(connection);
  const result = await runProvisioning(request, {
    client: await connectProvisioning(connection, pipeline),
    pipelineRuns: () => services.runs(pipeline),
    containerOf: services.container,
    registryOf: services.registry,
    clock: systemClock,
    onEvent: (event) => {
      for (const line of eventLines(event)) print(line);
    },
    signal,
  });
  await reportProvisioning(result, connection.identity());
}

async function main(): Promise<void> {
  try {
    checkNode(process.versions.node);
    provisioningSecrets().forEach(mask);
    const request = readProvisioningRequest(runnerInputs.get);
    echo(request);
    await provision(request);
  } catch (error) {
    const { reportProvisioningError } = await import('./action/report/index.ts');
    await reportProvisioningError(toTransferError(error).facts);
  }
}

await main();
// All output is written. Exit now, because clients can keep timers and sockets open for another minute.
process.stdout.write('', () => process.exit());
