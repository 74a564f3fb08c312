/** The setup action: reads the inputs, sets up, rotates or tears down a pipeline, reports the result. */
import { provisioningRequestLines, readProvisioningRequest } from './action/inputs/index.ts';
import { checkNode } from './action/runner/environment.ts';
import { provisioningSecrets, runnerInputs } from './action/runner/inputs.ts';
import { beginGroup, endGroup, mask, print } from './action/runner/log.ts';
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

async function provision(request: ProvisioningRequest): Promise<void> {
  // Loading the SDKs takes most of the start time. The first log lines do not wait for them.
  const [
    { runProvisioning },
    { connectProvisioning },
    { connectSide },
    { jobIdToken },
    { reportProvisioning, eventLines },
  ] = await Promise.all([
    import('./provisioning/run.ts'),
    import('./azure/provisioning/index.ts'),
    import('./azure/connect.ts'),
    import('./action/runner/id-token.ts'),
    import('./action/report/index.ts'),
  ]);
  const { pipeline, side: sideRequest } = request;
  const side = sideOfPipeline(pipeline);
  let identity: SignedInIdentity | null = null;
  const options = {
    idToken: jobIdToken,
    mask,
    clock: systemClock,
    log: print,
    onJobIdentity: (_: Side, named: SignedInIdentity) => {
      // Two connections sign in with the same identity.
      if (identity === null) print(`The action signs in with the identity of the job: ${formatIdentity(named)}`);
      identity = named;
    },
  };
  const services = connectSide(side, sideRequest, options);
  const result = await runProvisioning(request, {
    client: await connectProvisioning(side, sideRequest, pipeline, options),
    pipelineRuns: () => services.runs(pipeline),
    containerOf: services.container,
    registryOf: services.registry,
    clock: systemClock,
    onEvent: (event) => {
      for (const line of eventLines(event)) print(line);
    },
    signal: new AbortController().signal,
  });
  await reportProvisioning(result, identity);
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
