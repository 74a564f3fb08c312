/** The setup action: reads the inputs, sets up, rotates or tears down, tells what came of it. */
import * as runner from './action/runner.ts';
import { beginGroup, endGroup, mask, print } from './action/log.ts';
import { readSetupRequest } from './action/setup-inputs.ts';
import { setupLines } from './action/setup-log.ts';
import { systemClock } from './clock.ts';
import { checkNode } from './node-version.ts';
import { asFailure } from './transfer/failure.ts';
import type { SetupRequest } from './transfer/setup/request.ts';
import { sideOf } from './transfer/setup/side.ts';

function echo(request: SetupRequest): void {
  beginGroup(`acr-transfer setup: ${request.state} ${request.pipeline.name}`);
  for (const line of setupLines(request)) print(line);
  endGroup();
}

async function setUp(request: SetupRequest): Promise<void> {
  // The SDKs take longer to load than all the rest: the first lines of the log do not wait for them.
  const [{ runSetup }, { connectEstate }, { connectSide }, { jobIdToken }, { reportSetup }, { eventLines }] =
    await Promise.all([
      import('./transfer/setup/setup.ts'),
      import('./azure/setup/estate.ts'),
      import('./azure/connect.ts'),
      import('./action/id-token.ts'),
      import('./action/setup-report.ts'),
      import('./action/setup-log.ts'),
    ]);
  const { pipeline, side: asked } = request;
  const side = sideOf(pipeline);
  const options = { idToken: jobIdToken, mask, clock: systemClock };
  const services = connectSide(side, asked, options);
  const result = await runSetup(request, {
    estate: await connectEstate(side, asked, pipeline, options),
    pipelineRuns: () => services.runs(pipeline),
    containerOf: services.container,
    registryOf: services.registry,
    clock: systemClock,
    onEvent: (event) => {
      for (const line of eventLines(event)) print(line);
    },
    signal: new AbortController().signal,
  });
  await reportSetup(result);
}

async function main(): Promise<void> {
  try {
    checkNode(process.versions.node);
    runner.setupSecrets().forEach(mask);
    const request = readSetupRequest(runner.runnerInputs.get);
    echo(request);
    await setUp(request);
  } catch (error) {
    const { reportSetupFailure } = await import('./action/setup-report.ts');
    await reportSetupFailure(asFailure(error).facts);
  }
}

await main();
// Everything has been said. Clients may hold on to timers and sockets for a minute more, which nobody should pay for.
process.stdout.write('', () => process.exit());
