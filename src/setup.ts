/** The setup action: reads the inputs, sets up, rotates or tears down, tells what came of it. */
import { provisioningRequestLines, readProvisioningRequest } from './action/inputs/index.ts';
import { checkNode } from './action/runner/environment.ts';
import { provisioningSecrets, runnerInputs } from './action/runner/inputs.ts';
import { beginGroup, endGroup, mask, print } from './action/runner/log.ts';
import type { ProvisioningRequest } from './provisioning/index.ts';
import { toTransferError } from './transfer/errors/index.ts';
import { sideOfPipeline } from './transfer/model/side.ts';
import { systemClock } from './transfer/ports/clock.ts';

function echo(request: ProvisioningRequest): void {
  beginGroup(`acr-transfer setup: ${request.state} ${request.pipeline.name}`);
  for (const line of provisioningRequestLines(request)) print(line);
  endGroup();
}

async function provision(request: ProvisioningRequest): Promise<void> {
  // The SDKs take longer to load than all the rest: the first lines of the log do not wait for them.
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
  const { pipeline, side: asked } = request;
  const side = sideOfPipeline(pipeline);
  const options = { idToken: jobIdToken, mask, clock: systemClock };
  const services = connectSide(side, asked, options);
  const result = await runProvisioning(request, {
    client: await connectProvisioning(side, asked, pipeline, options),
    pipelineRuns: () => services.runs(pipeline),
    containerOf: services.container,
    registryOf: services.registry,
    clock: systemClock,
    onEvent: (event) => {
      for (const line of eventLines(event)) print(line);
    },
    signal: new AbortController().signal,
  });
  await reportProvisioning(result);
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
// Everything has been said. Clients may hold on to timers and sockets for a minute more, which nobody should pay for.
process.stdout.write('', () => process.exit());
